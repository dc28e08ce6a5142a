"""Sends mailings, piece by piece, so that a worker may end at any moment and no mail is sent twice.

A mail is marked before it is handed to the mail server, and marked as sent once the server has it.
Who is killed in between leaves it marked: nobody can know whether it went out, so it is not sent
again, and editors are told for how many that holds. Those are one at most for each kill.

What the mail server does not take for now is tried again for a day. A refusal that may be about us
(see ``delivering``) says so only together with others, so the address waits:

- It is about us if ``MANY`` mails in a row were refused for good, none taken in between; or if
  nobody else is left to try, and none was taken at all. Then the mailing pauses with the server's
  words. It goes on with all who wait once somebody has mended it; those that were tried come last.
- It is about the address if it was tried before, and the server took others. Then it is given up,
  and stays on the list.

So a server that refuses everybody stops a mailing, and the domain of some readers does not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q

from cms.api.operations import OperationContext
from cms.api.reading.sites import Sites
from cms.newsletters.composing import Mail, NotComposed, compose
from cms.newsletters.delivering import AllRefused, Outcome, Transport, Verdict
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
# After minutes that double up to the hours between two attempts: a day and a quarter of an hour.
BETWEEN_ATTEMPTS = timedelta(hours=4)
MOST_ATTEMPTS = 14
# Mails in a row that are not taken: then it is not because of their addresses.
MANY = 5
# What is sent is fixed, so that it waits for the files of a picture that was just uploaded.
PICTURES_MADE_WITHIN = timedelta(minutes=10)
ENROLLED_AT_ONCE = 1_000

ABOUT_US = (
    "The mail server does not take newsletters from this site: “{}”. "
    "Tell whoever runs the site, and go on once it is mended."
)
NOT_NOW = "The mail server takes no mails for now: “{}”. It is tried again by itself."


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
    except AllRefused as problem:
        halt(mailing, ABOUT_US.format(problem))
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
    if mailing.state == MailingState.WAITING:
        is_new = clock.now() - mailing.created_at < PICTURES_MADE_WITHIN
        if composed.shows_uploads and is_new:
            put_off(mailing, "It is sent once its pictures are made ready for mails.")
            return
        if not begin(mailing, composed):
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
                outcome = transport.send(mail, delivery)
                note(mailing, delivery, outcome)
                if is_about_us(mailing, outcome):
                    raise AllRefused(outcome.words)
                if mailing.deferred_in_a_row >= MANY and outcome.verdict is Verdict.NOT_NOW:
                    put_off(mailing, NOT_NOW.format(outcome.words))
                    return
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
    """Until so many a minute allow for one more: of all mailings, and of all workers.

    What the mail server did not take counts as well.
    """
    now = clock.now()
    untried = Q(state=DeliveryState.WAITING, attempts=0)
    handed_over = Delivery.objects.filter(changed_at__gt=now - A_MINUTE).exclude(
        untried | Q(state=DeliveryState.LEFT_OUT)
    )
    most = settings.NEWSLETTER_MAILS_PER_MINUTE
    moments = handed_over.order_by("-changed_at").values_list("changed_at", flat=True)
    earliest = next(iter(moments[most - 1 : most]), None)
    return (earliest + A_MINUTE - now).total_seconds() if earliest else 0


def seconds_to_retry(delivery: Delivery) -> float:
    """Of one that the mail server did not take."""
    if delivery.retry_at is None:
        return 0
    return max((delivery.retry_at - clock.now()).total_seconds(), 0)


def next_of(mailing: Mailing) -> Delivery | None:
    """One that may be tried now, those first that were tried the least; else the next that may."""
    waiting = mailing.deliveries.filter(state=DeliveryState.WAITING).select_related("subscriber")
    due = waiting.filter(Q(retry_at=None) | Q(retry_at__lte=clock.now()))
    return due.order_by("attempts", "pk").first() or waiting.order_by("retry_at", "pk").first()


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
def note(mailing: Mailing, delivery: Delivery, outcome: Outcome) -> None:
    """Unless someone else has found it marked, and holds it for doubtful."""
    now = clock.now()
    attempts = delivery.attempts + 1
    state = state_after(mailing, delivery, outcome)
    # What is refused to all is mended before anyone is tried again.
    waits = state == DeliveryState.WAITING and outcome.verdict is not Verdict.ALL_REFUSED
    between = backoff(attempts, first=A_MINUTE, longest=BETWEEN_ATTEMPTS)
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.HANDED_OVER).update(
        state=state,
        problem=problem_of(outcome),
        attempts=attempts,
        retry_at=now + between if waits else None,
        changed_at=now,
    )
    count(mailing, outcome, given_up=state == DeliveryState.FAILED)
    if outcome.verdict in (Verdict.NO_MAILBOX, Verdict.PERHAPS_NO_MAILBOX):
        subscriber = Subscriber.objects.select_for_update().get(pk=delivery.subscriber_id)
        if subscriber.state == SubscriberState.SUBSCRIBED:
            enter(subscriber, SubscriberState.BOUNCED)


def state_after(mailing: Mailing, delivery: Delivery, outcome: Outcome) -> Any:
    match outcome.verdict:
        case Verdict.TAKEN:
            return DeliveryState.SENT
        case Verdict.IN_DOUBT:
            return DeliveryState.IN_DOUBT
        case Verdict.NOT_NOW:
            goes_on = delivery.attempts + 1 < MOST_ATTEMPTS
        case Verdict.PERHAPS_ALL_REFUSED:
            goes_on = not (delivery.attempts and took_any(mailing))
        case Verdict.ALL_REFUSED:
            goes_on = True
        case _:
            goes_on = False
    return DeliveryState.WAITING if goes_on else DeliveryState.FAILED


def took_any(mailing: Mailing) -> bool:
    return mailing.deliveries.filter(state=DeliveryState.SENT).exists()


def problem_of(outcome: Outcome) -> str:
    if outcome.verdict in (Verdict.TAKEN, Verdict.IN_DOUBT):
        return outcome.words
    return f"The mail server refused it: {outcome.words}"


def count(mailing: Mailing, outcome: Outcome, *, given_up: bool) -> None:
    """What is not taken, in a row. A refusal that is of its address for sure tells nothing."""
    match outcome.verdict:
        case Verdict.TAKEN:
            mailing.deferred_in_a_row = mailing.refused_in_a_row = 0
        case Verdict.NOT_NOW:
            mailing.deferred_in_a_row += 1
        case Verdict.PERHAPS_NO_MAILBOX:
            mailing.refused_in_a_row += 1
        case Verdict.PERHAPS_ALL_REFUSED if not given_up:
            mailing.refused_in_a_row += 1
        case _:
            return
    held_by(mailing).update(
        deferred_in_a_row=mailing.deferred_in_a_row, refused_in_a_row=mailing.refused_in_a_row
    )


def is_about_us(mailing: Mailing, outcome: Outcome) -> bool:
    match outcome.verdict:
        case Verdict.ALL_REFUSED:
            return True
        case Verdict.PERHAPS_NO_MAILBOX:
            return mailing.refused_in_a_row >= MANY
        case Verdict.PERHAPS_ALL_REFUSED:
            untried = mailing.deliveries.filter(state=DeliveryState.WAITING, attempts=0)
            nobody_else = not untried.exists() and not took_any(mailing)
            return mailing.refused_in_a_row >= MANY or nobody_else
    return False


def release(mailing: Mailing, *, after: float = 0) -> None:
    """For whoever comes next."""
    due: datetime = clock.now() + timedelta(seconds=after)
    # While the mail server takes nothing, what is said of it stays, and the waits grow.
    fields = {} if mailing.deferred_in_a_row >= MANY else {"problem": "", "attempts": 0}
    held_by(mailing).update(due_at=due, **fields)


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
