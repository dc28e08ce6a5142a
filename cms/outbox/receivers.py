"""Signal receivers, a few lines each; ``apps.py`` connects them."""

from cms.outbox import recording

__all__ = [
    "collection_restriction_changed",
    "file_changed",
    "page_deleted",
    "page_restriction_changed",
    "page_saved",
    "setting_saved",
    "setting_translation_deleted",
    "setting_translation_saved",
    "site_changed",
    "snippet_changed",
]


def page_saved(sender, instance, raw=False, update_fields=None, **kwargs):
    if raw:
        recording.record_loaded_page(instance.pk)
    else:
        recording.record_saved_page(instance, update_fields)


def page_deleted(sender, instance, **kwargs):
    recording.record_deleted_page(instance)


def snippet_changed(sender, instance, update_fields=None, **kwargs):
    recording.record_snippet(instance, update_fields)


def setting_saved(sender, instance, **kwargs):
    recording.record_setting(instance)


def setting_translation_saved(sender, instance, raw=False, **kwargs):
    if not raw:  # What is loaded from a file has its setting there.
        recording.record_setting_translation(instance, is_deleted=False)


def setting_translation_deleted(sender, instance, **kwargs):
    recording.record_setting_translation(instance, is_deleted=True)


def page_restriction_changed(sender, instance, origin=None, **kwargs):
    recording.record_page_restriction(instance, origin)


def collection_restriction_changed(sender, instance, **kwargs):
    recording.record_collection_restriction(instance)


def file_changed(sender, instance, **kwargs):
    recording.record_users_of(type(instance), [instance.pk])


def site_changed(sender, instance, **kwargs):
    recording.record_new_start(instance)
