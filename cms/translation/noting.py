"""The button beside a translation that says that it needs no change."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.log_actions import log
from wagtail.models import Page, TranslatableMixin

from cms.admin.permissions import may_edit_unlocked
from cms.admin.refusals.refusal import Refusal
from cms.perspective.objects import base_model, base_type_of
from cms.translation.models import UpToDateNote
from cms.translation.original import Beside, original_shown_to
from pages import clock
from pages.clock import exact_moment

__all__ = ["NOTED", "note_up_to_date"]

NOTED = "translation.up_to_date"


class LookAgain(Refusal):
    code = "LOOK_AGAIN"

    def __init__(self, reason: str, address: str):
        self.reasons = [reason]
        self.address = address
        super().__init__(reason)


@require_POST
@transaction.atomic
def note_up_to_date(request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
    translation = locked(get_object_or_404(ContentType, pk=content_type_id), object_id)
    if not may_edit_unlocked(request.user, translation):
        raise PermissionDenied
    original = original_shown_to(request.user, translation)
    if original is None:
        raise Http404("It is the translation of nothing that is shown here.")
    beside = Beside(translation, locked_again(original), request)
    address = AdminURLFinder(request.user).get_edit_url(translation) or "/"
    if not beside.is_outdated:
        raise LookAgain(
            f"“{translation}” needs no note: it is no older than “{original}”.", address
        )
    if exact_moment(request.GET.get("seen", "")) != beside.published_at:
        raise LookAgain(
            f"“{original}” was published again while you read: see what has changed.", address
        )
    note(beside)
    messages.success(request, f"It is noted that “{translation}” is up to date.")
    return redirect(address)


def locked(content_type: ContentType, key: str) -> Any:
    model: Any = content_type.model_class()
    if model is None or not issubclass(model, TranslatableMixin):
        raise Http404("Nothing of that kind is translated.")
    model = base_model(model)
    try:
        found = model._base_manager.select_for_update().get(pk=key)
    except (model.DoesNotExist, ValueError) as error:
        raise Http404("It is gone.") from error
    return found.specific if isinstance(found, Page) else found


def locked_again(original: Any) -> Any:
    """Whoever publishes it has ended, or waits."""
    base_model(type(original))._base_manager.select_for_update().get(pk=original.pk)
    return type(original)._base_manager.get(pk=original.pk)


def note(beside: Beside) -> None:
    translation = beside.translation
    UpToDateNote.objects.update_or_create(
        content_type_id=base_type_of(base_model(type(translation))),
        object_id=str(translation.pk),
        defaults={
            "original_published_at": beside.published_at,
            "revision": beside.original.live_revision,
            "noted_by": beside.user,
            "noted_at": clock.now(),
        },
    )
    log(instance=translation, action=NOTED, user=beside.user)
