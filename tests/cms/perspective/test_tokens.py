"""A preview token opens one perspective, to who sends it in a header, until it ends."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.core.signing import Signer

from cms.perspective.tokens import PreviewToken
from cms.releases import steps as release_steps
from tests import factories

pytestmark = pytest.mark.usefixtures("home_page")

QUERY = "{ charter { title } articles { totalCount nodes { title } } }"
NOW = "2026-01-15T12:00:00+00:00"
TUESDAY = "2026-01-20T09:00:00+00:00"


@pytest.fixture
def site(db, clock):
    """A published charter with an edit, an article due on Tuesday, and one nobody has scheduled."""
    charter = factories.charter_page(title="Charter")
    charter.title = "Charter, edited"
    charter.save_revision()
    scheduled = factories.article_page(title="Scheduled", live=False)
    revision = scheduled.save_revision(clean=False)
    revision.approved_go_live_at = TUESDAY
    revision.save()
    factories.article_page(title="Draft", live=False).save_revision()
    return charter


@pytest.fixture
def bearing(client):
    """Ask with the token of a text, or with none."""

    def ask(text, query=QUERY, **headers):
        headers = {"Authorization": f"Bearer {text}", **headers} if text else headers
        return client.post(
            "/graphql", {"query": query}, content_type="application/json", headers=headers
        )

    return ask


def made(*arguments, **options):
    out = StringIO()
    call_command("create_preview_token", "For a test", *arguments, stdout=out, **options)
    return out.getvalue().strip()


def titles(response):
    data = response.json()["data"]
    found = sorted(node["title"] for node in data["articles"]["nodes"])
    assert data["articles"]["totalCount"] == len(found)
    return data["charter"]["title"], found


def test_each_kind_of_token_opens_its_perspective_in_every_field(site, bearing):
    assert titles(bearing(None)) == ("Charter", [])
    assert titles(bearing(made())) == ("Charter, edited", ["Draft", "Scheduled"])
    assert titles(bearing(made("--at", TUESDAY))) == ("Charter", ["Scheduled"])
    assert titles(bearing(made("--at", "2026-01-20T08:59:59+00:00"))) == ("Charter", [])


def test_token_of_one_page_shows_all_others_as_readers_see_them(site, bearing):
    text = made("--page", str(site.pk))

    assert titles(bearing(text)) == ("Charter, edited", [])


def test_answers_under_a_token_are_kept_by_nobody(site, bearing):
    assert bearing(made())["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in bearing(None)


def test_nor_are_those_that_show_no_more_than_readers_see(site, bearing):
    """A token for a release outlives the moment at which everyone sees it."""
    editor = factories.user(is_superuser=True)
    release = factories.release([factories.article_page(live=False)], by=editor)
    _, text = PreviewToken.objects.issue(name="Press", sees="release", release=release)
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)

    assert bearing(text)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "text", ["", "x", "x:y", Signer(salt="cms.publishing.preview-token").sign("unknown"), "Bearer"]
)
def test_what_is_no_token_is_refused_without_a_word_of_content(site, bearing, text):
    made()

    response = bearing(" " + text)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert response["Cache-Control"] == "private, no-store"
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "TOKEN_INVALID"}
    assert "data" not in response.json()


def test_token_signed_with_another_secret_is_refused(site, bearing, settings):
    text = made()
    settings.SECRET_KEY = "another-secret-" * 4

    assert bearing(text).json()["errors"][0]["extensions"] == {"code": "TOKEN_INVALID"}


def test_token_ends_at_its_moment(site, bearing, clock):
    text = made("--days", "1")

    clock.set("2026-01-16T11:59:59+00:00")
    assert bearing(text).status_code == 200
    clock.set("2026-01-16T12:00:00+00:00")
    response = bearing(text)

    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"] == {"code": "TOKEN_EXPIRED"}


def test_revoked_token_ends_at_once(site, bearing):
    text = made()
    PreviewToken.objects.get().revoke()

    response = bearing(text)

    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"] == {"code": "TOKEN_REVOKED"}


def test_token_in_the_address_opens_nothing(site, client):
    text = made()

    response = client.get("/graphql", {"query": QUERY, "access_token": text, "token": text})

    assert titles(response) == ("Charter", [])


def test_other_ways_to_authorise_are_none_of_ours(site, bearing):
    response = bearing(None, Authorization="Basic c3RhZ2luZzpzdGFnaW5n")

    assert titles(response) == ("Charter", [])


def test_use_is_noted_once_a_minute_at_most(site, bearing, clock):
    text = made()
    assert PreviewToken.objects.get().last_used_at is None

    bearing(text)
    first = clock.moment
    clock.moment += timedelta(seconds=59)
    bearing(text)
    assert PreviewToken.objects.get().last_used_at == first

    clock.moment += timedelta(seconds=1)
    bearing(text)
    assert PreviewToken.objects.get().last_used_at == clock.moment


def test_what_is_kept_does_not_open_anything(site, bearing):
    text = made()
    kept = PreviewToken.objects.values_list().get()

    assert text.partition(":")[0] not in str(kept)
    assert bearing(PreviewToken.objects.get().digest).status_code == 401


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--days", "91"], "Choose a moment within the next 90 days."),
        (["--days", "0"], "This moment has passed: choose a later one."),
        (["--page", "999999"], "There is no page with the id 999999."),
        (["--at", "Tuesday"], "Give the moment as 2026-01-31T09:00+01:00, with its offset."),
        (
            ["--at", "2026-01-20T09:00"],
            "Give the moment as 2026-01-31T09:00+01:00, with its offset.",
        ),
    ],
)
def test_command_says_what_is_wrong(site, arguments, message):
    with pytest.raises(CommandError) as refusal:
        made(*arguments)

    assert str(refusal.value) == message
    assert not PreviewToken.objects.exists()


def test_token_of_an_unknown_kind_shows_nothing():
    """Such as one that a later version of the code has made."""
    with pytest.raises(ValueError, match="not a valid Sees"):
        PreviewToken(sees="embargoed").perspective()
