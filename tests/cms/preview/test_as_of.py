"""Editors walk through the site as it will be at a moment, or with all drafts."""

from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction
from wagtail.users.models import UserProfile

from tests import factories

pytestmark = pytest.mark.usefixtures("pages_above")

TUESDAY = "2026-01-20T09:00:00+00:00"


@pytest.fixture
def charter(db, clock):
    """A charter with an edit that goes live on Tuesday, and another nobody has approved."""
    charter = factories.charter_page(title="Charter", slug="charter")
    charter.title = "Charter of Tuesday"
    revision = charter.save_revision()
    revision.approved_go_live_at = TUESDAY
    revision.save()
    charter.title = "Charter, drafted"
    charter.save_revision()
    return charter


def heading(response):
    return unescape(response.content.decode()).partition("<h1>")[2].partition("</h1>")[0]


def seen(client, key, path="charter/"):
    return client.get(reverse("as_of_show", kwargs={"key": key, "path": path}))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (TUESDAY, "Charter of Tuesday"),
        ("2026-01-20T08:59:59+00:00", "Charter"),
        ("drafts", "Charter, drafted"),
    ],
)
def test_page_is_shown_from_the_perspective_chosen(charter, sign_in, editor, key, expected):
    response = seen(sign_in(editor), key)

    assert heading(response) == expected
    assert "no-store" in response["Cache-Control"]
    assert "Readers do not see this." in response.content.decode()


def test_moment_is_chosen_in_the_editors_own_time(charter, sign_in, editor):
    profile = UserProfile.get_for_user(editor)
    profile.current_time_zone = "America/New_York"
    profile.save()
    client = sign_in(editor)

    asked = {"sees": "moment", "moment": "2026-01-20 04:00", "path": "/charter/"}
    response = client.get(reverse("as_of"), asked, follow=True)

    assert heading(response) == "Charter of Tuesday"
    assert "Tue 20 January 2026, 04:00 UTC-05:00" in response.content.decode()


def test_links_lead_on_within_the_perspective(charter, sign_in, editor):
    home = charter.get_parent().specific
    home.introduction = f'<p><a linktype="page" id="{charter.pk}">Charter</a></p>'
    home.save()

    page = seen(sign_in(editor), TUESDAY, "").content.decode()

    there = reverse("as_of_show", kwargs={"key": TUESDAY, "path": "charter/"})
    assert f'<a href="{there}">' in page


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"sees": "moment", "moment": ""}, "moment", "Choose a moment."),
        (
            {"sees": "moment", "moment": "Tuesday"},
            "moment",
            "Enter a date with a time, such as 2026-07-01 09:00.",
        ),
        ({"sees": "release"}, "release", "Choose a release."),
        (
            {"sees": "release", "release": "99999"},
            "release",
            "Select a valid choice. That choice is not one of the available choices.",
        ),
    ],
)
def test_form_says_once_what_is_missing(charter, sign_in, editor, asked, field, said):
    page = sign_in(editor).get(reverse("as_of"), asked)

    assert page.status_code == 200
    assert page.context["form"].errors == {field: [said]}
    assert said in page.content.decode()


def test_nothing_is_said_before_anything_is_chosen(charter, sign_in, editor):
    page = sign_in(editor).get(reverse("as_of"), {"path": "/charter/"})

    assert page.context["form"].errors == {}
    assert 'name="path" value="/charter/"' in page.content.decode()


def test_release_or_all_drafts_are_chosen_whatever_stands_beside_it(charter, sign_in, editor):
    """The other fields of the form are sent as well, and may hold what was there before."""
    client = sign_in(editor)
    release = factories.release([charter], by=editor)
    beside = {"moment": "2026-01-14 12:00", "path": "/charter/"}

    by_release = client.get(reverse("as_of"), {"sees": "release", "release": release.pk, **beside})
    by_drafts = client.get(reverse("as_of"), {"sees": "drafts", **beside})

    assert by_release["Location"] == reverse(
        "as_of_show", kwargs={"key": f"release-{release.pk}", "path": "charter/"}
    )
    assert by_drafts["Location"] == reverse(
        "as_of_show", kwargs={"key": "drafts", "path": "charter/"}
    )
    assert heading(seen(client, f"release-{release.pk}")) == "Charter, drafted"


def test_with_a_release_no_other_draft_is_seen(charter, sign_in, editor):
    release = factories.release([factories.article_page(slug="new", live=False)], by=editor)
    client = sign_in(editor)

    assert seen(client, f"release-{release.pk}", "articles/new/").status_code == 200
    assert heading(seen(client, f"release-{release.pk}")) == "Charter"


def test_what_no_reader_will_see_is_not_there_either(charter, sign_in, editor):
    PageViewRestriction.objects.create(page=charter, restriction_type="login")

    for key in (TUESDAY, "drafts"):
        response = seen(sign_in(editor), key)
        assert response.status_code == 404
        assert "there is no page" in " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    "key", ["Tuesday", "2026-01-20", "2026-01-20T09:00:00", "2026-99-99T00:00Z"]
)
def test_address_without_a_moment_is_not_found(charter, sign_in, editor, key):
    assert seen(sign_in(editor), key).status_code == 404


def test_only_who_edits_every_page_may_look(charter, sign_in, db):
    someone = factories.user("olga", group="Communications staff")
    someone.groups.get().page_permissions.all().delete()
    client = sign_in(someone)

    for address in (reverse("as_of"), reverse("as_of_show", kwargs={"key": "drafts", "path": ""})):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"] == reverse("wagtailadmin_home")
    assert "Site as of" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_each_page_offers_to_be_seen_so(charter, sign_in, editor):
    page = sign_in(editor).get(reverse("wagtailadmin_pages:edit", args=[charter.pk]))

    assert f"{reverse('as_of')}?path=%2Fcharter%2F" in page.content.decode()


def test_page_that_no_site_has_is_not_offered_so(charter, sign_in, editor):
    outside = Page.objects.get(depth=1).add_child(instance=Page(title="Outside", slug="outside"))

    page = sign_in(editor).get(reverse("wagtailadmin_explore", args=[outside.pk]))

    assert page.status_code == 200
    assert f"{reverse('as_of')}?path=" not in page.content.decode()


def test_nor_is_any_to_those_who_may_not_look(charter, sign_in):
    someone = factories.user("olga", group="Communications staff")
    someone.groups.get().page_permissions.update(page=charter)

    page = sign_in(someone).get(reverse("wagtailadmin_pages:edit", args=[charter.pk]))

    assert page.status_code == 200
    assert reverse("as_of") not in page.content.decode()


def test_the_past_is_refused_in_a_sentence(charter, sign_in, editor, clock):
    """What is stored now is not what was public then."""
    client = sign_in(editor)
    asked = {"sees": "moment", "moment": "2026-01-14 12:00", "path": "/charter/"}

    form = client.get(reverse("as_of"), asked)
    screen = seen(client, "2026-01-15T11:59:59+00:00")

    assert form.status_code == 200
    assert "what was public then is not kept" in unescape(form.content.decode())
    assert screen.status_code == 410
    assert "What was public then is not kept as it was." in screen.content.decode()
    assert f"{reverse('as_of')}?path=/charter/" in screen.content.decode()


def test_a_moment_is_refused_once_it_has_passed(charter, sign_in, editor, clock):
    clock.set(TUESDAY)
    assert seen(sign_in(editor), TUESDAY).status_code == 200

    clock.set("2026-01-20T09:00:01+00:00")
    assert seen(sign_in(editor), TUESDAY).status_code == 410


def test_who_may_not_see_people_does_not_look_at_their_drafts(charter, sign_in, editor):
    people = Permission.objects.filter(content_type__app_label="pages", codename__endswith="person")
    editor.groups.get().permissions.remove(*people)

    assert seen(sign_in(editor), "drafts").status_code == 302
