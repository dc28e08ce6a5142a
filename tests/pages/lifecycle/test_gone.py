"""What only a revision refers to may be deleted: the revision can be read all the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import ForeignKey
from modelcluster.models import get_all_child_relations
from taggit.models import Tag
from wagtail.models import Page, Revision

from media.models import Document, Image
from pages.models import ArticleAuthor, ArticlePage, Organisation, Person
from tests import factories
from tests.cms.addresses import admin_url
from tests.factories import PAGE_FACTORIES, SNIPPET_FACTORIES
from tests.filling import Filling, is_ours

pytestmark = pytest.mark.decided_in_python

LISTS = "{ articles { nodes { id } } people { nodes { id } } organisations { nodes { id } } }"
FACTORIES = PAGE_FACTORIES | SNIPPET_FACTORIES


@pytest.fixture
def browser(sign_in, db):
    return sign_in(factories.user("root", is_superuser=True))


def refers_in_its_newest_version(made: Any) -> list[Any]:
    """Everything it can refer to is named in its newest version, and in nothing else."""
    targets: dict[Any, list] = {
        Page: [factories.form_page(title="Target", slug="target")],
        Image: [factories.image()],
        Document: [factories.document()],
        Organisation: [factories.organisation(name="Target organisation")],
        Person: [factories.person(name="Target person")],
        Tag: [Tag.objects.create(name="target")],
    }
    model, before = type(made), type(made)._default_manager.get(pk=made.pk)
    Filling("Words", targets).fill(made)
    model._default_manager.get(pk=made.pk).save_revision(clean=False)
    for relation in get_all_child_relations(model):
        if is_ours(relation.related_model):
            relation.related_model.objects.filter(**{relation.field.name: made.pk}).delete()
    references = {
        field.attname: getattr(before, field.attname)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and is_ours(field.model) and field.null
    }
    model._default_manager.filter(pk=made.pk).update(**references)
    return [target for found in targets.values() for target in found]


@pytest.mark.filterwarnings("ignore::bs4.MarkupResemblesLocatorWarning")  # of a URL
@pytest.mark.parametrize("model", FACTORIES)
def test_every_screen_shows_a_version_whatever_has_been_deleted_since(browser, client, model):
    made = FACTORIES[model]()
    first = made.latest_revision_id
    for target in refers_in_its_newest_version(made):
        target.delete()
    newest = model._default_manager.get(pk=made.pk).latest_revision_id
    token = factories.preview_token()
    bearer = {"authorization": f"Bearer {token}"}

    screens = {
        "edit": admin_url(made, "edit"),
        "history": admin_url(made, "history"),
        "view": admin_url(made, "revisions_view", newest),
        "compare": admin_url(made, "revisions_compare", first, newest),
        "compare with live": admin_url(made, "revisions_compare", "live", newest),
        "revert": admin_url(made, "revisions_revert", newest),
        "back to the first": admin_url(made, "revisions_revert", first),
        "preview": admin_url(made, "preview_on_edit"),
    }
    answers = {name: browser.get(address).status_code for name, address in screens.items()}
    asked = client.post(
        "/graphql", {"query": LISTS}, content_type="application/json", headers=bearer
    )

    assert set(answers.values()) == {200}, answers
    assert "errors" not in asked.json()


def test_editor_reads_what_is_gone_and_saves_it_without(browser):
    author, other = factories.person(name="Ada"), factories.person(name="Bo")
    page = factories.article_page(authors=[ArticleAuthor(person=other)])
    page.authors = [ArticleAuthor(person=other), ArticleAuthor(person=author)]
    page.save_revision()
    author.delete()

    text = browser.get(admin_url(page, "edit")).content.decode()

    assert "has been deleted since, and is left out here: person 2." in text
    assert [each.person for each in page.get_latest_revision_as_object().authors.all()] == [other]


def test_scheduled_version_goes_live_without_what_is_gone(browser, clock):
    clock.set("2099-06-02T09:00:00+00:00")
    author = factories.person(name="Ada")
    page = factories.article_page(title="Before")
    page.title, page.authors = "After", [ArticleAuthor(person=author)]
    revision = page.save_revision()
    author.delete()  # What goes live soon would keep it.
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=clock.moment)

    call_command("run_scheduler", once=True)

    page = ArticlePage.objects.get(pk=page.pk)
    assert (page.title, page.authors.count()) == ("After", 0)
