"""What a scheduled page refers to is known once it is published, and worked out once."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail import blocks
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import ReferenceIndex, Revision

from pages import clock
from pages.block_references import references_in_block
from pages.models import ArticleAuthor
from tests import factories


def references():
    return set(
        ReferenceIndex.objects.values_list(
            "object_id", "to_object_id", "model_path", "content_path"
        )
    )


def make_due(page):
    revision = page.save_revision()
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=clock.now())


def article_by_two():
    page = factories.article_page(slug="one")
    page.authors = [ArticleAuthor(person=factories.person(name=name)) for name in ("Ada", "Ben")]
    return page


def test_page_and_its_aliases_refer_to_what_the_revision_does(db):
    page = article_by_two()
    CreatePageAliasAction(page, parent=page.get_parent(), update_slug="alias").execute()
    make_due(page)

    call_command("run_scheduler", once=True)

    found = references()
    authors = {str(author.person_id) for author in page.authors.all()}
    assert {(key, to) for key, to, path, _ in found if path == "authors.item.person"} == {
        (str(each.pk), author) for each in (page, page.aliases.get()) for author in authors
    }
    ReferenceIndex.objects.all().delete()
    call_command("rebuild_references_index", verbosity=0)
    assert references() == found


def test_references_are_worked_out_once(db):
    make_due(article_by_two())

    with CaptureQueriesContext(connection) as ran:
        call_command("run_scheduler", once=True)

    asked = [
        query["sql"]
        for query in ran
        # PostgreSQL puts in the values of kept statements itself: of those the text is not known.
        if query["sql"] and re.match(r'SELECT .* FROM "wagtailcore_referenceindex"', query["sql"])
    ]
    assert len(asked) == 1


def test_a_kind_of_block_that_is_not_known_is_an_error_and_not_a_text_without_references():
    class Odd(blocks.Block):
        """Neither a field nor made of others."""

    with pytest.raises(TypeError, match="look for references in a Odd"):
        list(references_in_block(Odd(), "value"))
