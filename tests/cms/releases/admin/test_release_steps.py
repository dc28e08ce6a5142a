"""Each step is taken only while a release can take it, and by who may, up to the very second."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import GroupPagePermission, Page, Revision

from cms.releases import steps as release_steps
from cms.releases.models import ReleaseItem
from cms.scheduling.models import FailedChange
from pages.models import ArticlePage
from tests import factories
from tests.cms.releases.admin.gone_kind import item_of_gone_type

pytestmark = pytest.mark.usefixtures("pages_above", "now")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def page_of(release):
    return reverse("releases:inspect", args=[release.pk])


def take(window, step, release, **sent):
    """The status of the answer, and the text of the page that it leads to or is."""
    address = reverse(f"releases:{step}", args=[release.pk])
    response = window.post(address, sent)
    shown = window.get(response["Location"]) if response.status_code == 302 else response
    return response.status_code, " ".join(unescape(shown.content.decode()).split())


def release_of(*titles, **fields):
    pages = [factories.article_page(title=title, slug=title, live=False) for title in titles]
    return factories.release(pages, **fields)


def approved(editor, *titles):
    release = release_of(*titles, by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)
    release.refresh_from_db()
    return release


def typed(moment):
    return f"{moment:%Y-%m-%d %H:%M}"


# When it goes live


@pytest.mark.parametrize(("after_now", "status"), [(timedelta(0), 409), (60 * SECOND, 302)])
def test_moment_of_an_approval_is_still_to_come(window, now, after_now, status):
    release = release_of("one")

    assert take(window, "approve", release, go_live_at=typed(now.moment + after_now))[0] == status


@pytest.mark.parametrize(("after_now", "status"), [(timedelta(0), 409), (SECOND, 302)])
def test_moment_that_was_planned_is_still_to_come_too(window, now, after_now, status):
    release = release_of("one", go_live_at=now.moment + after_now)

    assert take(window, "approve", release)[0] == status


@pytest.mark.parametrize(("after_now", "status"), [(timedelta(0), 409), (60 * SECOND, 302)])
def test_release_is_moved_to_a_moment_still_to_come(window, editor, now, after_now, status):
    release = approved(editor, "one")

    assert take(window, "move", release, go_live_at=typed(now.moment + after_now))[0] == status


def test_only_what_is_approved_and_not_due_is_moved(window, editor, now):
    release, prepared = approved(editor, "one"), release_of("two", go_live_at=NINE)
    later = {"go_live_at": typed(NINE + HOUR)}

    assert take(window, "move", prepared, **later)[0] == 409
    now.moment = NINE
    status, text = take(window, "move", release, **later)

    assert (status, "can no longer be moved" in text) == (409, True)


def test_moment_is_edited_until_it_is_approved(window):
    release = release_of("one", go_live_at=NINE)

    status, text = take(window, "edit", release, name="Spring", go_live_at=typed(NINE + HOUR))

    assert (status, "Planned for Tue 2 June 2099, 10:00" in text) == (302, True)


# Who is to approve it


def test_release_is_not_handed_to_who_may_publish_only_other_pages(window, editor):
    articles = factories.article_page(title="There").get_parent()
    elsewhere = factories.deliverable_category_page(title="Papers", live=False)
    group = Group.objects.create(name="Editors of articles")
    colleague = factories.user("emil", group="Communications staff")
    colleague.groups.add(group)
    GroupPagePermission.objects.create(
        group=group, page=articles, permission=publish_page_permission()
    )
    release = factories.release([elsewhere])

    status, text = take(window, "hand-over", release, to=colleague.pk)

    assert (status, "emil may not publish everything in it" in text) == (409, True)
    assert take(window, "hand-over", release_of("one"), to=colleague.pk)[0] == 302


def publish_page_permission():
    held = GroupPagePermission.objects.filter(permission__codename="publish_page").first()
    assert held
    return held.permission


# When it is left


def test_staff_reopen_what_was_cancelled(editor, staff, sign_in):
    release = approved(editor, "one")
    release_steps.cancel(release, editor)

    assert take(sign_in(staff), "reopen", release)[0] == 302


@pytest.mark.parametrize(("step", "said"), [("cancel", "Does not go live"), ("reopen", "Planned")])
def test_failure_of_a_release_is_no_longer_told_once_it_is_left(window, editor, now, step, said):
    release = approved(editor, "one")
    ArticlePage.objects.get().delete()
    now.moment = NINE
    with pytest.raises(CommandError):
        call_command("run_scheduler", once=True)
    failed = window.get(page_of(release)).content.decode()

    status, text = take(window, step, release)

    assert "could not be made permanent" in failed
    assert (status, said in text, "could not be made permanent" in text) == (302, True, False)


def test_release_is_left_whatever_the_page_of_the_number_of_its_snippet_meets(window, editor):
    """One page is scheduled for the address of another, as no screen would have it."""
    stays, comes = (factories.article_page(title=slug, slug=slug) for slug in ("stays", "comes"))
    comes.slug = "stays"
    comes.save_revision(clean=False, approved_go_live_at=NINE + HOUR)
    person = factories.person(name="Ada", pk=stays.pk)
    release = factories.release(unpublish=[person], by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)

    assert take(window, "cancel", release)[0] == 302


def test_release_that_nobody_approved_is_cancelled_whatever_its_pages_meet(window):
    """It was to free no address. One page is scheduled for that of another, as after an import."""
    stays, comes = (factories.article_page(title=slug, slug=slug) for slug in ("stays", "comes"))
    comes.slug = "stays"
    comes.save_revision(clean=False, approved_go_live_at=NINE + HOUR)

    assert take(window, "cancel", factories.release(unpublish=[stays]))[0] == 302


# What is gone


def test_release_with_what_is_of_a_kind_that_is_gone_is_refused_in_words(window):
    release = release_of("one", go_live_at=NINE)
    item_of_gone_type(release)

    for step in ("approve", "publish-now"):
        status, text = take(window, step, release)
        assert (status, "“Newsletter” has been deleted. Take it out." in text) == (409, True)


def test_release_is_not_reverted_past_what_is_of_a_kind_that_is_gone(window, editor):
    release = release_of("one", by=editor)
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)
    item = item_of_gone_type(release)
    ReleaseItem.objects.filter(pk=item.pk).update(was_live=True)

    assert "Changed after the release went live" in take_look(window, "revert", release)
    status, text = take(window, "revert", release, also_since="on")

    assert (status, "“Newsletter” has been deleted, so the release" in text) == (409, True)
    assert ArticlePage.objects.get().live


def test_release_is_not_reverted_to_a_version_that_is_gone(window, editor):
    """As an import can leave it: who deletes a version is kept from that one."""
    page = factories.article_page(title="Before", slug="before")
    page.title = "Since"
    page.save_revision()
    release = factories.release([page], by=editor)
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)
    release.items.update(previous_revision=None)

    status, text = take(window, "revert", release, also_since="on")

    said = "The version of “Since” from before the release is gone. Publish it by hand."
    assert (status, said in text) == (409, True)
    assert ArticlePage.objects.get().title == "Since"


def test_revert_leaves_what_another_release_is_to_take_down_later(window, editor):
    page = factories.article_page(title="One", slug="one")
    page.save_revision()
    release = factories.release([page], by=editor)
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)
    later = factories.release(unpublish=[page], by=editor, go_live_at=NINE)
    release_steps.approve(later, editor)

    assert take(window, "revert", release, also_since="on")[0] == 302

    assert later.items.of(page).exists()


def take_look(window, step, release):
    return window.get(reverse(f"releases:{step}", args=[release.pk])).content.decode()


def test_scheduler_names_what_is_of_a_kind_that_is_gone(editor, now):
    release = approved(editor, "one")
    item_of_gone_type(release)
    now.moment = NINE

    with pytest.raises(CommandError):
        call_command("run_scheduler", once=True)

    reason = FailedChange.objects.get().reason
    assert reason == "“Newsletter” has been deleted. Reopen the release and take it out."


def test_what_was_taken_down_since_is_told_though_its_version_is_gone(window, editor):
    release = release_of("one", by=editor)
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)
    page = ArticlePage.objects.get()
    Revision.objects.for_instance(page).delete()
    page.refresh_from_db()
    page.unpublish()

    assert "Changed after the release went live" in take_look(window, "revert", release)


# What is kept to go back to


def test_what_a_release_takes_down_or_back_has_not_expired(window, editor):
    new, gone = (
        factories.article_page(title=slug, live=slug == "gone") for slug in ("new", "gone")
    )
    person = factories.person(name="Ada")
    release = factories.release([new], unpublish=[gone, person], by=editor)
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)
    for each in (gone, person):
        each.refresh_from_db()
        assert (each.live, each.expired) == (False, False)

    assert take(window, "revert", release)[0] == 302

    new.refresh_from_db()
    assert (new.live, new.expired) == (False, False)


def test_redirect_comes_back_without_what_redirects_no_longer_have(window, editor):
    Redirect.objects.create(old_path="/old", redirect_link="/elsewhere/")
    release = factories.release(redirects={"/old": "/"}, by=editor)
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)
    item = release.items.get()
    item.previous_redirects[0]["fields"]["was_once"] = "known"
    item.save()

    assert take(window, "revert", release)[0] == 302
    assert Redirect.objects.get().redirect_link == "/elsewhere/"


def test_going_live_writes_no_version_of_what_was_not_live(editor):
    release = release_of("one", by=editor)
    release_steps.approve(release, editor, now=True)
    page = ArticlePage.objects.get()
    versions = Revision.objects.for_instance(page).count()

    call_command("run_scheduler", once=True)

    assert Revision.objects.for_instance(page).count() == versions


def imported(**fields):
    """Live, without a version that says so."""
    page = factories.article_page(title="Imported", slug="imported")
    Revision.objects.for_instance(page).delete()
    Page.objects.filter(pk=page.pk).update(live_revision=None, latest_revision=None, **fields)
    page = ArticlePage.objects.get(pk=page.pk)
    page.title = "Changed"
    page.save_revision()
    return page


def test_what_imported_content_was_is_no_newer_than_what_replaced_it(window, editor, now, ask):
    page = imported()
    for hour in range(2):
        now.moment = NINE + hour * HOUR
        release_steps.approve(factories.release([page], by=editor), editor, now=True)
        call_command("run_scheduler", once=True)

    assert ask("{ articles { nodes { title } } }")["articles"]["nodes"] == [{"title": "Changed"}]


def test_imported_content_that_nobody_published_is_brought_back(window, editor, now, ask):
    page = imported(last_published_at=None)
    release = factories.release([page], by=editor)
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)
    was = Revision.objects.for_instance(page).get(content__title="Imported")
    assert was.created_at == now.moment

    assert take(window, "revert", release)[0] == 302
    assert ask("{ articles { nodes { title } } }")["articles"]["nodes"] == [{"title": "Imported"}]
