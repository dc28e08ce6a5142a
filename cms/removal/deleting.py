"""Deleting by hand takes objects out of approved releases, which go live without them.

Code that deletes leaves the releases as they are; they then fail, and say why.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from wagtail.admin.api.actions.delete import DeletePageAPIAction
from wagtail.models import DraftStateMixin

from cms.admin.subjects import keys_of
from cms.perspective.objects import base_type_of
from cms.releases.models import Release, ReleaseItem
from cms.releases.taking_out import take_out
from cms.removal.impact import at_or_beneath
from cms.removal.naming import check_not_named_soon, deleted_together
from cms.removal.uses import FILES, check_uses

__all__ = ["DeleteThroughAPI", "check_deleted", "note_items", "take_out_deleted"]


def check_deleted(instance: Any, origin: Any) -> None:
    """Refuse what would break what goes live soon, or take from readers what one may not publish.

    Once for all that is deleted together. Raises ``StillNamed`` and ``InUse``.
    """
    going = deleted_together(instance, origin)
    if going is None:
        return
    check_not_named_soon(instance, going)
    if going.model in FILES:
        check_uses(going)


def items_of(subjects: Iterable[Any]) -> list[ReleaseItem]:
    """What approved releases are to do with objects of one model, and with those beneath them."""
    objects = list(subjects)
    if not objects or not isinstance(objects[0], DraftStateMixin):
        return []
    going = at_or_beneath(objects)
    items = ReleaseItem.objects.of_objects().filter(
        base_content_type=base_type_of(going.model),
        object_id__in=keys_of(going),
        release__in=Release.objects.approved(),
    )
    return list(items)


def note_items(request: Any, subjects: Iterable[Any]) -> None:
    """Before: a view may think better of it, or fail."""
    if request.method == "POST":
        request.items_of_deleted = items_of(subjects)


def take_out_deleted(request: Any) -> None:
    """After, in the transaction around the view."""
    take_out(getattr(request, "items_of_deleted", []), request.user)
    request.items_of_deleted = []


class DeleteThroughAPI(DeletePageAPIAction):
    @transaction.atomic
    def execute(self, instance, data):
        items = items_of([instance])
        response = super().execute(instance, data)
        take_out(items, self.request.user)
        return response
