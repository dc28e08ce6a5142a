"""When the clock alone changes what readers see."""

from datetime import timedelta

import pytest

from cms.perspective.audience import Audience
from cms.perspective.next_change import next_change
from pages.models import Organisation
from tests import factories
from tests.cms.perspective.scheduled_content import at, scheduled
from tests.factories import PAGE_FACTORIES, SNIPPET_FACTORIES

# The readers of a site that has every page.
ALL = Audience(site=1, places=("",))


def test_nothing_changes_by_the_clock_where_nothing_is_approved_or_expires(db):
    factories.article_page()
    factories.organisation()
    factories.article_page(slug="draft", live=False, go_live_at=at(1), expire_at=at(2))

    assert next_change(at(1), ALL) is None


@pytest.mark.parametrize("model", [*PAGE_FACTORIES, *SNIPPET_FACTORIES])
def test_next_change_is_a_go_live_then_the_expiry_of_what_went_live(db, model):
    scheduled((PAGE_FACTORIES | SNIPPET_FACTORIES)[model], at(2), expires=at(3))

    assert next_change(at(1), ALL) == at(2)
    assert next_change(at(2) - timedelta(microseconds=1), ALL) == at(2)
    assert next_change(at(2), ALL) == at(3)
    assert next_change(at(3), ALL) is None


def test_next_change_is_the_first_of_all_kinds_and_asks_four_times(db, statements):
    factories.organisation()
    Organisation.objects.update(expire_at=at(3))
    scheduled(factories.person, at(4))
    page = factories.article_page()
    type(page).objects.filter(pk=page.pk).update(expire_at=at(2))

    with statements(4):
        assert next_change(at(1), ALL) == at(2)
    assert next_change(at(2), ALL) == at(3)
    assert next_change(at(3), ALL) == at(4)
