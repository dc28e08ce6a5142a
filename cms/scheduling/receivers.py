"""Signal receivers, one line each; ``apps.py`` connects them."""

from cms.scheduling.triggers import watch_tables

__all__ = ["post_migrate"]


def post_migrate(sender, using, **kwargs):
    watch_tables(using)
