"""Who may put results into a survey page, and from which answers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from wagtail.contrib.forms.utils import get_forms_for_user

from cms.admin.permissions import may_edit
from cms.admin.refusals.refusal import Refusal
from pages.models import FormPage, SurveyPage

__all__ = ["form_readable_by", "may_compute", "page_to_fill"]


class NotFillable(Refusal):
    code = "not_fillable"

    def __init__(self, page: SurveyPage, sentence: str):
        super().__init__(sentence)
        self.reasons = [sentence]
        self.address = reverse("wagtailadmin_pages:edit", args=[page.pk])


def page_to_fill(user: Any, key: int) -> SurveyPage:
    """As it is in its newest draft. Raises ``PermissionDenied``, or ``Refusal`` with the reason."""
    page = get_object_or_404(SurveyPage, pk=key)
    if page.alias_of_id is not None:
        if not page.permissions_for_user(user).can_edit():
            raise PermissionDenied
        raise NotFillable(page, ALIAS.format(page.title))
    lock = page.get_lock()
    if lock and lock.for_user(user):
        if not page.permissions_for_user(user).can_edit() and not page.current_workflow_state:
            raise PermissionDenied
        raise NotFillable(page, f"{lock.get_message(user) or LOCKED} No results were put into it.")
    if not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    return page.get_latest_revision_as_object()


ALIAS = "“{}” mirrors another page: put the results into that one, and they show here as well."
LOCKED = "This page is locked."


def may_compute(user: Any, page: Any) -> bool:
    return isinstance(page, SurveyPage) and page.alias_of_id is None and may_edit(user, page)


def form_readable_by(user: Any, page: SurveyPage) -> FormPage | None:
    """The form of the survey, for whoever may read what was answered to it."""
    forms = get_forms_for_user(user).filter(pk=page.form_page_id)
    return FormPage.objects.filter(pk=page.form_page_id).first() if forms.exists() else None
