"""What is added to a release, what of that is refused in words, and what is taken out again."""

from datetime import UTC, datetime
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.models import GroupPagePermission

from cms.releases import steps as release_steps
from cms.releases.models import Release
from tests import factories

pytestmark = pytest.mark.usefixtures("pages_above", "now")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)


@pytest.fixture
def window(staff, sign_in):
    return sign_in(staff)


def address(view, *args):
    return reverse(f"releases:{view}", args=args)


def text_of(response):
    return " ".join(unescape(response.content.decode()).split())


def draft(title):
    return factories.article_page(title=title, slug=title.lower(), live=False)


def address_of_adding(subject):
    return address("add_object", ContentType.objects.get_for_model(subject).pk, subject.pk)


# Added


def test_page_goes_into_a_release_that_is_chosen_or_named(window):
    answer = window.post(address_of_adding(draft("One")), {"action": "publish"})

    assert "Choose a release, or give a new one a name." in text_of(answer)
    assert not Release.objects.exists()


def test_release_that_there_is_not_is_said_to_be_none_and_nothing_else(window):
    answer = window.post(address_of_adding(draft("One")), {"action": "publish", "release": 999_999})

    assert "Select a valid choice" in text_of(answer)
    assert "Choose a release, or give a new one a name." not in text_of(answer)


def test_nothing_is_said_to_be_missing_before_anything_is_chosen(window):
    release = factories.release()
    asked = [
        address_of_adding(draft("One")),
        address("add_items", release.pk),
        address("add_redirect", release.pk),
    ]

    for each in asked:
        page = window.get(each)
        assert page.status_code == 200
        assert page.context["form"].errors == {}


def test_what_stands_beneath_is_asked_of_pages_alone(window):
    of_page = window.get(address_of_adding(draft("One")))
    of_person = window.get(address_of_adding(factories.person()))

    assert 'name="beneath"' in of_page.content.decode()
    assert 'name="beneath"' not in of_person.content.decode()


def test_what_stands_beneath_stays_out_unless_it_is_asked_for(window):
    section = draft("One").get_parent().specific
    person, release = factories.person(name="Ada", live=False), factories.release()
    both = {"action": "publish", "page": [section.pk], "person": [person.pk]}

    window.post(address("add_items", release.pk), both)
    without = [item.title for item in release.items.all()]
    release.items.all().delete()
    window.post(address("add_items", release.pk), {**both, "beneath": "on"})

    assert without == ["Articles", "Ada"]
    assert {item.title for item in release.items.all()} == {"Articles", "Ada", "One"}


def test_who_may_not_make_releases_chooses_one_that_is_there(window, staff):
    permission = Permission.objects.get(codename="add_release")
    for group in staff.groups.all():
        group.permissions.remove(permission)
    page, release = draft("One"), factories.release()
    sent = {"action": "publish", "name": "Summer"}

    refused = window.post(address_of_adding(page), sent)
    added = window.post(address_of_adding(page), {**sent, "release": release.pk})

    unsaid = window.post(address_of_adding(page), {"action": "publish"})

    assert "You may not make releases" not in text_of(unsaid)
    assert "You may not make releases: choose one that is there." in text_of(refused)
    assert (added.status_code, [item.title for item in release.items.all()]) == (302, ["One"])


def test_only_who_may_change_both_the_page_and_releases_is_asked_for_a_release(window, staff):
    page, foreign = draft("One"), factories.deliverable_page(title="Foreign", live=False)
    GroupPagePermission.objects.filter(group__in=staff.groups.all()).update(page=page.get_parent())

    asked = [window.get(address_of_adding(each)).status_code for each in (page, foreign)]
    for group in staff.groups.all():
        group.permissions.remove(Permission.objects.get(codename="change_release"))

    assert asked == [200, 302]
    assert window.get(address_of_adding(page)).status_code == 302
    release = factories.release()
    for view in ("add_items", "add_redirect"):
        assert window.get(address(view, release.pk)).status_code == 302
    window.post(address("add_items", release.pk), {"action": "publish", "page": [page.pk]})
    assert not release.items.exists()


@pytest.mark.parametrize("kind", ["image", "gone", "key"])
def test_what_cannot_go_into_a_release_is_not_found(window, kind):
    if kind == "image":
        asked = address_of_adding(factories.image())
    elif kind == "gone":
        asked = address("add_object", ContentType.objects.create(app_label="a", model="b").pk, 1)
    else:
        asked = address("add_object", ContentType.objects.get_for_model(draft("One")).pk, "x")

    assert window.get(asked).status_code == 404


def test_edited_pages_beneath_are_published_along_with_a_section(window):
    section = factories.deliverable_category_page(title="Papers", slug="papers", live=False)
    for title, live in (("Edited", False), ("As readers see it", True)):
        factories.deliverable_page(parent=section, title=title, live=live)
    release = factories.release()

    window.post(
        address("add_items", release.pk),
        {"page": section.pk, "action": "publish", "beneath": "on"},
    )

    assert {item.title for item in release.items.all()} == {"Papers", "Edited"}


def test_of_a_page_from_a_list_every_change_is_shown_to_who_approves(window, editor, sign_in):
    """Also of fields that only its own type has: a list knows it as any page."""
    page = factories.article_page(title="One", slug="one", standfirst="As it was")
    page.standfirst = "As it is to be"
    page.save_revision()
    release = factories.release(go_live_at=NINE)
    bulk = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "add_to_release"))
    window.post(f"{bulk}?id={page.pk}", {"release": release.pk, "action": "publish"})

    shown = text_of(sign_in(editor).get(address("approve", release.pk)))

    assert "Standfirst" in shown


def test_nothing_is_added_to_what_was_approved_meanwhile(window, editor):
    release, page = factories.release([draft("One")], by=editor, go_live_at=NINE), draft("Two")
    release_steps.approve(release, editor)

    answers = [
        window.post(address("add_items", release.pk), {"action": "publish", "page": page.pk}),
        window.post(
            address("add_redirect", release.pk), {"old_path": "/old/", "redirect_link": "/new/"}
        ),
        window.post(address("take_out", release.pk, release.items.get().pk), follow=True),
    ]

    for answer in answers:
        assert "“Spring” is approved: reopen it first." in text_of(answer)
    assert [item.title for item in release.items.all()] == ["One"]


@pytest.mark.parametrize(
    ("titles", "said"), [(["One"], "1 page is"), (["One", "Two"], "2 pages are")]
)
def test_number_of_pages_that_were_added_from_a_list_is_said(window, titles, said):
    pages = [draft(title) for title in titles]
    bulk = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "add_to_release"))
    query = "&".join(f"id={page.pk}" for page in pages)

    answer = window.post(
        f"{bulk}?{query}", {"release": "", "name": "Spring", "action": "publish"}, follow=True
    )

    assert f"{said} in the release." in text_of(answer)


# Taken out


def test_what_somebody_else_has_taken_out_already_is_no_error(window):
    release = factories.release([draft("One")])
    item = release.items.get()
    first = window.post(address("take_out", release.pk, item.pk), follow=True)

    again = window.post(address("take_out", release.pk, item.pk))

    assert "“One” is no longer in the release." in text_of(first)
    assert (again.status_code, again["Location"]) == (302, address("inspect", release.pk))
