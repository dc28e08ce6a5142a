"""A version that cannot be read is said to be so, with how to go on."""

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.log_actions import registry as log_registry
from wagtail.models import Page, Revision

from tests import factories
from tests.cms.addresses import admin_url

pytestmark = pytest.mark.usefixtures("pages_above")

MAKERS = {"page": (factories.article_page, "body"), "snippet": (factories.person, "job_title")}


def spoil(subject, name):
    """A version of its own, which is no more what it was."""
    revision = type(subject).objects.get(pk=subject.pk).save_revision(clean=False)
    content = {**revision.content, name: {"not": "what it should be"}, "go_live_at": "never"}
    Revision.objects.filter(pk=revision.pk).update(content=content)
    return revision


@pytest.fixture(params=MAKERS)
def spoilt(request, db):
    """Its newest version is no more what it was."""
    make, name = MAKERS[request.param]
    subject = make()
    spoil(subject, name)
    return subject


@pytest.fixture
def window(editor, sign_in):
    made = sign_in(editor)
    made.raise_request_exception = False
    return made


def newest(subject):
    return type(subject).objects.get(pk=subject.pk).latest_revision_id


def lock(subject, by):
    subject = type(subject).objects.get(pk=subject.pk)
    subject.locked, subject.locked_by, subject.locked_at = True, by, timezone.now()
    subject.save(update_fields=["locked", "locked_by", "locked_at"])


@pytest.mark.parametrize("view", ["edit", "revisions_revert", "revisions_compare"])
def test_screen_says_that_it_cannot_be_read_and_where_to_go(view, spoilt, window):
    key = newest(spoilt)
    arguments = {"edit": (), "revisions_revert": (key,), "revisions_compare": ("live", key)}[view]

    answer = window.get(admin_url(spoilt, view, *arguments))

    said = answer.content.decode()
    assert answer.status_code == 409
    assert "This version cannot be opened" in said
    assert admin_url(spoilt, "history") in said
    assert reverse("begin_again", args=(newest(spoilt),)) in said


def test_who_may_not_edit_it_is_told_nothing_of_it(spoilt, sign_in):
    stranger = factories.user("stranger")
    stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))
    window = sign_in(stranger)
    window.raise_request_exception = False

    answer = window.get(admin_url(spoilt, "edit"), follow=True)

    assert str(spoilt) not in answer.content.decode()
    assert "This version cannot be opened" not in answer.content.decode()


def test_version_that_is_not_there_is_not_taken_for_one_that_cannot_be_read(window):
    page = factories.article_page()
    spoil(page, "body")

    assert window.get(admin_url(page, "revisions_revert", 9999999)).status_code == 404


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


@pytest.mark.parametrize("live", [True, False])
def test_history_and_a_sentence_tell_that_it_was_begun_again(live, window, editor):
    page = factories.article_page(live=live)
    revision = spoil(page, "body")

    said = window.post(reverse("begin_again", args=(revision.pk,)), follow=True).content.decode()

    assert f"is again what is {'published' if live else 'stored'}." in said
    log = log_registry.get_logs_for_instance(page)
    assert ("wagtail.edit", editor) in [(each.action, each.user) for each in log]


def test_what_no_form_would_have_taken_is_begun_again_from_too(window):
    page = factories.deliverable_page(live=False)
    type(page).objects.update(document=factories.document())  # Beside its link.
    revision = spoil(page, "date")

    window.post(reverse("begin_again", args=(revision.pk,)))

    assert newest(page) != revision.pk


def test_it_is_begun_again_once(spoilt, window):
    unreadable = newest(spoilt)
    window.post(reverse("begin_again", args=(unreadable,)))
    begun = newest(spoilt)

    window.post(reverse("begin_again", args=(unreadable,)))

    assert newest(spoilt) == begun


def test_nobody_begins_again_what_another_has_locked(spoilt, window, staff):
    unreadable = newest(spoilt)
    lock(spoilt, staff)

    said = window.get(admin_url(spoilt, "edit")).content.decode()
    window.post(reverse("begin_again", args=(unreadable,)))

    assert "This version cannot be opened" in said
    assert admin_url(spoilt, "history") in said
    assert "Begin again" not in said
    assert newest(spoilt) == unreadable


def test_version_whose_object_is_gone_is_not_begun_again_from(window):
    revision = spoil(factories.article_page(), "body")
    Revision.objects.filter(pk=revision.pk).update(object_id="9999999")

    response = window.post(reverse("begin_again", args=(revision.pk,)))

    assert response.status_code == 302
    assert response.url == reverse("wagtailadmin_home")


def test_older_version_that_cannot_be_read_leaves_the_newest_as_it_is(window):
    page = factories.article_page()
    older = spoil(page, "body")
    page.save_revision()

    said = window.get(admin_url(page, "revisions_revert", older.pk)).content.decode()

    assert "A version of this article, written on" in said
    assert "Begin again" not in said


def page_with_gap():
    page = factories.deliverable_page()
    page.date = None
    page.save_revision(clean=False)
    return page


def page_with_the_number_of_an_old_version():
    page = factories.article_page()
    older = spoil(page, "body")
    page.save_revision()
    Revision.objects.filter(pk=page.pk).delete()
    Revision.objects.filter(pk=older.pk).update(id=page.pk)
    return page


@pytest.mark.parametrize(
    ("make", "view"),
    [
        (page_with_gap, "wagtailadmin_pages:edit"),
        (page_with_the_number_of_an_old_version, "wagtailadmin_pages:edit"),
        (lambda: Page(pk=9999999), "wagtailadmin_pages:edit"),
        (factories.image, "wagtailimages:edit"),
    ],
    ids=["incomplete page", "page with the number of an old version", "no page", "picture"],
)
def test_mistake_of_ours_is_not_taken_for_a_version_that_cannot_be_read(
    make, view, editor, sign_in, monkeypatch, db
):
    def fail(*arguments, **named) -> HttpResponse:
        raise RuntimeError("A mistake of ours")

    subject = make()
    for name in ("pages.edit.EditView", "generic.base.WagtailAdminTemplateMixin"):
        monkeypatch.setattr(f"wagtail.admin.views.{name}.dispatch", fail, raising=False)

    with pytest.raises(RuntimeError, match="A mistake of ours"):
        sign_in(editor).get(reverse(view, args=(subject.pk,)))


def test_reader_of_a_file_with_the_number_of_a_page_is_told_nothing_of_that(client, db):
    page = factories.article_page()
    spoil(page, "body")
    document = factories.document(pk=page.pk)

    def fail(document, request):
        raise RuntimeError("A mistake of ours")

    with (
        hooks.register_temporarily("before_serve_document", fail),
        pytest.raises(RuntimeError, match="A mistake of ours"),
    ):
        client.get(document.url)
