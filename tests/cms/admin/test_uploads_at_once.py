"""Two people upload at the same instant: it is as if one had come after the other.

By two processes with connections of their own, on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import factories
from tests.cms.scheduling.people_at_work import Person, two_people
from tests.cms.scheduling.process.scheduler_processes import Site

ROUNDS = 5
WORDS = {"edith": "Words of Edith.", "amir": "Other words, of Amir."}


@pytest.fixture
def people(committed, tmp_path) -> Iterator[tuple[Person, Person]]:
    factories.home_page()
    for name in WORDS:
        factories.user(name, is_superuser=True)
    with two_people(Site(tmp_path), "tests.cms.admin.uploading_process") as both:
        yield both


@pytest.mark.parametrize("second_types", [False, True], ids=["two tables", "a table and a form"])
def test_of_two_who_redirect_one_address_the_second_is_refused(second_types, people):
    """All of a table is made or nothing."""
    edith, amir = people
    for number in range(ROUNDS):
        for person in people:
            link = f"https://{person.name}.example/"
            rows = [[f"/own-{person.name}-{number}", link], [f"/both-{number}", link]]
            person.does("choose_table", person.name, rows)

        edith.tell("import_table", "edith")
        if second_types:
            amir.tell("type_redirect", "amir", f"/both-{number}", "https://amir.example/")
        else:
            amir.tell("import_table", "amir")
        codes = [person.answer() for person in people]

        made = [row for row in people[0].does("redirects") if row[0].endswith(f"-{number}")]
        assert sorted(codes) == [200, 302], (codes, made)
        assert [path for path, _ in made].count(f"/both-{number}") == 1, (codes, made)
        assert len(made) == (1 if second_types and codes[1] == 302 else 2), (codes, made)
        assert len({link for _, link in made}) == 1, (codes, made)


def test_of_two_who_replace_a_document_one_is_kept_whole(people):
    key = people[0].does("make_document")
    for _ in range(ROUNDS):
        for person in people:
            person.tell("replace_document", person.name, key, WORDS[person.name])
        codes = [person.answer() for person in people]

        state = people[0].does("state_of_document", key)
        assert codes == [302, 302]
        assert state["title"] == state["says"]
        assert state["says"] in WORDS.values()
        assert state["size"] == len(state["says"])
        assert state["is kept alone"]
