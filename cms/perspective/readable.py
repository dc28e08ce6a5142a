"""Whether readers can be shown what a revision says.

A revision is JSON. One that was imported, or is older than its model, can hold what no column can
keep and no resolver can read. That is found out here, from the values alone and without a
statement, before anything of it is laid over the tables or published.

What is merely incomplete is another matter: see ``pages.lifecycle.checks``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import graphene
from django.core.exceptions import ValidationError
from django.db.models import (
    BigIntegerField,
    CharField,
    DecimalField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    TextField,
)
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import COMMENTS_RELATION_NAME

from pages.blocks import stored_items
from pages.types import ResolvedField

__all__ = [
    "NotReadable",
    "can_be_key",
    "check_readable",
    "children_of",
    "label_of",
    "reading",
]

# Of a GraphQL ``Int``, and of an integer column that is not a big one.
INTEGERS = range(-(2**31), 2**31)

TEXT_BLOCKS = (
    blocks.CharBlock,
    blocks.ChoiceBlock,
    blocks.RichTextBlock,
    blocks.TextBlock,
    blocks.URLBlock,
)
# Of which nothing answers as no, or as none.
NEVER_MISSED = (blocks.BooleanBlock, blocks.ListBlock, blocks.RichTextBlock, blocks.StreamBlock)


# What reading a value raises that is not what it should be.
FAILURES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValidationError,
    ValueError,
)


class NotReadable(ValidationError):
    """Readers cannot be shown a revision; says where it is spoilt, in a sentence for editors."""

    def __init__(self, *places: str):
        where = f"{': '.join(places)}: this" if places else "This version"
        super().__init__(
            f"{where} cannot be read. Save it again, or return to an older version, and schedule"
            " that."
        )
        self.places = places


@contextmanager
def unreadable_if_it_fails(*places: str) -> Iterator[None]:
    """For what fails in ways of its own when a value is not what it should be."""
    try:
        yield
    except NotReadable as error:
        raise NotReadable(*places, *error.places) from error
    except FAILURES as error:
        raise NotReadable(*places) from error


@contextmanager
def reading(model: type[Model], content: Any) -> Iterator[None]:
    """While an object is made of what a revision holds. Raises ``NotReadable``."""
    with unreadable_if_it_fails():
        must_be(dict, content)
        try:
            yield
        except FAILURES:
            for each in model._meta.concrete_fields:
                with unreadable_if_it_fails(label_of(each)):
                    each.to_python(content.get(each.name, each.get_default()))
            raise


def check_readable(instance: Model, *, may_have_gaps: bool) -> None:
    """Raise ``NotReadable`` if a value of an object, or of its child rows, cannot be shown.

    A gap is a value that the API promises and a draft may lack.
    """
    check_row(instance, may_have_gaps=may_have_gaps)
    for relation in get_all_child_relations(type(instance)):
        for child in children_of(instance, relation) or []:
            rows = capitalised(str(relation.related_model._meta.verbose_name_plural))
            with unreadable_if_it_fails(rows):
                if child.pk is not None:
                    check_key(child._meta.pk, child.pk)
                check_row(child, may_have_gaps=may_have_gaps)


def children_of(instance: Model, relation) -> list[Model] | None:
    """The child rows that a revision has; None when it has nothing to say of them."""
    name = relation.get_accessor_name()
    if name == COMMENTS_RELATION_NAME:
        return None  # What editors wrote beside a page belongs to the page.
    return getattr(instance, "_cluster_related_objects", {}).get(name)


def can_be_key(model: type[Model], text: str) -> bool:
    """Whether an object of a model can have a key, which is kept as text."""
    key = model._meta.pk
    try:
        key.run_validators(key.to_python(text))
    except ValidationError:
        return False
    return True


# Columns


def check_row(instance: Model, *, may_have_gaps: bool) -> None:
    model: Any = type(instance)
    promised = promises_of(model)
    for each in instance._meta.concrete_fields:
        if each.primary_key:
            continue
        with unreadable_if_it_fails(label_of(each)):
            value = getattr(instance, each.attname)
            check_value(each, value)
            if not each.editable:
                continue  # Nobody enters these: they are kept, or follow from the others.
            is_gap = is_empty(each, value) and (not can_be_empty(each) or each.name in promised)
            if is_gap and not may_have_gaps:
                raise NotReadable
            if isinstance(each, StreamField):
                if value.raw_text:
                    raise NotReadable
                check_block(each.stream_block, list(value.raw_data), may_have_gaps=may_have_gaps)


def check_value(each: Field, value: Any) -> None:
    if value is None:
        return
    if isinstance(each, ForeignKey):
        check_key(each.target_field, value)
    elif isinstance(each, StreamField):
        return
    elif isinstance(each, CharField | TextField):
        check_text(value)
        if each.choices and value and value not in dict(each.flatchoices):
            raise NotReadable
    elif isinstance(each, IntegerField):
        each.run_validators(value)
        if not isinstance(each, BigIntegerField):
            check_integer(value)
    elif isinstance(each, DecimalField):
        each.run_validators(each.to_python(value))
    else:
        each.to_python(value)


def check_key(key: Field, value: Any) -> None:
    if isinstance(value, bool) or key.to_python(value) != value:
        raise NotReadable
    key.run_validators(value)


def check_integer(value: Any) -> None:
    if type(value) is not int or value not in INTEGERS:
        raise NotReadable


def check_text(value: Any) -> None:
    """Both databases refuse some characters, and with them the whole statement."""
    if not isinstance(value, str) or "\0" in value:
        raise NotReadable
    value.encode()


def is_empty(each: Field, value: Any) -> bool:
    """Nothing, or of a list of choices none; a text that is promised may be empty."""
    return value is None or (bool(each.choices) and value == "")


def can_be_empty(each: Field) -> bool:
    return each.null or (bool(each.choices) and each.blank)


@cache
def promises_of(declaring: type) -> frozenset[str]:
    """The fields of a model or block that the API never answers with null."""
    return frozenset(
        declared.field_source
        for declared in getattr(declaring, "graphql_fields", ())
        if isinstance(declared, ResolvedField)
        and declared.resolve is None
        and isinstance(declared.field_type, graphene.NonNull)
    )


# Blocks, in the form in which they are stored


def check_block(block: blocks.Block, value: Any, *, may_have_gaps: bool) -> None:
    label = capitalised(str(block.label)) if block.name else ""
    with unreadable_if_it_fails(*filter(None, [label])):
        if isinstance(block, ImageBlock) and not isinstance(value, dict):
            check_block(block.child_blocks["image"], value, may_have_gaps=may_have_gaps)
        elif isinstance(block, blocks.StructBlock):
            check_struct(block, value, may_have_gaps=may_have_gaps)
        elif isinstance(block, blocks.StreamBlock):
            for item in must_be(list, value or []):
                if item["type"] in block.child_blocks:
                    check_id(item.get("id"))
                    child = block.child_blocks[item["type"]]
                    check_block(child, item["value"], may_have_gaps=may_have_gaps)
        elif isinstance(block, blocks.ListBlock):
            for key, item in stored_items(must_be(list, value or [])):
                check_id(key)
                check_block(block.child_block, item, may_have_gaps=may_have_gaps)
        elif value is not None:
            check_leaf(block, value)


def check_id(value: Any) -> None:
    """Of a block, which may have none: then its place stands for one."""
    if value is not None:
        check_text(value)


def check_struct(block: blocks.StructBlock, value: Any, *, may_have_gaps: bool) -> None:
    must_be(dict, value)
    block_class: Any = type(block)
    promised = promises_of(block_class)
    for name, child in block.child_blocks.items():
        held = value.get(name)
        check_block(child, held, may_have_gaps=may_have_gaps)
        missing = held is None or (isinstance(child, blocks.ChoiceBlock) and held == "")
        is_gap = missing and name in promised and not is_never_missed(child)
        if is_gap and not may_have_gaps:
            raise NotReadable(capitalised(str(child.label)))


def is_never_missed(block: blocks.Block) -> bool:
    return isinstance(block, NEVER_MISSED)


def check_leaf(block: blocks.Block, value: Any) -> None:
    if isinstance(block, blocks.ChooserBlock):
        check_key(block.target_model._meta.pk, value)
    elif isinstance(block, TEXT_BLOCKS):
        check_text(value)
        if isinstance(block, blocks.ChoiceBlock) and value not in choices_of(block):
            raise NotReadable
    elif isinstance(block, blocks.BooleanBlock):
        must_be(bool, value)
    elif isinstance(block, blocks.IntegerBlock):
        check_integer(value)
    elif isinstance(block, blocks.DecimalBlock | blocks.FloatBlock):
        if isinstance(value, bool) or not Decimal(str(value)).is_finite():
            raise NotReadable
    elif isinstance(block, blocks.DateBlock):
        date.fromisoformat(value)


def choices_of(block: blocks.ChoiceBlock) -> set[str]:
    """With the empty one, which is a gap only where a choice is promised."""
    return {"", *(value for value, _ in flattened(block.field.choices))}


def flattened(choices: Any) -> Iterator[tuple[str, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from flattened(label)
        else:
            yield value, label


def must_be(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise NotReadable
    return value


def label_of(each: Field) -> str:
    return capitalised(str(each.verbose_name))


def capitalised(label: str) -> str:
    return label[:1].upper() + label[1:]
