"""What ``loaddata`` reads is shown as it is in the file, and told to those who follow changes."""

import json

import pytest
from django.core.management import call_command
from wagtail.models import (
    BaseViewRestriction,
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
)

from cms.outbox.models import ContentEvent
from pages.models import ArticleAuthor
from tests import factories
from tests.dumped_rows import in_order

CHANGES = "query C($since: String) { changes(since: $since) { cursor nodes { path kind } } }"
STATEMENT = "{ charter { statement { html } } }"


@pytest.fixture
def load(tmp_path):
    def load(*objects: dict) -> None:
        file = tmp_path / "content.json"
        file.write_text(json.dumps(objects))
        call_command("loaddata", file, verbosity=0)

    return load


@pytest.fixture
def dumped(tmp_path):
    def dumped(*models: str, **options) -> list[dict]:
        file = tmp_path / "dumped.json"
        call_command("dumpdata", *models, output=str(file), verbosity=0, **options)
        # Less than a millisecond is dumped as none, and none as nothing.
        return in_order(file.read_text().replace(".000Z", "Z"))

    return dumped


def test_a_page_that_is_loaded_is_shown_and_told(db, ask, dumped, load):
    factories.charter_page(statement="<p>Before</p>")
    cursor = ask(CHANGES)["changes"]["cursor"]
    [row] = dumped("pages.charterpage")
    row["fields"]["statement"] = "<p>After</p>"

    load(row)

    assert "After" in json.dumps(ask(STATEMENT))
    assert ask(CHANGES, since=cursor)["changes"]["nodes"] == [
        {"path": "/charter/", "kind": "UPDATED"}
    ]


def test_name_that_is_loaded_is_found_once_the_index_is_written_anew(db, dumped, load):
    person = factories.person(name="Ada Ventura")
    page = factories.article_page(title="Written by her")
    page.authors.add(ArticleAuthor(person=person))
    page.save_revision().publish()
    [row] = dumped("pages.person")
    row["fields"]["name"] = "Ada Castell"

    load(row)
    assert [*Page.objects.search("Castell")] == []

    call_command("update_index", verbosity=0)
    assert [found.title for found in Page.objects.search("Castell")] == ["Written by her"]


def test_all_content_is_loaded_over_itself(db, ask, dumped, load):
    call_command("load_starter_content", verbosity=0)
    article = factories.article_page()
    article.create_alias(parent=article.get_parent(), update_slug="alias")
    login = {"restriction_type": BaseViewRestriction.LOGIN}
    PageViewRestriction.objects.create(page=article, **login)
    CollectionViewRestriction.objects.create(
        collection=Collection.get_first_root_node().add_child(name="Private"), **login
    )
    before = dumped(exclude=["outbox"])

    load(*reversed(before))

    after = dumped(exclude=["outbox"])
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == []


def test_a_private_page_is_not_public_while_it_is_loaded(db, dumped, load):
    """The file may have the restriction before the page, and the page before its type's row."""
    article = factories.article_page(slug="private")
    PageViewRestriction.objects.create(page=article, restriction_type=BaseViewRestriction.LOGIN)
    models = ["wagtailcore.pageviewrestriction", "wagtailcore.page", "pages.articlepage"]
    rows = [row for model in models for row in dumped(model)]
    for row in rows:
        row["fields"] = {
            name: value for name, value in row["fields"].items() if "revision" not in name
        }
    article.delete()
    ContentEvent.objects.all().delete()

    load(*rows)

    assert not ContentEvent.objects.filter(object_id=str(article.pk), is_public=True).exists()
    assert ContentEvent.objects.filter(is_public=True).exists()
