"""One answer, with what was asked and consented to in the words of that day."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cms.submissions.admin.rights import may_delete, submissions_for
from cms.submissions.models import Submission

__all__ = ["answer"]


@require_safe
def answer(request: HttpRequest, key: int) -> HttpResponse:
    submission = get_object_or_404(submissions_for(request.user).select_related("page"), pk=key)
    listed = reverse("wagtailforms:list_submissions", args=[submission.page_id])
    return render(
        request,
        "submissions/answer.html",
        {
            "submission": submission,
            "rows": list(rows_of(submission)),
            "listed": listed,
            "may_delete": may_delete(request.user),
        },
    )


def rows_of(submission: Submission) -> Any:
    values = submission.get_data()
    for question in submission.questions:
        value = values.get(question["name"])
        yield {
            "label": question["label"],
            "values": value if isinstance(value, list) else [value] if value is not None else [],
        }
