"""Corrections beside three waiting versions and two releases, as chance brings them.

``PLANS=300`` tries so many; ``tests/pages/lifecycle/test_merging.py`` tries merges by the thousand.
"""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db import transaction

from cms.releases import steps as release_steps
from cms.releases.steps import NotPossible
from cms.scheduling.models import FailedChange
from cms.scheduling.plans import Answers, EditsConflict, answered, plans_of
from pages.models import ArticleAuthor, ArticlePage
from tests import factories

pytestmark = pytest.mark.usefixtures("pages_above")

RUNS = int(os.environ.get("PLANS", "4"))
FIRST = datetime(2099, 6, 1, 9, tzinfo=UTC)
SEEN = """{ articles { nodes { title standfirst authors { person { name } } body {
    ... on ArticleParagraphs { id text { html } } } } } }"""
FIELDS = ("title", "standfirst")


class Story:
    """One article; what is written of it, in which unit, and which units were asked about."""

    def __init__(self, random, editor, people):
        self.random, self.editor, self.people = random, editor, people
        body = [{"type": "paragraphs", "value": {"text": key}, "id": key} for key in "abc"]
        self.page = factories.article_page(title="As it is", body=json.dumps(body))
        self.written = 0
        # Each correction: its unit, what it says, and those that were written to later or named.
        self.corrections = []

    def live(self):
        return ArticlePage.objects.get(pk=self.page.pk)

    def edited(self):
        """A version that begins with the newest, or with what is live, and its changed units."""
        live = self.live()
        version = self.random.choice([live, live.get_latest_revision_as_object()])
        version.go_live_at = None
        units = {}
        for _ in range(self.random.randint(1, 2)):
            self.written += 1
            said = f"Edit {self.written}"
            unit = self.random.choice([*FIELDS, "a", "b", "c", "author"])
            if unit in FIELDS:
                setattr(version, unit, said)
            elif unit == "author":
                said = self.people[self.written].name
                version.authors.add(ArticleAuthor(person=self.people[self.written]))
            else:
                body = list(version.body.raw_data)
                for block in body:
                    if block["id"] == unit:
                        block["value"] = {"text": said}
                version.body = json.dumps(body)
            units[unit] = said
        return version, units

    def approve(self, version):
        """Published or scheduled as it says, with questions answered by chance."""
        given: dict[str, str] = {}
        while True:
            newest = self.live().latest_revision
            try:
                with transaction.atomic(), answered(Answers(given)):
                    version.latest_revision = newest
                    version.save_revision().publish()
            except EditsConflict as conflict:
                for question in conflict.questions:
                    given[question.id] = self.random.choice(["newer", "waiting"])
                    self.named(question.conflict)
            else:
                return

    def named(self, conflict):
        said = json.dumps([conflict.newer, conflict.waiting])
        for correction in self.corrections:
            unit, words, _ = correction
            correction[2] |= words in said or conflict.place.startswith(unit)

    def overwritten_by(self, version):
        """Whoever changes what was corrected, beginning with the correction, has seen it."""
        now, then = facts(self.live()), facts(version)
        for correction in self.corrections:
            correction[2] |= now.get(correction[0]) != then.get(correction[0])

    def plan(self, moment):
        version, _ = self.edited()
        self.overwritten_by(version)
        if self.random.random() < 0.6:
            version.go_live_at = moment
            self.approve(version)
            return
        version.save_revision()
        release = factories.release([version], by=self.editor, go_live_at=moment)
        with suppress(NotPossible):  # It was refused, by name.
            release_steps.approve(release, self.editor)

    def correct(self):
        version, units = self.edited()
        self.overwritten_by(version)
        self.corrections += [[unit, said, False] for unit, said in units.items()]
        self.approve(version)


def facts(version):
    blocks = {block["id"]: block["value"]["text"] for block in version.body.raw_data}
    return {name: getattr(version, name) for name in FIELDS} | blocks


@pytest.mark.parametrize("seed", range(RUNS))
def test_every_correction_survives_or_is_named(seed, db, clock, editor, ask):
    random = Random(seed)
    people = [factories.person(name=f"Person {number:03}") for number in range(40)]
    story = Story(random, editor, people)
    moments = [FIRST + timedelta(hours=hour) for hour in range(5)]
    clock.moment = FIRST - timedelta(hours=1)
    for moment in random.sample(moments, 5):
        story.plan(moment)
        if random.random() < 0.5:
            story.correct()

    for moment in moments:
        clock.moment = moment
        seen = ask(SEEN)
        call_command("run_scheduler", once=True)
        assert ask(SEEN) == seen
        for unit, said, is_excused in story.corrections:
            assert is_excused or said in json.dumps(seen), (unit, said)
        clock.moment = moment + timedelta(minutes=30)
        story.correct()

    assert plans_of(story.live()) == []
    assert not FailedChange.objects.exists()
