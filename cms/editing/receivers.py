"""Signal receivers, a few lines each; ``apps.py`` connects them."""

from django.core.cache import cache

from cms.editing.notification_mail import forget_sent, send_notifications
from cms.editing.notification_steps import tell_of, warn_of_expiries
from cms.editing.time_zones import adopt_time_zone

__all__ = ["scheduler_idle", "step_logged", "user_logged_in"]

SECONDS_BETWEEN_HOUSEKEEPING = 60


def user_logged_in(sender, request, user, **kwargs):
    adopt_time_zone(request, user)


def step_logged(sender, instance, created, raw=False, **kwargs):
    if created and not raw:
        tell_of(instance)


def scheduler_idle(sender, **kwargs):
    if cache.add("editing.housekeeping", "done", SECONDS_BETWEEN_HOUSEKEEPING):
        warn_of_expiries()
        forget_sent()
    send_notifications()
