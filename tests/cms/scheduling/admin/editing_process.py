"""An editor at work in a process of its own: reads commands, one JSON list a line, answers each.

What a browser would send is prepared first, from the page as it is loaded; ``go`` sends it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Revision

from pages.models import DeliverableCategoryPage, DeliverablePage
from tests import factories
from tests.cms.approving import asked, seen_in
from tests.cms.scheduling.people_at_work import answer_commands
from tests.cms.submission import submission

LATER = datetime(2099, 6, 2, 9, tzinfo=UTC)
clients: dict[str, Client] = {}
prepared: dict[str, tuple[str, dict[str, Any], bool]] = {}


def client_of(name: str) -> Client:
    if name not in clients:
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(get_user_model().objects.get(username=name))
    return clients[name]


def make(submitted: bool) -> int:
    """A draft with two versions, of which the second may wait for its approval."""
    category = DeliverableCategoryPage.objects.order_by("pk").first()
    number = DeliverablePage.objects.count() + Revision.objects.count()
    page = factories.deliverable_page(
        parent=category, live=False, title="First", slug=f"page-{number}"
    )
    page.title = "Second"
    page.save_revision()
    if submitted:
        staff = get_user_model().objects.get(username="carla")
        page.get_workflow().start(page, staff)
    return page.pk


def prepare(action: str, key: int) -> None:
    page = Page.objects.get(pk=key).specific
    edit = reverse("wagtailadmin_pages:edit", args=[key])
    latest = page.get_latest_revision()
    form = submission(page.get_latest_revision_as_object(), title=f"By {action}")
    loaded = {
        "loaded_revision_id": str(latest.pk),
        "loaded_revision_created_at": latest.created_at.isoformat(),
    }
    first = page.revisions.order_by("pk").first()
    task = page.current_workflow_task_state
    target = DeliverableCategoryPage.objects.order_by("pk").last()
    requests: dict[str, tuple[str, dict[str, Any], bool]] = {
        "autosave": (edit, {**form, **loaded}, True),
        "save": (edit, {**form, **loaded}, False),
        "publish": (edit, {**form, **loaded, "action-publish": "1"}, False),
        "schedule": (
            edit,
            {**form, **loaded, "go_live_at": f"{LATER:%Y-%m-%d %H:%M}", "action-publish": "1"},
            False,
        ),
        "revert": (
            edit,
            {
                **submission(first.as_object()),
                **loaded,
                "revision": str(first.pk),
                "action-publish": "1",
            },
            False,
        ),
        "preview": (reverse("wagtailadmin_pages:preview_on_edit", args=[key]), form, False),
        "unpublish": (reverse("wagtailadmin_pages:unpublish", args=[key]), {}, False),
        "move": (reverse("wagtailadmin_pages:move_confirm", args=[key, target.pk]), {}, False),
        "delete": (reverse("wagtailadmin_pages:delete", args=[key]), {}, False),
    }
    if action == "approve":
        review = reverse("review", args=[task.pk])
        seen = seen_in(asked(client_of("edith"), task))
        requests["approve"] = (review, {"seen": seen, "comment": "", "approve": "1"}, False)
    prepared["request"] = requests[action]


def go(user: str) -> int:
    address, data, by_script = prepared["request"]
    headers = {"accept": "application/json"} if by_script else {}
    return client_of(user).post(address, data, headers=headers).status_code


def state(key: int) -> dict[str, Any]:
    """What came of it, but for keys and times, which differ from run to run."""
    page = DeliverablePage.objects.filter(pk=key).first()
    if page is None:
        return {"exists": False}
    approved = page.revisions.filter(approved_go_live_at__isnull=False)
    return {
        "exists": True,
        "live": page.live,
        "title": page.title if page.live else None,
        "latest": page.get_latest_revision().content["title"],
        "unpublished changes": page.has_unpublished_changes,
        "live version": page.live_revision and page.live_revision.content["title"],
        "scheduled": sorted(each.content["title"] for each in approved),
        "parent": page.get_parent().title,
        "in a workflow": page.workflow_in_progress,
        "address": page.url_path.rsplit("/", 3)[1],
    }


COMMANDS: dict[str, Callable[..., Any]] = {
    "make": make,
    "prepare": prepare,
    "go": go,
    "state": state,
}


def serve() -> None:
    answer_commands(COMMANDS)
