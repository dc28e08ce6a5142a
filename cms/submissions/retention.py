"""Answers are deleted, with their files, when the time is over that whoever gave them was told."""

from __future__ import annotations

from typing import NamedTuple

from cms.submissions.counting import forget_counts
from cms.submissions.files import delete_what_no_answer_names, remove_discarded
from cms.submissions.models import Submission
from pages import clock

__all__ = ["Deleted", "delete_what_is_over"]


class Deleted(NamedTuple):
    answers: int
    # Of answers that are deleted, still to be removed.
    files_left: int


def delete_what_is_over() -> Deleted:
    now = clock.now()
    forget_counts(at=now)
    over = Submission.objects.filter(kept_until__lte=now)
    count = over.count()
    over.delete()
    delete_what_no_answer_names(at=now)
    return Deleted(count, remove_discarded())
