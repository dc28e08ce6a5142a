"""What the screens of a release say of it and of what is in it, state by state."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Page, Revision

from cms.releases import steps as release_steps
from cms.releases.models import ReleaseItem
from pages.models import ArticlePage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.releases.admin.gone_kind import item_of_gone_type

pytestmark = pytest.mark.usefixtures("pages_above", "now")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def address(view, release):
    return reverse(f"releases:{view}", args=[release.pk])


def text_of(response):
    return " ".join(unescape(response.content.decode()).split())


def draft(title):
    return factories.article_page(title=title, slug=title.lower(), live=False)


def approved(editor, *pages, **fields):
    release = factories.release(pages, by=editor, go_live_at=NINE, **fields)
    release_steps.approve(release, editor)
    release.refresh_from_db()
    return release


# What has just been decided


@pytest.mark.parametrize(
    ("step", "sent", "said"),
    [
        ("approve", {}, "“Spring” is approved, and goes live on Tue 2 June 2099, 09:00 UTC+00:00."),
        ("publish-now", {}, "“Spring” is live: readers see all of it."),
        ("hand-over", {"to": ""}, "“Spring” is no longer handed to anyone."),
        ("cancel", {}, "“Spring” is cancelled."),
    ],
)
def test_what_has_been_decided_is_said(window, editor, step, sent, said):
    release = factories.release([draft("One")], by=editor, go_live_at=NINE)

    assert said in text_of(window.post(address(step, release), sent, follow=True))


def test_history_says_that_a_release_is_no_longer_handed_to_anyone(window, editor):
    release = factories.release([draft("One")])
    release_steps.hand_over(release, editor, to=editor)
    release_steps.hand_over(release, editor, to=None)

    history = text_of(window.get(address("history", release)))

    assert "Handed to edith, to be approved" in history
    assert "No longer handed to anyone" in history


def test_who_handed_a_release_over_is_said_until_they_have_left(window, editor, staff):
    release = factories.release([draft("One")])
    release_steps.hand_over(release, staff, to=editor)
    with_name = text_of(window.get(address("inspect", release)))

    staff.delete()

    assert "to approve it: handed over by carla on Tue 2 June 2099, 08:00" in with_name
    assert "to approve it." in text_of(window.get(address("inspect", release)))


def test_who_approved_a_release_is_said_or_that_they_have_left(window, staff):
    boss = factories.user("boris", group="Editors")
    release = approved(boss, draft("One"))
    with_name = text_of(window.get(address("inspect", release)))

    boss.delete()

    assert "Approved by boris on Tue 2 June 2099, 08:00" in with_name
    assert "Approved by someone who has left on" in text_of(window.get(address("inspect", release)))


# What is in it


def test_what_was_edited_since_it_was_approved_is_named_and_nothing_else(window, editor):
    edited, same, gone = (
        factories.article_page(title=title, slug=title.lower())
        for title in ("Edited", "Same", "Gone")
    )
    release = approved(editor, edited, same, unpublish=[gone])
    for page in (edited, gone):
        page.save_revision()

    said = text_of(window.get(address("inspect", release)))

    assert "and not part of what goes live: “Edited”. Reopen" in said
    assert said.count("edited since") == 1


def test_nothing_is_edited_since_in_what_nobody_has_approved(window):
    page = draft("One")
    release = factories.release([page], go_live_at=NINE)
    page.save_revision()

    assert "dited since" not in text_of(window.get(address("inspect", release)))


def test_where_each_redirect_leads_is_said(window, editor):
    there = factories.article_page(title="There", slug="there")
    release = factories.release(
        redirects={"/one": "/new/"}, unpublish=[draft("Unseen")], go_live_at=NINE
    )
    for path in ("/two", "/three"):
        release_steps.add_redirect(
            ReleaseItem(release=release, old_path=path, redirect_page=there), editor
        )
    release.items.filter(old_path="/three").update(redirect_page=None)
    item_of_gone_type(release)

    said = text_of(window.get(address("inspect", release)))
    unseen = ArticlePage.objects.get(title="Unseen")
    asked = window.get(address("approve", release))
    changes = asked.context["changes"]

    for where in ("/new/", "There", "a page that has been deleted"):
        assert f"Leads to {where}</td>" in said
    assert said.count("Nothing: it is gone") == 1
    assert f'<a href="{admin_url(unseen, "edit")}">Unseen</a>' in said
    assert "The page that /three leads to has been deleted" in text_of(asked)
    assert "The page that /two leads to" not in text_of(asked)
    assert {str(each.item): each.says for each in changes} == {
        "/one": "leads to /new/",
        "/two": "leads to There",
        "/three": "leads to a page that has been deleted",
        "Unseen": "readers do not see it now either",
    }


# What may be decided


def buttons(response):
    return [each.name for each in response.context["decisions"]]


def test_who_may_not_change_releases_is_offered_nothing_and_refused(window, editor):
    release = factories.release([draft("One")], go_live_at=NINE)
    offered = window.get(address("inspect", release))
    for group in editor.groups.all():
        group.permissions.remove(Permission.objects.get(codename="change_release"))

    page = window.get(address("inspect", release))

    assert "approve" in buttons(offered)
    assert "Take out" in text_of(offered)
    assert (page.status_code, buttons(page)) == (200, [])
    assert "Take out" not in text_of(page)
    for step in ("approve", "cancel"):
        window.post(address(step, release))
    release.refresh_from_db()
    assert release.is_open


def test_staff_are_offered_what_needs_no_publisher(staff, sign_in, editor):
    """A release that nobody has approved may be cancelled by who prepares it, but not approved."""
    release = factories.release([draft("One")], by=editor, go_live_at=NINE)
    release_steps.cancel(release, editor)

    assert buttons(sign_in(staff).get(address("inspect", release))) == ["reopen"]


def test_nothing_is_added_to_or_taken_out_of_what_is_approved(window, editor):
    said = text_of(window.get(address("inspect", approved(editor, draft("One")))))

    assert "Take out" not in said
    assert "Add a redirect" not in said


def test_moment_is_a_field_until_somebody_has_approved_it(window, editor):
    being_prepared = factories.release([draft("Two")], go_live_at=NINE)

    fields = [
        window.get(address("edit", release)).context["form"].fields["go_live_at"]
        for release in (being_prepared, approved(editor, draft("One")))
    ]

    assert [field.disabled for field in fields] == [False, True]


def test_moment_that_is_now_has_passed(window, now):
    release = factories.release([draft("One")], go_live_at=now.moment)

    said = text_of(window.get(address("approve", release)))

    assert (
        "Its moment, Tue 2 June 2099, 08:00 UTC+00:00, has passed: choose a later one below."
        in said
    )


def test_moment_is_asked_for_only_where_it_can_be_given(window, editor, now):
    without, due = factories.release([draft("Two")]), approved(editor, draft("One"))
    now.moment = NINE

    asked = text_of(window.get(address("approve", without)))
    not_asked = [
        text_of(window.get(address(step, release)))
        for step, release in (("publish-now", without), ("move", due))
    ]

    assert "It has no moment yet: say below when it goes live." in asked
    for said in not_asked:
        assert "say below" not in said
        assert "choose a later one below" not in said


def test_moment_is_no_field_any_more_once_it_was_refused(window, editor):
    sent = {"name": "Spring", "note": "", "go_live_at": "2099-07-01 09:00"}

    refused = window.post(address("edit", approved(editor, draft("One"))), sent)

    assert refused.context["form"].fields["go_live_at"].disabled


def test_what_can_no_longer_be_decided_is_said_and_has_no_button(window, editor):
    release = approved(editor, draft("One"))

    for step in ("approve", "publish-now", "hand-over"):
        answer = window.get(address(step, release))
        assert answer.status_code == 200
        assert "“Spring” is approved: look at it again." in text_of(answer)
    assert "button-longrunning" not in text_of(window.get(address("approve", release)))
    release_steps.cancel(release, editor)
    assert "button-longrunning" not in text_of(window.get(address("cancel", release)))


def test_approval_that_lacks_more_than_a_moment_has_no_button(window):
    release = factories.release([draft("One")])
    with_button = text_of(window.get(address("approve", release)))
    Page.objects.update(latest_revision=None)
    Revision.objects.all().delete()

    without = text_of(window.get(address("approve", release)))

    assert ["button-longrunning" in said for said in (with_button, without)] == [True, False]


def test_version_that_cannot_be_read_is_a_problem_and_no_change(window):
    page = factories.deliverable_page(title="One")
    page.save_revision()
    revision = page.get_latest_revision()
    revision.content["date"] = "yesterday"
    revision.save()

    shown = window.get(address("approve", factories.release([page], go_live_at=NINE)))

    assert shown.context["changes"] == []
    assert "“One”: Date" in text_of(shown)


def test_only_an_approval_shows_what_changes_and_what_stands_against_it(window, editor):
    page = draft("One")
    release = factories.release([page], by=editor, go_live_at=NINE)
    Page.objects.update(latest_revision=None)
    Revision.objects.all().delete()

    shown = {step: window.get(address(step, release)) for step in ("approve", "cancel")}

    assert "has no version to publish" in text_of(shown["approve"])
    assert "button-longrunning" not in text_of(shown["approve"])
    assert "has no version to publish" not in text_of(shown["cancel"])
    assert "button-longrunning" in text_of(shown["cancel"])
    assert "What changes for readers" not in text_of(shown["cancel"])
    assert not shown["cancel"].context["seen"]


def test_release_that_is_deleted_is_one_that_readers_never_saw(window, editor):
    prepared, fixed = factories.release(), approved(editor, draft("One"))

    listed = text_of(window.get(reverse("releases:index")))

    assert address("delete", prepared) in listed
    assert address("delete", fixed) not in listed


def test_what_was_changed_since_is_asked_about_where_it_would_be_undone_alone(window, editor):
    page = draft("One")
    release = factories.release([page], by=editor)
    before = text_of(window.get(address("publish-now", release)))
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)
    untouched = text_of(window.get(address("revert", release)))
    page.refresh_from_db()
    page.save_revision().publish()

    changed = text_of(window.get(address("revert", release)))
    refused = window.post(address("revert", release))

    assert "Changed after the release went live: “One”." in changed
    assert 'name="also_since"' in changed
    assert refused.status_code == 409
    assert "button-longrunning" in text_of(refused)
    for other in (before, untouched):
        assert "Changed after" not in other
        assert "also_since" not in other


# Chosen


def test_each_kind_that_is_added_has_its_own_chooser(window):
    said = text_of(window.get(address("add_items", factories.release())))

    fields = [part.partition(">")[0] for part in said.split("<div data-several ")[1:]]
    assert ["data-kind=" + field.partition("data-kind=")[2].split()[0] for field in fields] == [
        'data-kind="page"',
        'data-kind="snippet"',
        'data-kind="snippet"',
    ]
    addresses = [field.partition('data-url="')[2].partition('"')[0] for field in fields]
    assert addresses[0] == reverse("wagtailadmin_choose_page")
    assert ["/organisation/" in addresses[1], "/person/" in addresses[2]] == [True, True]
    for script in ("page-chooser-modal.js", "snippet-chooser.js"):
        assert script in said


def test_what_is_edited_is_added_by_who_may_change_it(window, editor):
    page = draft("One")
    offered = text_of(window.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
    for group in editor.groups.all():
        group.permissions.remove(Permission.objects.get(codename="change_release"))

    said = text_of(window.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))

    assert ("Add to release" in offered, "Add to release" in said) == (True, False)


def test_release_that_holds_a_page_is_named_above_the_page(window):
    page = draft("One")
    release = factories.release([page])

    said = text_of(window.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))

    assert "In release “Spring”" in said
    assert address("inspect", release) in said
