"""An editor who moves a section, or deletes what is beneath it, in a process of their own.

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

from pages.models import DeliverableCategoryPage, DeliverablesPage
from tests import factories
from tests.cms.scheduling.people_at_work import answer_commands
from tests.cms.submission import submission

clients: dict[str, Client] = {}


def make(slug: str) -> list[int]:
    """A section with a live page and one that readers see by the clock alone."""
    here = DeliverablesPage.objects.get(slug="here")
    section = factories.deliverable_category_page(parent=here, slug=slug, title=slug)
    live = factories.deliverable_page(parent=section, slug="live")
    due = factories.deliverable_page(parent=section, slug="due", live=False)
    due.go_live_at = timezone.now() + timedelta(days=1)
    due.save_revision().publish()
    moment = timezone.now() - timedelta(minutes=1)
    Revision.objects.for_instance(due).update(approved_go_live_at=moment)
    return [section.pk, live.pk, due.pk]


def client_of(name: str) -> Client:
    if name not in clients:
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(get_user_model().objects.get(username=name))
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
    page = DeliverableCategoryPage.objects.get(pk=key)
    sent = submission(page, slug=f"{page.slug}-renamed", **{"action-publish": "1"})
    return go(name, "edit", key, sent=sent)


def state(section: int) -> dict[str, Any]:
    """Where the section is, and what is beneath it."""
    moved = DeliverableCategoryPage.objects.get(pk=section)
    beneath = sorted(Page.objects.child_of(moved).values_list("slug", flat=True))
    return {
        "at": f"{moved.get_parent().slug}/{moved.slug}",
        "beneath": beneath,
        "numchild": moved.numchild,
    }


COMMANDS: dict[str, Callable[..., Any]] = {
    "make": make,
    "go": go,
    "delete_in_bulk": delete_in_bulk,
    "rename": rename,
    "state": state,
}


def serve() -> None:
    answer_commands(COMMANDS)
