"""Takes a file for a question of a form, before the answer that names it.

The body is the file, as it is. PUT is no request that a page of another site can make a browser
send without asking first, and sent again with the same key it changes nothing.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse

from cms.admin.sign_in.client_address import client_address
from cms.api.http.file_addresses import parts_of
from cms.api.operations import OperationContext
from cms.api.reading.open_forms import locked
from cms.api.reading.sites import Sites, UnknownSite
from cms.submissions.counting import count_file, problem_of_file_rate
from cms.submissions.errors import FormError, FormErrorCode
from cms.submissions.files import NO_KEY, FileSent, as_key, begin, finish, known_file
from cms.submissions.models import SubmissionFile
from cms.submissions.taking import NOT_OPEN
from cms.submissions.tokens import path_of_file_token
from media.stored_files import FilesUnavailable
from media.strangers import Received, received
from pages import clock
from pages.questions.files import endings
from pages.questions.kinds import FILES

__all__ = ["not_now", "take_file"]

Code = FormErrorCode
STATUS = {
    Code.FORM_NOT_OPEN: 404,
    Code.UNKNOWN_QUESTION: 404,
    Code.START_AGAIN: 403,
    Code.KEY_REUSED: 409,
    Code.KEY_REFUSED: 422,
    Code.FILE_REFUSED: 422,
    Code.FILE_TOO_LARGE: 413,
    Code.RATE_LIMITED: 429,
}
START_AGAIN = FormError(
    Code.START_AGAIN, "This address is no longer valid: ask for one with startForm, send again."
)
KEY_REFUSED = FormError(
    Code.KEY_REFUSED, "Send it to the form's `fileUrl`, the question's key and a UUID."
)


class Refused(Exception):
    def __init__(self, error: FormError):
        super().__init__(error.message)
        self.error = error


def take_file(request: HttpRequest) -> HttpResponse:
    if request.method != "PUT":
        response = answered(405, errors=[{"code": "METHOD_NOT_ALLOWED", "message": "Use PUT."}])
        response["Allow"] = "PUT, OPTIONS"
        return response
    try:
        row, is_new = taken(request)
    except Refused as refused:
        return told(refused.error)
    except FilesUnavailable:
        return not_now()
    file = {"key": str(row.key), "name": row.name, "size": row.size, "mediaType": row.media_type}
    return answered(201 if is_new else 200, file=file, errors=[])


def taken(request: HttpRequest) -> tuple[SubmissionFile, bool]:
    """The file's row, and whether it is new."""
    token, question, key = parts_of(request.path_info)
    path = path_of_file_token(token, at=clock.now())
    if path is None:
        raise Refused(START_AGAIN)
    context = context_of(request)
    sent = FileSent(as_uuid(key), question, body_of(request, question))
    with locked(context, path) as (now, page, questions):
        form = asked_for(page, questions, question)
        known = known_file(form.pk, sent)
        if isinstance(known, SubmissionFile):
            return known, False
        refuse(known or problem_of_file_rate(form.pk, now.client_address, at=now.moment))
        # Before it is looked at, which is what takes long: what is refused counts as well.
        count_file(form.pk, now.client_address, at=now.moment)
    file = looked_at(request, sent)
    with locked(context, path) as (now, page, questions):
        form = asked_for(page, questions, question)
        row = begin(form.pk, sent, file, at=now.moment)
    if row is None:  # It came twice at once.
        raise Refused(
            FormError(Code.KEY_REUSED, "This key was sent just now: try again.", question)
        )
    if not finish(row, file.content):
        raise Refused(NOT_OPEN)
    return row, True


def context_of(request: HttpRequest) -> OperationContext:
    try:
        sites = Sites(request)
    except UnknownSite:
        raise Refused(NOT_OPEN) from None
    return OperationContext(sites, client_address=client_address(request))


def asked_for(form: Any, questions: list | None, name: str) -> Any:
    """The form, if it asks for a file under this name."""
    if form is None or questions is None:
        raise Refused(NOT_OPEN)
    if any(each.clean_name == name and each.field_type in FILES for each in questions):
        return form
    message = "The form asks for no file there: read it again."
    raise Refused(FormError(Code.UNKNOWN_QUESTION, message, name))


def as_uuid(text: str) -> UUID:
    key = as_key(text)
    if key == NO_KEY:
        raise Refused(KEY_REFUSED)
    return key


def body_of(request: HttpRequest, question: str) -> bytes:
    most = settings.FORM_FILE_MAX_SIZE
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > most:
        said = f"This file is too large: send at most {most / 1_000_000:g} MB."
        raise Refused(FormError(Code.FILE_TOO_LARGE, said, question))
    content = request.read(int(length))
    if len(content) < int(length):
        said = "The connection ended before the file did: send it again."
        raise Refused(FormError(Code.FILE_REFUSED, said, question))
    return content


def looked_at(request: HttpRequest, sent: FileSent) -> Received:
    try:
        return received(request.GET.get("name", ""), sent.content, endings())
    except ValidationError as problem:
        message = problem.messages[0]
        raise Refused(FormError(Code.FILE_REFUSED, message, sent.question)) from problem


def refuse(error: FormError | None) -> None:
    if error is not None:
        raise Refused(error)


def told(error: FormError) -> HttpResponse:
    said = {
        "code": error.code,
        "message": error.message,
        "cleanName": error.clean_name,
        "retryAfter": error.retry_after,
    }
    response = answered(STATUS[error.code], errors=[said])
    if error.retry_after:
        response["Retry-After"] = str(error.retry_after)
    return response


def not_now() -> HttpResponse:
    message = "Files cannot be taken just now. Send it again after the seconds Retry-After says."
    response = answered(503, errors=[{"code": "SERVICE_UNAVAILABLE", "message": message}])
    response["Retry-After"] = "5"
    return response


def answered(status: int, **body: Any) -> HttpResponse:
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response
