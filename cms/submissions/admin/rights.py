"""Who may read answers, and who may delete them: of the forms that they may edit."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from wagtail.contrib.forms.utils import get_forms_for_user

from cms.submissions.models import Submission
from pages import clock
from pages.models import FormPage

__all__ = ["check_may_delete", "form_to_read", "may_delete", "submissions_for"]


def form_to_read(user: Any, key: int) -> FormPage:
    """Raises ``PermissionDenied`` for whoever may not read its answers."""
    if not get_forms_for_user(user).filter(pk=key).exists():
        raise PermissionDenied
    form = FormPage.objects.filter(pk=key).first()
    if form is None:
        raise Http404("No form has this number.")
    return form


def may_delete(user: Any) -> bool:
    return user.has_perm("wagtailforms.delete_formsubmission")


def check_may_delete(user: Any) -> None:
    if not may_delete(user):
        raise PermissionDenied


def submissions_for(user: Any) -> Any:
    """Those that someone may read. What is to be deleted is gone at its second."""
    forms = get_forms_for_user(user).order_by().values("pk")
    return Submission.objects.filter(page__in=forms, kept_until__gt=clock.now())
