"""Signal receivers, a few lines each; ``apps.py`` connects them."""

from django.core.cache import cache

from cms.submissions.files import discard
from cms.submissions.mails import send_mails
from cms.submissions.opening import index_by_the_clock
from cms.submissions.retention import delete_what_is_over

__all__ = ["file_row_deleted", "scheduler_idle"]

SECONDS_BETWEEN_HOUSEKEEPING = 3_600


def scheduler_idle(sender, **kwargs):
    if cache.add("submissions.housekeeping", "done", SECONDS_BETWEEN_HOUSEKEEPING):
        delete_what_is_over()
    index_by_the_clock()
    send_mails()


def file_row_deleted(sender, instance, **kwargs):
    discard(instance)
