"""The history of an object tells each step of it, also of what is done with many at once."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from wagtail.log_actions import LogContext
from wagtail.log_actions import registry as log_registry

from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission


def steps_of(client, made):
    return client.get(admin_url(made, "history")).content.decode()


@pytest.mark.parametrize(
    ("live", "action", "said"),
    [(False, "publish", "Published"), (True, "unpublish", "Unpublished")],
)
def test_each_of_several_pages_has_in_its_history_what_was_done_with_all(
    editor, sign_in, live, action, said
):
    pages = [factories.article_page(live=live) for _ in range(3)]
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    client = sign_in(editor)

    client.post(f"{address}?{'&'.join(f'id={each.pk}' for each in pages)}")

    for each in pages:
        each.refresh_from_db()
        assert each.live != live
        assert steps_of(client, each).count(said) == 1


def test_each_item_of_a_release_has_in_its_history_that_it_was_reverted(
    editor, sign_in, clock, pages_above
):
    items: list[Any] = [factories.article_page(live=False), factories.person(live=False)]
    items.append(factories.article_page(live=False))
    release = factories.release(items, by=editor)
    client = sign_in(editor)

    client.post(reverse("releases:publish-now", args=[release.pk]))
    call_command("run_scheduler", once=True)
    client.post(reverse("releases:revert", args=[release.pk]))

    for each in items:
        each.refresh_from_db()
        assert not each.live
        assert steps_of(client, each).count("Put back as it was before a release") == 1


def test_a_page_saved_again_shows_a_step_more(staff, sign_in):
    page = factories.article_page(live=False, owner=staff)
    client = sign_in(staff)
    before = steps_of(client, page).count("Draft saved")

    for times in (1, 2):
        client.post(admin_url(page, "edit"), submission(page, title=f"Title {times}"))
        page.refresh_from_db()

        assert steps_of(client, page).count("Draft saved") == before + times


def test_what_was_done_with_many_before_each_had_a_number_of_its_own_is_told_apart(
    editor, sign_in, monkeypatch
):
    """As the migration does it with what a site has written since it began."""
    monkeypatch.setattr("cms.admin.receivers.number_for_its_object", lambda entry: None)
    articles = [factories.article_page(live=False) for _ in range(2)]
    people = [make(pk=7, live=False) for make in (factories.person, factories.organisation)]
    client = sign_in(editor)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?{'&'.join(f'id={each.pk}' for each in articles)}")
    with LogContext(user=editor):
        for each in people:
            each.get_latest_revision().publish(user=editor)
        log_registry.log(people[0], "wagtail.edit", user=editor)
        log_registry.log(people[0], "wagtail.edit", user=editor)
    everything = [*articles, *people]
    assert [steps_of(client, each).count("Published") for each in everything] == [0, 1, 0, 1]
    edited_twice = steps_of(client, people[0]).count("Edited")

    module = import_module("cms.editing.migrations.0011_history_of_each_object")
    module.tell_apart(apps, connection.schema_editor())

    assert [steps_of(client, each).count("Published") for each in everything] == [1] * 4
    assert steps_of(client, people[0]).count("Edited") == edited_twice
