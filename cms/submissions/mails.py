"""Mails about an answer: to whoever gave it, and to whom the form's editors named.

They are written with the answer and sent by a scheduler, so that none is lost, nor sent for what
was not taken. What was answered is in neither of them: anyone can enter anyone's address.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cms.scheduling.process.retries import try_each
from cms.submissions.models import Submission, SubmissionMail
from pages import clock
from pages.models import FormPage
from pages.questions.kinds import FormFieldType

__all__ = ["send_mails", "write_mails"]

GIVEN_UP_AFTER = timedelta(days=3)


def write_mails(form: FormPage, submission: Submission) -> None:
    facts = {
        "form": form,
        "site": settings.WAGTAIL_SITE_NAME,
        "kept_until": date_format(timezone.localtime(submission.kept_until), "j F Y"),
    }
    to_answer = address_given(submission)
    if to_answer and form.confirmation_text:
        text = render_to_string("submissions/confirmation.txt", facts)
        write(submission, to_answer, form.confirmation_subject, text)
    if form.notified_address:
        path = reverse("wagtailforms:list_submissions", args=[form.pk])
        facts["address"] = f"{settings.WAGTAILADMIN_BASE_URL}{path}"
        text = render_to_string("submissions/notice.txt", facts)
        write(submission, form.notified_address, f"New answer to “{form.title}”", text)


def write(submission: Submission, recipient: str, subject: str, text: str) -> None:
    one_line = " ".join(subject.split())
    now = submission.submit_time
    SubmissionMail.objects.create(
        submission=submission,
        recipient=recipient,
        subject=one_line,
        text=text,
        created_at=now,
        send_at=now,
    )


def address_given(submission: Submission) -> str | None:
    """That of the first question that asks for one and was answered."""
    given = (
        submission.form_data.get(question["name"])
        for question in submission.questions
        if question["type"] == FormFieldType.EMAIL
    )
    return next(filter(None, given), None)


def send_mails() -> None:
    """Send what is due, some of it; what is sent is forgotten."""
    mails = SubmissionMail.objects.all()
    mails.filter(created_at__lte=clock.now() - GIVEN_UP_AFTER).delete()
    try_each(mails, send, SubmissionMail.delete, what="A mail about an answer")


def send(mail: SubmissionMail) -> None:
    send_mail(mail.subject, mail.text, None, [mail.recipient])
