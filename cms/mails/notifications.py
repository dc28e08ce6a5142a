"""Mails to those a step concerns, written in the same transaction as the step.

So nobody is told of what was undone, and nobody is forgotten when a process is killed. A scheduler
sends them: see ``sending.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.users.models import UserProfile

from cms.admin.times.time_zones import local_moment, zone_name
from cms.mails.models import Notification

__all__ = ["notify"]


def notify(
    recipients: Iterable[AbstractBaseUser | None],
    about: Any,
    step: str,
    *,
    says: str,
    called: str = "",
    moment: datetime | None = None,
    why: str = "",
    switch: str = "approved",
    also_unwanted: bool = False,
    address: str = "",
    once: bool = False,
) -> None:
    """Tell people of a step, once each, in their own time zone.

    ``says`` is the subject, with ``{what}`` for the object, or what a version of it is ``called``.
    People without an address are left alone, and those who have switched these mails off in their
    account, unless this one is ``also_unwanted``. It leads to the object's form if no other
    ``address`` is given. What several schedulers may find at a time is announced ``once``, which
    the database sees to.
    """
    write = Notification.objects.get_or_create if once else Notification.objects.create
    sentence = says.format(what=f"“{called or about}”")
    for recipient in {user.pk: user for user in recipients if user is not None}.values():
        profile = UserProfile.get_for_user(recipient)
        wanted = also_unwanted or getattr(profile, f"{switch}_notifications")
        if not (recipient.is_active and recipient.email and wanted):
            continue
        with timezone.override(profile.get_current_time_zone()):
            texts = {
                "subject": " ".join(sentence.split()),
                "text": text_for(
                    sentence,
                    moment=moment,
                    why=why,
                    address=address or AdminURLFinder(recipient).get_edit_url(about),
                ),
            }
            write(
                recipient=recipient,
                content_type=ContentType.objects.get_for_model(about, for_concrete_model=False),
                object_id=str(about.pk),
                step=step,
                moment=moment,
                **({"defaults": texts} if once else texts),
            )


def text_for(sentence: str, *, moment: datetime | None, why: str, address: str | None) -> str:
    return render_to_string(
        "mails/notification.txt",
        {
            "sentence": sentence,
            "moment": f"{local_moment(moment)} ({zone_name()})" if moment else "",
            "why": why,
            "site": settings.WAGTAIL_SITE_NAME,
            "address": f"{settings.WAGTAILADMIN_BASE_URL}{address}" if address else "",
        },
    )
