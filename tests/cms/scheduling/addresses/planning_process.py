"""An editor who plans an address, in a process of its own: see ``test_address_races``.

Reads commands, one JSON list a line, and answers each.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from cms.perspective.address_plans import approved_slug_changes
from pages.models import ArticlePage, ArticlesPage
from tests import factories
from tests.cms.scheduling.people_at_work import answer_commands
from tests.cms.submission import submission

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
prepared: dict[str, tuple[Client, str, dict[str, Any]]] = {}


def prepare(name: str, action: str, slug: str) -> None:
    """What a browser would send, for ``go`` to send it."""
    user = get_user_model().objects.get(username=name)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    here, there = (ArticlesPage.objects.get(slug=known) for known in ("articles", name))
    if action == "create":
        address = reverse("wagtailadmin_pages:add", args=("pages", "articlepage", here.pk))
        prepared[name] = client, address, submission(ArticlePage(title="New", slug=slug))
        return
    if action == "move":
        page = factories.article_page(title=name, slug=slug, parent=there)
        address = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, here.pk])
        prepared[name] = client, address, {}
        return
    live = action != "draft"
    page = factories.article_page(title=name, slug=f"{name}-{slug}", parent=here, live=live)
    page.slug = slug
    if action == "release":
        page.save_revision(clean=False)
        release = factories.release([page], by=user, go_live_at=NINE)
        address = reverse("releases:approve", args=[release.pk])
        prepared[name] = client, address, {}
        return
    moment = NINE if action == "schedule" else ""
    ids = {f"body-{place}-id": block.id for place, block in enumerate(page.body)}
    pressed = {} if action == "draft" else {"action-publish": "1"}
    fields = submission(page, **{**pressed, "go_live_at": moment, **ids})
    prepared[name] = client, reverse("wagtailadmin_pages:edit", args=[page.pk]), fields


def go(name: str) -> int:
    """The status; a form that is shown again is refused too."""
    client, address, fields = prepared[name]
    response = client.post(address, fields)
    if response.status_code == 200:
        return 422
    if response.status_code == 302 and response.headers["Location"].endswith("/move/"):
        return 422
    return int(response.status_code)


def pages_planned_for(slug: str) -> int:
    here = ArticlesPage.objects.get(slug="articles")
    stored = set(here.get_children().filter(slug=slug).values_list("pk", flat=True))
    return len(
        stored | {change.page_id for change in approved_slug_changes() if change.slug == slug}
    )


COMMANDS: dict[str, Callable[..., Any]] = {
    "prepare": prepare,
    "go": go,
    "pages_planned_for": pages_planned_for,
}


def serve() -> None:
    answer_commands(COMMANDS)
