"""Collections of files: where one stands decides who sees what is in it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from wagtail.admin.forms.collections import CollectionForm, CollectionViewRestrictionForm
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.models import Collection

from cms.removal.uses import InUse, check_collection_moved

__all__ = ["GuardedCollectionForm", "asking_again", "saying_what_is_in_it"]


class GuardedCollectionForm(CollectionForm):
    """No signal tells that a collection is moved: its form asks before."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        parent = self.cleaned_data.get("parent")
        if self.instance.pk and parent and "parent" in self.changed_data:
            try:
                check_collection_moved(self.instance, parent)
            except InUse as refused:
                raise ValidationError({"parent": refused.reasons}) from refused
        return cleaned


def asking_again(set_privacy: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who may not hide what is in a collection reads why in its dialog, beside what they chose."""

    @wraps(set_privacy)
    def view(request: HttpRequest, collection_id: int) -> HttpResponse:
        try:
            with transaction.atomic():
                return set_privacy(request, collection_id)
        except InUse as refused:
            form = CollectionViewRestrictionForm(request.POST)
            form.add_error("restriction_type", refused.reasons)
            action = reverse("wagtailadmin_collections:set_privacy", args=(collection_id,))
            collection = get_object_or_404(Collection, pk=collection_id)
            return render_modal_workflow(
                request,
                "wagtailadmin/shared/set_privacy.html",
                template_vars={"action_url": action, "object": collection, "form": form},
                json_data={"step": "set_privacy"},
            )

    return view


def saying_what_is_in_it(post: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wagtail's answer is empty if something was put into a collection meanwhile."""

    @wraps(post)
    def answer(view: Any, request: HttpRequest, pk: int) -> HttpResponse:
        response = post(view, request, pk)
        if response.status_code == 403:
            response = view.render_to_response(view.get_context_data())
            response.status_code = 409
        return response

    return answer
