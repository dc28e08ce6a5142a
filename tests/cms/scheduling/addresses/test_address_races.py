"""Two people plan one address at the same instant: one of them is told.

By two processes with connections of their own, on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement

import pytest

from tests import factories
from tests.cms.scheduling.people_at_work import Person, two_people
from tests.cms.scheduling.process.scheduler_processes import Site

ROUNDS = 2
ACTIONS = ("publish", "schedule", "release", "create", "move", "draft")


@pytest.fixture
def people(committed, tmp_path) -> Iterator[tuple[Person, Person]]:
    here = factories.articles_page()
    for name in ("edith", "amir"):
        factories.articles_page(title=name, slug=name, parent=here.get_parent())
        factories.user(name, is_superuser=True)
    site = Site(tmp_path)
    with two_people(site, "tests.cms.scheduling.addresses.planning_process") as both:
        yield both


def test_of_two_who_plan_one_address_at_once_one_is_refused(people):
    pairs = [*combinations_with_replacement(ACTIONS, 2)] * ROUNDS
    for number, actions in enumerate(pairs):
        slug = f"wanted-{number}"
        for person, action in zip(people, actions, strict=True):
            person.does("prepare", person.name, action, slug)

        for person in people:
            person.tell("go", person.name)
        done = [person.answer() for person in people]

        assert people[0].does("pages_planned_for", slug) == 1, (actions, done)
        assert max(done) < 500, (actions, done)
        # A draft is kept beside the page that has the address, or is to take it.
        if not {"create", "draft"} & set(actions):
            assert sorted(status < 400 for status in done) == [False, True], (actions, done)
