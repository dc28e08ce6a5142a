"""A request of the admin waits for who writes what its address names, and is undone as a whole."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from wagtail import hooks
from wagtail.models import Collection, Page

from cms.admin.refusals.refusal import Refusal
from cms.database.advisory_lock import LOCK
from cms.releases import steps as release_steps
from pages.models import ArticlePage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.rivals import NobodyWaited, being_run
from tests.cms.submission import submission

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)
NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)


def collection():
    return Collection.get_first_root_node().add_child(instance=Collection(name="Forums"))


def measured(make):
    """A file whose size is known: Wagtail writes that when it first shows it."""

    def make_and_measure():
        made = make()
        made.get_file_size()
        return made

    return make_and_measure


def submitted():
    """Also where the address names another page."""
    page = factories.article_page(live=False)
    page.save_revision()
    page.get_workflow().start(page, None)
    return page


def step_of(page):
    other = factories.article_page(slug="other")
    step = page.current_workflow_task_state
    return reverse("wagtailadmin_pages:workflow_action", args=(other.pk, "nothing", step.pk))


def bulk(page):
    return f"{reverse('wagtail_bulk_action', args=('wagtailcore', 'page', 'move'))}?id={page.pk}"


def of_api(page):
    return reverse("wagtailadmin_api:pages:action", args=(page.pk, "convert_alias"))


def at(name):
    return lambda made: reverse(name, args=(made.pk,))


def edited(made):
    return admin_url(made, "edit")


def row(made, table=""):
    table = table or (Page if isinstance(made, Page) else type(made))._meta.db_table
    return f"SELECT FROM {table} WHERE id = %s FOR NO KEY UPDATE", made.pk


# With nothing sent, views write nothing that they could wait for by themselves.
NAMED = {
    "page": (factories.article_page, edited),
    "page of the API": (factories.article_page, of_api),
    "snippet": (factories.person, edited),
    "picture": (measured(factories.image), at("wagtailimages:edit")),
    "document": (measured(factories.document), at("wagtaildocs:edit")),
    "collection": (collection, at("wagtailadmin_collections:edit")),
    "privacy of a collection": (collection, at("wagtailadmin_collections:set_privacy")),
    "one of several": (factories.article_page, bulk),
    "what is approved": (submitted, step_of),
}


@on_postgresql
@pytest.mark.parametrize(("make", "address"), NAMED.values(), ids=NAMED)
def test_what_an_address_names_is_waited_for(make, address, committed, admin_client):
    made = make()
    there = address(made)

    with being_run(row(made)):
        admin_client.post(there)


def reads(page, client, admin_client):
    admin_client.get(edited(page))


def previews(page, client, admin_client):
    admin_client.post(reverse("wagtailadmin_pages:preview_on_edit", args=(page.pk,)))


def is_a_stranger(page, client, admin_client):
    client.post(edited(page))


@on_postgresql
@pytest.mark.parametrize("who", [reads, previews, is_a_stranger])
def test_who_writes_nothing_does_not_wait(who, committed, admin_client, client):
    page = factories.article_page()

    with pytest.raises(NobodyWaited), being_run(row(page)):
        who(page, client, admin_client)


@on_postgresql
@pytest.mark.parametrize("table", ["wagtailcore_page", "wagtailcore_collection"])
def test_what_has_the_same_number_is_not_waited_for(table, committed, admin_client):
    number = Page.objects.order_by("pk").first().pk
    person = factories.person(pk=number)
    root = Collection.get_first_root_node()
    Collection.objects.filter(pk=root.pk).update(id=number)

    with pytest.raises(NobodyWaited), being_run(row(person, table)):
        admin_client.post(edited(person))


def of_a_release():
    page = factories.article_page()
    release_steps.approve(
        factories.release([page], by=factories.user("her", is_superuser=True), go_live_at=NINE),
        factories.user("him", is_superuser=True),
    )
    return page


@on_postgresql
@pytest.mark.parametrize("make", [of_a_release, factories.person])
def test_what_changes_with_others_waits_for_who_changes_many(make, committed, admin_client):
    made = make()

    with being_run(("SELECT pg_advisory_xact_lock(%s)", LOCK)):
        admin_client.post(edited(made))


def section(**fields):
    made = factories.deliverable_category_page(**fields)
    factories.deliverable_page(parent=made)
    return made


def mirrored():
    page = factories.article_page()
    page.create_alias(parent=page.get_parent(), update_slug=f"mirror-{page.pk}")
    return page


def submitted_section():
    made = section(live=False)
    made.save_revision()
    made.get_workflow().start(made, None)
    return made


def submitted_with_the_number_of_a_section():
    made = factories.organisation(pk=section().pk, live=False)
    made.get_workflow().start(made, None)
    return made


def bulk_action(action):
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", action))
    return lambda page: (f"{address}?id={page.pk}", {})


def api_action(action):
    return lambda page: (reverse("wagtailadmin_api:pages:action", args=(page.pk, action)), {})


def view(name):
    return lambda made: (reverse(name, args=(made.pk,)), {})


def added_beneath(page):
    return reverse("wagtailadmin_pages:add", args=("pages", "deliverablepage", page.pk)), {}


def moved(page):
    args = (page.pk, page.get_parent().pk)
    return reverse("wagtailadmin_pages:move_confirm", args=args), {}


def renamed(page):
    return edited(page), {"slug": "another"}


def saved(page):
    return edited(page), {"slug": page.slug}


def reviewed(page):
    return reverse("review", args=(page.current_workflow_task_state.pk,)), {}


def answered(page):
    step = page.current_workflow_task_state
    return reverse("wagtailadmin_pages:workflow_action", args=(page.pk, "approve", step.pk)), {}


def added_collection(made):
    return reverse("wagtailadmin_collections:add"), {}


REACHING = {
    "added": (section, added_beneath),
    "collection added": (collection, added_collection),
    "collection edited": (collection, view("wagtailadmin_collections:edit")),
    "collection deleted": (collection, view("wagtailadmin_collections:delete")),
    "moved": (factories.article_page, moved),
    "put in order": (factories.article_page, view("wagtailadmin_pages:set_page_position")),
    "copied": (factories.article_page, view("wagtailadmin_pages:copy")),
    "deleted": (factories.article_page, view("wagtailadmin_pages:delete")),
    "translated": (factories.article_page, view("simple_translation:submit_page_translation")),
    **{
        f"bulk: {action}": (factories.article_page, bulk_action(action))
        for action in ("delete", "move")
    },
    **{
        f"API: {action}": (factories.article_page, api_action(action))
        for action in ("copy", "copy_for_translation", "create_alias", "delete", "move")
    },
    "renamed": (section, renamed),
    "taken down": (section, view("wagtailadmin_pages:unpublish")),
    "mirrored taken down": (mirrored, view("wagtailadmin_pages:unpublish")),
    "mirrored saved": (mirrored, saved),
    "reviewed": (submitted_section, reviewed),
    "answered": (submitted_section, answered),
    **{
        f"{way}: {action}": (section, ways(action))
        for way, ways in (("bulk", bulk_action), ("API", api_action))
        for action in ("publish", "unpublish")
    },
}


ALONE = {
    "saved with what is beneath": (section, saved),
    "saved in part": (section, lambda page: (edited(page), {})),
    "renamed alone": (factories.article_page, renamed),
    "taken down alone": (factories.article_page, view("wagtailadmin_pages:unpublish")),
    "published": (factories.article_page, bulk_action("publish")),
    "reviewed alone": (submitted, reviewed),
    "no page reviewed": (submitted_with_the_number_of_a_section, reviewed),
    "locked": (section, view("wagtailadmin_pages:lock")),
    "picture deleted in bulk": (
        measured(factories.image),
        lambda made: (
            f"{reverse('wagtail_bulk_action', args=('media', 'image', 'delete'))}?id={made.pk}",
            {},
        ),
    ),
}


@on_postgresql
def test_what_reaches_others_waits_for_who_changes_many(committed, admin_client):
    waited = waiting_for_who_changes_many(admin_client, {**REACHING, **ALONE})

    assert waited == {*REACHING}


def waiting_for_who_changes_many(client, asked):
    found = set()
    for name, (make, ask) in asked.items():
        address, sent = ask(make())
        with suppress(NobodyWaited):
            with being_run(("SELECT pg_advisory_xact_lock(%s)", LOCK)):
                client.post(address, sent)
            found.add(name)
    return found


@on_postgresql
def test_collection_is_not_made_beneath_one_that_is_deleted_meanwhile(committed, admin_client):
    parent = collection()
    root = Collection.get_first_root_node()
    deleted = (
        ("SELECT pg_advisory_xact_lock(%s)", LOCK),
        ("DELETE FROM wagtailcore_collection WHERE id = %s", parent.pk),
        ("UPDATE wagtailcore_collection SET numchild = 0 WHERE id = %s", root.pk),
    )

    with being_run(*deleted):
        said = admin_client.post(
            reverse("wagtailadmin_collections:add"), {"name": "Beneath", "parent": parent.pk}
        )

    assert "not one of the available choices" in said.content.decode()
    assert not Collection.objects.filter(name="Beneath").exists()


@on_postgresql
def test_what_changes_alone_does_not_wait_for_who_changes_many(committed, admin_client):
    page = factories.article_page()

    with pytest.raises(NobodyWaited), being_run(("SELECT pg_advisory_xact_lock(%s)", LOCK)):
        admin_client.post(edited(page))


def publish(window, page):
    version = ArticlePage.objects.get(pk=page.pk)
    version.title = "New"
    ids = {f"body-{place}-id": block.id for place, block in enumerate(version.body)}
    return window.post(edited(page), submission(version, **{"action-publish": "1", **ids}))


class Refused(Refusal):
    reasons = ["No."]
    code = "REFUSED"


@pytest.mark.parametrize(("error", "status"), [(RuntimeError, 500), (Refused, 302)])
def test_what_a_view_wrote_before_it_failed_is_undone(error, status, db, admin_client):
    page = factories.article_page(title="Old")
    admin_client.raise_request_exception = False

    def fail(request, page):
        raise error

    with hooks.register_temporarily("after_publish_page", fail):
        assert publish(admin_client, page).status_code == status

    assert ArticlePage.objects.get(pk=page.pk).title == "Old"


@pytest.mark.parametrize(("status", "title"), [(500, "Old"), (503, "Old"), (404, "New")])
def test_what_a_view_wrote_is_undone_where_it_answers_that_it_failed(
    status, title, db, admin_client
):
    page = factories.article_page(title="Old")

    def answer(request, page):
        return HttpResponse(status=status)

    with hooks.register_temporarily("after_publish_page", answer):
        assert publish(admin_client, page).status_code == status

    assert ArticlePage.objects.get(pk=page.pk).title == title


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/admin/nowhere/", 404),
        (reverse_lazy("wagtailadmin_api:pages:listing"), 405),
        (reverse_lazy("wagtailadmin_api:pages:detail", args=(1,)), 405),
        (reverse_lazy("wagtailsnippets_pages_person:add"), 200),
    ],
)
def test_address_with_nothing_to_write_is_answered_as_by_wagtail(address, status, db, admin_client):
    assert admin_client.post(str(address)).status_code == status


def test_all_pages_beneath_one_are_chosen_at_once(db, admin_client):
    page = factories.article_page()
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "unpublish"))

    admin_client.post(f"{address}?id=all&childOf={page.get_parent().pk}")

    assert not ArticlePage.objects.get(pk=page.pk).live
