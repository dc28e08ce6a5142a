"""All that the fields of an object say. A comparison says of blocks and rows what has changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from wagtail import blocks
from wagtail.admin import compare
from wagtail.admin.panels import get_edit_handler
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from pages.lifecycle.comparing import is_struct
from pages.rich_text.html import to_html
from pages.rich_text.parsing import parse

__all__ = ["comparisons", "has_parts", "whole_text"]

# How comparisons say what is empty, or a box to tick.
NO_TEXT = {"", "None", "True", "False"}
UNDER_ITS_LABEL = "<dt>{}</dt><dd>{}</dd>"
BLOCK = "<div class='comparison__child-object'><strong>{}</strong>{}</div>"
ITEM = "<div class='comparison__child-object'>{}</div>"
ROW = "<dl class='comparison__list'>{}</dl>"
# Beneath the label of a field, which is a heading of the third level.
FIRST_HEADING = 4


def comparisons(request: Any, before: Any, after: Any) -> list[Any]:
    """Of the fields in the order of their form."""
    model = type(after)
    handler = model.get_edit_handler() if issubclass(model, Page) else get_edit_handler(model)
    bound = handler.get_bound_panel(instance=after, request=request, form=None)
    return [comparison(before, after) for comparison in bound.get_comparison()]


def has_parts(comparison: Any) -> bool:
    """Then it says of those that have changed alone."""
    return comparison.is_child_relation or isinstance(comparison.field, StreamField)


def whole_text(comparison: Any) -> SafeString:
    """Of the later of what it compares; empty where there is nothing to read, and to translate."""
    if comparison.is_child_relation:
        rows = comparison.val_b.all()
        return format_html_join("", ROW, some(text_of_row(comparison, row) for row in rows))
    if isinstance(comparison.field, StreamField):
        return text_of_block(comparison.field.stream_block, comparison.val_b)
    if isinstance(comparison.field, RichTextField):
        return formatted(comparison.val_b or "")
    same = comparison.htmldiff()
    return SafeString() if str(same).strip() in NO_TEXT else same


def text_of_row(comparison: Any, row: Any) -> SafeString:
    same = comparison.get_child_comparison(row, row)
    fields = compare.ChildObjectComparison.get_field_comparisons(same)
    return labelled((each.field_label(), whole_text(each)) for each in fields)


def text_of_block(block: blocks.Block, value: Any) -> SafeString:
    if value is None:
        return SafeString()
    if isinstance(block, blocks.StreamBlock):
        parts = ((child.block.label, text_of_block(child.block, child.value)) for child in value)
        return format_html_join("", BLOCK, (part for part in parts if part[1]))
    if isinstance(block, blocks.ListBlock):
        items = (text_of_block(child.block, child.value) for child in value.bound_blocks)
        return format_html_join("", ITEM, some(items))
    if is_struct(block):
        children = block.child_blocks.items()
        said = ((child.label, text_of_block(child, value.get(name))) for name, child in children)
        return format_html_join("", ROW, some([labelled(said)]))
    if isinstance(block, blocks.RichTextBlock):
        return formatted(value.source)
    shown = compare.get_comparison_class_for_block(block)(block, True, True, value, value)
    said = shown.htmlvalue(value)
    return SafeString() if str(said).strip() in NO_TEXT else said


def labelled(fields: Iterable[tuple[Any, SafeString]]) -> SafeString:
    return format_html_join("", UNDER_ITS_LABEL, ((label, text) for label, text in fields if text))


def some(texts: Iterable[SafeString]) -> Iterable[tuple[SafeString]]:
    return ((text,) for text in texts if text)


def formatted(source: str) -> SafeString:
    """With its headings and lists. Its links lead nowhere: whoever reads here is not to follow."""
    text = to_html(parse(source), lambda link: None, FIRST_HEADING)
    return mark_safe(text)  # noqa: S308 - written from what the allowlist let through
