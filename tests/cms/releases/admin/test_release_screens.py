"""Editors prepare a release, have it checked, approve it, and decide about it later."""

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import GroupPagePermission, PageViewRestriction

from cms.mails.models import Notification
from cms.releases import steps as release_steps
from cms.releases.models import Release, ReleaseItem
from pages.models import ArticlePage, Person
from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.approving import approve

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def address(view, *args):
    return reverse(f"releases:{view}", args=args)


def text_of(response):
    return " ".join(unescape(response.content.decode()).split())


def drafts(*titles):
    return [factories.article_page(title=title, slug=title.lower(), live=False) for title in titles]


# Prepared


def test_staff_make_a_release_of_several_pages_at_once(now, sign_in, staff):
    pages = drafts("One", "Two", "Three")
    query = "&".join(f"id={page.pk}" for page in pages)
    bulk = (
        f"{reverse('wagtail_bulk_action', args=('wagtailcore', 'page', 'add_to_release'))}?{query}"
    )
    client = sign_in(staff)

    asked = text_of(client.get(bulk))
    client.post(bulk, {"release": "", "name": "Spring", "action": "publish"})

    assert all(page.title in asked for page in pages)
    release = Release.objects.get(name="Spring")
    assert release.created_by == staff
    assert {item.title for item in release.items.all()} == {"One", "Two", "Three"}
    history = text_of(client.get(address("history", release.pk)))
    assert "Added “One”, “Two”, “Three”, to publish" in history
    page = text_of(client.get(address("inspect", release.pk)))
    assert "Article" in page
    assert all(title in page for title in ("One", "Two", "Three", "being prepared"))


@pytest.mark.parametrize("make", [factories.article_page, factories.person])
def test_what_is_being_edited_is_added_from_its_own_screens(now, sign_in, staff, make):
    made = make(live=False)
    release = factories.release(name="Spring")
    content_type = ContentType.objects.get_for_model(made)
    client = sign_in(staff)
    add = address("add_object", content_type.pk, made.pk)

    screens = [client.get(admin_url(made, "edit"))]
    if not isinstance(made, ArticlePage):
        screens = [client.get(reverse(made.snippet_viewset.get_url_name("list")))]
    assert add in screens[0].content.decode()

    answer = client.post(add, {"release": release.pk, "action": "publish"}, follow=True)
    assert f"“{made}” is in the release “Spring”" in text_of(answer)
    assert release.items.get().object_id == str(made.pk)


def test_pages_beneath_are_taken_down_along_with_a_section(now, sign_in, editor):
    section = factories.deliverable_category_page(title="Papers", slug="papers")
    factories.deliverable_page(parent=section, title="Paper", slug="paper")
    factories.deliverable_page(parent=section, title="Draft", slug="draft", live=False)
    release = factories.release()

    sign_in(editor).post(
        address("add_items", release.pk),
        {"page": section.pk, "action": "unpublish", "beneath": "on"},
    )

    assert set(release.items.values_list("title", "action")) == {
        ("Papers", "unpublish"),
        ("Paper", "unpublish"),
    }


def test_item_is_taken_out_again(now, sign_in, staff):
    (page,) = drafts("One")
    release = factories.release([page])

    sign_in(staff).post(address("take_out", release.pk, release.items.get().pk))

    assert not release.items.exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"old_path": "old", "redirect_link": "/new/"}, "Give a path of this site: /old-news/"),
        ({"old_path": "/", "redirect_link": "/new/"}, "Give a path of this site: /old-news/"),
        ({"old_path": "//evil.example/", "redirect_link": "/new/"}, "Give a path of this site"),
        ({"old_path": "/old/", "redirect_link": ""}, "Choose a page or give an address"),
        ({"old_path": "/old/", "redirect_link": "javascript:alert(1)"}, "or with “https://”"),
        ({"old_path": "/old/", "redirect_link": "//evil.example/"}, "or with “https://”"),
        ({"old_path": "/old/", "redirect_link": "/\t/evil.example/"}, "or with “https://”"),
        ({"old_path": "/old/", "redirect_link": "ftp://example.org"}, "or with “https://”"),
    ],
)
def test_redirect_that_leads_nowhere_sensible_is_refused(now, sign_in, editor, fields, message):
    release = factories.release()

    answer = sign_in(editor).post(address("add_redirect", release.pk), fields)

    assert message in text_of(answer)
    assert not release.items.exists()


def test_redirect_is_added(now, sign_in, editor):
    release = factories.release()

    sign_in(editor).post(
        address("add_redirect", release.pk), {"old_path": "/Old/", "redirect_link": "/new/"}
    )

    item = release.items.get()
    assert (item.old_path, item.redirect_link, item.is_permanent) == ("/Old", "/new/", False)


def test_redirect_to_a_page_is_added(now, sign_in, editor):
    release, page = factories.release(), factories.article_page(title="There")

    sign_in(editor).post(
        address("add_redirect", release.pk), {"old_path": "/old/", "redirect_page": page.pk}
    )

    assert release.items.get().redirect_page == page.page_ptr


def test_page_of_a_release_costs_the_same_however_much_is_in_it(now, sign_in, editor, statements):
    client = sign_in(editor)
    small = factories.release(drafts("One"))
    large = factories.release(drafts(*(f"Page{number}" for number in range(12))))
    client.get(address("inspect", small.pk))

    with statements(15):
        client.get(address("inspect", small.pk))
    with statements(15):
        client.get(address("inspect", large.pk))


def test_list_of_people_costs_the_same_however_many_are_in_releases(
    now, sign_in, editor, statements
):
    client = sign_in(editor)
    people = reverse(Person.snippet_viewset.get_url_name("list"))
    factories.release([factories.person(name="Ada", live=False)])
    client.get(people)

    with statements(17):
        client.get(people)
    factories.release([factories.person(name=f"Person {number}") for number in range(8)])
    with statements(17):
        client.get(people)


# Checked


def reasons(client, release):
    return text_of(client.get(address("approve", release.pk)))


def test_empty_release_is_not_approved(now, sign_in, editor):
    release = factories.release(go_live_at=NINE)

    assert "There is nothing in it yet." in reasons(sign_in(editor), release)


def test_release_without_a_moment_is_not_approved_for_one(now, sign_in, editor):
    release = factories.release(drafts("One"))

    answer = sign_in(editor).post(address("approve", release.pk))

    assert answer.status_code == 409
    assert "It has no moment yet: say below when it goes live." in text_of(answer)


def test_every_item_has_to_be_complete(now, sign_in, editor):
    (page,) = drafts("One")
    page.body = []
    page.save_revision()

    assert "“One” is not complete. Body: This field is required." in reasons(
        sign_in(editor), factories.release([page], go_live_at=NINE)
    )


def test_link_to_what_readers_will_not_see_then_is_named(now, sign_in, editor):
    hidden, page = drafts("Hidden", "One")
    page.introduction = page.body = [
        ("paragraphs", {"text": f'<p><a linktype="page" id="{hidden.pk}">There</a></p>'})
    ]
    page.save_revision()
    client = sign_in(editor)
    alone = factories.release([page], go_live_at=NINE)
    both = factories.release([page, hidden], go_live_at=NINE)

    assert "“One” links to “Hidden”, which readers will not see then." in reasons(client, alone)
    assert "cannot be done" not in reasons(client, both)


def test_link_to_what_is_scheduled_for_before_then_is_fine(now, sign_in, editor):
    hidden, page = drafts("Hidden", "One")
    page.body = [("paragraphs", {"text": f'<p><a linktype="page" id="{hidden.pk}">There</a></p>'})]
    page.save_revision()
    hidden.go_live_at = NINE - timedelta(minutes=1)
    hidden.save_revision().publish()
    client = sign_in(editor)

    assert "cannot be done" not in reasons(client, factories.release([page], go_live_at=NINE))


def test_link_to_a_private_page_is_one_to_what_readers_do_not_see(now, sign_in, editor):
    private = factories.article_page(title="Private", slug="private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    (page,) = drafts("One")
    page.body = [("paragraphs", {"text": f'<p><a linktype="page" id="{private.pk}">It</a></p>'})]
    page.save_revision()

    release = factories.release([page], go_live_at=NINE)
    assert "“One” links to “Private”" in reasons(sign_in(editor), release)


def test_link_from_what_stays_to_what_is_taken_down_is_named(now, sign_in, editor):
    gone = factories.article_page(title="Gone", slug="gone")
    stays = factories.article_page(
        title="Stays",
        slug="stays",
        body=[("paragraphs", {"text": f'<p><a linktype="page" id="{gone.pk}">There</a></p>'})],
    )
    client = sign_in(editor)
    release = factories.release(unpublish=[gone], go_live_at=NINE)
    assert "“Stays” links to “Gone”, which this release unpublishes." in reasons(client, release)

    stays.body = [("paragraphs", {"text": "<p>Words.</p>"})]
    stays.save_revision()
    with_change = factories.release([stays], unpublish=[gone], go_live_at=NINE)
    assert "cannot be done" not in reasons(client, with_change)


def test_page_left_beneath_one_that_is_taken_down_is_named(now, sign_in, editor):
    section = factories.deliverable_category_page(title="Papers", slug="papers")
    paper = factories.deliverable_page(parent=section, title="Paper", slug="paper")
    client = sign_in(editor)

    alone = factories.release(unpublish=[section], go_live_at=NINE)
    both = factories.release(unpublish=[section, paper], go_live_at=NINE)

    assert "“Paper” stands beneath “Papers”" in reasons(client, alone)
    assert "stands beneath" not in reasons(client, both)


def test_redirect_from_where_a_page_is_published_is_named(now, sign_in, editor):
    factories.article_page(title="There", slug="there")
    release = factories.release(redirects={"/articles/there": "/"}, go_live_at=NINE)

    assert "“There” will be published at /articles/there" in reasons(sign_in(editor), release)


@pytest.mark.parametrize("back", ["/a/", "http://localhost/a/?x=1"])
def test_redirects_in_a_circle_are_named(back, now, sign_in, editor):
    release = factories.release(redirects={"/a": "/b/", "/b": back}, go_live_at=NINE)

    assert "/a would be redirected in a circle." in reasons(sign_in(editor), release)


def test_older_version_does_not_go_live_after_a_newer_one(now, sign_in, editor):
    (page,) = drafts("One")
    first = factories.release([page], name="First", go_live_at=NINE, by=editor)
    release_steps.approve(first, editor)
    client = sign_in(editor)

    page.title = "One, continued"
    page.save_revision()
    later = factories.release([page], go_live_at=NINE + HOUR)
    assert "is also part of" not in reasons(client, later)

    earlier = factories.release([page], go_live_at=NINE - timedelta(minutes=1))
    assert "“One, continued” is also part of the release “First”" in reasons(client, earlier)
    opposite = factories.release(unpublish=[page], go_live_at=NINE + HOUR)
    assert "is also part of" in reasons(client, opposite)


def test_newer_version_does_not_go_live_at_the_moment_of_another_release(now, sign_in, editor):
    (page,) = drafts("One")
    release_steps.approve(factories.release([page], name="First", go_live_at=NINE), editor)
    page.title = "One, continued"
    page.save_revision()

    second = factories.release([page], name="Second", go_live_at=NINE)

    client = sign_in(editor)
    assert "is also part of the release “First” on Tue 2 June 2099, 09:00" in reasons(
        client, second
    )
    client.post(address("approve", second.pk))
    second.refresh_from_db()
    assert second.is_open


def test_newer_version_does_not_go_live_at_the_moment_of_a_schedule(now, sign_in, editor):
    (page,) = drafts("One")
    page.go_live_at = NINE
    page.save_revision().publish()
    page.refresh_from_db()
    page.title, page.go_live_at = "One, continued", None
    page.save_revision()

    release = factories.release([page], go_live_at=NINE)

    said = reasons(sign_in(editor), release)
    assert "is also part of what is scheduled for Tue 2 June 2099, 09:00" in said


def test_what_waits_for_approval_is_not_released_past_it(now, sign_in, staff, editor):
    (page,) = drafts("One")
    page.get_workflow().start(page, staff)
    release = factories.release([page], go_live_at=NINE)

    assert "“One” still waits to be approved by itself." in reasons(sign_in(editor), release)


def test_what_is_approved_by_itself_waits_for_its_release(now, sign_in, staff, editor, ask):
    (page,) = drafts("One")
    release = factories.release([page], go_live_at=NINE)
    state = page.get_workflow().start(page, staff)

    approve(sign_in(editor), state.current_task_state)

    page.refresh_from_db()
    assert not page.live
    assert "cannot be done" not in reasons(sign_in(editor), release)
    history = text_of(sign_in(editor).get(reverse("wagtailadmin_pages:history", args=[page.pk])))
    assert "to be published with the release “Spring”" in history


def test_only_who_may_publish_everything_approves(now, sign_in, staff, editor):
    release = factories.release(drafts("One"), go_live_at=NINE)
    client = sign_in(staff)

    assert "You may not publish “One”" in reasons(client, release)
    for name in ("approve", "publish-now"):
        assert client.post(address(name, release.pk)).status_code == 409
    release.refresh_from_db()
    assert release.state == "open"


@pytest.mark.parametrize("action", ["publish", "unpublish"])
@pytest.mark.parametrize("make", [factories.article_page, factories.person])
def test_what_is_locked_is_said_to_be_so_and_may_be_handed_over(
    now, sign_in, staff, editor, make, action
):
    """Whoever is to approve it may have it unlocked until then."""
    made = make(locked=True, locked_by=staff, locked_at=now.moment)
    release = factories.release(go_live_at=NINE)
    release_steps.add_objects(release, [made], action, staff)
    client = sign_in(editor)

    said = reasons(client, release)
    client.post(address("hand-over", release.pk), {"to": editor.pk})

    assert f"“{made}” is locked. Have it unlocked first." in said
    assert "You may not" not in said
    release.refresh_from_db()
    assert release.handed_to == editor


def test_staff_neither_stop_nor_move_what_was_approved(now, sign_in, staff, editor):
    release = factories.release(drafts("One"), go_live_at=NINE, by=editor)
    release_steps.approve(release, editor)
    client = sign_in(staff)

    for name in ("cancel", "reopen", "move"):
        answer = client.post(address(name, release.pk), {"go_live_at": "2099-06-03 09:00"})
        assert answer.status_code == 409
    release.refresh_from_db()
    assert (release.state, release.go_live_at) == ("approved", NINE)


def test_nobody_without_a_role_sees_releases(now, sign_in):
    release = factories.release(drafts("One"))
    outsider = factories.user("olga")

    for view in ("inspect", "approve", "add_items", "add_redirect", "edit", "delete"):
        assert sign_in(outsider).get(address(view, release.pk)).status_code in (302, 403)


# Decided


def test_editor_approves_moves_and_publishes_from_its_page(now, sign_in, editor, ask):
    release = factories.release(drafts("One"), go_live_at=NINE)
    client = sign_in(editor)

    approved = text_of(client.post(address("approve", release.pk), follow=True))
    assert "“Spring” is approved, and goes live on Tue 2 June 2099, 09:00" in approved
    assert "Tue 2 June 2099, 09:00 UTC+00:00" in approved
    moved = client.post(
        address("move", release.pk), {"go_live_at": "2099-06-03 09:00"}, follow=True
    )
    assert "Wed 3 June 2099, 09:00" in text_of(moved)
    now.moment = NINE + 25 * HOUR
    assert "Readers see all of it since" in text_of(client.get(address("inspect", release.pk)))
    assert ask("{ articles { totalCount } }")["articles"]["totalCount"] == 1


def test_later_edit_is_pointed_out_on_the_page_of_the_release(now, sign_in, editor):
    (page,) = drafts("One")
    release = factories.release([page], go_live_at=NINE, by=editor)
    release_steps.approve(release, editor)
    page.save_revision()

    assert "Edited since it was approved" in text_of(
        sign_in(editor).get(address("inspect", release.pk))
    )


def test_moment_of_an_approved_release_is_not_changed_by_editing_it(now, sign_in, editor):
    release = factories.release(drafts("One"), name="Spring", go_live_at=NINE, by=editor)
    release_steps.approve(release, editor)
    client = sign_in(editor)

    sent = {"name": "Summer", "note": "Typed words", "go_live_at": "2099-07-01 09:00"}
    refused = client.post(address("edit", release.pk), sent)

    release.refresh_from_db()
    assert (release.name, release.go_live_at, release.state) == ("Spring", NINE, "approved")
    assert "is approved: move it instead" in text_of(refused)
    assert "Not taken: Wed 1 July 2099, 09:00" in text_of(refused)
    for typed in ("Summer", "Typed words"):
        assert typed in text_of(refused)

    client.post(address("edit", release.pk), {"name": "Summer", "note": ""})

    release.refresh_from_db()
    assert (release.name, release.go_live_at, release.state) == ("Summer", NINE, "approved")


def test_release_that_went_live_between_two_seconds_is_renamed(now, sign_in, editor):
    now.moment = NINE + timedelta(milliseconds=300)
    release = factories.release(publish=drafts("One"))
    client = sign_in(editor)
    client.post(address("publish-now", release.pk))

    client.post(address("edit", release.pk), {"name": "Summer", "note": ""})

    release.refresh_from_db()
    assert release.name == "Summer"
    assert release.go_live_at == now.moment


def test_live_release_is_reverted_only_with_a_word_about_what_changed_since(
    now, sign_in, editor, ask
):
    (page,) = drafts("One")
    release = factories.release([page], by=editor)
    client = sign_in(editor)
    client.post(address("publish-now", release.pk))
    call_command("run_scheduler", once=True)
    page.refresh_from_db()
    page.title = "One, mended"
    page.save_revision().publish()

    assert "Changed after the release went live: “One”" in text_of(
        client.get(address("revert", release.pk))
    )
    assert client.post(address("revert", release.pk)).status_code == 409
    client.post(address("revert", release.pk), {"also_since": "on"})

    assert ask("{ articles { totalCount } }")["articles"]["totalCount"] == 0
    release.refresh_from_db()
    assert release.state == "reverted"


def test_cancelled_release_is_no_longer_said_to_be_planned(now, sign_in, editor):
    release = factories.release(drafts("One"), by=editor, go_live_at=NINE)
    client = sign_in(editor)

    planned = text_of(client.get(address("inspect", release.pk)))
    cancelled = text_of(client.post(address("cancel", release.pk), follow=True))

    assert "Planned for" in planned
    assert "Planned for" not in cancelled
    assert "Does not go live. Reopen it to prepare it again." in cancelled


def live_release(editor):
    """One that has published a page and unpublished another."""
    new = factories.article_page(title="New", slug="new", live=False)
    gone = factories.article_page(title="Gone", slug="gone")
    release = factories.release([new], unpublish=[gone], by=editor)
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)
    return release, new, gone


def test_release_is_reverted_without_what_was_deleted_since(now, sign_in, editor, ask):
    release, new, _ = live_release(editor)
    ArticlePage.objects.get(pk=new.pk).delete()

    answer = sign_in(editor).post(address("revert", release.pk), follow=True)

    assert "is reverted" in text_of(answer)
    assert ask("{ articles { nodes { title } } }")["articles"]["nodes"] == [{"title": "Gone"}]


def test_release_is_not_reverted_when_something_cannot_be_put_back(now, sign_in, editor, ask):
    release, _, gone = live_release(editor)
    ArticlePage.objects.get(pk=gone.pk).delete()

    answer = sign_in(editor).post(address("revert", release.pk), {"also_since": "on"})

    assert answer.status_code == 409
    assert "“Gone” has been deleted, so the release cannot be put back" in text_of(answer)
    assert ask("{ articles { nodes { title } } }")["articles"]["nodes"] == [{"title": "New"}]


def test_live_release_is_not_deleted(now, sign_in, editor):
    release = factories.release(drafts("One"), by=editor)
    release_steps.approve(release, editor, now=True)

    answer = sign_in(editor).post(address("delete", release.pk), follow=True)

    assert "only what is being prepared" in text_of(answer)
    assert ReleaseItem.objects.exists()


def test_release_that_fails_stands_out_on_the_first_page(now, sign_in, editor):
    (page,) = drafts("One")
    release = factories.release([page], by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)
    ArticlePage.objects.get(pk=page.pk).delete()
    now.moment = NINE
    with pytest.raises(Exception, match="could not be made"):
        call_command("run_scheduler", once=True)

    page_text = text_of(sign_in(editor).get(home_url()))

    assert "“One” has been deleted." in page_text
    assert address("inspect", release.pk) in sign_in(editor).get(home_url()).content.decode()


def test_release_that_failed_is_reopened_mended_and_approved_again(now, sign_in, editor, ask):
    page, other = drafts("One", "Two")
    release = factories.release([page, other], by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)
    ArticlePage.objects.get(pk=page.pk).delete()
    now.moment = NINE
    with pytest.raises(CommandError):
        call_command("run_scheduler", once=True)
    client = sign_in(editor)

    asked = text_of(client.get(address("inspect", release.pk)))
    client.post(address("reopen", release.pk))
    seen_then = ask("{ articles { nodes { title } } }")["articles"]["nodes"]
    client.post(address("take_out", release.pk, release.items.get(title="One").pk))
    client.post(address("publish-now", release.pk))

    assert "could not be made permanent" in asked
    assert "“One” has been deleted." in asked
    assert address("reopen", release.pk) in asked
    assert seen_then == []
    assert ask("{ articles { nodes { title } } }")["articles"]["nodes"] == [{"title": "Two"}]


@pytest.mark.parametrize("step", ["reopen", "cancel"])
def test_release_that_has_become_permanent_is_only_reverted(step, now, sign_in, editor):
    release = factories.release(drafts("One"), by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)
    now.moment = NINE
    call_command("run_scheduler", once=True)

    answer = sign_in(editor).post(address(step, release.pk))

    assert answer.status_code == 409
    release.refresh_from_db()
    assert release.state == "live"


def test_approved_release_is_among_what_goes_live_next(now, sign_in, staff, editor):
    release = factories.release(drafts("One"), by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)

    for user in (staff, editor):
        page = sign_in(user).get(home_url()).content.decode()
        panel = page.partition('id="goes-live-next')[2]
        assert address("inspect", release.pk) in panel


# Seen in advance


def test_site_is_seen_with_a_release(now, sign_in, editor):
    (page,) = drafts("One")
    release = factories.release([page], go_live_at=NINE)
    client = sign_in(editor)

    chosen = client.get(
        reverse("as_of"), {"sees": "release", "release": release.pk, "path": "/articles/one/"}
    )
    seen = text_of(client.get(chosen["Location"]))

    assert "<h1>One</h1>" in seen
    assert "The site once the release “Spring” has gone live on Tue 2 June 2099, 09:00" in seen
    assert (
        client.get(reverse("as_of_show", kwargs={"key": "release-99999", "path": ""})).status_code
        == 404
    )


def test_command_makes_a_preview_token_for_a_release(now, capsys, client, editor):
    release = factories.release(drafts("One"), go_live_at=NINE)
    call_command("create_preview_token", "Board", by=editor.username, release=release.pk)

    answer = client.get(
        "/graphql",
        {"query": "{ articles { nodes { title } } }"},
        headers={"Authorization": f"Bearer {capsys.readouterr().out.strip()}"},
    )

    assert answer.json()["data"]["articles"]["nodes"] == [{"title": "One"}]
    with pytest.raises(CommandError, match="no release with the id 99"):
        call_command("create_preview_token", "Board", by=editor.username, release=99)


def test_preview_token_opens_a_release(now, sign_in, editor, client):
    release = factories.release(drafts("One"), go_live_at=NINE)
    made = sign_in(editor).post(
        reverse("preview_tokens:add"),
        {
            "name": "Board",
            "sees": "release",
            "release": release.pk,
            "expires_at": "2099-06-05 09:00",
        },
        follow=True,
    )
    token = text_of(made).partition("<code>")[2].partition("</code>")[0]

    answer = client.get(
        "/graphql",
        {"query": "{ articles { nodes { title } } }"},
        headers={"Authorization": f"Bearer {token}"},
    )

    assert answer.json()["data"]["articles"]["nodes"] == [{"title": "One"}]
    assert "no-store" in answer["Cache-Control"]


# Approved with open eyes


def test_approval_shows_what_changes_of_each_item(now, sign_in, editor):
    (new,) = drafts("New")
    changed, same, gone = (
        factories.article_page(title=title, slug=title.lower())
        for title in ("Changed", "Same", "Gone")
    )
    changed.title = "Changed since"
    changed.save_revision()
    same.save_revision()
    redirects = {"/old": "/new/"}
    release = factories.release(
        [new, changed, same], unpublish=[gone], redirects=redirects, go_live_at=NINE
    )

    for name in ("approve", "publish-now"):
        shown = sign_in(editor).get(address(name, release.pk))
        says = {str(each.item): each.says for each in shown.context["changes"]}
        assert says == {
            "New": "is new: readers see nothing of it now",
            "Changed since": "changes",
            "Same": "says what readers see already",
            "Gone": "readers no longer see it",
            "/old": "leads to /new/",
        }
        assert text_of(shown).count("genedge-differences") == 1


def test_what_was_changed_since_it_was_looked_at_is_not_approved_unseen(now, sign_in, editor):
    page, other = drafts("One", "Two")
    release = factories.release([page], go_live_at=NINE)
    client = sign_in(editor)
    shown = client.get(address("approve", release.pk))
    page.save_revision()

    refused = client.post(address("approve", release.pk), {"seen": shown.context["seen"]})
    release_steps.add_objects(release, [other], "publish", editor)
    again = client.post(address("approve", release.pk), {"seen": refused.context["seen"]})
    release.refresh_from_db()

    assert (refused.status_code, again.status_code) == (409, 409)
    assert "has just been changed: look at it again" in text_of(again)
    assert release.is_open
    client.post(address("approve", release.pk), {"seen": again.context["seen"]})
    release.refresh_from_db()
    assert release.is_approved


@pytest.mark.parametrize("moment", [None, NINE - 2 * HOUR])
def test_missing_moment_is_a_problem_with_its_field(moment, now, sign_in, editor):
    release = factories.release(drafts("One"), go_live_at=moment)
    client = sign_in(editor)

    shown = client.get(address("approve", release.pk))
    answer = text_of(shown)
    without = client.post(address("approve", release.pk), {"go_live_at": ""})
    release.refresh_from_db()

    said = "has no moment yet" if moment is None else "has passed: choose a later one"
    assert said in answer
    assert 'href="#id_go_live_at"' in answer
    assert 'name="go_live_at"' in answer
    assert release.is_open
    assert "This field is required." in text_of(without)
    given = {"go_live_at": "2099-06-03 09:00", "seen": shown.context["seen"]}
    client.post(address("approve", release.pk), given)
    release.refresh_from_db()
    assert (release.state, release.go_live_at) == ("approved", NINE + 24 * HOUR)


def test_moment_that_was_chosen_is_not_asked_for_or_changed_again(now, sign_in, editor):
    release = factories.release(drafts("One"), go_live_at=NINE)
    client = sign_in(editor)

    assert 'name="go_live_at"' not in client.get(address("approve", release.pk)).content.decode()
    client.post(address("approve", release.pk), {"go_live_at": "2099-06-03 09:00"})

    release.refresh_from_db()
    assert release.go_live_at == NINE


def test_release_is_not_approved_for_a_moment_that_has_passed(now, sign_in, editor):
    release = factories.release(drafts("One"))

    answer = sign_in(editor).post(
        address("approve", release.pk), {"go_live_at": "2099-06-01 09:00"}
    )

    assert answer.status_code == 409
    assert "Its moment has passed" in text_of(answer)
    release.refresh_from_db()
    assert release.is_open


# Handed to an editor


def test_release_handed_to_an_editor_waits_on_their_first_page(now, sign_in, staff, editor):
    release = factories.release(drafts("One"), by=staff, go_live_at=NINE)
    colleague = factories.user("emil", group="Editors", email="emil@example.org")
    client = sign_in(staff)

    shown = text_of(client.get(address("hand-over", release.pk)))
    done = client.post(address("hand-over", release.pk), {"to": editor.pk}, follow=True)

    assert "edith" in shown
    assert "carla" not in shown.partition("<select")[2].partition("</select>")[0]
    assert "“Spring” is handed to edith." in text_of(done)
    assert "Waits for <strong>edith</strong>" in text_of(done)
    waiting = text_of(sign_in(editor).get(home_url()))
    assert "Releases handed to you" in waiting
    assert address("approve", release.pk) in waiting
    for other in (colleague, staff):
        assert "Releases handed to you" not in text_of(sign_in(other).get(home_url()))
    (mail,) = Notification.objects.filter(recipient=editor)
    assert mail.subject == "The release “Spring” waits for you to approve it"
    assert "Handed to edith, to be approved" in text_of(client.get(address("history", release.pk)))

    sign_in(editor).post(address("approve", release.pk))
    assert "Releases handed to you" not in text_of(sign_in(editor).get(home_url()))


def test_release_handed_back_or_cancelled_waits_for_nobody(now, sign_in, staff, editor):
    release = factories.release(drafts("One"), by=staff, go_live_at=NINE)
    client = sign_in(staff)
    for name, data in (("hand-over", {"to": ""}), ("cancel", {})):
        client.post(address("hand-over", release.pk), {"to": editor.pk})
        client.post(address(name, release.pk), data)
        release.refresh_from_db()
        assert (release.handed_to, release.handed_at) == (None, None)


def test_release_is_handed_to_those_who_may_publish_all_of_it(now, sign_in, staff, editor):
    release, empty = factories.release(drafts("One"), by=staff), factories.release(by=staff)
    client = sign_in(staff)
    editor.is_active = False
    editor.save()

    for to in (editor, staff, factories.user("olga")):
        client.post(address("hand-over", release.pk), {"to": to.pk})
    other = factories.user("emil", group="Editors")
    answer = client.post(address("hand-over", empty.pk), {"to": other.pk})

    assert answer.status_code == 409
    assert "There is nothing in it yet to approve." in text_of(answer)
    assert not Release.objects.exclude(handed_to=None).exists()


def test_buttons_that_someone_may_not_use_are_not_shown(now, sign_in, staff, editor):
    release = factories.release(drafts("One"), by=staff, go_live_at=NINE)

    def shown(user):
        page = sign_in(user).get(address("inspect", release.pk))
        return [each.name for each in page.context["decisions"]]

    assert shown(staff) == ["hand-over", "cancel"]
    assert shown(editor) == ["approve", "publish-now", "hand-over", "cancel"]
    assert address("delete", release.pk) in text_of(
        sign_in(editor).get(address("inspect", release.pk))
    )
    release_steps.approve(release, editor)
    assert shown(staff) == []
    assert shown(editor) == ["move", "reopen", "cancel"]
    for view in (address("inspect", release.pk), reverse("releases:index")):
        assert address("delete", release.pk) not in text_of(sign_in(editor).get(view))


# Several at once


def chosen(*subjects):
    """What the form of a release sends of these."""
    sent: dict[str, Any] = {"action": "publish"}
    for subject in subjects:
        name = "page" if isinstance(subject, ArticlePage) else type(subject)._meta.model_name
        sent.setdefault(name, []).append(subject.pk)
    return sent


def test_several_pages_and_people_are_added_from_the_release(now, sign_in, staff):
    pages, people = drafts("One", "Two", "Three"), [factories.person(name="Ada", live=False)]
    release = factories.release(name="Spring")
    client = sign_in(staff)
    shown = client.get(address("add_items", release.pk)).content.decode()

    client.post(address("add_items", release.pk), chosen(*pages, *people))

    assert reverse("wagtailadmin_choose_page") in shown
    assert {item.title for item in release.items.all()} == {"One", "Two", "Three", "Ada"}
    history = text_of(client.get(address("history", release.pk)))
    assert "Added “One”, “Two”, “Three”, “Ada”, to publish" in history


def test_what_is_missing_is_said_of_each_page_that_was_added(now, sign_in, staff):
    whole, half, less = drafts("Whole", "Half", "Less")
    for page in (half, less):
        page.body = []
        page.save_revision()
    release = factories.release(name="Spring")

    answer = text_of(
        sign_in(staff).post(
            address("add_items", release.pk), chosen(whole, half, less), follow=True
        )
    )

    assert "3 items are in the release" in answer
    warned = answer.partition("this has to be put right:")[2].partition("</ul>")[0]
    assert ("Half" in warned, "Less" in warned, "Whole" in warned) == (True, True, False)
    assert "Body" in warned


def test_nothing_is_said_to_be_missing_of_what_was_in_it_before(now, sign_in, staff):
    half, whole = drafts("Half", "Whole")
    half.body = []
    half.save_revision()
    release = factories.release([half], name="Spring", by=staff)
    sent = chosen(whole)

    answer = text_of(sign_in(staff).post(address("add_items", release.pk), sent, follow=True))

    assert "“Whole” is in the release" in answer
    assert "this has to be put right:" not in answer


@pytest.mark.parametrize("way", ["release", "list"])
def test_page_that_one_may_not_change_is_named_and_nothing_is_added(way, now, sign_in, staff):
    one, two = drafts("One", "Two")
    section = factories.deliverable_category_page(title="Papers", slug="papers")
    foreign = factories.deliverable_page(parent=section, title="Foreign", live=False)
    held = GroupPagePermission.objects.filter(group__name="Communications staff")
    held.update(page=one.get_parent())
    client, release = sign_in(staff), factories.release(name="Spring")

    if way == "release":
        answer = client.post(
            address("add_items", release.pk),
            {"action": "publish", "page": [one.pk, two.pk, foreign.pk]},
        )
        assert "You may not change “Foreign”" in text_of(answer)
        assert "You may not change “One”" not in text_of(answer)
        assert f'value="{one.pk}"' in answer.content.decode()  # They need not be chosen again.
        assert not release.items.exists()
    else:  # A list asks before, and takes the others.
        bulk = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "add_to_release"))
        query = f"{bulk}?id={one.pk}&id={foreign.pk}"
        assert "You may not put these pages into a release" in text_of(client.get(query))
        client.post(query, {"release": release.pk, "action": "publish"})
        assert [item.title for item in release.items.all()] == ["One"]


def test_nothing_chosen_and_nonsense_are_said(now, sign_in, staff):
    release = factories.release(name="Spring")
    client = sign_in(staff)

    assert "Choose what to add." in text_of(
        client.post(address("add_items", release.pk), {"action": "publish"})
    )
    for nonsense in ("999999", "x"):
        sent = {"action": "publish", "page": [nonsense]}
        answer = client.post(address("add_items", release.pk), sent)
        assert answer.status_code == 200
        assert "Choose what to add." not in text_of(answer)
    assert not release.items.exists()
