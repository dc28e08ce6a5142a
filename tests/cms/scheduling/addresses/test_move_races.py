"""A section is moved while a page beneath it is deleted: nobody is led to what is gone.

By two processes with connections of their own, on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from tests import factories
from tests.cms.perspective.scheduled_content import schedule
from tests.cms.rivals import being_run
from tests.cms.scheduling.people_at_work import Person, two_people
from tests.cms.scheduling.process.scheduler_processes import Site

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
ROUNDS = 5


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("live", [True, False])
def test_page_deleted_while_its_section_is_moved_leaves_no_redirect(
    live, committed, administrator, sign_in, clock
):
    root = factories.deliverables_page()
    there = factories.deliverables_page(title="There", slug="there", parent=root.get_parent())
    section = factories.deliverable_category_page(parent=root, slug="section")
    stays, goes = (
        factories.deliverable_page(parent=section, slug=slug, live=live) for slug in ("a", "b")
    )
    if not live:
        for page in (stays, goes):
            schedule(page, NINE)
        clock.moment = NINE
    move = reverse("wagtailadmin_pages:move_confirm", args=[section.pk, there.pk])
    window = sign_in(administrator)

    with being_run(
        ("DELETE FROM pages_deliverablepage WHERE page_ptr_id = %s", goes.pk),
        ("DELETE FROM wagtailcore_page WHERE id = %s", goes.pk),
    ):
        moved = window.post(move)

    assert moved.status_code == 302
    assert Page.objects.child_of(Page.objects.get(pk=section.pk)).get().pk == stays.pk
    led_on = set(Redirect.objects.values_list("old_path", flat=True))
    assert "/deliverables/section/a" in led_on
    assert "/deliverables/section/b" not in led_on


@pytest.fixture
def people(committed, tmp_path) -> Iterator[tuple[Person, Person]]:
    here = factories.deliverables_page(slug="here")
    factories.deliverables_page(title="There", slug="there", parent=here.get_parent())
    for name in ("edith", "amir"):
        factories.user(name, is_superuser=True)
    with two_people(Site(tmp_path), "tests.cms.scheduling.addresses.moving_process") as both:
        yield both


@pytest.mark.parametrize(
    ("how", "deleted", "in_bulk"),
    [
        ("moved", "live", False),
        ("moved", "due", False),
        ("renamed", "live", False),
        ("moved", "live", True),
    ],
)
def test_section_is_moved_and_a_page_beneath_it_deleted_at_once(how, deleted, in_bulk, people):
    """Each writes to the page that the other began with."""
    edith, amir = people
    there = Page.objects.get(slug="there").pk
    outcomes = []
    for number in range(ROUNDS):
        section, *pages = edith.does("make", f"section-{number}")
        ways = {
            "moved": ["go", "edith", "move_confirm", section, there],
            "renamed": ["rename", "edith", section],
        }

        edith.tell(*ways[how])
        page = pages[("live", "due").index(deleted)]
        amir.tell(*(["delete_in_bulk", "amir"] if in_bulk else ["go", "amir", "delete"]), page)
        codes = edith.answer(), amir.answer()

        outcomes.append((codes, edith.does("state", section)))
    [left] = {"live", "due"} - {deleted}
    for number, (codes, state) in enumerate(outcomes):
        assert max(codes) < 500, outcomes
        at = {"moved": f"there/section-{number}", "renamed": f"here/section-{number}-renamed"}
        assert state == {"at": at[how], "beneath": [left], "numchild": 1}
