"""Signal receivers, one line each; ``apps.py`` connects them."""

from cms.admin import privileges
from cms.admin.times.time_zones import adopt_time_zone

__all__ = [
    "account_is_deleted",
    "account_is_saved",
    "group_is_written",
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


def something_is_given(sender, instance, action, reverse, model, pk_set, **kwargs):
    privileges.check_gift(instance, action, reverse=reverse, model=model, keys=pk_set)
