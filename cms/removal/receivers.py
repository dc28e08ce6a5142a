"""Signal receivers, one line each; ``apps.py`` connects them."""

from cms.outbox.recording import record_taken_back
from cms.removal import uses
from cms.removal.deleting import check_deleted

__all__ = [
    "collection_restriction_is_written",
    "file_is_saved",
    "is_deleted",
    "seen_so_far",
]


def is_deleted(sender, instance, origin=None, **kwargs):
    check_deleted(instance, origin)


def file_is_saved(sender, instance, **kwargs):
    uses.check_written(instance)


def collection_restriction_is_written(sender, instance, **kwargs):
    uses.check_uses_in(instance.collection)


def seen_so_far(sender, objects, **kwargs):
    record_taken_back(objects)
