"""What goes live soon keeps what it names from being deleted, and drafts that name it are told."""

from copy import copy
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, ReferenceIndex, Revision, Site

from cms.releases import steps as release_steps
from cms.releases.models import Release, ReleaseItem
from cms.removal.naming import StillNamed
from media.models import Document, Image
from pages.models import ArticleAuthor, Navigation, Organisation, Person, SiteSettings
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.perspective.scheduled_content import link_to, schedule

pytestmark = pytest.mark.usefixtures("pages_above")

MONDAY = datetime(2099, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def window(sign_in, db):
    return sign_in(factories.user("root", is_superuser=True))


def in_picture(image):
    use = copy(image)
    use.contextual_alt_text, use.decorative = "Words", False
    body = [("picture", {"picture": use})]
    return factories.article_page(title="Names it", live=False, body=body)


def in_link(page):
    body = [("paragraphs", {"text": link_to(page)})]
    return factories.article_page(title="Names it", live=False, body=body)


def as_author(person):
    """Only its version says so: what is stored of authors is protected by itself."""
    page = factories.article_page(title="Names it", live=False)
    page.authors = [ArticleAuthor(person=person)]
    page.save_revision()
    return page


def of_person(organisation):
    return factories.person(name="Names it", live=False, organisation=organisation)


def of_deliverable(document):
    return factories.deliverable_page(title="Names it", live=False, document=document)


KINDS = {
    Page: (factories.article_page, in_link),
    Person: (factories.person, as_author),
    Organisation: (factories.organisation, of_person),
    Image: (factories.image, in_picture),
    Document: (factories.document, of_deliverable),
}
SINGLE = {Image: "wagtailimages:delete", Document: "wagtaildocs:delete"}


def screen(target):
    name = SINGLE.get(type(target))
    return reverse(name, args=(target.pk,)) if name else admin_url(target, "delete")


def bulk_screen(target):
    model = Page if isinstance(target, Page) else type(target)
    labels = (model._meta.app_label, model._meta.model_name)
    return f"{reverse('wagtail_bulk_action', args=(*labels, 'delete'))}?id={target.pk}"


def drafted(page, editor):
    """Only written."""


def scheduled(page, editor):
    schedule(page, MONDAY)


def released(page, editor):
    release = factories.release([page], by=editor, go_live_at=MONDAY)
    release_steps.approve(release, editor)


def is_there(target):
    return type(target)._base_manager.filter(pk=target.pk).exists()


@pytest.mark.parametrize("approved", [scheduled, released])
@pytest.mark.parametrize("where", [screen, bulk_screen])
@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_live_soon_keeps_what_it_names(kind, where, approved, window, editor, clock):
    make, name_it = KINDS[kind]
    target = make()
    page = name_it(target)
    approved(page, editor)
    shown = window.get(where(target))

    refused = window.post(where(target), follow=True)

    assert is_there(target)
    for said in (shown.content.decode(), refused.content.decode()):
        assert "Names it" in said
        assert "Mon 1 June 2099, 09:00" in said
    assert "cannot be deleted yet" in shown.content.decode()
    assert "Yes, delete" not in shown.content.decode()


@pytest.mark.parametrize("where", [screen, bulk_screen])
@pytest.mark.parametrize("kind", KINDS)
def test_draft_that_names_it_is_told_and_keeps_nothing(kind, where, window):
    make, name_it = KINDS[kind]
    target = make()
    page = name_it(target)

    shown = window.get(where(target)).content.decode()
    window.post(where(target))

    assert "1 draft names it" in shown
    assert admin_url(page, "edit") in shown
    assert not is_there(target)
    assert window.get(admin_url(page, "edit")).status_code == 200


def usage(target):
    names = {Image: "wagtailimages:image_usage", Document: "wagtaildocs:document_usage"}
    name = names.get(type(target))
    return reverse(name, args=(target.pk,)) if name else admin_url(target, "usage")


@pytest.mark.parametrize("kind", KINDS)
def test_list_of_where_it_is_named_has_what_the_screen_that_deletes_says(kind, window, editor):
    """Wagtail's index has neither versions nor settings."""
    make, name_it = KINDS[kind]
    target = make()
    draft, coming = name_it(target), name_it(target)
    scheduled(coming, editor)
    ReferenceIndex.objects.all().delete()
    if kind is Page:
        in_settings(target, editor)
    if kind is Image:
        SiteSettings.objects.create(site=Site.objects.get(), social_image=target)

    said = window.get(usage(target)).content.decode()

    places = said.partition('id="beside-heading"')[2].partition("</section>")[0]
    for page in (draft, coming):
        assert places.count(admin_url(page, "edit")) == 1
    assert places.count("Mon 1 June 2099, 09:00") == 1
    assert places.count(">settings<") == (kind in (Page, Image))


def in_a_draft(target, editor):
    in_link(target)


def in_what_is_to_come(target, editor):
    scheduled(in_link(target), editor)


def in_settings(target, editor):
    item = {"text": "Read", "page": target, "url": "", "children": []}
    Navigation.objects.create(site=Site.objects.get(), header=[("item", item)])


def in_a_redirect(target, editor):
    release = factories.release(by=editor, go_live_at=MONDAY)
    item = ReleaseItem(release=release, old_path="/old", redirect_page=target)
    release_steps.add_redirect(item, editor)
    release_steps.approve(release, editor)


@pytest.mark.parametrize("name_it", [in_a_draft, in_what_is_to_come, in_settings, in_a_redirect])
def test_list_of_where_it_is_named_has_what_names_it_and_nothing_else(name_it, window, editor):
    target, other = (factories.article_page(slug=slug) for slug in ("one", "other"))
    name_it(target, editor)
    ReferenceIndex.objects.all().delete()

    for page, named in ((target, True), (other, False)):
        said = window.get(usage(page)).content.decode()
        assert ("beside-heading" in said) == named


def test_draft_that_the_list_has_is_named_once(window):
    target = factories.article_page()
    page = in_link(target)
    call_command("rebuild_references_index", verbosity=0)

    said = window.get(usage(target)).content.decode()

    assert admin_url(page, "edit") in said
    assert "beside-heading" not in said


@pytest.mark.parametrize("kind", [Page, Person])
def test_list_of_where_something_else_is_used_has_no_such_places(kind, window):
    """Each list of the admin is drawn by the one template of Wagtail's."""
    make, _name_it = KINDS[kind]
    target = make()

    for address in (usage(target), reverse("wagtailredirects:index")):
        assert "what goes live soon" not in window.get(address).content.decode()


def test_code_that_deletes_meets_the_same_guard(editor, clock):
    organisation = factories.organisation(name="Lab")
    scheduled(of_person(organisation), editor)

    for delete in (organisation.delete, Organisation.objects.filter(name="Lab").delete):
        with pytest.raises(StillNamed, match="“Names it” goes live on"), transaction.atomic():
            delete()

    Revision.objects.filter(approved_go_live_at=MONDAY).update(approved_go_live_at=None)
    organisation.delete()


def test_api_of_the_admin_meets_the_same_guard(window, editor):
    target = factories.article_page(title="Target")
    scheduled(in_link(target), editor)
    address = reverse("wagtailadmin_api:pages:action", args=(target.pk, "delete"))

    response = window.post(address)

    assert response.status_code == 409
    assert response.json()["code"] == "STILL_NAMED"
    assert is_there(target)


def test_page_to_which_a_release_redirects_stays(window, editor):
    target = factories.article_page(title="Target")
    release = factories.release(by=editor, go_live_at=MONDAY)
    item = ReleaseItem(release=release, old_path="/old", redirect_page=target)
    release_steps.add_redirect(item, editor)
    release_steps.approve(release, editor)

    refused = window.post(admin_url(target, "delete"), follow=True).content.decode()

    assert "will lead there from /old" in refused
    assert is_there(target)


def test_pages_that_name_each_other_go_together(window, editor, home_page):
    forums = factories.forums_page(title="Forums of old")
    forum = factories.forum_page(parent=forums, title="First")
    other = factories.forum_page(parent=forums, title="Second", summary=link_to(forum))
    schedule(other, MONDAY)

    window.post(admin_url(forums, "delete"))

    assert not is_there(forums)
    assert not is_there(forum)


@pytest.mark.parametrize("where", [screen, bulk_screen])
@pytest.mark.parametrize("kind", [Page, Person])
def test_deleted_object_is_taken_out_of_approved_releases(kind, where, window, editor, clock):
    target = factories.person(live=False) if kind is Person else factories.article_page(live=False)
    other = factories.organisation(name="Lab", live=False)
    release = factories.release([target, other], by=editor, go_live_at=MONDAY)
    release_steps.approve(release, editor)

    window.post(where(target))
    clock.moment = MONDAY
    call_command("run_scheduler", once=True)

    assert not is_there(target)
    assert Release.objects.get().state == "live"
    assert Organisation.objects.get(name="Lab").live


@pytest.mark.parametrize("where", [screen, bulk_screen])
def test_screen_costs_the_same_however_much_names_it(where, window, editor):
    person = factories.person(name="Ada")

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert window.get(where(person)).status_code == 200
        return len(captured)

    as_author(person)
    scheduled(as_author(person), editor)
    cost()
    few = cost()
    for _ in range(3):
        as_author(person)
        scheduled(as_author(person), editor)

    assert cost() == few
