"""An editor who works on a section, or on what is beneath it, in a process of their own.

Reads commands, one JSON list a line, and answers each: see ``test_move_races``.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision

from pages.models import DeliverablesPage
from tests import factories
from tests.cms.approving import asked, seen_in
from tests.cms.scheduling.people_at_work import answer_commands
from tests.cms.submission import submission

Request = tuple[str, dict[str, Any]]

clients: dict[str, Client] = {}
prepared: list[Request] = []


def make(slug: str) -> list[int]:
    """A section with a live page and one that readers see by the clock alone."""
    here = DeliverablesPage.objects.get(slug__startswith="here")
    section = factories.deliverable_category_page(parent=here, slug=slug, title=slug)
    live = factories.deliverable_page(parent=section, slug="live")
    due = factories.deliverable_page(parent=section, slug="due", live=False)
    due.go_live_at = timezone.now() + timedelta(days=1)
    due.save_revision().publish()
    moment = timezone.now() - timedelta(minutes=1)
    Revision.objects.for_instance(due).update(approved_go_live_at=moment)
    return [section.pk, live.pk, due.pk]


def user_named(name: str) -> Any:
    return get_user_model().objects.get(username=name)


def client_of(name: str) -> Client:
    if name not in clients:
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(user_named(name))
    return clients[name]


def go(name: str, view: str, *keys: int, sent: dict[str, Any] | None = None) -> int:
    return (
        client_of(name)
        .post(reverse(f"wagtailadmin_pages:{view}", args=keys), sent or {})
        .status_code
    )


def delete_in_bulk(name: str, key: int) -> int:
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "delete"))
    return client_of(name).post(f"{address}?id={key}").status_code


def rename(name: str, key: int) -> int:
    page = Page.objects.get(pk=key).specific
    sent = submission(page, slug=f"{page.slug}-renamed", **{"action-publish": "1"})
    return go(name, "edit", key, sent=sent)


def approval(name: str, page: Any) -> Request:
    write_new_slug(page)
    page.get_workflow().start(page, user_named("carla"))
    step = page.current_workflow_task_state
    shown = asked(client_of(name), step)
    return reverse("review", args=[step.pk]), {"seen": seen_in(shown), "approve": "1"}


def publication_in_bulk(name: str, page: Any) -> Request:
    write_new_slug(page)
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
    return f"{address}?id={page.pk}", {}


def publication(name: str, page: Any) -> Request:
    return edit(page), submission(page, title="New", **{"action-publish": "1"})


def taking_down(name: str, page: Any) -> Request:
    """With all that is beneath it."""
    address = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
    return address, {"include_descendants": "on"}


def addition(name: str, page: Any) -> Request:
    """Of a page beneath it."""
    place = ("pages", "deliverablepage", page.pk)
    filled = submission(factories.deliverable_page(parent=page, slug="other"), slug="added")
    return reverse("wagtailadmin_pages:add", args=place), {**filled, "action-publish": "1"}


def edit(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def write_new_slug(page: Any) -> None:
    page.slug = f"{page.slug}-renamed"
    page.save_revision()


WAYS: dict[str, Callable[[str, Any], Request]] = {
    "approval": approval,
    "publication": publication,
    "publication in bulk": publication_in_bulk,
    "taking down": taking_down,
    "addition": addition,
}


def prepare(name: str, way: str, key: int) -> None:
    """What ``go_on`` sends."""
    prepared[:] = [WAYS[way](name, Page.objects.get(pk=key).specific)]


def go_on(name: str) -> int:
    [(address, sent)] = prepared
    return client_of(name).post(address, sent).status_code


def mirror(key: int) -> int:
    page = Page.objects.get(pk=key).specific
    alias = page.create_alias(parent=page.get_parent(), update_slug="mirror")
    page.save_revision()  # So that a database with an order of its own comes to it last.
    return alias.pk


def state(section: int) -> dict[str, Any]:
    """Where the section is, and what is beneath it."""
    moved = Page.objects.get(pk=section)
    pages = Page.objects.child_of(moved)
    return {
        "at": f"{moved.get_parent().slug}/{moved.slug}",
        "beneath": sorted(pages.values_list("slug", flat=True)),
        "numchild": moved.numchild,
        "astray": list(pages.exclude(url_path__startswith=moved.url_path).values_list("slug")),
        "live": sorted(pages.filter(live=True).values_list("slug", flat=True)),
    }


COMMANDS: dict[str, Callable[..., Any]] = {
    "make": make,
    "go": go,
    "delete_in_bulk": delete_in_bulk,
    "rename": rename,
    "mirror": mirror,
    "prepare": prepare,
    "go_on": go_on,
    "state": state,
}


def serve() -> None:
    answer_commands(COMMANDS)
