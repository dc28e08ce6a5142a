"""One answer, with what was asked and consented to in the words of that day, and its files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from cms.submissions.admin.rights import may_delete, submissions_for
from cms.submissions.models import Submission, SubmissionFile
from media.stored_files import bucket

__all__ = ["answer", "answer_file"]


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
    files: dict[str, list[SubmissionFile]] = {}
    for file in submission.files.all():
        files.setdefault(file.question, []).append(file)
    for question in submission.questions:
        value = values.get(question["name"])
        yield {
            "label": question["label"],
            "files": files.get(question["name"], []),
            "values": value if isinstance(value, list) else [value] if value is not None else [],
        }


@require_safe
def answer_file(request: HttpRequest, key: int, file_key: UUID) -> FileResponse:
    """Saved by the browser and opened by nothing in it: a stranger made it."""
    submission = get_object_or_404(submissions_for(request.user), pk=key)
    file = get_object_or_404(submission.files, key=file_key)
    try:
        opened = default_storage.open(file.stored_as)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        opened, as_attachment=True, filename=file.name, content_type=file.media_type
    )
    if bucket():
        response.bucket_file = opened
    response["Content-Security-Policy"] = "sandbox"
    patch_cache_control(response, private=True, no_store=True)
    return response
