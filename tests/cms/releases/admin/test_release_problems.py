"""What is said against approving a release, one state at a time, and against which nothing is."""

from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    ReferenceIndex,
    Revision,
    Site,
)

from cms.releases import steps as release_steps
from cms.releases.models import ReleaseItem
from pages.models import ArticlePage, HomePage
from tests import factories
from tests.cms.perspective.scheduled_content import schedule
from tests.cms.releases.admin.gone_kind import gone_type, item_of_gone_type

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOTHING = "cannot be done"


@pytest.fixture
def said_against(clock, sign_in, editor):
    """The text of the screen on which a release is approved; it says what cannot be done, if so."""
    clock.moment = NINE - HOUR
    client = sign_in(editor)

    def said_against(release):
        answer = client.get(reverse("releases:approve", args=[release.pk]))
        return " ".join(unescape(answer.content.decode()).split())

    return said_against


def link_to(page):
    return [("paragraphs", {"text": f'<p><a linktype="page" id="{page.pk}">There</a></p>'})]


def approved(release, editor):
    release_steps.approve(release, editor)
    return release


# Each thing that is in it


def test_nothing_is_said_against_a_release_of_every_kind_of_change(said_against, editor):
    changed = factories.article_page(title="Changed", slug="changed")
    factories.article_page(title="Links", slug="links", body=link_to(changed))
    changed.title = "Changed since"
    changed.header_image, changed.header_image_decorative = factories.image(), True
    changed.save_revision()
    section = factories.deliverable_category_page(title="Papers", slug="papers")
    factories.deliverable_page(parent=section, title="Paper", slug="paper")
    section.save_revision()
    gone = factories.article_page(title="Gone", slug="gone")
    release = factories.release(
        [changed, section, factories.person(name="Ada", live=False)],
        unpublish=[gone],
        redirects={"/articles/gone": "/"},
        go_live_at=NINE,
    )

    assert NOTHING not in said_against(release)


def test_what_has_been_deleted_is_named(said_against):
    page = factories.article_page(title="One", live=False)
    release = factories.release([page], go_live_at=NINE)
    ArticlePage.objects.get().delete()

    said = said_against(release)

    assert "“One” has been deleted. Take it out." in said
    assert "has no version" not in said


def test_what_is_of_a_kind_that_is_gone_counts_as_deleted(said_against):
    release = factories.release(go_live_at=NINE)
    item_of_gone_type(release)

    assert "“Newsletter” has been deleted. Take it out." in said_against(release)


def test_what_has_no_version_is_named(said_against):
    page = factories.article_page(title="One", live=False)
    release = factories.release([page], go_live_at=NINE)
    Page.objects.update(latest_revision=None, live_revision=None)
    Revision.objects.all().delete()

    assert "“One” has no version to publish. Save it once." in said_against(release)


def test_what_is_unpublished_needs_no_version(said_against):
    """Content that was imported has none."""
    page = factories.article_page(title="One")
    Page.objects.update(latest_revision=None, live_revision=None)
    Revision.objects.all().delete()

    assert NOTHING not in said_against(factories.release(unpublish=[page], go_live_at=NINE))


def test_version_that_cannot_be_read_is_named_with_its_field(said_against):
    page = factories.deliverable_page(title="One", live=False)
    revision = page.get_latest_revision()
    revision.content["date"] = "yesterday"
    revision.save()

    said = said_against(factories.release([page], go_live_at=NINE))

    assert "“One”: Date" in said
    assert "has no version" not in said


def test_version_with_a_gap_is_incomplete_not_unreadable(said_against):
    page = factories.deliverable_page(title="One", live=False)
    page.date = None
    page.save_revision(clean=False)

    said = said_against(factories.release([page], go_live_at=NINE))

    assert "“One” is not complete. Date:" in said
    assert "“One”: " not in said


def test_redirect_to_a_page_that_is_gone_is_named(said_against, editor):
    release = factories.release(go_live_at=NINE)
    target = factories.article_page(title="Target", slug="target")
    item = ReleaseItem(release=release, old_path="/old", redirect_page=target)
    release_steps.add_redirect(item, editor)
    ReleaseItem.objects.update(redirect_page=None)

    assert "The page that /old leads to has been deleted." in said_against(release)


@pytest.mark.parametrize(("seconds", "said"), [(0, True), (1, False)])
def test_what_expires_when_it_goes_live_is_named(said_against, seconds, said):
    page = factories.article_page(title="One", live=False)
    page.expire_at = NINE + timedelta(seconds=seconds)
    page.save_revision(clean=False)

    found = "“One” would have expired already." in said_against(
        factories.release([page], go_live_at=NINE)
    )

    assert found is said


def test_what_was_sent_back_is_told_from_what_still_waits(said_against, staff, editor):
    page = factories.article_page(title="One", live=False)
    state = page.get_workflow().start(page, staff)
    release = factories.release([page], go_live_at=NINE)
    assert "“One” still waits to be approved by itself." in said_against(release)

    state.current_task_state.reject(user=editor)

    assert "“One” was sent back for changes." in said_against(release)


def test_who_may_not_add_redirects_hands_it_on(said_against, editor):
    release = factories.release(redirects={"/old": "/"}, go_live_at=NINE)
    page = factories.release([factories.article_page(live=False)], go_live_at=NINE)
    assert NOTHING not in said_against(release)

    permissions = editor.groups.get().permissions
    permissions.remove(*permissions.filter(codename="add_redirect"))

    assert "You may not add redirects: hand it to someone who may." in said_against(release)
    assert NOTHING not in said_against(page)


def test_what_the_approver_has_locked_is_no_obstacle(said_against, editor):
    page = factories.article_page(title="One", live=False, locked=True, locked_by=editor)

    assert NOTHING not in said_against(factories.release([page], go_live_at=NINE))


# What links where


def test_redirect_to_what_readers_will_not_see_is_named(said_against, editor):
    hidden = factories.article_page(title="Hidden", slug="hidden", live=False)
    release = factories.release(go_live_at=NINE)
    item = ReleaseItem(release=release, old_path="/old", redirect_page=hidden)
    release_steps.add_redirect(item, editor)

    assert "links to “Hidden”, which readers will not see then." in said_against(release)


def test_picture_that_is_kept_for_some_keeps_no_release_back(said_against):
    collection = Collection.get_first_root_node().add_child(name="For staff")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    picture = factories.image(collection=collection)
    article = factories.article_page(live=False, header_image=picture, header_image_decorative=True)

    assert NOTHING not in said_against(factories.release([article], go_live_at=NINE))


def test_link_from_what_is_of_a_kind_that_is_gone_is_nobodys(said_against):
    page = factories.article_page(title="Gone", slug="gone")
    gone = gone_type()
    ReferenceIndex.objects.create(
        content_type=gone,
        base_content_type=gone,
        object_id="1",
        to_content_type=ContentType.objects.get_for_model(Page),
        to_object_id=str(page.pk),
        model_path="body",
        content_path="body",
        content_path_hash=uuid4(),
    )

    assert NOTHING not in said_against(factories.release(unpublish=[page], go_live_at=NINE))


def test_link_from_a_draft_to_what_is_taken_down_is_no_readers(said_against):
    gone = factories.article_page(title="Gone", slug="gone")
    factories.article_page(title="Draft", slug="draft", live=False, body=link_to(gone))

    assert NOTHING not in said_against(factories.release(unpublish=[gone], go_live_at=NINE))


def test_page_left_beneath_is_named_though_a_snippet_of_its_number_goes(said_against):
    section = factories.deliverable_category_page(title="Papers", slug="papers")
    paper = factories.deliverable_page(parent=section, title="Paper", slug="paper")
    person = factories.person(name="Ada", pk=paper.pk)
    release = factories.release(unpublish=[person, section], go_live_at=NINE)

    assert "“Paper” stands beneath “Papers”" in said_against(release)


def test_page_beneath_a_home_page_that_readers_do_not_see_is_named(said_against):
    article = factories.article_page(title="New", slug="new", live=False)
    HomePage.objects.update(live=False, draft_title="Start")

    assert "“New” stands beneath “Start”" in said_against(factories.release([article]))


# Addresses


@pytest.mark.parametrize("later", [-HOUR / 2, HOUR / 2], ids=["before", "after"])
def test_address_that_something_scheduled_takes_is_named(said_against, later):
    first = factories.article_page(title="First", slug="first")
    second = factories.article_page(title="Second", slug="second")
    schedule(first, NINE + later, slug="wanted")
    second.slug = "wanted"
    second.save_revision()

    said = said_against(factories.release([second], go_live_at=NINE))

    assert "“First” takes the address “wanted” by what is scheduled for" in said


def test_what_has_no_version_leaves_its_address_to_nobody(said_against):
    there = factories.article_page(title="There", slug="there")
    other = factories.article_page(title="Other", slug="other")
    other.slug = "there"
    other.save_revision(clean=False)
    Page.objects.filter(pk=there.pk).update(latest_revision=None, live_revision=None)
    Revision.objects.for_instance(there).delete()

    said = said_against(factories.release([there, other], go_live_at=NINE))

    assert "“There” has the address “there”." in said


# Redirects


def one_for_each_site(path, other_site):
    """A release that redirects a path on the first site, one on another, and one on all."""
    sites = (Site.objects.get(is_default_site=True), other_site, None)
    return [factories.release(redirects={path: "/"}, site=site, go_live_at=NINE) for site in sites]


@pytest.fixture
def other_site():
    root = Page.objects.get(depth=1).add_child(instance=Page(title="Other", slug="other-root"))
    return Site.objects.create(hostname="other.example.org", root_page=root)


def test_page_is_in_the_way_of_redirects_of_its_own_site_alone(said_against, other_site):
    factories.article_page(title="There", slug="there")
    releases = one_for_each_site("/articles/there", other_site)

    in_the_way = "“There” will be published at /articles/there"
    assert [in_the_way in said_against(each) for each in releases] == [True, False, True]


def test_redirect_of_another_release_at_the_same_moment_is_named(said_against, editor, other_site):
    first = factories.release(
        redirects={"/old": "/"}, site=other_site, name="First", go_live_at=NINE
    )
    approved(first, editor)
    releases = one_for_each_site("/old", other_site)

    also = "/old is also redirected by the release “First”"
    assert [also in said_against(each) for each in releases] == [False, True, True]


def test_circle_is_found_through_redirects_that_are_there_already(said_against):
    Redirect.objects.create(old_path="/b", redirect_link="/a/")
    circle = factories.release(redirects={"/a": "/b/"}, go_live_at=NINE)
    line = factories.release(redirects={"/c": "/b/"}, go_live_at=NINE)

    assert "/a would be redirected in a circle." in said_against(circle)
    assert NOTHING not in said_against(line)


# What else is planned


def test_what_two_releases_take_down_is_in_the_way_of_both(said_against, editor):
    page = factories.article_page(title="One")
    first = factories.release(unpublish=[page], name="First", go_live_at=NINE)
    approved(first, editor)

    later = factories.release(unpublish=[page], go_live_at=NINE + HOUR)

    assert "“One” is also part of the release “First”" in said_against(later)


def test_version_may_go_live_once_more_but_not_before_itself(said_against, editor):
    page = factories.article_page(title="One", live=False)
    approved(factories.release([page], name="First", go_live_at=NINE), editor)

    later = factories.release([page], go_live_at=NINE + HOUR)
    earlier = factories.release([page], go_live_at=NINE - HOUR / 2)

    assert NOTHING not in said_against(later)
    assert "“One” is also part of the release “First”" in said_against(earlier)


def test_plan_whose_version_is_gone_is_in_the_way_of_any(said_against, editor):
    """Nobody knows which of the two was written later."""
    page = factories.article_page(title="One", live=False)
    first = approved(factories.release([page], name="First", go_live_at=NINE), editor)
    page.save_revision()
    first.items.update(revision=None)

    later = factories.release([page], go_live_at=NINE + HOUR)

    assert "“One” is also part of the release “First”" in said_against(later)
