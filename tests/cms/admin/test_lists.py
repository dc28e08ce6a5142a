"""A list in the admin costs as many statements with many rows as with few."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.urls import NoReverseMatch, reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Comment, Page, Workflow

from pages import clock
from tests import factories
from tests.cms.admin.test_every_view import admin_views
from tests.conftest import check_number, signed_in, statements_of

FEW, MANY = 3, 9
# Lists of Wagtail's own that cost more for each row of theirs, and cannot be given another query.
EXCEPTED = {
    "wagtailadmin_api:documents:listing",
    "wagtailadmin_api:images:listing",
    "wagtailadmin_api:pages:listing",
}
NO_LISTS = {"wagtailadmin_logout", "wagtailadmin_sprite", "wagtailadmin_error_test"}


def one_more_of_each(number, staff, editor):
    factories.person()
    factories.organisation()
    factories.document(f"Document {number}")
    factories.image(f"Picture {number}")
    factories.user(f"user-{number}", group="Editors")
    Group.objects.create(name=f"Group {number}")
    Collection.get_first_root_node().add_child(name=f"Collection {number}")
    live = factories.article_page(owner=staff)
    Page.objects.filter(pk=live.pk).update(expire_at=clock.now() + timedelta(days=5))
    live.create_alias(update_slug=f"alias-{number}")
    Redirect.objects.create(old_path=f"/old/{number}", redirect_page=live)
    draft = factories.article_page(live=False, owner=staff)
    Comment.objects.create(page=draft, user=staff, text="Word", contentpath="title")
    waiting = factories.article_page(live=False, owner=staff)
    Workflow.objects.get().start(waiting, editor)
    locked = factories.article_page(live=False, owner=staff)
    locker = editor if number % 2 else staff
    Page.objects.filter(pk=locked.pk).update(locked=True, locked_by=locker, locked_at=clock.now())
    scheduled = factories.article_page(live=False).save_revision()
    scheduled.approved_go_live_at = clock.now() + timedelta(days=3, minutes=number)
    scheduled.save()
    factories.release([draft, factories.person()], name=f"Release {number}", by=editor)
    factories.preview_token(name=f"Token {number}", created_by=editor)
    factories.promoted_term(f"words {number}", live, draft)
    factories.search_in_vain(f"words {number}")


def addresses():
    """Of everything in the admin that is about no certain object, and of a page with many below."""
    parent = Page.objects.get(slug="articles")
    yield "explorer", reverse("wagtailadmin_explore", args=[parent.pk])
    for name, _ in admin_views():
        if name not in NO_LISTS | EXCEPTED:
            try:
                yield name, reverse(name)
            except NoReverseMatch:
                continue


def ask(client, address, answers):
    answers.append(client.get(address))


def what_runs(client, before=None):
    """Where it ran less before, the second time counts: the first makes the pictures of a list."""
    ran = {}
    for name, address in addresses():
        connection.queries_log.clear()  # It has a limit, and is for whoever asks next.
        answers: list[Any] = []
        first = statements_of(partial(ask, client, address, answers))
        if answers[0].status_code == 200:
            enough = before and name in before and len(first) <= len(before[name])
            ran[name] = first if enough else statements_of(partial(client.get, address))
    return ran


@pytest.fixture(scope="module")
def costs(undone):
    """What ran for each who asks: with few rows, and with many."""
    with undone():
        users = factories.user_of_each_role()
        clients = {who: signed_in(user) for who, user in users.items()}
        factories.pages_above()
        for number in range(FEW):
            one_more_of_each(number, users["staff"], users["editor"])
        few = {who: what_runs(client) for who, client in clients.items()}
        for number in range(FEW, MANY):
            one_more_of_each(number, users["staff"], users["editor"])
        many = {who: what_runs(client, few[who]) for who, client in clients.items()}
    return few, many


@pytest.mark.decided_in_python  # How many statements run, that is.
@pytest.mark.parametrize("who", ["staff", "editor", "administrator"])
def test_list_costs_the_same_however_much_is_in_it(db, who, costs):
    few, many = (each[who] for each in costs)

    assert len(few) > 60
    assert many.keys() == few.keys()
    for name, statements in many.items():
        # What an earlier address remembered makes one cheaper, and never dearer.
        check_number(min(len(statements), len(few[name])), statements)
