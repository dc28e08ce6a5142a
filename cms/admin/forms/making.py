"""People and organisations are made where one is chosen, without leaving the page for it.

A short form: what is made is completed on its own screen. Whoever may not publish makes a draft.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Model
from wagtail.log_actions import log
from wagtail.snippets.views.chooser import (
    ChooseView,
    SnippetChosenMultipleView,
    SnippetChosenView,
    SnippetCreateView,
)

from cms.admin.forms.starting import chosen_title
from cms.admin.permissions import may_publish
from pages.models import Organisation, Person

__all__ = [
    "ChooseOrMake",
    "Chosen",
    "ChosenSeveral",
    "Make",
    "OrganisationMakingForm",
    "PersonMakingForm",
]

PUBLISH, SUBMIT, KEEP = "publish", "submit", "keep"


class MakingForm(forms.ModelForm):
    """What becomes of it follows from who makes it."""

    becomes = forms.ChoiceField(label="And then", widget=forms.RadioSelect)

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, prefix=f"new-{self._meta.model._meta.model_name}", **kwargs)
        self.user = user
        first = (
            (PUBLISH, "Publish it now")
            if may_publish(user, self.instance)
            else (SUBMIT, "Send it for approval")
        )
        self.fields["becomes"].choices = [first, (KEEP, "Keep it as a draft")]
        self.fields["becomes"].initial = first[0]
        self.fields["becomes"].help_text = (
            "Readers see it only once it is published. Until then a page that names it can be"
            " written, approved and published, and is shown to readers without it; it appears there"
            " by itself as soon as it is published."
        )

    @transaction.atomic
    def make(self) -> Model:
        """First a draft, as on its own screen, so that its history begins with it."""
        self.instance.live = False
        made = self.save()
        log(instance=made, action="wagtail.create", user=self.user, content_changed=True)
        revision = made.save_revision(user=self.user, log_action=True)
        becomes = self.cleaned_data["becomes"]
        if becomes == PUBLISH:
            revision.publish(user=self.user)
            made.refresh_from_db()
        elif becomes == SUBMIT and made.has_workflow:
            made.get_workflow().start(made, self.user)
        return made


class PersonMakingForm(MakingForm):
    class Meta:
        model = Person
        fields = ("name", "title", "job_title")


class OrganisationMakingForm(MakingForm):
    class Meta:
        model = Organisation
        fields = ("name", "kind")


class ForUser:
    """Views whose form asks who uses it."""

    def get_creation_form_kwargs(self):
        kwargs = super().get_creation_form_kwargs()  # type: ignore[misc]
        return {**kwargs, "user": self.request.user}  # type: ignore[attr-defined]


class ShowsDrafts:
    def get_display_title(self, instance):
        return chosen_title(instance)


class ChooseOrMake(ForUser, ChooseView):
    pass


class Chosen(ShowsDrafts, SnippetChosenView):
    pass


class ChosenSeveral(ShowsDrafts, SnippetChosenMultipleView):
    pass


class Make(ForUser, ShowsDrafts, SnippetCreateView):
    def save_form(self, form):
        return form.make()
