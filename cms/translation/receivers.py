"""Signal receivers, one line each; ``apps.py`` connects them."""

from cms.translation.keeping_apart import check_language_is_unused

__all__ = ["language_is_deleted"]


def language_is_deleted(sender, instance, **kwargs):
    check_language_is_unused(instance)
