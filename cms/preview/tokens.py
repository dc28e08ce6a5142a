"""Preview tokens in the admin: made, listed and revoked, never changed."""

from django.contrib import messages as plain_messages
from django.db import transaction
from django.forms import RadioSelect
from django.utils.html import format_html
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from cms.admin.times.columns import MomentColumn
from cms.perspective.tokens import PreviewToken

__all__ = ["REVOKED", "PreviewTokenViewSet"]

REVOKED = "publishing.revoke_preview_token"


class Unchanging:
    """What a token shows is decided when it is made: whoever was given it relies on that."""

    def user_has_permission(self, permission: str) -> bool:
        return permission != "change" and super().user_has_permission(permission)  # type: ignore[misc]


class IndexView(Unchanging, generic.IndexView):
    """The tokens with what they are limited to and who made them, in one statement."""

    def get_base_queryset(self):
        tokens = super().get_base_queryset().with_rights()
        return tokens.select_related("page", "release", "created_by")

    def get_list_more_buttons(self, instance):
        """Nothing is deleted here, and nothing revoked twice."""
        address = self.get_delete_url(instance)
        if instance.revoked_at or not address:
            return []
        return [MenuItem("Revoke", url=address, icon_name="cross")]


class CreateView(generic.CreateView):
    submit_button_label = "Make token"
    success_message = None  # The token itself is shown instead, once.

    def get_form(self, *args, **kwargs):
        """What it may show depends on who makes it."""
        form = super().get_form(*args, **kwargs)
        form.instance.created_by = self.request.user
        return form

    def save_instance(self):
        self.text = self.form.instance.make_text()
        return super().save_instance()

    def save_action(self):
        shown = format_html(
            "Copy this token now, for it cannot be shown again: <code>{}</code>", self.text
        )
        plain_messages.success(self.request, shown)
        return super().save_action()


class EditView(Unchanging, generic.EditView):
    """Refuses everyone."""


class RevokeView(generic.DeleteView):
    template_name = "preview/tokens/revoke.html"
    page_title = "Revoke"
    success_message = "Preview token “%(object)s” revoked."
    confirmation_message = (
        "Whoever has this token sees from now on no more than readers do. This cannot be undone."
    )

    def delete_action(self):
        with transaction.atomic():
            self.object.revoke()
            log(instance=self.object, action=REVOKED)


class PreviewTokenViewSet(ModelViewSet):
    model = PreviewToken
    icon = "key"
    menu_label = "Preview tokens"
    menu_order = 700
    add_to_settings_menu = True
    panels = [
        FieldPanel("name"),
        FieldPanel("sees", widget=RadioSelect),
        FieldPanel("moment"),
        FieldPanel("release"),
        FieldPanel("page"),
        FieldPanel("expires_at"),
    ]
    list_display = [
        "name",
        Column("sees", label="Shows", accessor="get_sees_display"),
        MomentColumn("moment", label="At"),
        "release",
        "page",
        Column("created_by", label="Made by"),
        MomentColumn("expires_at", label="Valid until"),
        MomentColumn("last_used_at", label="Last used"),
        Column("state", label="State"),
    ]
    search_fields = ["name"]
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = RevokeView
    copy_view_enabled = False
