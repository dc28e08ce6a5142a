"""Promoted results in the admin: which pages go first where readers search for which words."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList, PageChooserPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Locale, Page, Site

from cms.search.admin.seen import homes_of, results_of
from cms.search.models import LONGEST_TERM, MOST_PROMOTED, PromotedTerm

__all__ = ["PromotedTermViewSet"]


class PromotedTermForm(WagtailAdminModelForm):
    def clean(self):
        cleaned = super().clean()
        results = self.formsets["results"]
        if results.is_valid():
            self.check_pages(results, cleaned.get("site"), cleaned.get("locale"))
        return cleaned

    def check_pages(self, results: Any, site: Site | None, locale: Locale | None) -> None:
        chosen = [each for each in results.forms if each not in results.deleted_forms]
        pages = {each: each.cleaned_data.get("page") for each in chosen}
        if not any(pages.values()):
            self.add_error(None, "Choose at least one page that is to go first.")
        known = set()
        for each, page in pages.items():
            if page in known:
                each.add_error("page", "This page is chosen twice: take it out here.")
            elif page:
                known.add(page)
        if site and locale:
            self.check_places(pages, site, locale)

    def check_places(self, pages: dict[Any, Page], site: Site, locale: Locale) -> None:
        home = homes_of([(site.pk, locale.pk)]).get((site.pk, locale.pk))
        if home is None:
            self.add_error("locale", f"{site} has no pages in {locale}.")
            return
        for each, page in pages.items():
            if page and not page.path.startswith(home.path):
                each.add_error(
                    "page",
                    f"This page is not on {site} in {locale}, so that who searches there would not"
                    " find it.",
                )


class PagesColumn(Column):
    """Which go first, with a warning beside those that readers do not see."""

    cell_template_name = "search/promoted_pages.html"


class IndexView(generic.IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("site", "locale")

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        found = results_of(context["object_list"], self.request.user)
        for term in context["object_list"]:
            term.shown_results = found[term.pk]
        return context


class WordsOfAnother:
    """Where two editors write the same words at once, the second is told."""

    def form_valid(self, form):
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except IntegrityError:
            same = form.instance.with_the_same_words()
            if same is None:
                raise
            form.add_error("term", same.is_promoted_already())
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined]


class CreateView(WordsOfAnother, generic.CreateView):
    def get_initial(self):
        """Of the own site in its language, unless the list of what found nothing leads here."""
        given = self.request.GET
        site = Site.objects.filter(is_default_site=True).values_list("pk", flat=True).first()
        return {
            "term": given.get("term", "")[:LONGEST_TERM],
            "site": given.get("site") or site,
            "locale": given.get("language") or Locale.get_default().pk,
        }


class EditView(WordsOfAnother, generic.EditView):
    """Says the same of words that another term has."""


class PromotedTermViewSet(ModelViewSet):
    model = PromotedTerm
    template_prefix = "promoted_results/"
    icon = "pick"
    menu_label = "Promoted results"
    edit_handler = ObjectList(
        [
            FieldPanel("term"),
            FieldPanel("site"),
            FieldPanel("locale"),
            InlinePanel(
                "results",
                [PageChooserPanel("page")],
                heading="Pages that go first, in this order",
                label="Page",
                max_num=MOST_PROMOTED,
            ),
        ],
        base_form_class=PromotedTermForm,
    )
    list_display = [
        "term",
        PagesColumn("pages", label="Go first", accessor="shown_results"),
        Column("site", label="Site"),
        Column("locale", label="Language"),
    ]
    search_fields = ["term"]
    ordering = ["term", "pk"]
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    copy_view_enabled = False
