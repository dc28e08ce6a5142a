"""Signal receivers, a few lines each; ``apps.py`` connects them."""

from django.db import transaction

from media.renditions.making import delete_files

__all__ = ["preset_rendition_deleted"]


def preset_rendition_deleted(sender, instance, **kwargs):
    names = [each["name"] for each in instance.files]
    # No partial: Django names what fails by its ``__qualname__``.
    transaction.on_commit(lambda: delete_files(names), robust=True)
