"""What people do with a mailing: begin, pause, go on, stop. Each once, though asked twice."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from wagtail.log_actions import log
from wagtail.models import Site

from cms.newsletters.models import Mailing, MailingState
from pages import clock
from pages.models import NewsletterPage

__all__ = ["BEGUN", "PAUSED", "RESUMED", "STOPPED", "begin", "pause", "resume", "stop"]

BEGUN = "newsletters.begun"
PAUSED = "newsletters.paused"
RESUMED = "newsletters.resumed"
STOPPED = "newsletters.stopped"
UNDER_WAY = (MailingState.WAITING, MailingState.SENDING)


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
    fields = {"state": state, "due_at": clock.now(), "problem": "", "attempts": 0}
    return changed(rows, mailing, RESUMED, by, **fields)


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
