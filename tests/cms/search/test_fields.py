"""Nothing that readers can read is forgotten by search, and nothing else is searched."""

import pytest
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField, StreamField

from cms.search.documents import KINDS, fields_read, searched_models
from pages.base import BasePage, BaseSnippet
from pages.search import RowsField

MODELS = [model for model in searched_models() if issubclass(model, BasePage | BaseSnippet)]
# Beside a title or a name, which are searched; and addresses, which nobody reads.
NO_TEXTS = models.SlugField | models.URLField | models.EmailField
# Units and buttons say nothing of what a page is about, nor does what it leads to; and neither a
# form's thanks nor what one agrees to are for who looks for it.
NOT_SEARCHED = {
    "consent_text",
    "efficiency_scale",
    "efficiency_unit",
    "join_link_text",
    "related_content",
    "thank_you_text",
}


# Rows that only name people, who are found by themselves; and tags, which are searched as such.
ROWS_NOT_SEARCHED = {
    "pages.ArticleAuthor",
    "pages.ArticleTag",
    "pages.DeliverableAuthor",
    "pages.DeliverableTag",
    "pages.Leader",
}
# The key of a question, and what it offers and fills in: nobody looks for a form by them.
NOT_SEARCHED_OF_ROWS = {"choices", "clean_name", "default_value"} | NOT_SEARCHED


def texts_told(model):
    """The columns with words of their own that the schema tells."""
    told = {each.field_source for each in model.graphql_fields}
    return {
        field.name
        for field in model._meta.concrete_fields
        if field.name in told - {"title", "name"} - NOT_SEARCHED
        and isinstance(field, models.CharField | models.TextField | RichTextField | StreamField)
        and not isinstance(field, NO_TEXTS)
        and not field.choices
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_each_text_that_the_schema_tells_is_searched_and_no_other(model):
    searched = {
        field.field_name for field in fields_read(model) if not isinstance(field, RowsField)
    }

    assert searched - {"search_description"} == texts_told(model)


def test_each_kind_of_snippet_is_searched():
    assert {model for model in MODELS if issubclass(model, BaseSnippet)} == {
        model for model in KINDS if issubclass(model, BaseSnippet)
    }


ROWS = [
    (model, relation)
    for model in MODELS
    for relation in model._meta.related_objects
    if isinstance(relation.field, ParentalKey) and relation.field.model._meta.app_label == "pages"
]


def name_of(each):
    return each.__name__ if isinstance(each, type) else each.name


@pytest.mark.parametrize(("model", "relation"), ROWS, ids=name_of)
def test_each_text_of_rows_is_searched_unless_they_are_said_not_to_be(model, relation):
    rows = relation.related_model
    searched = {
        column
        for field in fields_read(model)
        if isinstance(field, RowsField) and field.field_name == relation.name
        for column in field.columns
    }

    told = set() if rows._meta.label in ROWS_NOT_SEARCHED else texts_told(rows)

    assert searched == told - NOT_SEARCHED_OF_ROWS
