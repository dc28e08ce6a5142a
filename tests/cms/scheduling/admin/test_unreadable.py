"""A version that cannot be read is said to be so, with how to go on."""

import pytest
from django.urls import reverse
from wagtail.models import Revision

from tests import factories
from tests.cms.addresses import admin_url

MAKERS = {"page": (factories.article_page, "body"), "snippet": (factories.person, "job_title")}


@pytest.fixture(params=MAKERS)
def spoilt(request, db):
    """Its newest version is no more what it was."""
    make, name = MAKERS[request.param]
    subject = make()
    revision = type(subject).objects.get(pk=subject.pk).save_revision()
    content = {**revision.content, name: {"not": "what it should be"}, "go_live_at": "never"}
    Revision.objects.filter(pk=revision.pk).update(content=content)
    return subject


@pytest.fixture
def window(editor, sign_in):
    made = sign_in(editor)
    made.raise_request_exception = False
    return made


def newest(subject):
    return type(subject).objects.get(pk=subject.pk).latest_revision_id


@pytest.mark.parametrize("view", ["edit", "revisions_revert"])
def test_screen_says_that_it_cannot_be_read_and_where_to_go(view, spoilt, window):
    arguments = () if view == "edit" else (newest(spoilt),)

    answer = window.get(admin_url(spoilt, view, *arguments))

    said = answer.content.decode()
    assert answer.status_code == 409
    assert "This version cannot be opened" in said
    assert admin_url(spoilt, "history") in said
    assert reverse("begin_again", args=(newest(spoilt),)) in said


def test_editor_begins_again_from_what_is_published(spoilt, window):
    unreadable = newest(spoilt)

    window.post(reverse("begin_again", args=(unreadable,)))

    assert window.get(admin_url(spoilt, "edit")).status_code == 200
    assert newest(spoilt) != unreadable
    assert Revision.objects.filter(pk=unreadable).exists()


def test_nobody_without_the_right_begins_again(spoilt, sign_in):
    unreadable = newest(spoilt)
    stranger = sign_in(factories.user("stranger"))

    stranger.post(reverse("begin_again", args=(unreadable,)))

    assert newest(spoilt) == unreadable
