"""Signal receivers, a few lines each; ``apps.py`` connects them."""

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Page

from cms.search import writing
from cms.search.documents import KINDS, fields_read, has_tags

__all__ = ["migrated", "object_deleted", "object_saved", "row_saved"]


def object_saved(sender, instance, raw=False, update_fields=None, **kwargs):
    if update_fields is not None and not may_say_something_else(sender, set(update_fields)):
        return
    if raw or type(instance) is Page:
        index_stored(instance)
        return
    # Its tags are written after it.
    tags = [tag.name for tag in instance.tags.all()] if has_tags(sender) else []
    writing.index([instance], {(sender, instance.pk): tags})


def may_say_something_else(model, columns):
    named = {field.field_name for field in fields_read(model)} | {"title", "name", "locale", "tags"}
    return bool(columns & named)


def index_stored(instance):
    """A row that knows only a part of its object, as from a file."""
    base = next(each for each in KINDS if isinstance(instance, each))
    writing.index(writing.stored(base, [instance.pk]))


def row_saved(sender, instance, raw=False, **kwargs):
    """From a file rows come after their page; else they are written with it."""
    if raw:
        writing.index(writing.stored(Page, [instance.page_id]))


def object_deleted(sender, instance, **kwargs):
    writing.remove(sender, instance.pk)


def migrated(sender, using="default", plan=None, verbosity=1, **kwargs):
    """What a site has from before there was an index, or from another way to make it.

    Without a plan, tables were only emptied; and who goes back to an earlier version has not all.
    """
    if using == "default" and plan is not None and not is_to_be_migrated(connections[using]):
        ContentType.objects.clear_cache()
        call_command("index_search", verbosity=verbosity)


def is_to_be_migrated(connection):
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
