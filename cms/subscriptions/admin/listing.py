"""Subscribers, as they put themselves on the list: nobody is added, or written to, from here."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from cms.admin.times.columns import MomentColumn
from cms.subscriptions.joining import enter
from cms.subscriptions.models import Subscriber, SubscriberState

__all__ = ["SubscriberViewSet"]

OFF_THE_LIST = (SubscriberState.LEFT, SubscriberState.BOUNCED, SubscriberState.COMPLAINED)


class Joined:
    """People put themselves on the list."""

    def user_has_permission(self, permission: str) -> bool:
        return permission != "add" and super().user_has_permission(permission)  # type: ignore[misc]


class SubscriberFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        choices=SubscriberState.choices, widget=forms.CheckboxSelectMultiple, label="State"
    )

    class Meta:
        model = Subscriber
        fields = ["state", "language", "site"]


class SubscriberForm(WagtailAdminModelForm):
    """Takes someone off the list, or undoes that where mails came back for a while."""

    class Meta:
        model = Subscriber
        fields = ["state"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        was = SubscriberState(self.instance.state)
        offered = {was, *OFF_THE_LIST}
        if was == SubscriberState.BOUNCED and self.instance.confirmed_at:
            offered.add(SubscriberState.SUBSCRIBED)
        choices = SubscriberState.choices
        self.fields["state"].choices = [each for each in choices if each[0] in offered]
        self.fields["state"].help_text = (
            "Who is off the list gets no newsletters. Only they themselves can join again, unless "
            "mails came back for a while."
        )


class IndexView(Joined, generic.IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("site")

    @property
    def header_more_buttons(self) -> list[Any]:
        buttons = list(super().header_more_buttons)
        if self.user_has_permission("change"):
            address = reverse("record_undelivered")
            buttons.append(
                HeaderButton("Record bounces and complaints", address, icon_name="warning")
            )
        return buttons


class CreateView(Joined, generic.CreateView):
    """Refuses everyone."""


class EditView(generic.EditView):
    success_message = "%(object)s: saved."

    def save_instance(self) -> Subscriber:
        subscriber = Subscriber.objects.select_for_update().get(pk=self.object.pk)
        chosen = SubscriberState(self.form.cleaned_data["state"])
        if chosen != subscriber.state:
            enter(subscriber, chosen)
        return subscriber


class DeleteView(generic.DeleteView):
    confirmation_message = (
        "Nothing is kept of this address, so that it can be subscribed anew: to keep it off the "
        "list, set it to “Unsubscribed” or “Complained” instead."
    )


class SubscriberViewSet(ModelViewSet):
    model = Subscriber
    icon = "mail"
    menu_label = "Subscribers"
    form_fields = ["state"]
    list_display = [
        "email",
        Column("state", label="State", accessor="get_state_display", sort_key="state"),
        MomentColumn("changed_at", label="Since", sort_key="changed_at"),
        Column("language", label="Language", sort_key="language"),
        Column("site", label="Site"),
    ]
    list_export = ["email", "state", "language", "asked_at", "confirmed_at", "changed_at"]
    export_headings = {
        "email": "E-mail address",
        "state": "State",
        "language": "Language",
        "asked_at": "Asked",
        "confirmed_at": "Confirmed",
        "changed_at": "Since",
    }
    export_filename = "subscribers"
    filterset_class = SubscriberFilterSet
    search_fields = ["email"]
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[SubscriberForm]:
        return SubscriberForm
