"""The mail for a lost password: asked for in a request, sent by a scheduler.

Whoever asks learns nothing from how long it takes, since the request does the same for every
address: only the scheduler looks whether anyone has it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.admin.forms import auth

from cms.mails.models import LostPassword
from cms.scheduling.process.retries import try_each
from pages import clock

__all__ = ["PasswordResetForm", "send_lost_passwords"]

FIRST_RETRY = timedelta(seconds=20)
LONGEST_WAIT = timedelta(minutes=10)
# By then whoever asked has given up, or asked again.
GIVEN_UP_AFTER = timedelta(hours=2)


class PasswordResetForm(auth.PasswordResetForm):
    def save(self, **kwargs: Any) -> None:
        now = clock.now()
        asked = LostPassword(email=self.cleaned_data["email"], asked_at=now, send_at=now)
        # Who asks twice at once gets one mail.
        LostPassword.objects.bulk_create([asked], ignore_conflicts=True)


def send_lost_passwords() -> None:
    asked = LostPassword.objects.all()
    asked.filter(asked_at__lte=clock.now() - GIVEN_UP_AFTER).delete()
    try_each(
        asked,
        send,
        LostPassword.delete,
        what="A mail for a lost password",
        first=FIRST_RETRY,
        longest=LONGEST_WAIT,
    )


def send(asked: LostPassword) -> None:
    for user in PasswordResetForm().get_users(asked.email):
        mail_link(user)


def mail_link(user: AbstractBaseUser) -> None:
    """To the address that the account has, which may differ in letters from what was typed."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    path = reverse("wagtailadmin_password_reset_confirm", args=[key, token])
    text = render_to_string(
        "mails/lost_password.txt",
        {
            "site": settings.WAGTAIL_SITE_NAME,
            "address": f"{settings.WAGTAILADMIN_BASE_URL}{path}",
            "days": timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days,
            "user": user,
        },
    )
    subject = f"New password for {settings.WAGTAIL_SITE_NAME}"
    send_mail(subject, text, None, [getattr(user, user.get_email_field_name())])
