"""Answers are deleted, with their files, when the time is over that whoever gave them was told."""

from __future__ import annotations

from cms.submissions.counting import forget_counts
from cms.submissions.files import delete_what_no_answer_names, remove_discarded
from cms.submissions.models import Submission
from pages import clock

__all__ = ["delete_what_is_over"]


def delete_what_is_over() -> int:
    now = clock.now()
    forget_counts(at=now)
    over = Submission.objects.filter(kept_until__lte=now)
    count = over.count()
    over.delete()
    delete_what_no_answer_names(at=now)
    remove_discarded()
    return count
