"""What the factories make in one step is what an editor makes in several."""

from __future__ import annotations

import json
import re

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, transaction
from wagtail.models import ModelLogEntry, Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.models import IndexEntry

from cms.outbox.models import ContentEvent, PublicObject
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_above")]

OF_WAGTAIL = [PageLogEntry, ModelLogEntry, ReferenceIndex, Revision, IndexEntry]
FACTORIES = {**factories.PAGE_FACTORIES, **factories.SNIPPET_FACTORIES}


def rows_after(make) -> dict[str, list[str]]:
    """All that there is once something is made, but for moments and UUIDs; then undone."""
    count_on_from_what_is_stored()
    with transaction.atomic():
        made = make()
        stored = {
            model._meta.label: anonymous(serializers.serialize("json", model._base_manager.all()))
            for model in (Page, type(made), ContentEvent, PublicObject, *OF_WAGTAIL)
        }
        transaction.set_rollback(True)
    return stored


def count_on_from_what_is_stored() -> None:
    """PostgreSQL gives no key twice, though what had it has been undone."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(sql)


def anonymous(rows: str) -> list[str]:
    rows = re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "AT", rows)
    rows = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID", rows)
    return sorted(json.dumps(row["fields"], sort_keys=True) for row in json.loads(rows))


@pytest.mark.parametrize("model", FACTORIES, ids=lambda model: model.__name__)
def test_what_is_made_published_is_what_is_published_step_by_step(model):
    def published():
        made = FACTORIES[model](live=False)
        made.get_latest_revision().publish()
        return made

    assert rows_after(FACTORIES[model]) == rows_after(published)
