"""Of several changes to one object at one second, readers see the one that stays.

Nothing approves two of them, but an import may: see ``admin/test_plans_meet``.
"""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.core.management import call_command
from wagtail.models import Revision

from cms.releases import steps as release_steps
from cms.releases.models import Release, ReleaseItem
from cms.scheduling import durable
from cms.scheduling.due import due_changes
from pages.models import ArticlePage
from tests import factories

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TITLES = "{ articles { nodes { title } } }"


def scheduled(page, title, editor):
    page.title = title
    revision = page.save_revision()
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=NINE)


def released(page, title, editor):
    """Prepared in the order of its titles, and approved whenever it is its turn."""
    page.title = title
    page.save_revision()
    release = Release.objects.get(name=title)
    item = ReleaseItem.objects.create(
        release=release,
        action="publish",
        content_type=page.cached_content_type,
        base_content_type=page.get_base_content_type(),
        object_id=str(page.pk),
    )
    release_steps.approve(release, editor)
    assert item.release.items.get().revision.content["title"] == title
    Release.objects.filter(pk=release.pk).update(go_live_at=NINE)


PLANS = {"Scheduled": scheduled, "First release": released, "Second release": released}


@pytest.mark.parametrize("titles", list(permutations(PLANS)), ids=" then ".join)
def test_readers_see_at_their_second_what_the_scheduler_leaves(
    titles, db, clock, editor, ask, monkeypatch
):
    page = factories.article_page(title="As it is")
    for number, name in enumerate(("First release", "Second release")):
        later = NINE + (number + 1) * HOUR
        factories.release(name=name, by=editor, go_live_at=later)
    for title in titles:
        PLANS[title](page, title, editor)
    clock.moment = NINE
    # As far as schedulers take turns by chance, the last comes first.
    chances = iter(range(99, 0, -1))
    monkeypatch.setattr(durable.random, "random", chances.__next__)

    before = ask(TITLES)
    call_command("run_scheduler", once=True)

    assert before == {"articles": {"nodes": [{"title": "Second release"}]}}
    assert ask(TITLES) == before
    assert ArticlePage.objects.get(pk=page.pk).title == "Second release"


def test_of_two_versions_of_one_second_the_one_written_last_stays(db, clock, editor, ask):
    """Whichever of them was stored first."""
    page = factories.article_page(title="As it is")
    for title in ("Written last", "Written first"):
        scheduled(page, title, editor)
    last, first = Revision.objects.filter(approved_go_live_at=NINE).order_by("pk")
    Revision.objects.filter(pk=last.pk).update(created_at=first.created_at + HOUR)
    clock.moment = NINE

    before = ask(TITLES)
    call_command("run_scheduler", once=True)

    assert before == {"articles": {"nodes": [{"title": "Written last"}]}}
    assert ask(TITLES) == before


def test_two_releases_of_one_object_are_never_made_side_by_side(db, clock, editor):
    page = factories.article_page(title="As it is")
    for number, name in enumerate(("First release", "Second release")):
        later = NINE + (number + 1) * HOUR
        factories.release(name=name, by=editor, go_live_at=later)
        released(page, name, editor)

    clock.moment = NINE + HOUR

    [change] = due_changes(clock.moment, limit=10)
    assert change.object_id == str(Release.objects.get(name="First release").pk)
