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


class ReadFromRevisions(models.Model):
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
        """Wagtail reads whatever is referred to, one by one, to learn whether it is still there."""
        if check_fks and is_all_there(cls, data):
            check_fks = False
        return super().from_serializable_data(data, check_fks, strict_fks)

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


def is_all_there(model: type[models.Model], data: dict[str, Any]) -> bool:
    """Whether everything that an object in its stored form refers to still exists."""
    wanted = defaultdict(set)
    for target, key in foreign_keys_in(model, data):
        wanted[target].add(key)
    return all(
        target.model._default_manager.filter(**{f"{target.name}__in": keys}).count() == len(keys)
        for target, keys in wanted.items()
    )


def foreign_keys_in(
    model: type[models.Model], data: dict[str, Any]
) -> Iterator[tuple[models.Field, Any]]:
    """Each field that is referred to, and the value it has to have."""
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
