"""Deleting something while somebody else approves what names it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from time import monotonic, sleep

import pytest
from django.db import connection, connections, transaction

from cms.releases import steps as release_steps
from cms.removal.naming import StillNamed
from pages.models import Organisation, Person
from tests import factories
from tests.cms.rivals import somebody_waits

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)
MONDAY = datetime(2099, 6, 1, 9, tzinfo=UTC)


def by_itself(person, editor):
    person.go_live_at = MONDAY
    person.save_revision().publish()


def with_a_release(person, editor):
    release = factories.release([person], by=editor, go_live_at=MONDAY)
    release_steps.approve(release, editor)


@pytest.mark.parametrize("approve", [by_itself, with_a_release])
def test_who_deletes_waits_for_who_approves_and_then_reads_what_it_would_break(committed, approve):
    editor = factories.user("edith", group="Editors")
    organisation = factories.organisation(name="Lab")
    person = factories.person(name="Ada", live=False)
    person.organisation = organisation
    person.save_revision()
    approved = Event()

    def delete():
        try:
            approved.wait(timeout=60)
            Organisation.objects.get(pk=organisation.pk).delete()
        except StillNamed as error:
            return str(error)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor() as pool:
        deleted = pool.submit(delete)
        with transaction.atomic():
            made = Person.objects.get(pk=person.pk).get_latest_revision_as_object()
            approve(made, editor)
            approved.set()
            deadline = monotonic() + 60
            while not somebody_waits():
                assert not deleted.done()
                assert monotonic() < deadline
                sleep(0.02)
        said = deleted.result(timeout=60)

    assert "“Ada” goes live on" in said
    assert Organisation.objects.filter(pk=organisation.pk).exists()


@pytest.mark.parametrize("key", ["none", "9" * 20])
def test_version_with_a_link_to_what_there_can_never_be_is_approved(committed, key):
    text = f'<p><a linktype="page" id="{key}">Once there</a></p>'
    page = factories.article_page(live=False, body=[("paragraphs", {"text": text})])

    by_itself(page, None)

    assert page.revisions.filter(approved_go_live_at=MONDAY).exists()
