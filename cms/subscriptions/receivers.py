"""Signal receivers, a few lines each; ``apps.py`` connects them."""

from django.core.cache import cache

from cms.subscriptions.errors import HasSubscribers
from cms.subscriptions.mails import send_confirmations
from cms.subscriptions.models import Subscriber
from cms.subscriptions.retention import delete_what_is_over

__all__ = ["scheduler_idle", "site_to_be_deleted"]

SECONDS_BETWEEN_HOUSEKEEPING = 3_600


def scheduler_idle(sender, **kwargs):
    if cache.add("subscriptions.housekeeping", "done", SECONDS_BETWEEN_HOUSEKEEPING):
        delete_what_is_over()
    send_confirmations()


def site_to_be_deleted(sender, instance, **kwargs):
    count = Subscriber.objects.filter(site=instance).count()
    if count:
        raise HasSubscribers(count)
