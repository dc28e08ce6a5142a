"""A translation is begun as a draft with the text of the original, where it will stand."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.shortcuts import redirect
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.contrib.simple_translation.forms import SubmitTranslationForm
from wagtail.contrib.simple_translation.views import (
    SubmitPageTranslationView,
    SubmitSnippetTranslationView,
)
from wagtail.log_actions import log
from wagtail.models import Locale, Page

from cms.admin.translating import BeginPage, obstacle_to_translation
from pages.languages import name_of

__all__ = ["BeginPageTranslation", "BeginSnippetTranslation"]

NOT_OF_THE_TEXT = {
    "live": False,
    "has_unpublished_changes": True,
    "first_published_at": None,
    "last_published_at": None,
    "go_live_at": None,
    "expire_at": None,
    "expired": False,
    "live_revision": None,
    "latest_revision": None,
    "locked": False,
    "locked_at": None,
    "locked_by": None,
}


class BeginForm(SubmitTranslationForm):
    """As Wagtail's, which takes for granted what its boxes leave open. It is refused instead."""

    def __init__(self, instance: Any, *args: Any, user: Any, **kwargs: Any):
        super().__init__(instance, *args, **kwargs)
        self.original, self.user = instance, user
        self.fields["locales"].label = "Languages"
        self.fields["locales"].error_messages |= {
            "required": "Choose a language.",
            "invalid_choice": "It is there in that language already, or there is no such language.",
        }
        self.fields["locales"].label_from_instance = lambda locale: name_of(locale.language_code)
        if self.fields["locales"].help_text:
            self.fields["locales"].help_text = told_before(instance, self.fields["locales"])

    def clean_locales(self) -> Any:
        chosen = self.cleaned_data["locales"]
        for locale in chosen:
            obstacle = obstacle_to_translation(self.original, locale, self.user)
            if obstacle:
                self.add_error("locales", obstacle)
        return chosen


def told_before(page: Page, field: Any) -> str:
    """Which languages cannot be chosen, and what to do before."""
    closed = Locale.objects.filter(pk__in=field.widget.disabled_values)
    closed = closed.filter(pk__in=field.queryset.values("pk"))
    names = " or ".join(name_of(each.language_code) for each in closed)
    above = page.get_parent().get_admin_display_title()
    return f"“{above}”, which this page stands under, is not in {names} yet: translate that first."


class Begin:
    """What both screens do in the place of Wagtail's."""

    request: Any
    object: Any
    kwargs: dict[str, Any]

    def get_form(self) -> BeginForm:
        return self.form

    @cached_property
    def form(self) -> BeginForm:
        sent = [self.request.POST] if self.request.method == "POST" else []
        return BeginForm(self.object, *sent, user=self.request.user)

    @transaction.atomic
    def post(self, request: Any, **kwargs: Any) -> Any:
        type(self.object)._base_manager.select_for_update().get(pk=self.object.pk)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(**kwargs))  # type: ignore[attr-defined]
        locales = list(self.form.cleaned_data["locales"])
        with_all_beneath = self.form.cleaned_data["include_subtree"]
        for locale in locales:
            self.begin(locale, with_all_beneath=with_all_beneath)
        names = " and ".join(name_of(locale.language_code) for locale in locales)
        what = f"“{self.get_subtitle()}”"  # type: ignore[attr-defined]
        messages.success(request, f"{what} was begun in {names}: readers do not see it yet.")
        only = self.object.get_translation(locales[0]) if len(locales) == 1 else None
        return redirect(self.get_success_url(only))  # type: ignore[attr-defined]

    def begin(self, locale: Locale, *, with_all_beneath: bool) -> None:
        raise NotImplementedError


class BeginPageTranslation(Begin, SubmitPageTranslationView):
    def begin(self, locale: Locale, *, with_all_beneath: bool) -> None:
        action = BeginPage(
            self.object, locale, include_subtree=with_all_beneath, user=self.request.user
        )
        action.execute()


class BeginSnippetTranslation(Begin, SubmitSnippetTranslationView):
    def begin(self, locale: Locale, *, with_all_beneath: bool) -> None:
        made = self.object.copy_for_translation(locale)
        for name, value in NOT_OF_THE_TEXT.items():
            setattr(made, name, value)
        made.save()
        made.save_revision(user=self.request.user, log_action=False)
        log(instance=made, action="wagtail.create", user=self.request.user, content_changed=True)
