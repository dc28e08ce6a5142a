"""A release says when it would publish a page beneath one that readers do not see."""

from datetime import UTC, datetime, timedelta

import pytest

from cms.releases import steps as release_steps
from cms.releases.steps import NotPossible
from tests import factories

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
SAID = "“Paper” stands beneath “Papers”, which readers will not see then. Add that to the release"


@pytest.fixture(autouse=True)
def day_before(db, clock):
    clock.moment = NINE - timedelta(days=1)


def draft_beneath(**fields):
    section = factories.deliverable_category_page(title="Papers", slug="papers", **fields)
    return factories.deliverable_page(parent=section, title="Paper", slug="paper", live=False)


def test_page_beneath_a_draft_is_not_published_without_it(editor):
    paper = draft_beneath(live=False)

    with pytest.raises(NotPossible, match=SAID):
        release_steps.approve(factories.release([paper], by=editor, go_live_at=NINE), editor)

    both = [paper, paper.get_parent().specific]
    release_steps.approve(factories.release(both, by=editor, go_live_at=NINE), editor)


@pytest.mark.parametrize("expires", [NINE, NINE - timedelta(hours=1)])
def test_page_beneath_one_that_has_expired_by_then_is_not_published(editor, expires):
    release = factories.release([draft_beneath(expire_at=expires)], by=editor, go_live_at=NINE)

    with pytest.raises(NotPossible, match=SAID):
        release_steps.approve(release, editor)


def test_page_beneath_one_that_expires_later_or_goes_live_before_is_published(editor):
    lasting = draft_beneath(expire_at=NINE + timedelta(hours=1))
    section = factories.deliverable_category_page(title="To come", slug="to-come", live=False)
    section.go_live_at = NINE - timedelta(hours=1)
    section.save_revision().publish()
    coming = factories.deliverable_page(parent=section, title="Coming", live=False)

    release_steps.approve(factories.release([lasting, coming], by=editor, go_live_at=NINE), editor)
