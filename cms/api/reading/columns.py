"""Which columns of a list's items are not worth loading, since nobody asked for them."""

from __future__ import annotations

from functools import cache
from typing import Any

from graphene.utils.str_converters import to_camel_case
from graphql import GraphQLResolveInfo
from wagtail.fields import RichTextField, StreamField

from cms.api.engine.selections import names_within

__all__ = ["unread_columns"]


def unread_columns(model: Any, info: GraphQLResolveInfo) -> frozenset[str]:
    """The columns with long texts of a list's items that nothing beneath a field asks for.

    Many items with their whole text cost many times what they cost without it.
    """
    texts = long_texts(model)
    if not texts:
        return frozenset()
    asked = set(names_within(info.field_nodes, info.fragments, set()))
    if "jsonLd" in asked:
        return frozenset()  # What a page is about may be told from all that it says.
    described_by = getattr(model, "described_by", "")
    if "seo" in asked and described_by:
        asked.add(to_camel_case(described_by))
    return frozenset(column for name, column in texts.items() if name not in asked)


@cache
def long_texts(model: Any) -> dict[str, str]:
    """The columns with long texts that exactly one field of the schema is resolved from."""
    columns = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, RichTextField | StreamField)
    }
    return {
        to_camel_case(declared.field_name): declared.field_source
        for declared in getattr(model, "graphql_fields", [])
        if declared.field_source in columns and declared.resolve is None
    }
