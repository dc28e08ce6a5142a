"""What this person may move from the calendar, and by which address."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.urls import reverse

from cms.admin.subjects import publishable_by

__all__ = ["move_url", "with_movable"]


def with_movable(revisions: QuerySet, user: AbstractBaseUser) -> QuerySet:
    movable = ExpressionWrapper(publishable_by(user), output_field=BooleanField())
    return revisions.annotate(movable=movable)


def move_url(what: str, at: datetime, *arguments: Any) -> str:
    address = reverse(f"calendar_move_{what}", args=arguments)
    return f"{address}?{urlencode({'old': at.isoformat()})}"
