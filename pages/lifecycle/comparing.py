"""How two versions of an object are compared: by what an editor changed in them, and nothing else.

Wagtail compares what is stored, which is written in another way whenever it is saved unchanged, and
shows all blocks and rows of a field in which one has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from taggit.managers import TaggableManager
from wagtail import blocks
from wagtail.admin import compare
from wagtail.fields import RichTextField, StreamField

from pages.lifecycle.merging import alike
from pages.rich_text.parsing import parse

__all__ = ["RowsComparison", "is_struct", "register_comparisons"]

ORDER_HAS_CHANGED = "The order has changed."
UNDER_ITS_LABEL = "<dl class='comparison__list'><dt>{}</dt><dd>{}</dd></dl>"
ONE_OF_SEVERAL = "<div class='comparison__child-object {}'>{}</div>"


def register_comparisons() -> None:
    for field, comparison in (
        (RichTextField, RichTextComparison),
        (StreamField, BlocksComparison),
        (TaggableManager, TagsComparison),
    ):
        compare.register_comparison_class(field, comparison_class=comparison)


def with_note_if_same(shown: SafeString) -> SafeString:
    """Of a text that has changed: it may read as before, and lead elsewhere."""
    if 'class="addition"' in shown or 'class="deletion"' in shown:
        return shown
    return format_html("{} <em>(Only links or formatting have changed.)</em>", shown)


class RichTextComparison(compare.RichTextFieldComparison):
    def has_changed(self) -> bool:
        return not alike(self.val_a or "", self.val_b or "")

    def htmldiff(self) -> SafeString:
        return text_changes(self.val_a or "", self.val_b or "")


def text_changes(before: str, after: str) -> SafeString:
    """Wagtail's lets the end of a paragraph run into the next one."""
    shown = compare.diff_text(parse(before).text, parse(after).text).to_html()
    return with_note_if_same(linebreaksbr(shown))


class TagsComparison(compare.TagsFieldComparison):
    def get_items(self):
        """In no order of their own."""
        return tuple(sorted(values, key=str) for values in (self.val_a, self.val_b))


# Blocks


class BlocksComparison(compare.StreamFieldComparison):
    def has_changed(self) -> bool:
        return differ(self.field.stream_block, self.val_a, self.val_b)

    def htmldiff(self) -> SafeString:
        return block_changes(self.field.stream_block, self.val_a, self.val_b)


def differ(block: blocks.Block, before: Any, after: Any) -> bool:
    return not alike(*(stored(block, value) for value in (before, after)))


def stored(block: blocks.Block, value: Any) -> Any:
    """In one form, however it was written: a stream keeps what it has not read as it was."""
    if isinstance(block, blocks.StreamBlock):
        return [
            {"type": child.block_type, "value": stored(child.block, child.value)} for child in value
        ]
    if isinstance(block, blocks.ListBlock):
        return [stored(block.child_block, child) for child in value]
    if is_struct(block):
        return {name: stored(child, value.get(name)) for name, child in block.child_blocks.items()}
    # What was left empty is stored as a form says it, or not at all.
    return block.get_prep_value(value) or None


def is_struct(block: blocks.Block) -> bool:
    """A picture with its alternative text is made of blocks, but is one value."""
    return isinstance(block, blocks.StructBlock) and not hasattr(block, "get_comparison_class")


def block_changes(block: blocks.Block, before: Any, after: Any) -> SafeString:
    if isinstance(block, blocks.StreamBlock):
        return items_changes(list(before), list(after))
    if isinstance(block, blocks.ListBlock):
        return items_changes(list(before.bound_blocks), list(after.bound_blocks))
    if is_struct(block):
        changed = (
            (child.label, block_changes(child, before.get(name), after.get(name)))
            for name, child in block.child_blocks.items()
            if differ(child, before.get(name), after.get(name))
        )
        return format_html_join("", UNDER_ITS_LABEL, changed)
    if isinstance(block, blocks.RichTextBlock):
        return text_changes(*(value.source if value else "" for value in (before, after)))
    shown = compare.get_comparison_class_for_block(block)(block, True, True, before, after)
    return with_note_if_same(shown.htmldiff())


def items_changes(before: list[Any], after: list[Any]) -> SafeString:
    """Of blocks one beneath another: those that changed, were added or taken out."""
    old, new = under_their_keys(before, after)
    common = [[key for key in keys if key in old and key in new] for keys in (old, new)]
    changes = [*changed_items(old, new)]
    if common[0] != common[1]:
        changes.append(("", ORDER_HAS_CHANGED))
    return format_html_join("\n", ONE_OF_SEVERAL, changes)


def changed_items(old: dict[Any, Any], new: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    for key, item in new.items():
        if key not in old:
            yield "addition", whole(item)
        elif differ(item.block, old[key].value, item.value):
            changes = block_changes(item.block, old[key].value, item.value)
            yield "", format_html("<strong>{}</strong> {}", item.block.label, changes)
    for key, item in old.items():
        if key not in new:
            yield "deletion", whole(item)


def whole(item: Any) -> SafeString:
    shown = compare.get_comparison_class_for_block(item.block)
    return shown(item.block, True, True, item.value, item.value).htmlvalue(item.value)


def under_their_keys(*versions: Sequence[Any]) -> list[dict[Any, Any]]:
    """By their own keys, which what was imported may lack: then by their places."""
    before, after = ({(item.block.name, item.id): item for item in items} for items in versions)
    if before.keys() & after.keys() or not before or not after:
        return [before, after]
    return [
        {(item.block.name, place): item for place, item in enumerate(items)} for items in versions
    ]


# Rows


class RowsComparison(compare.ChildRelationComparison):
    """Rows that changed, were added, taken out or moved past another that stays."""

    def get_child_comparisons(self) -> list[RowComparison]:
        return [row for row in self.rows() if row.has_changed()]

    def has_changed(self) -> bool:
        return bool(self.get_child_comparisons())

    def get_child_comparison(self, obj_a, obj_b) -> RowComparison:
        return RowComparison(self.field.related_model, self.field_comparisons, obj_a, obj_b)

    def rows(self) -> list[RowComparison]:
        rows = super().get_child_comparisons()
        stay = [row for row in rows if row.obj_a and row.obj_b]
        before = list(self.val_a.all())
        were = sorted(stay, key=lambda row: before.index(row.obj_a))
        for place, row in enumerate(stay):
            row.moved = place - were.index(row)
        return rows


class RowComparison(compare.ChildObjectComparison):
    moved = 0

    def get_position_change(self) -> int:
        return self.moved

    def has_changed(self) -> bool:
        whole = self.is_addition() or self.is_deletion()
        return bool(whole or self.moved or super().has_changed())

    def get_num_differences(self) -> int:
        return sum(each.has_changed() for each in super().get_field_comparisons())

    def get_field_comparisons(self) -> list[Any]:
        """What it is known by, which its first field says, and what has changed in it."""
        every = super().get_field_comparisons()
        if self.is_addition() or self.is_deletion():
            return every
        return [every[0], *(each for each in every[1:] if each.has_changed())]
