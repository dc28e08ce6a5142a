"""Two people write one page at the same instant: it is as if one had come after the other.

Each pair of things is done one after the other in both orders, and then at once, by two processes
with connections of their own. What comes of it at once has to be what comes of one of the orders.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement
from typing import Any

import pytest

from tests import factories
from tests.cms.scheduling.people_at_work import Person, two_people
from tests.cms.scheduling.process.scheduler_processes import Site

ACTIONS = (
    "autosave",
    "save",
    "publish",
    "unpublish",
    "schedule",
    "approve",
    "revert",
    "move",
    "delete",
)


@pytest.fixture
def people(committed, tmp_path) -> Iterator[tuple[Person, Person]]:
    root = factories.deliverables_page()
    factories.deliverable_category_page(title="Here", parent=root)
    factories.deliverable_category_page(title="There", slug="there", parent=root)
    factories.user("carla", group="Communications staff")
    for name in ("edith", "amir"):
        factories.user(name, is_superuser=True)
    site = Site(tmp_path)
    with two_people(site, "tests.cms.scheduling.admin.editing_process") as both:
        yield both


def outcome(people: tuple[Person, Person], actions: tuple[str, str], *, at_once: bool) -> Any:
    page = people[0].does("make", "approve" in actions)
    for person, action in zip(people, actions, strict=True):
        person.does("prepare", action, page)
    if at_once:
        for person in people:
            person.tell("go", person.name)
        codes = [person.answer() for person in people]
    else:
        codes = [person.does("go", person.name) for person in people]
    return codes, people[0].does("state", page)


def test_of_two_who_write_one_page_at_once_one_comes_after_the_other(people):
    mixed = {}
    for actions in combinations_with_replacement(ACTIONS, 2):
        one_by_one = [
            outcome(people, actions, at_once=False)[1],
            outcome(people, actions[::-1], at_once=False)[1],
        ]
        codes, at_once = outcome(people, actions, at_once=True)
        if at_once not in one_by_one or max(codes) >= 500:
            mixed[actions] = (codes, at_once, one_by_one)

    assert mixed == {}


def test_two_first_previews_at_once_do_not_freeze_the_preview(people):
    """Of one person, who has two windows open."""
    for _ in range(5):
        page = people[0].does("make", False)
        for person in people:
            person.does("prepare", "preview", page)
        for person in people:
            person.tell("go", "edith")
        at_once = [person.answer() for person in people]

        assert [*at_once, people[0].does("go", "edith")] == [200, 200, 200]
