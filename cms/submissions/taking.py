"""Takes an answer: all checks and all effects, in one transaction under the lock of the form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from wagtail.models import Page

from cms.submissions.answers import read_answers
from cms.submissions.counting import count_answer, problem_of_rate
from cms.submissions.errors import FormError, FormErrorCode
from cms.submissions.files import attach, files_by_key
from cms.submissions.mails import write_mails
from cms.submissions.models import Submission
from cms.submissions.searching import searched
from cms.submissions.tokens import problem_of_token
from pages.models import FormPage
from pages.models.form import honeypot_beside

__all__ = ["NOT_OPEN", "Outcome", "Sent", "lock_form", "take"]

LONGEST_KEY = 200
NOT_OPEN = FormError(FormErrorCode.FORM_NOT_OPEN, "No form takes answers at this address.")
AUTOMATED = FormError(
    FormErrorCode.LOOKS_AUTOMATED,
    "A field that people do not see was filled in: empty it, and send again.",
)
KEY_REFUSED = FormError(
    FormErrorCode.KEY_REFUSED,
    f"Send an idempotency key of 16 to {LONGEST_KEY} characters, such as a UUID.",
)
KEY_REUSED = FormError(
    FormErrorCode.KEY_REUSED, "Other answers came with this key: send these with a new one."
)


@dataclass(frozen=True)
class Sent:
    """What a client sent. ``answers`` are keys of questions with their values."""

    answers: Sequence[tuple[str, list[str]]]
    idempotency_key: str
    token: str
    address: str | None
    language: str

    def hashed_key(self) -> str:
        return digest(self.idempotency_key)

    def answers_digest(self) -> str:
        return digest(json.dumps(sorted(self.answers)))


@dataclass(frozen=True)
class Outcome:
    reference: str | None = None
    errors: tuple[FormError, ...] = ()


def lock_form(key: int) -> bool:
    """Until the transaction ends: nobody answers, publishes or deletes it meanwhile."""
    return bool(Page._base_manager.select_for_update(no_key=True).filter(pk=key).values_list("pk"))


def take(form: FormPage, questions: Sequence[Any] | None, sent: Sent, *, at: datetime) -> Outcome:
    """``questions`` are None where the form is closed: it only tells again what it has taken."""
    if not 16 <= len(sent.idempotency_key) <= LONGEST_KEY:
        return Outcome(errors=(KEY_REFUSED,))
    taken = Submission.objects.filter(page=form, idempotency_key=sent.hashed_key()).first()
    if taken is not None:
        return told_again(taken, sent)
    if questions is None:
        return Outcome(errors=(NOT_OPEN,))
    honeypot = honeypot_beside(list(questions))
    refused = (
        problem_of_token(sent.token, form.pk, at=at)
        or problem_of_honeypot(sent, honeypot)
        or problem_of_rate(form.pk, sent.address, at=at)
    )
    if refused:
        return Outcome(errors=(refused,))
    files = files_by_key(form.pk, sent.answers, at=at)
    answers = read_answers(questions, sent.answers, honeypot=honeypot, files=files)
    if answers.errors:
        return Outcome(errors=tuple(answers.errors))
    submission = Submission.objects.create(
        page=form,
        form_data=answers.values,
        questions=answers.questions(),
        consents=answers.consents(),
        searched=searched(answers.values),
        language=sent.language,
        submit_time=at,
        kept_until=form.answers_kept_until(at),
        idempotency_key=sent.hashed_key(),
        answers_digest=sent.answers_digest(),
    )
    attach(submission, answers.files)
    count_answer(form.pk, sent.address, answers.questions(), at=at)
    write_mails(form, submission)
    return Outcome(str(submission.reference))


def told_again(taken: Submission, sent: Sent) -> Outcome:
    if taken.answers_digest != sent.answers_digest():
        return Outcome(errors=(KEY_REUSED,))
    return Outcome(str(taken.reference))


def problem_of_honeypot(sent: Sent, honeypot: str | None) -> FormError | None:
    filled = any(name == honeypot and any(values) for name, values in sent.answers)
    return AUTOMATED if filled else None


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
