"""Signal receivers, a few lines each; ``apps.py`` connects them."""

from django.core.cache import cache

from cms.mails import approvals
from cms.mails.failures import tell_of_failure
from cms.mails.lost_passwords import send_lost_passwords
from cms.mails.sending import forget_sent, send_notifications
from cms.mails.steps import tell_of, warn_of_expiries

__all__ = ["approved", "change_failed", "scheduler_idle", "sent_back", "step_logged", "submitted"]

SECONDS_BETWEEN_HOUSEKEEPING = 60


def step_logged(sender, instance, created, raw=False, **kwargs):
    if created and not raw:
        tell_of(instance)


def submitted(sender, instance, user, **kwargs):
    approvals.tell_of_submission(instance, user)


def approved(sender, instance, user, **kwargs):
    approvals.tell_of_approval(instance, user)


def sent_back(sender, instance, user, **kwargs):
    approvals.tell_of_sending_back(instance, user)


def change_failed(sender, failure, kind, **kwargs):
    tell_of_failure(failure, kind)


def scheduler_idle(sender, **kwargs):
    if cache.add("mails.housekeeping", "done", SECONDS_BETWEEN_HOUSEKEEPING):
        warn_of_expiries()
        forget_sent()
    send_lost_passwords()
    send_notifications()
