"""An object as one of its revisions has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from treebeard.mp_tree import MP_Node

from pages import clock

__all__ = ["KEPT_FIELDS", "ReadFromRevisions", "relations_vouched_for"]

# What an object keeps, whichever of its revisions is read: Wagtail puts it in place after reading.
KEPT_FIELDS = frozenset(
    {
        "alias_of",
        "content_type",
        "latest_revision",
        "live_revision",
        "locale",
        "locked_by",
        "owner",
        "path",
        "translation_key",
    }
)


# A field that is referred to, and the value it has to have.
Reference = tuple[models.Field, Any]


class ReadFromRevisions(models.Model):
    # What a revision that this was read from refers to, and has been deleted since; in words.
    gone: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Wagtail stores a page as live that is added and scheduled at once, and then hides it.

        Here it would pass for imported, and stay live: see ``with_content_json``.
        """
        if self._state.adding and self.go_live_at and self.go_live_at > clock.now():
            self.live = False
        super().save(*args, **kwargs)

    @classmethod
    def from_serializable_data(cls, data, check_fks=True, strict_fks=False):
        """What the revision refers to and has been deleted since is left out and named in ``gone``.

        Wagtail reads whatever is referred to, one by one, and cannot read a revision at all that
        refers to something gone which was protected. Here it is one statement for each model.
        """
        gone: list[str] = []
        if check_fks:
            data = without(missing_keys(cls, data), cls, data, gone)
        made = super().from_serializable_data(data, check_fks=False, strict_fks=strict_fks)
        made.gone = tuple(gone)
        return made

    def with_content_json(self, content):
        """What is live has a live revision, whatever the revision that is read knows of it.

        Wagtail takes down a live object without one when an update of it is scheduled. Imports
        leave such objects; their latest revision passes for the live one until there is another.
        """
        made = super().with_content_json(
            {name: value for name, value in content.items() if name not in KEPT_FIELDS}
        )
        if isinstance(self, MP_Node):
            made._cached_parent_obj = self.get_parent()  # It has been read to make the address.
        made.live_revision_id = self.live_revision_id
        if self.live and made.live_revision_id is None:
            made.live_revision_id = self.latest_revision_id
        return made


def missing_keys(model: type[models.Model], data: dict[str, Any]) -> set[Reference]:
    """What an object in its stored form refers to, and is not there any more."""
    wanted = defaultdict(set)
    for target, key in foreign_keys_in(model, data):
        wanted[target].add(key)
    return {
        (target, key) for target, keys in wanted.items() for key in keys - keys_there(target, keys)
    }


def keys_there(target: models.Field, keys: set[Any]) -> set[Any]:
    rows = target.model._default_manager.filter(**{f"{target.name}__in": keys})
    return set(rows.values_list(target.name, flat=True))


def without(
    missing: set[Reference], model: type[models.Model], data: dict[str, Any], gone: list[str]
) -> dict[str, Any]:
    """The stored form without what is missing, whose places are added to ``gone``, in words.

    A row that stands for what is missing, such as an author, is left out with it.
    """
    if not missing:
        return data
    kept = dict(data)
    for field in relations_of(model):
        if is_missing(field, data, missing):
            kept[field.name] = None
            gone.append(str(field.verbose_name))
    for relation in get_all_child_relations(model):
        name, child = relation.get_accessor_name(), relation.related_model
        kept_rows = []
        for place, row in enumerate(data.get(name, ()), start=1):
            fields = [each for each in relations_of(child) if is_missing(each, row, missing)]
            gone += [f"{each.verbose_name} {place}" for each in fields]
            if all(each.null for each in fields):
                kept_rows.append({**row, **{each.name: None for each in fields}})
        if name in data:
            kept[name] = kept_rows
    return kept


def is_missing(field: models.ForeignKey, data: dict[str, Any], missing: set[Reference]) -> bool:
    if data.get(field.name) is None:
        return False
    target = field.target_field
    return (target, target.to_python(data[field.name])) in missing


def foreign_keys_in(model: type[models.Model], data: dict[str, Any]) -> Iterator[Reference]:
    for field in relations_of(model):
        if data.get(field.name) is not None:
            target = field.target_field
            yield target, target.to_python(data[field.name])
    for relation in get_all_child_relations(model):
        for row in data.get(relation.get_accessor_name(), ()):
            yield from foreign_keys_in(relation.related_model, row)


def relations_of(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    """What a model refers to; not what its rows are part of, which is put in place later."""
    for field in model._meta.concrete_fields:
        if (
            isinstance(field, models.ForeignKey)
            and not isinstance(field, ParentalKey)
            and not field.remote_field.parent_link
        ):
            yield field


def relations_vouched_for(instance: models.Model) -> set[str]:
    """The names of fields that refer to something, which was there when a revision was read."""
    return {
        field.name
        for field in relations_of(type(instance))
        if field.value_from_object(instance) is not None and not field.get_limit_choices_to()
    }
