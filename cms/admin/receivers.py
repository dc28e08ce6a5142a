"""Signal receivers, one line each; ``apps.py`` connects them."""

from wagtail.search.index import insert_or_update_object

from cms.admin.accounts import privileges
from cms.admin.history.log_entries import number_for_its_object
from cms.admin.times.time_zones import adopt_time_zone

__all__ = [
    "account_is_deleted",
    "account_is_saved",
    "group_is_written",
    "log_is_written",
    "page_is_published",
    "something_is_given",
    "user_logged_in",
]


def user_logged_in(sender, request, user, **kwargs):
    adopt_time_zone(request, user)


def account_is_saved(sender, instance, **kwargs):
    privileges.check_written(instance)


def account_is_deleted(sender, instance, **kwargs):
    privileges.check_stored(instance)


def group_is_written(sender, instance, **kwargs):
    privileges.check_stored(instance)


def log_is_written(sender, instance, **kwargs):
    if instance.pk is None:
        number_for_its_object(instance)


def page_is_published(sender, instance, **kwargs):
    """Wagtail writes a page to the index before the rows that name people are stored.

    What goes live by schedule is written to it once all is done.
    """
    if hasattr(instance, "people_named") and instance.as_of is None:
        insert_or_update_object(instance)


def something_is_given(sender, instance, action, reverse, model, pk_set, **kwargs):
    privileges.check_gift(instance, action, reverse=reverse, model=model, keys=pk_set)
