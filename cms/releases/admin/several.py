"""A field of a form in which several pages, people or organisations are chosen at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model
from django.urls import reverse
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page
from wagtail.snippets.widgets import AdminSnippetChooser

__all__ = ["SeveralField"]


class ChooseSeveral(forms.MultipleHiddenInput):
    template_name = "releases/several.html"
    # It has a button.
    input_type = ""

    def __init__(self, model: type[Model]):
        super().__init__()
        self.model = model

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = forms.Widget.get_context(self, name, value, attrs)
        is_page = issubclass(self.model, Page)
        context["widget"].update(
            kind="page" if is_page else "snippet",
            url=self.url(),
            words=self.model._meta.verbose_name_plural,
            chosen=self.chosen(value or ()),
        )
        return context

    def id_for_label(self, id_: str) -> str:
        """A label would take the place of what its button says."""
        return ""

    def url(self) -> str:
        if issubclass(self.model, Page):
            return reverse("wagtailadmin_choose_page")
        return AdminSnippetChooser(self.model).get_chooser_modal_url()

    def chosen(self, keys: Iterable[Any]) -> list[Model]:
        """What was chosen before the form came back."""
        numbers = [key for key in keys if str(key).isdecimal()]
        return list(self.model._default_manager.filter(pk__in=numbers))

    @property
    def media(self) -> forms.Media:
        chooser = (
            AdminPageChooser() if issubclass(self.model, Page) else AdminSnippetChooser(self.model)
        )
        return chooser.media + forms.Media(js=["releases/several.js"])


class SeveralField(forms.ModelMultipleChoiceField):
    def __init__(self, model: type[Model], **kwargs: Any):
        super().__init__(
            model._default_manager.all(),
            required=False,
            widget=ChooseSeveral(model),
            label=str(model._meta.verbose_name_plural).capitalize(),
            **kwargs,
        )
