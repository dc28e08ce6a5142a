"""The form that readers see at an address, once as it is found and once more under its lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from cms.api.engine.deferred import settled
from cms.submissions.taking import lock_form
from pages.models import FormPage

__all__ = ["form_at", "locked"]


def form_at(context: Any, path: str) -> tuple[FormPage | None, list | None]:
    """The form, and its questions if it takes answers."""
    with context.in_force():
        page = settled(context.content.page_at(path))
        if not isinstance(page, FormPage):
            return None, None
        page = settled(context.content.complete_page(page))
        if page is None or not settled(context.content.takes_answers(page)):
            return page, None
        relation = page._meta.get_field("form_fields")
        return page, settled(context.content.related(page, relation))


@contextmanager
def locked(context: Any, path: str) -> Iterator[tuple[Any, FormPage | None, list | None]]:
    """The same once more under the lock of the form, which may have changed until then."""
    found, _ = form_at(context, path)
    with transaction.atomic():
        if found is None or not lock_form(found.pk):
            yield context, None, None
            return
        now = context.anew()
        page, questions = form_at(now, path)
        yield now, page if page and page.pk == found.pk else None, questions
