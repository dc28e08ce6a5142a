"""What readers searched for in vain: listed, promoted for, taken off the list; never written."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.search.in_vain import kept
from cms.search.models import PromotedTerm, SearchInVain

__all__ = ["SearchInVainViewSet"]


class Noted:
    """Readers write what is listed here."""

    def user_has_permission(self, permission: str) -> bool:
        return permission in ("view", "delete") and super().user_has_permission(permission)  # type: ignore[misc]


class PromoteColumn(Column):
    """A button that leads to the form for these words, filled in or written before."""

    cell_template_name = "search/promote.html"


class IndexView(Noted, generic.IndexView):
    def get_base_queryset(self) -> QuerySet:
        return kept().select_related("site", "locale")

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        if not self.is_export:
            show_where_promoted(context["object_list"], self.request.user)
        return context

    def get_list_more_buttons(self, instance):
        address = self.get_delete_url(instance)
        return [MenuItem("Take off the list", url=address, icon_name="bin")] if address else []


def show_where_promoted(searches: Any, user: Any) -> None:
    terms = PromotedTerm.objects.filter(key__in={each.key for each in searches})
    known = {(term.site_id, term.locale_id, term.key): term.pk for term in terms}
    may_add, may_change = (
        user.has_perm(f"search.{step}_promotedterm") for step in ("add", "change")
    )
    for each in searches:
        term = known.get((each.site_id, each.locale_id, each.key))
        each.promoted_by = term
        each.promote_address = ""
        if term and may_change:
            each.promote_address = reverse("promoted_results:edit", args=[term])
        elif not term and may_add:
            given = {"term": each.words, "site": each.site_id, "language": each.locale_id}
            each.promote_address = f"{reverse('promoted_results:add')}?{urlencode(given)}"


class CreateView(Noted, generic.CreateView):
    """Refuses everyone."""


class EditView(Noted, generic.EditView):
    """Refuses everyone."""


class DeleteView(generic.DeleteView):
    page_title = "Take off the list"
    success_message = "“%(object)s” was taken off the list."
    confirmation_message = (
        "This search is counted anew when readers search for these words again and find nothing."
    )


class SearchInVainViewSet(ModelViewSet):
    model = SearchInVain
    icon = "search"
    menu_label = "Searches that found nothing"
    form_fields = ["words"]
    list_display = [
        "words",
        PromoteColumn("promote", label="Go first"),
        Column("times", label="Times", sort_key="times"),
        Column("last_on", label="Last searched", sort_key="last_on"),
        Column("site", label="Site"),
        Column("locale", label="Language"),
    ]
    list_export = ["words", "times", "last_on", "site.hostname", "locale.language_code"]
    export_headings = {
        "words": "Search words",
        "times": "Times",
        "last_on": "Last searched",
        "site.hostname": "Site",
        "locale.language_code": "Language",
    }
    export_filename = "searches-that-found-nothing"
    search_fields = ["words"]
    ordering = ["-times", "-last_on", "pk"]
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    copy_view_enabled = False
