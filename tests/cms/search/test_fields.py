"""Nothing that readers can read is forgotten by search, and nothing else is searched."""

import pytest
from django.db import models
from wagtail.fields import RichTextField, StreamField

from cms.search.documents import KINDS, fields_read, searched_models
from pages.base import BasePage, BaseSnippet

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
    searched = {field.field_name for field in fields_read(model)}

    assert searched - {"search_description"} == texts_told(model)


def test_each_kind_of_snippet_is_searched():
    assert {model for model in MODELS if issubclass(model, BaseSnippet)} == {
        model for model in KINDS if issubclass(model, BaseSnippet)
    }
