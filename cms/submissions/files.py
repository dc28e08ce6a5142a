"""Files that are sent for a question, before the answer that names them.

The row comes before the file, and a row that goes leaves a note of what is still to be removed: a
process that dies in between leaves nothing that nobody knows of.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from cms.submissions.errors import FormError, FormErrorCode
from cms.submissions.models import DiscardedFile, Submission, SubmissionFile
from cms.submissions.tokens import VALID_FOR
from media import stored_files
from media.strangers import Received
from pages.questions.files import most_of

__all__ = [
    "NO_KEY",
    "FileSent",
    "as_key",
    "attach",
    "begin",
    "delete_what_no_answer_names",
    "discard",
    "files_by_key",
    "finish",
    "known_file",
    "read_files",
    "remove_discarded",
]

logger = logging.getLogger(__name__)

FOLDER = "answers"
NO_KEY = UUID(int=0)
# Nobody may send an answer with them any longer, and one that is being taken is done by then.
KEPT_WITHOUT_ANSWER = VALID_FOR + timedelta(hours=1)

NOT_FOUND = "Of this file nothing is known, or it was sent too long ago: send it again."
TOO_FEW = "Send at least {} files."
TOO_MANY = "Send at most {}."


@dataclass(frozen=True)
class FileSent:
    """What a client sent: the key that it made, the question's, and the bytes as they came."""

    key: UUID
    question: str
    content: bytes

    def digest(self) -> str:
        return sha256(self.content).hexdigest()


def known_file(form: int, sent: FileSent) -> SubmissionFile | FormError | None:
    """The same file, if it came before, or why another cannot have its key."""
    known = SubmissionFile.objects.filter(key=sent.key).first()
    if known is None:
        return None
    same = (form, sent.question, sent.digest()) == (known.page_id, known.question, known.digest)
    if not same or not known.is_stored:
        message = "Another file has this key: send this one with a new key."
        return FormError(FormErrorCode.KEY_REUSED, message, sent.question)
    return known


def begin(form: int, sent: FileSent, file: Received, *, at: datetime) -> SubmissionFile | None:
    """Under the lock of the form, which nobody deletes meanwhile; None if the key is taken."""
    try:
        with transaction.atomic():
            return SubmissionFile.objects.create(
                key=sent.key,
                page_id=form,
                question=sent.question,
                name=file.name,
                media_type=file.media_type,
                size=len(file.content),
                digest=sent.digest(),
                stored_as=f"{FOLDER}/{uuid4().hex}",
                sent_at=at,
            )
    except IntegrityError:
        return None


def finish(row: SubmissionFile, content: bytes) -> bool:
    """Once the row is committed; False if it has gone meanwhile."""
    default_storage.save(row.stored_as, ContentFile(content))
    if SubmissionFile.objects.filter(pk=row.pk).update(is_stored=True):
        return True
    discard(row)
    return False


# With an answer


def files_by_key(
    form: int, answers: Iterable[tuple[str, Sequence[str]]], *, at: datetime
) -> dict[UUID, SubmissionFile]:
    """Those that an answer may name, locked until it is taken."""
    keys = {as_key(value) for _, values in answers for value in values} - {NO_KEY}
    if not keys:
        return {}
    waiting = SubmissionFile.objects.select_for_update().filter(
        key__in=keys, page=form, submission=None, is_stored=True, sent_at__gt=at - VALID_FOR
    )
    return {each.key: each for each in waiting}


def read_files(
    question: Any, values: Sequence[str], waiting: Mapping[UUID, SubmissionFile]
) -> tuple[list[SubmissionFile], FormError | None]:
    name, keys = question.clean_name, list(dict.fromkeys(map(as_key, values)))
    found = [waiting[key] for key in keys if key in waiting and waiting[key].question == name]
    least = int(question.minimum or 0)
    most = int(most_of(question) or 1)
    error = None
    if len(found) < len(keys):
        error = FormError(FormErrorCode.FILE_NOT_FOUND, NOT_FOUND, name)
    elif not found and question.required:
        error = FormError(FormErrorCode.REQUIRED, "Send a file.", name)
    elif found and len(found) < least:
        error = FormError(FormErrorCode.TOO_FEW_FILES, TOO_FEW.format(least), name)
    elif len(found) > most:
        said = TOO_MANY.format(f"{most} file{'s' * (most != 1)}")
        error = FormError(FormErrorCode.TOO_MANY_FILES, said, name)
    return ([], error) if error else (found, None)


def as_key(text: str) -> UUID:
    """Of what is no key, one that no file has."""
    try:
        return UUID(text)
    except ValueError:
        return NO_KEY


def attach(submission: Submission, files: Iterable[SubmissionFile]) -> None:
    keys = [each.pk for each in files]
    if keys:
        SubmissionFile.objects.filter(pk__in=keys).update(submission=submission)


# Removing


def delete_what_no_answer_names(*, at: datetime) -> None:
    SubmissionFile.objects.filter(submission=None, sent_at__lte=at - KEPT_WITHOUT_ANSWER).delete()


def discard(row: SubmissionFile) -> None:
    """In the transaction in which the row goes; the file goes once that is committed."""
    DiscardedFile.objects.get_or_create(stored_as=row.stored_as)
    transaction.on_commit(lambda: remove(row.stored_as), robust=True)


def remove(stored_as: str) -> None:
    """What cannot be removed just now is, by the scheduler, later."""
    stored_files.remove(stored_as)
    DiscardedFile.objects.filter(stored_as=stored_as).delete()


def remove_discarded() -> int:
    """How many are left, since they cannot be removed just now."""
    try:
        for stored_as in DiscardedFile.objects.values_list("stored_as", flat=True):
            remove(stored_as)
    except OSError as problem:
        logger.warning("Files of deleted answers cannot be removed: %s.", problem.strerror)
    return DiscardedFile.objects.count()
