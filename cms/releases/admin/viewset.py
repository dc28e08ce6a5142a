"""Releases in the admin: listed, described, and each with a page that shows what is in it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.shortcuts import redirect
from django.urls import path, reverse
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.admin.permissions import may_see_drafts
from cms.admin.subjects import Subject
from cms.admin.times.columns import MomentColumn
from cms.admin.times.time_zones import local_moment
from cms.releases import steps as release_steps
from cms.releases.admin import items as release_items
from cms.releases.admin.decisions import DECISIONS, decide, decisions_about
from cms.releases.admin.items import CHANGE
from cms.releases.models import ItemAction, Release, ReleaseItem
from cms.releases.steps import NotPossible, can_be_deleted

__all__ = ["ReleaseViewSet"]


class IndexView(generic.IndexView):
    def get_base_queryset(self):
        releases = super().get_base_queryset().select_related("created_by")
        return releases.annotate(number_of_items=Count("items"))

    def get_edit_url(self, instance):
        """A name in the list leads to what is in it."""
        return reverse(self.inspect_url_name, args=(instance.pk,))

    def get_delete_url(self, instance):
        return super().get_delete_url(instance) if can_be_deleted(instance) else None


class CreateView(generic.CreateView):
    def save_instance(self):
        self.form.instance.created_by = self.request.user
        return super().save_instance()

    def get_success_url(self):
        return reverse("releases:inspect", args=(self.object.pk,))


class EditView(generic.EditView):
    """What it is called, and when it goes live as long as nobody has approved it."""

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        # A moment that was typed before somebody approved it is refused in words.
        if not self.object.is_open and "go_live_at" not in form.data:
            form.fields["go_live_at"].disabled = True
        return form

    def save_instance(self):
        fields = {name: self.form.cleaned_data[name] for name in ("name", "note", "go_live_at")}
        if "go_live_at" not in self.form.changed_data:  # It drops what is less than a second.
            fields["go_live_at"] = self.form.initial["go_live_at"]
        return release_steps.describe(self.object, self.request.user, **fields)

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except NotPossible as error:
            not_taken = local_moment(form.cleaned_data["go_live_at"])
            form.add_error(None, [*error.reasons])
            form.add_error("go_live_at", f"Not taken: {not_taken}.")
            form.fields["go_live_at"].disabled = True
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def get_success_url(self):
        return reverse("releases:inspect", args=(self.object.pk,))


class DeleteView(generic.DeleteView):
    """Only what readers neither see nor will see, nor can be put back from."""

    def form_valid(self, form):
        try:
            release_steps.delete(self.object, self.request.user)
        except NotPossible as error:
            for reason in error.reasons:
                messages.error(self.request, reason)
        else:
            messages.success(self.request, self.get_success_message())
        return redirect(self.get_success_url())


class ReleasePage(generic.InspectView):
    page_title = "Release"

    def get_delete_url(self):
        return super().get_delete_url() if can_be_deleted(self.object) else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, release = self.request.user, self.object
        items = rows_of(release)
        return {
            **super().get_context_data(**kwargs),
            "release": release,
            "approved_by": get_user_display_name(release.approved_by) or "someone who has left",
            "handed_to": get_user_display_name(release.handed_to),
            "handed_by": get_user_display_name(release.handed_by),
            "failure": release_steps.failure_of(release),
            "items": items,
            "changed": [row for row in items if row["edited_since"]],
            "decisions": decisions_about(release, user),
            "may_change": release.is_open and user.has_perm(CHANGE),
            "may_see_drafts": may_see_drafts(user),
        }


def rows_of(release: Release) -> list[dict[str, Any]]:
    """Its items, in as many statements however many there are."""
    items = (
        release.items.with_newest()
        .select_related("content_type", "redirect_page", "revision__user")
        .defer("revision__content")
        .order_by("pk")
    )
    return [row_of(item, release) for item in items]


def row_of(item: ReleaseItem, release: Release) -> dict[str, Any]:
    return {
        "item": item,
        "subject": item.model and Subject(item.model, item.object_id, item.title),
        "target": item.redirect_page or item.redirect_link or "a page that has been deleted",
        "written_at": item.written_at,
        "edited_since": release.is_approved
        and item.action == ItemAction.PUBLISH
        and item.revision_id != item.newest_id,
    }


class ReleaseViewSet(ModelViewSet):
    model = Release
    icon = "upload"
    menu_label = "Releases"
    menu_name = "releases"
    menu_order = 225
    add_to_admin_menu = True
    panels = [FieldPanel("name"), FieldPanel("note"), FieldPanel("go_live_at")]
    list_display = [
        "name",
        MomentColumn("go_live_at", label="Goes live"),
        Column("state", label="State", accessor="get_state_display"),
        Column("number_of_items", label="Items"),
        Column("created_by", label="Made by"),
    ]
    list_filter = ["state"]
    search_fields = ["name"]
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    inspect_view_class = ReleasePage
    inspect_view_enabled = True
    inspect_template_name = "releases/release.html"
    copy_view_enabled = False

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            *(
                path(f"<int:pk>/{each.name}/", decide, {"name": each.name}, name=each.name)
                for each in DECISIONS
            ),
            path("<int:pk>/add/", release_items.add_to_release, name="add_items"),
            path("<int:pk>/redirect/", release_items.add_redirect, name="add_redirect"),
            path("<int:pk>/take-out/<int:item_pk>/", release_items.take_out, name="take_out"),
            path(
                "for/<int:content_type_pk>/<str:object_pk>/",
                release_items.add_object,
                name="add_object",
            ),
        ]

    @property
    def url_finder_class(self):
        """Whoever is sent to a release, by a mail or a history, wants to see what is in it."""
        finder = super().url_finder_class
        return type(finder.__name__, (finder,), {"edit_url_name": self.get_url_name("inspect")})
