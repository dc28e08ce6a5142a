"""A form that a lock refuses comes again as it was filled in, with the sentence above it."""

import pytest
from django.utils import timezone

from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission

pytestmark = pytest.mark.usefixtures("pages_above")

BY_ITSELF = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}


def locked(subject, staff, editor):
    subject.locked, subject.locked_by, subject.locked_at = True, editor, timezone.now()
    subject.save()
    return "locked"


def submitted(subject, staff, editor):
    subject.save_revision(user=staff)
    subject.get_workflow().start(subject, staff)
    return "locked"


@pytest.mark.parametrize("by_itself", [False, True])
@pytest.mark.parametrize("refuse", [locked, submitted])
@pytest.mark.parametrize("make", [factories.article_page, factories.person, factories.organisation])
def test_what_was_typed_before_it_was_locked_stays_in_the_form(
    make, refuse, by_itself, staff, editor, sign_in
):
    subject = make()
    name = "name" if hasattr(subject, "name") else "title"
    sent = submission(subject, **{name: "Typed before it was locked"})
    said = refuse(subject, staff, editor)
    versions = subject.revisions.count()

    headers = BY_ITSELF if by_itself else {}
    response = sign_in(staff).post(admin_url(subject, "edit"), sent, headers=headers)

    shown = response.content.decode()
    assert said in shown
    if by_itself:
        assert response.json()["success"] is False
    else:
        assert "Typed before it was locked" in shown
        assert "could not be saved as it is locked" in shown
    assert subject.revisions.count() == versions
