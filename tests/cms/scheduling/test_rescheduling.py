"""What is moved is looked at again under its lock, whatever the screen has found before it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from wagtail.models import Page

from cms.scheduling.rescheduling import CannotMove, move_expiry, move_go_live
from pages.models import ArticlePage, Person
from tests import factories

NINE = datetime(2099, 6, 12, 9, tzinfo=UTC)
MOVE = {"old": NINE, "new": NINE + timedelta(days=1)}


def test_version_that_has_just_been_deleted_has_changed(editor):
    with pytest.raises(CannotMove, match="This has changed meanwhile"):
        move_go_live(7_999_999, user=editor, **MOVE)


def test_object_that_has_just_been_deleted_has_changed(editor):
    article = ContentType.objects.get_for_model(ArticlePage)

    with pytest.raises(CannotMove, match="This has changed meanwhile"):
        move_expiry(article, "7999999", user=editor, **MOVE)


def test_who_may_not_publish_it_any_more_moves_nothing(staff):
    page = factories.article_page(live=False)
    page.go_live_at = NINE
    page.save_revision(approved_go_live_at=NINE)

    with pytest.raises(PermissionDenied):
        move_go_live(page.latest_revision_id, user=staff, **MOVE)

    assert page.revisions.filter(approved_go_live_at=NINE).exists()


def test_pages_that_mirror_one_with_the_key_of_who_is_moved_stay(editor):
    page = factories.article_page()
    alias = page.create_alias(parent=page.get_parent(), update_slug="alias")
    Page.objects.filter(pk=alias.pk).update(expire_at=NINE)
    person = factories.person(pk=page.pk)
    Person.objects.update(expire_at=NINE)

    move_expiry(ContentType.objects.get_for_model(Person), str(person.pk), user=editor, **MOVE)

    assert Person.objects.get().expire_at == MOVE["new"]
    assert Page.objects.get(pk=alias.pk).expire_at == NINE
