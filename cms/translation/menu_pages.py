"""The pages that links of a setting name, in another language."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from wagtail.fields import StreamField
from wagtail.models import Locale, Page

__all__ = ["with_pages_in"]

Link = dict[str, Any]


def with_pages_in(locale: Locale, translation: Any) -> None:
    """Lead links to what is translated, in the place of the originals."""
    for field in translation._meta.concrete_fields:
        if isinstance(field, StreamField):
            items = deepcopy(list(getattr(translation, field.name).raw_data))
            keys = {link["page"] for link in links_in(items) if link.get("page")}
            into = translations(keys, locale)
            for link in links_in(items):
                link["page"] = into.get(link["page"], link["page"]) if link.get("page") else None
            setattr(translation, field.name, field.stream_block.to_python(items))


def links_in(items: list[dict[str, Any]]) -> Iterator[Link]:
    for item in items:
        yield item["value"]
        children = item["value"].get("children") or []
        yield from (child["value"] for child in children if "value" in child)


def translations(keys: set[int], locale: Locale) -> dict[int, int]:
    originals = Page._base_manager.filter(pk__in=keys).values_list("translation_key", "pk")
    own = dict(originals)
    found = Page._base_manager.filter(translation_key__in=own, locale=locale)
    return {own[key]: pk for key, pk in found.values_list("translation_key", "pk")}
