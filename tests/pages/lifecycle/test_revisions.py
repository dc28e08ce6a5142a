"""Older versions of every type are compared and restored through the admin."""

import pytest
from wagtail.models import Page

from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission
from tests.factories import PAGE_FACTORIES, SNIPPET_FACTORIES

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

FACTORIES = {**PAGE_FACTORIES, **SNIPPET_FACTORIES}


def name_of(model):
    return model.__name__


def title_of(subject):
    return subject.title if isinstance(subject, Page) else subject.name


def titled(subject, title):
    return {"title" if isinstance(subject, Page) else "name": title}


@pytest.fixture(params=FACTORIES, ids=name_of)
def subject(request, staff, sign_in):
    """A published object with a newer draft, written through the admin."""
    subject = FACTORIES[request.param](
        **{("title" if issubclass(request.param, Page) else "name"): "First words"}
    )
    sign_in(staff).post(
        admin_url(subject, "edit"), submission(subject, **titled(subject, "Second words"))
    )
    return subject


@pytest.mark.parametrize("newer", ["draft", "live"])
def test_two_versions_are_compared(newer, subject, staff, sign_in):
    older, draft = subject.revisions.order_by("pk")
    versions = {"draft": (older.pk, draft.pk), "live": ("live", draft.pk)}[newer]

    response = sign_in(staff).get(admin_url(subject, "revisions_compare", *versions))

    assert response.status_code == 200
    words = response.content.decode()
    assert '<span class="deletion">First</span>' in words
    assert '<span class="addition">Second</span>' in words


def test_history_offers_to_restore_the_older_version(subject, staff, sign_in):
    older = subject.revisions.order_by("pk").first()

    history = sign_in(staff).get(admin_url(subject, "history")).content.decode()

    assert admin_url(subject, "revisions_revert", older.pk) in history


def test_older_version_is_shown_before_it_is_restored(subject, staff, sign_in):
    older = subject.revisions.order_by("pk").first()

    response = sign_in(staff).get(admin_url(subject, "revisions_revert", older.pk))

    assert response.status_code == 200
    assert "You are viewing a previous version" in response.content.decode()
    assert title_of(response.context["form"].instance) == "First words"


def test_older_version_is_restored_as_a_draft(subject, staff, sign_in):
    older = subject.revisions.order_by("pk").first()
    address = admin_url(subject, "revisions_revert", older.pk)

    response = sign_in(staff).post(address, submission(older.as_object()))

    assert response.status_code == 302
    subject = type(subject).objects.get(pk=subject.pk)
    assert subject.revisions.count() == 3
    assert title_of(subject.get_latest_revision_as_object()) == "First words"


def test_older_version_is_restored_and_published(subject, editor, sign_in):
    older, draft = subject.revisions.order_by("pk")
    draft.publish()
    address = admin_url(subject, "revisions_revert", older.pk)

    response = sign_in(editor).post(
        address, submission(older.as_object(), **{"action-publish": "action-publish"})
    )

    assert response.status_code == 302
    assert title_of(type(subject).objects.get(pk=subject.pk)) == "First words"


def test_restored_leaders_are_those_of_the_older_version(editor, sign_in):
    ada, ben = factories.person(name="Ada"), factories.person(name="Ben")
    page = factories.leadership_page(people=[ada, ben])
    older = page.latest_revision
    client = sign_in(editor)
    publish = {"action-publish": "action-publish"}
    swapped = {"leaders-0-person": ben.pk, "leaders-1-person": ada.pk}
    client.post(admin_url(page, "edit"), submission(page, **swapped, **publish))

    client.post(
        admin_url(page, "revisions_revert", older.pk), submission(older.as_object(), **publish)
    )

    leaders = type(page).objects.get(pk=page.pk).leaders.all()
    assert [leader.person for leader in leaders] == [ada, ben]
