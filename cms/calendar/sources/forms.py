"""Forms that open and close by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F, Q

from cms.admin.subjects import Subject, pages_shown_to
from cms.calendar.entries import Entry
from pages.models import FormPage

__all__ = ["FORMS", "forms"]

# In addresses, and as a filter names them.
FORMS = ("form", "Forms that open or close")
WORDS = {"opens_at": "Takes answers from now on", "closes_at": "Closes: takes no more answers"}
FORM_COLUMNS = ("title", "live", "is_open", "latest_revision_created_at", *WORDS)


def forms(user: AbstractBaseUser, start: datetime, end: datetime) -> Iterator[Entry]:
    """Both moments of each, as far as they are within."""
    within = {name: Q(**{f"{name}__gte": start, f"{name}__lt": end}) for name in WORDS}
    pages = FormPage.objects.filter(
        within["opens_at"] | within["closes_at"], pk__in=pages_shown_to(user).values("pk")
    )
    for page in pages.annotate(author_id=F("live_revision__user_id")).only(*FORM_COLUMNS):
        for name, words in WORDS.items():
            moment = getattr(page, name)
            if moment is not None and start <= moment < end:
                yield Entry(
                    key=f"form-{page.pk}-{name.removesuffix('_at')}",
                    kind=FORMS[0],
                    icon="form",
                    subject=Subject(FormPage, str(page.pk), page.title),
                    at=moment,
                    words=words,
                    note=note_on(page),
                    changed_at=page.latest_revision_created_at or moment,
                    people=tuple(filter(None, [page.author_id])),
                )


def note_on(page: FormPage) -> str:
    if not page.live:
        return "not published"
    return "" if page.is_open else "not open for answers"
