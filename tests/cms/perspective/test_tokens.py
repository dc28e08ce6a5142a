"""A preview token opens one perspective, to who sends it in a header, until it ends."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group, Permission
from django.core.management import CommandError, call_command
from django.core.signing import Signer
from wagtail.models import GroupPagePermission, Page, Site

from cms.perspective.tokens import PreviewToken
from cms.releases import steps as release_steps
from pages.models import ArticlePage, CharterPage
from tests import factories
from tests.api_ids import id_of
from tests.conftest import statements_of, stopped_clock

pytestmark = pytest.mark.usefixtures("pages_above")

QUERY = "{ charter { title } articles { totalCount nodes { title } } }"
NOW = "2026-01-15T12:00:00+00:00"
TUESDAY = "2026-01-20T09:00:00+00:00"


@pytest.fixture(scope="module")
def content(home_page):
    """A published charter with an edit, an article due on Tuesday, and one nobody has scheduled."""
    with stopped_clock():
        charter = factories.charter_page(title="Charter")
        charter.title = "Charter, edited"
        charter.save_revision()
        scheduled = factories.article_page(title="Scheduled", live=False)
        revision = scheduled.save_revision(clean=False)
        revision.approved_go_live_at = TUESDAY
        revision.save()
        factories.article_page(title="Draft", live=False).save_revision()


@pytest.fixture
def site(content, db, clock):
    """The charter, as it was last written."""
    return CharterPage.objects.get().get_latest_revision_as_object()


@pytest.fixture
def bearing(client):
    """Ask with the token of a text, or with none."""

    def ask(text, query=QUERY, **headers):
        headers = {"Authorization": f"Bearer {text}", **headers} if text else headers
        return client.post(
            "/graphql", {"query": query}, content_type="application/json", headers=headers
        )

    return ask


def made(*arguments, by="root", **options):
    if by == "root" and not get_user_model().objects.filter(username=by).exists():
        factories.user(by, is_superuser=True)
    arguments = ("For a test", "--by", by, *arguments)
    out = StringIO()
    call_command("create_preview_token", *arguments, stdout=out, **options)
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


def test_token_of_a_release_shows_what_is_in_it_and_no_other_draft(site, bearing):
    editor = factories.user(is_superuser=True)
    release = factories.release([ArticlePage.objects.get(title="Draft")], by=editor)
    text = factories.preview_token(sees="release", release=release, created_by=editor)

    assert titles(bearing(text)) == ("Charter", ["Draft"])


def test_answers_under_a_token_are_kept_by_nobody(site, bearing):
    assert bearing(made())["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in bearing(None)


def test_nor_are_those_that_show_no_more_than_readers_see(site, bearing):
    """A token for a release outlives the moment at which everyone sees it."""
    editor = factories.user(is_superuser=True)
    release = factories.release([factories.article_page(live=False)], by=editor)
    text = factories.preview_token(sees="release", release=release, created_by=editor)
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


def test_token_lasts_ninety_days_at_most(site, bearing, clock):
    text = made("--days", "90")

    clock.set("2026-04-15T11:59:59+00:00")
    assert bearing(text).status_code == 200
    clock.set("2026-04-15T12:00:00+00:00")
    assert refusal_of(bearing(text)) == "TOKEN_EXPIRED"


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


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_scheme_of_the_header_is_read_in_any_case(site, bearing, scheme):
    response = bearing(None, Authorization=f"{scheme} {made()}")

    assert titles(response)[0] == "Charter, edited"


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
        (["--release", "999999"], "There is no release with the id 999999."),
        (["--at", "Tuesday"], "Give the moment as 2026-01-31T09:00+01:00, with its offset."),
        (
            ["--at", "2026-01-20T09:00"],
            "Give the moment as 2026-01-31T09:00+01:00, with its offset.",
        ),
        (
            ["--at", "2026-01-15T11:59:59+00:00"],
            "This moment has passed, and what was public then is not kept: choose one that is to"
            " come.",
        ),
        (["--by", "nobody"], "There is no user “nobody”: give the name of an editor."),
        (
            ["--by", "carla"],
            "This shows more than the token's maker may see. Choose a page that they may edit.",
        ),
    ],
)
def test_command_says_what_is_wrong(site, staff, arguments, message):
    with pytest.raises(CommandError) as refusal:
        made(*arguments)

    assert str(refusal.value) == message
    assert not PreviewToken.objects.exists()


def test_command_takes_a_moment_or_a_release_and_not_both(site, editor):
    release = factories.release()

    with pytest.raises(CommandError, match="Give a moment or a release, not both"):
        made("--release", str(release.pk), "--at", TUESDAY)

    assert not PreviewToken.objects.exists()


def test_command_asks_who_answers_for_it(site):
    with pytest.raises(CommandError, match="required: --by"):
        call_command("create_preview_token", "For a test")


def test_command_takes_a_page_by_its_id_in_the_api(site, bearing):
    text = made("--page", id_of(site))

    assert titles(bearing(text)) == ("Charter, edited", [])
    assert PreviewToken.objects.get().page_id == site.pk


def test_command_makes_a_token_for_a_week(site, clock):
    made()

    assert PreviewToken.objects.get().expires_at == clock.moment + timedelta(days=7)


def test_token_of_an_unknown_kind_shows_nothing():
    """Such as one that a later version of the code has made."""
    with pytest.raises(ValueError, match="not a valid Sees"):
        PreviewToken(sees="embargoed").perspective()


# What its maker may see, now and later


def refusal_of(response):
    [error] = response.json()["errors"]
    assert response.status_code == 401
    assert "data" not in response.json()
    return error["extensions"]["code"]


def switched_off(user):
    user.is_active = False
    user.save()


def leaves_the_group(user):
    user.groups.clear()


def group_makes_no_tokens(user):
    user.groups.get().permissions.filter(codename="add_previewtoken").get().group_set.clear()


def group_enters_no_admin(user):
    user.groups.get().permissions.filter(codename="access_admin").get().group_set.clear()


def group_edits_pages_no_more(user):
    user.groups.get().page_permissions.all().delete()


def group_sees_no_people(user):
    people = Permission.objects.filter(content_type__app_label="pages", codename__endswith="person")
    user.groups.get().permissions.remove(*people)


LOSSES = [
    switched_off,
    AbstractUser.delete,
    leaves_the_group,
    group_makes_no_tokens,
    group_enters_no_admin,
    group_edits_pages_no_more,
]


@pytest.mark.parametrize("loss", [*LOSSES, group_sees_no_people])
def test_token_ends_at_once_when_its_maker_may_see_no_more_what_it_shows(
    site, bearing, editor, loss
):
    texts = [made(by="edith"), made("--at", TUESDAY, by="edith")]
    assert [bearing(text).status_code for text in texts] == [200, 200]

    loss(editor)

    assert [refusal_of(bearing(text)) for text in texts] == ["TOKEN_ENDED", "TOKEN_ENDED"]


@pytest.mark.parametrize("loss", LOSSES)
def test_so_does_one_of_a_single_page(site, bearing, editor, loss):
    text = made("--page", str(site.pk), by="edith")
    assert bearing(text).status_code == 200

    loss(editor)

    assert refusal_of(bearing(text)) == "TOKEN_ENDED"


def test_so_does_one_of_a_release_whose_maker_sees_releases_no_more(site, bearing, editor):
    release = factories.release([factories.article_page(live=False)], by=editor)
    text = factories.preview_token(sees="release", release=release, created_by=editor)
    assert bearing(text).status_code == 200

    releases = Permission.objects.filter(codename__endswith="_release")
    editor.groups.get().permissions.remove(*releases)

    assert refusal_of(bearing(text)) == "TOKEN_ENDED"


def test_superuser_no_more_is_as_everyone_of_the_group(site, bearing):
    root = factories.user("root", is_superuser=True)
    text = made()
    root.is_superuser = False
    root.save()

    assert refusal_of(bearing(text)) == "TOKEN_ENDED"
    root.groups.add(Group.objects.get(name="Editors"))
    assert bearing(text).status_code == 200


@pytest.fixture
def section_editor(site):
    """Edits the charter and nothing else, and makes preview tokens."""
    someone = factories.user("olga")
    group = Group.objects.create(name="Charter")
    someone.groups.add(group)
    own = ("access_admin", "add_previewtoken")
    group.permissions.set(Permission.objects.filter(codename__in=own))
    change = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page_id=site.pk, permission=change)
    return someone


def test_who_edits_a_section_makes_tokens_of_its_pages_alone(site, bearing, section_editor):
    elsewhere = factories.forum_page(live=False)

    assert titles(bearing(made("--page", str(site.pk), by="olga"))) == ("Charter, edited", [])
    for arguments in ([], ["--at", TUESDAY], ["--page", str(elsewhere.pk)]):
        with pytest.raises(CommandError, match=r"that they may edit|maker may edit"):
            made(*arguments, by="olga")


def test_token_of_a_page_ends_when_the_page_leaves_its_makers_section(
    site, bearing, section_editor
):
    beneath = factories.article_page(title="Moves", live=False)
    section_editor.groups.get().page_permissions.update(page=beneath.get_parent())
    text = made("--page", str(beneath.pk), by="olga")
    assert bearing(text).status_code == 200

    Page.objects.get(pk=beneath.pk).move(Site.objects.get().root_page, pos="last-child")

    assert refusal_of(bearing(text)) == "TOKEN_ENDED"


def test_readers_pay_nothing_for_it_and_bearers_no_statement_more(site, bearing):
    """The statement that reads the token asks for its maker's rights."""
    text = made("--at", TUESDAY)
    bearing(text), bearing(None)

    without = statements_of(lambda: bearing(None, "{ __typename }"))
    within = statements_of(lambda: bearing(text, "{ __typename }"))

    assert not any("previewtoken" in sql or "auth_" in sql for sql in without)
    [asked] = [sql for sql in within if "auth_" in sql]
    assert "previewtoken" in asked


# The past, and expiry


def test_token_of_a_moment_ends_when_the_moment_has_passed(site, bearing, clock):
    text = made("--at", TUESDAY)

    clock.set(TUESDAY)
    assert bearing(text).status_code == 200
    clock.moment += timedelta(seconds=1)
    response = bearing(text)

    assert refusal_of(response) == "MOMENT_PASSED"
    assert "what was public then is not kept" in response.json()["errors"][0]["message"]


def test_token_may_be_made_for_the_present_moment(site, bearing, clock):
    assert bearing(made("--at", NOW)).status_code == 200


def test_token_of_one_page_misses_it_once_it_has_expired(site, bearing, clock):
    """Stored as it is, with a version that expires, and with one that no longer does."""
    monday, wednesday = (datetime(2026, 1, day, 9, tzinfo=UTC) for day in (19, 21))
    kept = factories.article_page(title="Kept", slug="kept", expire_at=wednesday)
    expires = factories.article_page(title="Expires", slug="expires", expire_at=monday)
    replaced = factories.article_page(title="Replaced", slug="replaced")
    stays = factories.article_page(title="Stays", slug="stays", expire_at=monday)
    for page, expire_at in ((replaced, monday), (stays, None)):
        page.expire_at = expire_at
        revision = page.save_revision(clean=False)
        revision.approved_go_live_at = "2026-01-18T09:00:00+00:00"
        revision.save()

    def sees(page):
        text = made("--at", TUESDAY, "--page", str(page.pk))
        return page.title in titles(bearing(text))[1]

    assert [sees(page) for page in (kept, expires, replaced, stays)] == [True, False, False, True]
