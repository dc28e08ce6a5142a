"""Uses a site as readers, editors and schedulers do, and prints what did not work.

Run within `manage.py shell`, for the settings that its environment gives.
"""

from __future__ import annotations

from io import StringIO

import psycopg
from django.contrib import auth
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from cms.scheduling.process.alarm import Alarm
from cms.scheduling.process.scheduler import run

__all__ = ["main"]

ADMIN = (
    "wagtailadmin_home",
    "wagtailadmin_explore_root",
    "wagtailadmin_reports:site_history",
    "wagtailadmin_workflows:index",
    "wagtailadmin_collections:index",
    "wagtailusers_users:index",
    "wagtailusers_users:add",
    "wagtailusers_groups:index",
    "wagtailusers_groups:add",
    "wagtailsnippets_pages_person:list",
    "wagtailsnippets_pages_person:add",
    "wagtailimages:index",
    "wagtailimages:add_multiple",
    "wagtaildocs:index",
    "wagtailredirects:index",
    "wagtailredirects:add",
    "wagtailsites:add",
    "releases:index",
    "calendar",
)


def main() -> None:
    several_connections()
    call_command("load_starter_content", stdout=StringIO())
    users = auth.get_user_model().objects
    user = users.filter(username="ada").first() or users.create_superuser("ada")
    browser = Client(SERVER_NAME="localhost", raise_request_exception=False)
    browser.force_login(user)
    edits = [reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in Page.objects.all()[1:]]
    paths = [*map(reverse, ADMIN), *edits, "/", "/health"]
    for path in paths:
        status = browser.get(path).status_code
        if status >= 500 and path != "/health":
            print(status, path)
    answer = browser.post(
        "/graphql",
        {"query": "{ articles { nodes { title } } changes { cursor } }"},
        content_type="application/json",
    )
    if answer.status_code != 200 or "errors" in answer.json():
        print(answer.status_code, answer.content.decode())
    run(OneRound())
    health = browser.get("/health")
    print(f"{health.status_code} /health, after {len(paths)} others")


class OneRound(Alarm):
    """Stops its scheduler when it would wait for what no connection would tell it."""

    def wait(self, seconds: float) -> None:
        if self.listener is not None:
            print("The scheduler listens, and will hear nothing.")
        self.stopped = True


def several_connections() -> None:
    """Have a pooler open some to the database, between which it can change."""
    opened = [psycopg.connect(**connection.get_connection_params()) for _ in range(3)]
    for each in opened:
        each.execute("SELECT 1")
    for each in opened:
        each.close()
