"""What people do with a mailing: begin, pause, go on, stop, and try again whom it did not reach.

Each once, though asked twice.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from wagtail.log_actions import log
from wagtail.models import Site

from cms.newsletters.models import Delivery, DeliveryState, Mailing, MailingState
from cms.subscriptions.models import SubscriberState
from pages import clock
from pages.models import NewsletterPage

__all__ = [
    "BEGUN",
    "PAUSED",
    "RESUMED",
    "RETRIED",
    "STOPPED",
    "begin",
    "pause",
    "resume",
    "retry",
    "stop",
    "to_retry",
]

BEGUN = "newsletters.begun"
PAUSED = "newsletters.paused"
RESUMED = "newsletters.resumed"
RETRIED = "newsletters.retried"
STOPPED = "newsletters.stopped"
UNDER_WAY = (MailingState.WAITING, MailingState.SENDING)
# What the mail server said before is behind us.
ANEW = {"problem": "", "attempts": 0, "deferred_in_a_row": 0, "refused_in_a_row": 0}


@transaction.atomic
def begin(page: NewsletterPage, *, by: Any) -> bool:
    """In the transaction that publishes it: a worker goes on from there. False if it was begun."""
    site = site_of(page)
    if site is None:
        return False
    _, is_new = Mailing.objects.get_or_create(
        page_id=page.pk,
        defaults={
            "site": site,
            "language": page.locale.language_code,
            "subject": page.title,
            "started_by": by,
            "created_at": clock.now(),
            "due_at": clock.now(),
        },
    )
    if is_new:
        log(page, BEGUN, user=by)
    return is_new


def site_of(page: NewsletterPage) -> Site | None:
    parts = page.get_url_parts()
    return Site.objects.filter(pk=parts[0]).first() if parts else None


@transaction.atomic
def pause(mailing: Mailing, *, by: Any) -> bool:
    """What a worker is just handing over is handed over."""
    rows = Mailing.objects.filter(pk=mailing.pk, state__in=UNDER_WAY)
    return changed(rows, mailing, PAUSED, by, state=MailingState.PAUSED, due_at=None, problem="")


@transaction.atomic
def resume(mailing: Mailing, *, by: Any) -> bool:
    state = MailingState.SENDING if mailing.html else MailingState.WAITING
    rows = Mailing.objects.filter(pk=mailing.pk, state=MailingState.PAUSED)
    done = changed(rows, mailing, RESUMED, by, state=state, due_at=clock.now(), **ANEW)
    if done:
        # What was mended is tried at once, on those too that were refused before it was.
        mailing.deliveries.filter(state=DeliveryState.WAITING).update(retry_at=None)
    return done


def to_retry(mailing: Mailing) -> QuerySet[Delivery]:
    """Those that failed, and are on the list as before."""
    return mailing.deliveries.filter(
        state=DeliveryState.FAILED, subscriber__state=SubscriberState.SUBSCRIBED
    )


@transaction.atomic
def retry(mailing: Mailing, *, by: Any) -> bool:
    """Once all was tried. Each has been tried, so that it counts for the mails of this minute."""
    if not to_retry(mailing).exists():
        return False
    rows = Mailing.objects.filter(pk=mailing.pk, state=MailingState.DONE)
    fields = {"state": MailingState.SENDING, "due_at": clock.now(), "finished_at": None}
    done = changed(rows, mailing, RETRIED, by, **fields, **ANEW)
    if done:
        to_retry(mailing).update(state=DeliveryState.WAITING, attempts=1, retry_at=None)
    return done


@transaction.atomic
def stop(mailing: Mailing, *, by: Any) -> bool:
    """For good: whoever has not got it yet gets it no more."""
    rows = Mailing.objects.filter(pk=mailing.pk, state__in=(*UNDER_WAY, MailingState.PAUSED))
    now = clock.now()
    return changed(
        rows, mailing, STOPPED, by, state=MailingState.STOPPED, due_at=None, finished_at=now
    )


def changed(rows: QuerySet[Mailing], mailing: Mailing, step: str, by: Any, **fields: Any) -> bool:
    done = bool(rows.update(**fields))
    if done and mailing.page_id:
        log(mailing.page, step, user=by)
    return done
