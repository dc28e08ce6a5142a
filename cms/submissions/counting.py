"""How many answers are taken within an hour: of a form, and of a form from one address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.crypto import salted_hmac

from cms.submissions.errors import FormError, FormErrorCode
from cms.submissions.models import SubmissionCount, SubmissionTotal

__all__ = [
    "count",
    "count_answer",
    "count_file",
    "forget_counts",
    "hashed",
    "problem_of_file_rate",
    "problem_of_rate",
    "seconds_until_free",
]

HOUR = timedelta(hours=1)
TOO_MANY = "Too many answers were sent just now. Try again later."
TOO_MANY_FILES = "Too many files were sent just now. Try again later."


def problem_of_rate(form: int, address: str | None, *, at: datetime) -> FormError | None:
    """Under the lock of the form, so that of many who send at once none slips through."""
    return problem_of_limits(limits(form, address), TOO_MANY, at=at)


def problem_of_file_rate(form: int, address: str | None, *, at: datetime) -> FormError | None:
    return problem_of_limits(file_limits(form, address), TOO_MANY_FILES, at=at)


def problem_of_limits(limits: dict[str, int], said: str, *, at: datetime) -> FormError | None:
    wait = seconds_until_free(limits, at=at)
    return None if wait is None else FormError(FormErrorCode.RATE_LIMITED, said, retry_after=wait)


def seconds_until_free(limits: dict[str, int], *, at: datetime) -> int | None:
    """Until none of the limits is reached, by their keys; None if none is."""
    hour = begin_of_hour(at)
    counted = SubmissionCount.objects.filter(key__in=limits, hour=hour)
    taken = dict(counted.values_list("key", "times"))
    if all(taken.get(key, 0) < most for key, most in limits.items()):
        return None
    return int((hour + HOUR - at).total_seconds()) + 1


def count_answer(
    form: int, address: str | None, questions: list[dict[str, str]], *, at: datetime
) -> None:
    """Under the lock of the form, as all of this."""
    total, _ = SubmissionTotal.objects.get_or_create(page_id=form)
    total.taken += 1
    total.questions |= {question["name"]: question["label"] for question in questions}
    total.save()
    count(limits(form, address), at=at)


def count_file(form: int, address: str | None, *, at: datetime) -> None:
    count(file_limits(form, address), at=at)


def count(keys: Iterable[str], *, at: datetime) -> None:
    hour = begin_of_hour(at)
    for key in keys:
        SubmissionCount.objects.get_or_create(key=key, hour=hour)
        SubmissionCount.objects.filter(key=key, hour=hour).update(times=F("times") + 1)


def limits(form: int, address: str | None) -> dict[str, int]:
    """Those whose address is not told are counted together."""
    return {
        hashed("form", str(form)): settings.FORM_ANSWERS_PER_HOUR,
        hashed("address", str(form), address or ""): settings.FORM_ANSWERS_PER_ADDRESS_PER_HOUR,
    }


def file_limits(form: int, address: str | None) -> dict[str, int]:
    own = hashed("file of address", str(form), address or "")
    return {
        hashed("file", str(form)): settings.FORM_FILES_PER_HOUR,
        own: settings.FORM_FILES_PER_ADDRESS_PER_HOUR,
    }


def hashed(*what: str) -> str:
    return salted_hmac("cms.submissions.counting", "\0".join(what), algorithm="sha256").hexdigest()


def begin_of_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def forget_counts(*, at: datetime) -> None:
    SubmissionCount.objects.filter(hour__lt=begin_of_hour(at)).delete()
