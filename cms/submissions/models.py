"""Answers to forms, their files, the mails that wait to be sent, and how many came from where."""

import uuid
from typing import Any

from django.db import models
from wagtail.contrib.forms.models import AbstractFormSubmission

from media.strangers import LONGEST_NAME
from pages import clock

__all__ = ["Submission", "SubmissionCount", "SubmissionMail", "SubmissionTotal"]


class Submission(AbstractFormSubmission):
    """What one person answered to a form, by the keys of its questions (``form_data``).

    It keeps what was asked and consented to in the words of that day: questions are reworded, and
    deleted, while their answers stay. Nothing tells where it came from.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submit_time = models.DateTimeField("answered", default=clock.now, db_index=True)
    # [{"name": …, "label": …, "type": …}] of each question that was asked, in order.
    questions = models.JSONField(default=list)
    # [{"name": …, "label": …, "text": …}] of each consent that was given.
    consents = models.JSONField(default=list)
    # All that was answered, in the form in which it is searched.
    searched = models.TextField(blank=True)
    language = models.CharField(max_length=20, blank=True)
    kept_until = models.DateTimeField("deleted after", db_index=True)
    # Of the key and of the answers that a client sent, to know them when it sends them again.
    idempotency_key = models.CharField(max_length=64)
    answers_digest = models.CharField(max_length=64)

    wagtail_reference_index_ignore = True

    class Meta(AbstractFormSubmission.Meta):
        verbose_name = "answer to a form"
        verbose_name_plural = "answers to forms"
        ordering = ["-submit_time", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["page", "idempotency_key"], name="submissions_submission_once"
            )
        ]

    def __str__(self) -> str:
        return f"Answer {self.reference}"

    def get_data(self) -> dict[str, Any]:
        """As lists and spreadsheets show it, by the names of ``columns_of``."""
        answers = {name: in_words(value) for name, value in self.form_data.items()}
        return {**answers, "submit_time": self.submit_time, "reference": str(self.reference)}

    @staticmethod
    def columns_of(form: Any) -> list[tuple[str, str]]:
        """The questions as they are now, then those that were asked and answered before."""
        columns = {question.clean_name: question.label for question in form.form_fields.all()}
        total = SubmissionTotal.objects.filter(page=form.pk).first()
        for name, label in (total.questions if total else {}).items():
            columns.setdefault(name, f"{label} (no longer asked)")
        return [("submit_time", "Answered"), *columns.items(), ("reference", "Reference")]


class SubmissionFile(models.Model):
    """A file that was sent for a question, with an answer or, for a day, before there is one.

    ``key`` is the client's, by which it names the file in its answer. The file is stored under a
    name that tells nothing, at no address but the one that staff ask.
    """

    key = models.UUIDField(unique=True)
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.CASCADE, related_name="files"
    )
    question = models.CharField(max_length=255)
    name = models.CharField(max_length=LONGEST_NAME)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    # Of what was sent, to know it when it is sent again.
    digest = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100, unique=True)
    # The row is there first, so that no file is without one.
    is_stored = models.BooleanField(default=False)
    sent_at = models.DateTimeField(default=clock.now, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class DiscardedFile(models.Model):
    """A stored file whose row is gone, until it is gone itself."""

    stored_as = models.CharField(max_length=100, unique=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.stored_as


class SubmissionMail(models.Model):
    """A mail about an answer, until it is sent."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="mails")
    recipient = models.EmailField(max_length=254)
    subject = models.TextField()
    text = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    send_at = models.DateTimeField(default=clock.now, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"“{self.subject}” about {self.submission}"


class SubmissionTotal(models.Model):
    """What is known of all answers that a form has taken, also of those that were deleted since."""

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    taken = models.PositiveIntegerField(default=0)
    # The label of each question that was ever asked, as it was last, by its key.
    questions = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.taken} of {self.page_id}"


class SubmissionCount(models.Model):
    """How many answers were taken within an hour, of a form or from an address.

    ``key`` is a keyed hash: an address cannot be read from it, nor be found by trying them all
    without the site's secret.
    """

    key = models.CharField(max_length=64)
    hour = models.DateTimeField(db_index=True)
    times = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["key", "hour"], name="submissions_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.times} in the hour from {self.hour}"


def in_words(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value
