"""What one version changed, taken into another that was written before it and goes live after it.

All three are as revisions hold them, so nothing here asks the database. Fields are compared one by
one, texts made of blocks by block, rows by row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME

from pages.lifecycle.revisions import KEPT_FIELDS

__all__ = ["Conflict", "Merge", "as_stored", "merge"]

# Of a version: not what it says, but when.
OF_ITS_SCHEDULE = frozenset({"first_published_at", "go_live_at"})
# The rich text editor gives one to each paragraph that has none, anew whenever it reads it.
PARAGRAPH_KEY = re.compile(r' data-block-key="[^"]*"')
GONE = None

# Blocks or rows, in their order.
Items = dict[str, Any]


@dataclass(frozen=True)
class Conflict:
    """What two versions changed, each in its own way; ``None`` where it was taken out."""

    # By which an answer tells it from others of the same merge.
    place: str
    label: str
    newer: Any
    waiting: Any
    # Then the values are those items that stand elsewhere in the other, as they follow each other.
    is_order: bool = False


@dataclass
class Merge:
    """The waiting version with what the newer one changed.

    Where both changed the same, the newer one stays, but for the places that are to ``keep`` what
    the waiting version says.
    """

    keep: frozenset[str] = frozenset()
    content: dict[str, Any] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    def settle(self, place: str, label: str, base: Any, waiting: Any, newer: Any) -> Any:
        if alike(newer, base) or alike(newer, waiting):
            return waiting
        if alike(waiting, base):
            return newer
        self.conflicts.append(Conflict(place, label, newer, waiting))
        return waiting if place in self.keep else newer

    def settle_items(self, place: str, label: str, *versions: Items) -> list[tuple[str, Any]]:
        """Of the base, the waiting and the newer version: items under keys that they share."""
        base, waiting, newer = versions
        found = []
        for key in self.order(place, label, base, waiting, newer):
            number = [*(waiting if key in waiting else newer), key].index(key) + 1
            values = (each.get(key, GONE) for each in versions)
            settled = self.settle(f"{place}:{key}", f"{label} {number}", *values)
            if settled is not GONE:
                found.append((key, settled))
        return found

    def order(self, place: str, label: str, base: Items, waiting: Items, newer: Items) -> list[str]:
        common = {*base} & {*waiting} & {*newer}
        of_base, of_waiting, of_newer = (
            [key for key in keys if key in common] for keys in (base, waiting, newer)
        )
        asked = len(self.conflicts)
        settled = self.settle(f"{place}:order", f"{label}: order", of_base, of_waiting, of_newer)
        if len(self.conflicts) > asked:
            self.conflicts[asked] = replace(
                self.conflicts[asked],
                newer=[newer[key] for key in out_of_place(of_newer, of_waiting)],
                waiting=[waiting[key] for key in out_of_place(of_waiting, of_newer)],
                is_order=True,
            )
        if settled == of_waiting:
            return woven([*waiting], [*newer])
        return woven([*newer], [*waiting])


def merge(
    model: type[models.Model],
    *,
    base: dict[str, Any],
    waiting: dict[str, Any],
    newer: dict[str, Any],
    keep: frozenset[str] = frozenset(),
) -> Merge:
    """What ``newer`` changed of ``base``, taken into ``waiting``, which was made of it as well."""
    result = Merge(keep, dict(waiting))
    versions = (base, waiting, newer)
    for names in units_of(model):
        said = ({name: each[name] for name in names if name in each} for each in versions)
        result.content |= result.settle(names[0], label_of(model, names[0]), *said)
    for each in model._meta.concrete_fields:
        if isinstance(each, StreamField) and each.name in waiting:
            blocks = under_shared_keys(
                BLOCK_TESTS, *(blocks_of(version.get(each.name)) for version in versions)
            )
            settled = result.settle_items(each.name, label_of(model, each.name), *blocks)
            result.content[each.name] = json.dumps([block for _, block in settled])
    for relation in relations_of(model):
        name = relation.get_accessor_name()
        if name in waiting and name in newer:
            rows = [each.get(name) or [] for each in versions]
            result.content[name] = merged_rows(result, relation, *rows)
    return result


def as_stored(made: Any) -> dict[str, Any]:
    """An object as a revision would hold it."""
    return json.loads(json.dumps(made.serializable_data(), cls=DjangoJSONEncoder))


# What is compared


def units_of(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    """The names of fields that change together: a picture is one with its alternative text."""
    names = [each.name for each in model._meta.concrete_fields if is_written(each)]
    names += [each.name for each in get_all_child_m2m_relations(model)]
    pictures = [name for name in names if f"{name}_alt_text" in names]
    of_pictures = {f"{name}{part}" for name in pictures for part in ("_alt_text", "_decorative")}
    for name in names:
        if name in pictures:
            yield (name, f"{name}_alt_text", f"{name}_decorative")
        elif name not in of_pictures:
            yield (name,)


def is_written(each: models.Field) -> bool:
    """Whether editors write it, and it is not a text of blocks."""
    is_of_the_whole = each.name in KEPT_FIELDS | OF_ITS_SCHEDULE
    return each.editable and not is_of_the_whole and not isinstance(each, StreamField)


def relations_of(model: type[models.Model]) -> Iterator[Any]:
    for relation in get_all_child_relations(model):
        if relation.get_accessor_name() != COMMENTS_RELATION_NAME:
            yield relation


def label_of(model: type[models.Model], name: str) -> str:
    label = str(model._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def alike(one: Any, other: Any) -> bool:
    return one == other or comparable(one) == comparable(other)


def comparable(value: Any) -> Any:
    """A value without what is made anew whenever an editor saves it unchanged."""
    if isinstance(value, str):
        return PARAGRAPH_KEY.sub("", value)
    if isinstance(value, list):
        return [comparable(each) for each in value]
    if isinstance(value, dict):
        if value.get("type") == "item" and "value" in value:
            return comparable(value["value"])
        is_block = "type" in value and "value" in value
        return {
            name: comparable(each)
            for name, each in value.items()
            if not (is_block and name == "id")
        }
    return value


# Blocks


def blocks_of(stored: Any) -> list[dict[str, Any]]:
    return json.loads(stored or "[]") if isinstance(stored, str) else stored or []


def same_block(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one.get("id")) and one["id"] == other.get("id")


BLOCK_TESTS = (same_block, alike)


def woven(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """All of both in the order of the first; what only the second has, after what it follows."""
    result = list(first)
    place = 0
    for key in second:
        if key not in result:
            result.insert(place, key)
        place = result.index(key) + 1
    return result


def out_of_place(keys: Sequence[str], other: Sequence[str]) -> list[str]:
    """From the first that stands elsewhere in the other to the last."""
    places = [place for place, pair in enumerate(zip(keys, other, strict=True)) if len({*pair}) > 1]
    return list(keys[places[0] : places[-1] + 1])


# Rows


def merged_rows(result: Merge, relation: Any, *versions: list[dict[str, Any]]) -> list[Any]:
    """A row has no key before it is published, and may have got one since."""
    label = str(relation.related_model._meta.verbose_name)
    says = partial(said_by, relation)
    tests = (same_row, partial(same_words, says))
    base, waiting, newer = under_shared_keys(tests, *versions)
    said = ({key: says(row) for key, row in rows.items()} for rows in (base, waiting, newer))
    settled = result.settle_items(
        relation.get_accessor_name(), label[:1].upper() + label[1:], *said
    )
    merged = []
    for place, (key, words) in enumerate(settled):
        known = [rows[key] for rows in (waiting, newer, base) if key in rows]
        row = {**known[0], **words}
        row["pk"] = next((each["pk"] for each in known if each.get("pk") is not None), None)
        if "sort_order" in row:
            row["sort_order"] = place
        merged.append(row)
    return merged


def said_by(relation: Any, row: dict[str, Any]) -> dict[str, Any]:
    """What editors wrote in a row, but for its place."""
    return {
        each.name: row[each.name]
        for each in relation.related_model._meta.concrete_fields
        if each.editable and each is not relation.field
        if each.name in row
    }


def same_row(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.get("pk") is not None and one.get("pk") == other.get("pk")


def same_words(says: Callable, one: dict[str, Any], other: dict[str, Any]) -> bool:
    return alike(says(one), says(other))


# Blocks and rows


def under_shared_keys(
    tests: Sequence[Callable[[Any, Any], bool]], base: list, waiting: list, newer: list
) -> tuple[Items, Items, Items]:
    """The items of three versions, each under one key in all that have it.

    They are known again by their own keys, or else by what they say.
    """
    known: Items = {}
    of_base, of_newer, of_waiting = (
        under_keys(tests, items, known) for items in (base, newer, waiting)
    )
    return of_base, of_waiting, of_newer


def under_keys(tests: Sequence[Callable[[Any, Any], bool]], items: list, known: Items) -> Items:
    """Items under the keys of those that are known, which the others are added to."""
    found: dict[int, str] = {}
    for test in tests:
        for place, item in enumerate(items):
            if place in found:
                continue
            free = (key for key in known if key not in found.values())
            key = next((key for key in free if test(known[key], item)), None)
            if key is not None:
                found[place] = key
    for place, item in enumerate(items):
        found.setdefault(place, f"item-{len(known)}")
        known.setdefault(found[place], item)
    return {found[place]: item for place, item in enumerate(items)}
