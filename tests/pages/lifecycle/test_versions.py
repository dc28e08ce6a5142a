"""Approvals of versions to come are never lost in silence, whatever Wagtail does to them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.models import F
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import Revision

from pages.lifecycle.versions import ApprovalsAtRisk
from tests import factories

COMING = datetime(2999, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[factories.charter_page, factories.person], ids=["page", "snippet"])
def subject(request):
    """Published, with an approved version to come and a newer draft."""
    subject = request.param()
    approved = subject.save_revision()
    Revision.objects.filter(pk=approved.pk).update(approved_go_live_at=COMING)
    subject.save_revision()
    return type(subject).objects.get(pk=subject.pk)


def approvals(subject) -> list[datetime]:
    approved = subject.revisions.filter(approved_go_live_at__isnull=False)
    return list(approved.values_list("approved_go_live_at", flat=True))


@pytest.mark.parametrize(
    "changes",
    [
        {"approved_go_live_at": COMING},
        {"approved_go_live_at": F("created_at")},
        {"approved_go_live_at": None, "object_str": ""},
    ],
    ids=["another moment", "an expression", "something else as well"],
)
def test_an_unknown_update_of_approvals_is_refused(subject, changes):
    with pytest.raises(ApprovalsAtRisk, match=r"docs/internals\.md"):
        subject.revisions.update(**changes)

    assert approvals(subject) == [COMING]


def test_bulk_update_of_approvals_is_refused(subject):
    versions = list(subject.revisions.all())
    for version in versions:
        version.approved_go_live_at = None

    with pytest.raises(ApprovalsAtRisk), transaction.atomic():
        subject.revisions.bulk_update(versions, ["approved_go_live_at"])

    assert approvals(subject) == [COMING]


def test_other_columns_are_updated_as_ever(subject):
    subject.revisions.update(object_str="Renamed")

    assert set(subject.revisions.values_list("object_str", flat=True)) == {"Renamed"}
    assert approvals(subject) == [COMING]


def test_publishing_leaves_what_is_to_come(subject):
    subject.get_latest_revision().publish()

    assert approvals(subject) == [COMING]


def test_publication_past_the_versions_of_the_object_is_undone(subject, monkeypatch):
    def publish_and_forget(action, revision, published, **kwargs):
        Revision.objects.filter(object_id=str(published.pk)).update(approved_go_live_at=None)

    monkeypatch.setattr(PublishRevisionAction, "_publish_revision", publish_and_forget)

    with pytest.raises(ApprovalsAtRisk), transaction.atomic():
        subject.get_latest_revision().publish()

    assert approvals(subject) == [COMING]
