"""Sends mailings, piece by piece, so that a worker may end at any moment and no mail is sent twice.

A mail is marked before it is handed to the mail server, and marked as sent once the server has it.
Who is killed in between leaves it marked: nobody can know whether it went out, so it is not sent
again, and editors are told for how many that holds. Those are one at most for each kill.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction

from cms.api.operations import OperationContext
from cms.api.reading.sites import Sites
from cms.newsletters.composing import Mail, NotComposed, compose
from cms.newsletters.delivering import Outcome, Transport
from cms.newsletters.models import Delivery, DeliveryState, Mailing, MailingState
from cms.newsletters.steps import site_of
from cms.scheduling.backoff import backoff
from cms.subscriptions.joining import enter
from cms.subscriptions.models import Subscriber, SubscriberState
from cms.worker.lease import held_by, hold, take_up
from pages import clock
from pages.models import NewsletterPage

__all__ = ["context_for", "do_next"]

logger = logging.getLogger(__name__)

A_MINUTE = timedelta(minutes=1)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)
MOST_ATTEMPTS = 6
BATCH_SIZE = 50
ENROLLED_AT_ONCE = 1_000


def do_next(should_continue: Callable[[], bool] = lambda: True) -> bool:
    """Some of the mailing that is due the longest, if any is."""
    mailing = take_up(Mailing)
    if mailing is None:
        return False
    logger.info("Sending “%s”.", mailing)
    try:
        work_on(mailing, should_continue)
    except NotComposed as problem:
        halt(mailing, str(problem))
    except DatabaseError:
        raise
    except Exception:
        logger.exception("“%s” could not be sent", mailing)
        put_off(mailing, "It could not be sent. Whoever runs the site finds the reason in its log.")
    return True


def work_on(mailing: Mailing, should_continue: Callable[[], bool]) -> None:
    page = NewsletterPage.objects.filter(pk=mailing.page_id).first()
    if page is None:
        raise NotComposed("The edition was deleted.")
    composed = compose(page, context_at(mailing.site_id))
    if mailing.state == MailingState.WAITING and not begin(mailing, composed):
        return
    mail = Mail(mailing.subject, mailing.html, mailing.text)
    # Whoever had it before has ended: what it was at is not known.
    marked = mailing.deliveries.filter(state=DeliveryState.HANDED_OVER)
    marked.update(state=DeliveryState.IN_DOUBT, changed_at=clock.now())
    with Transport() as transport:
        while should_continue():
            delivery = next_of(mailing)
            if delivery is None:
                finish(mailing)
                return
            wait = max(seconds_to_wait(), seconds_to_retry(delivery))
            if wait:
                release(mailing, after=wait)
                return
            if not transport.is_ready():
                put_off(mailing, "The mail server cannot be reached. It is tried again by itself.")
                return
            if claim(mailing, delivery):
                note(delivery, transport.send(mail, delivery))
            if not hold(mailing):
                return
    release(mailing)


def context_for(page: NewsletterPage, *, draft: NewsletterPage | None = None) -> OperationContext:
    """Of the site that an edition is on: as readers see it, but for the draft."""
    site = site_of(page)
    if site is None:
        raise NotComposed("The edition is on no site: move it beneath one.")
    return context_at(site.pk, draft)


def context_at(site: int, draft: NewsletterPage | None = None) -> OperationContext:
    return OperationContext(Sites(key=site), draft=draft, whole_addresses=True)


@transaction.atomic
def begin(mailing: Mailing, composed: Mail) -> bool:
    """Fix what is sent, and to whom: those on the list of its site and language by now."""
    fields = {"subject": composed.subject, "html": composed.html, "text": composed.text}
    if not held_by(mailing).update(state=MailingState.SENDING, problem="", **fields):
        return False
    mailing.state = MailingState.SENDING
    mailing.subject, mailing.html, mailing.text = composed.subject, composed.html, composed.text
    on_list = Subscriber.objects.filter(
        site=mailing.site_id, language=mailing.language, state=SubscriberState.SUBSCRIBED
    )
    now = clock.now()
    keys = list(on_list.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), ENROLLED_AT_ONCE):
        some = keys[start : start + ENROLLED_AT_ONCE]
        Delivery.objects.bulk_create(
            [Delivery(mailing=mailing, subscriber_id=key, changed_at=now) for key in some]
        )
    return True


def seconds_to_wait() -> float:
    """Until so many a minute allow for one more: of all mailings, and of all workers."""
    now = clock.now()
    handed_over = Delivery.objects.filter(changed_at__gt=now - A_MINUTE).exclude(
        state__in=(DeliveryState.WAITING, DeliveryState.LEFT_OUT)
    )
    most = settings.NEWSLETTER_MAILS_PER_MINUTE
    moments = handed_over.order_by("-changed_at").values_list("changed_at", flat=True)
    earliest = next(iter(moments[most - 1 : most]), None)
    return (earliest + A_MINUTE - now).total_seconds() if earliest else 0


def seconds_to_retry(delivery: Delivery) -> float:
    """Of one that the mail server did not take for now."""
    if not delivery.attempts:
        return 0
    wait = backoff(delivery.attempts, first=A_MINUTE, longest=LONGEST_WAIT)
    return max((delivery.changed_at + wait - clock.now()).total_seconds(), 0)


def next_of(mailing: Mailing) -> Delivery | None:
    waiting = mailing.deliveries.filter(state=DeliveryState.WAITING)
    return waiting.select_related("subscriber").order_by("attempts", "pk").first()


def claim(mailing: Mailing, delivery: Delivery) -> bool:
    """Mark it, unless the mailing was taken from us, or the subscriber has left."""
    with transaction.atomic():
        if not held_by(mailing).select_for_update().exists():
            return False
        subscriber = Subscriber.objects.select_for_update().get(pk=delivery.subscriber_id)
        on_list = subscriber.state == SubscriberState.SUBSCRIBED
        state = DeliveryState.HANDED_OVER if on_list else DeliveryState.LEFT_OUT
        rows = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING)
        claimed = bool(rows.update(state=state, changed_at=clock.now()))
    return claimed and on_list


@transaction.atomic
def note(delivery: Delivery, outcome: Outcome) -> None:
    """Unless someone else has found it marked, and holds it for doubtful."""
    attempts = delivery.attempts + 1
    state = outcome.state
    if state == DeliveryState.WAITING and attempts >= MOST_ATTEMPTS:
        state = DeliveryState.FAILED
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.HANDED_OVER).update(
        state=state, problem=outcome.problem, attempts=attempts, changed_at=clock.now()
    )
    if outcome.has_no_mailbox:
        subscriber = Subscriber.objects.select_for_update().get(pk=delivery.subscriber_id)
        if subscriber.state == SubscriberState.SUBSCRIBED:
            enter(subscriber, SubscriberState.BOUNCED)


def release(mailing: Mailing, *, after: float = 0) -> None:
    """For whoever comes next."""
    due: datetime = clock.now() + timedelta(seconds=after)
    held_by(mailing).update(due_at=due, problem="", attempts=0)


def finish(mailing: Mailing) -> None:
    held_by(mailing).update(
        state=MailingState.DONE, due_at=None, finished_at=clock.now(), problem=""
    )


def halt(mailing: Mailing, problem: str) -> None:
    """Until somebody sees to it."""
    held_by(mailing).update(state=MailingState.PAUSED, due_at=None, problem=problem)


def put_off(mailing: Mailing, problem: str) -> None:
    attempts = mailing.attempts + 1
    wait = backoff(attempts, first=FIRST_RETRY, longest=LONGEST_WAIT)
    held_by(mailing).update(problem=problem, attempts=attempts, due_at=clock.now() + wait)
