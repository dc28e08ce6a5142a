"""A section is moved, renamed or taken down while somebody works on a page beneath it.

Neither waits for the other for ever, nobody is led to what is gone, and nothing is left astray.

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
    factories.user("carla", group="Communications staff")
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
        assert (state["at"], state["beneath"], state["numchild"]) == (at[how], [left], 1)


@pytest.mark.parametrize(
    ("way", "suffix"),
    [("approval", "-renamed"), ("publication in bulk", "-renamed"), ("taking down", "")],
)
def test_section_goes_out_or_is_taken_down_and_a_page_beneath_it_deleted_at_once(
    way, suffix, people
):
    edith, amir = people
    outcomes = []
    for number in range(ROUNDS):
        section, page, _ = edith.does("make", f"section-{number}")
        edith.does("prepare", "edith", way, section)

        edith.tell("go_on", "edith")
        amir.tell("go", "amir", "delete", page)
        codes = edith.answer(), amir.answer()

        outcomes.append((codes, edith.does("state", section)))
    for number, (codes, state) in enumerate(outcomes):
        assert codes == (302, 302), outcomes
        assert state["at"] == f"here/section-{number}{suffix}"
        assert (state["beneath"], state["numchild"]) == (["due"], 1)


def test_section_is_moved_and_a_page_published_that_is_mirrored_beneath_it_at_once(people):
    edith, amir = people
    there = Page.objects.get(slug="there").pk
    outcomes = []
    for number in range(ROUNDS):
        section, page, _ = edith.does("make", f"section-{number}")
        edith.does("mirror", page)
        edith.does("prepare", "edith", "publication", page)

        edith.tell("go_on", "edith")
        amir.tell("go", "amir", "move_confirm", section, there)
        codes = edith.answer(), amir.answer()

        outcomes.append((codes, edith.does("state", section)))
    for codes, state in outcomes:
        assert codes == (302, 302), outcomes
        assert (state["astray"], state["live"]) == ([], ["live", "mirror"])


def test_page_is_added_beneath_a_section_and_what_is_above_renamed_at_once(people):
    """The new one is not left at the address of before."""
    edith, amir = people
    here = Page.objects.get(slug="here").pk
    outcomes = []
    for number in range(ROUNDS):
        section, *_ = edith.does("make", f"section-{number}")
        edith.does("prepare", "edith", "addition", section)

        edith.tell("go_on", "edith")
        amir.tell("rename", "amir", here)
        codes = edith.answer(), amir.answer()

        outcomes.append((codes, edith.does("state", section)))
        amir.does("go", "amir", "unpublish", here)
    for codes, state in outcomes:
        assert codes == (302, 302), outcomes
        assert "added" in state["beneath"]
        assert state["astray"] == []
