"""What readers see of the site's own language, and how far each of it is in another."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.contrib.admin.utils import quote
from django.db.models import Case, CharField, F, Model, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.enums import TextChoices
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.reports.base import ReportView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Locale, Page, Site
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import page_permission_policy

from cms.perspective.objects import base_model, base_type_of
from cms.translation.languages import languages_to_choose, other_languages, own_language
from cms.translation.models import UpToDateNote
from pages.languages import name_of
from pages.models import Organisation, Person

__all__ = ["MAY_LOOK", "REPORTS", "TranslationReport", "TranslationsOfPages"]

MAY_LOOK = ["add", "change", "publish"]


class State(TextChoices):
    MISSING = "missing", "Not translated"
    DRAFT = "draft", "Not published"
    OUTDATED = "outdated", "Original changed since"
    CURRENT = "current", "Up to date"


class NextStepColumn(Column):
    cell_template_name = "translation/next_step.html"


class TranslationFilterSet(WagtailFilterSet):
    language = django_filters.ChoiceFilter(
        label="Language", choices=languages_to_choose, empty_label=None, method="as_asked"
    )
    state = django_filters.ChoiceFilter(label="State", choices=State.choices, empty_label="All")

    class Meta:
        model = Page
        fields: list[str] = []

    def as_asked(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """The list is of one language: see ``TranslationReport.language``."""
        return queryset


class TranslationReport(ReportView):
    """Of one model, in one language."""

    model: Any
    things: str
    page_title = "Translations"
    header_icon = "globe"
    filterset_class = TranslationFilterSet
    any_permission_required = MAY_LOOK
    export_headings = {
        "__str__": "Original",
        "state": "State",
        "last_published_at": "Original published",
        "translated_at": "Translation published",
    }
    list_export = list(export_headings)
    custom_field_preprocess = {
        "state": dict.fromkeys(["csv", "xlsx"], lambda state: State(state).label)
    }

    @classmethod
    def name(cls) -> str:
        return f"translations_of_{cls.things}"

    @cached_property
    def language(self) -> Locale | None:
        """The one that is asked for, or else the first that there is."""
        others = other_languages()
        asked = self.request.GET.get("language")
        return next((each for each in others if each.language_code == asked), None) or next(
            iter(others), None
        )

    def get_page_subtitle(self) -> str:
        into = f" into {name_of(self.language.language_code)}" if self.language else ""
        return f"{capfirst(self.things)}{into}"

    @property
    def header_buttons(self) -> list[HeaderButton]:
        query = f"?language={self.language.language_code}" if self.language else ""
        return [
            HeaderButton(capfirst(each.things), url=reverse(each.name()) + query)
            for each in REPORTS
            if each is not type(self)
        ]

    def get_filename(self) -> str:
        return f"translations-{self.things}"

    def originals(self) -> QuerySet:
        raise NotImplementedError

    def get_queryset(self) -> QuerySet:
        translations = self.model._base_manager.filter(
            translation_key=OuterRef("translation_key"), locale=self.language
        )
        notes = UpToDateNote.objects.filter(
            content_type=base_type_of(base_model(self.model)),
            object_id=Cast(OuterRef("translation"), CharField()),
        )
        found = self.originals().filter(live=True, locale=own_language())
        return found.annotate(
            translation=Subquery(translations.values("pk")[:1]),
            is_translated=Subquery(translations.values("live")[:1]),
            translated_at=Subquery(translations.values("last_published_at")[:1]),
            noted_at=Subquery(notes.values("original_published_at")[:1]),
            state=Case(
                When(translation=None, then=Value(State.MISSING)),
                When(is_translated=False, then=Value(State.DRAFT)),
                When(noted_at__gte=F("last_published_at"), then=Value(State.CURRENT)),
                When(last_published_at__gt=F("translated_at"), then=Value(State.OUTDATED)),
                default=Value(State.CURRENT),
                output_field=CharField(),
            ),
        )

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("original", label="Original", accessor=str, get_url=self.edit_url),
            *self.more_columns(),
            StatusTagColumn(
                "state",
                label="State",
                accessor=lambda row: State(row.state).label,
                primary=lambda row: row.state == State.CURRENT,
            ),
            DateColumn("last_published_at", label="Original published"),
            DateColumn("translated_at", label="Translation published"),
            NextStepColumn("next", label="Next step", accessor=self.next_step),
        ]

    def more_columns(self) -> Iterable[Column]:
        return []

    def edit_url(self, row: Model) -> str:
        return self.url_of(row.pk)

    def next_step(self, row: Any) -> dict[str, str]:
        """What to press; nothing for who may not begin a translation."""
        if row.state != State.MISSING:
            return {"label": "Edit", "url": self.url_of(row.translation)}
        may_begin = self.request.user.has_perm("simple_translation.submit_translation")
        return {"label": "Translate", "url": self.url_to_begin(row) if may_begin else ""}

    def url_of(self, key: Any) -> str:
        raise NotImplementedError

    def url_to_begin(self, row: Any) -> str:
        raise NotImplementedError


class TranslationsOfPages(TranslationReport):
    model = Page
    things = "pages"
    permission_policy = page_permission_policy

    def originals(self) -> QuerySet:
        pages = page_permission_policy.instances_user_has_any_permission_for(
            self.request.user, MAY_LOOK
        )
        places = Site.objects.values_list("root_page__path", flat=True)
        beneath_home = reduce(or_, (Q(path__startswith=place) for place in places), Q(pk__in=[]))
        return pages.filter(beneath_home, alias_of=None).order_by("path")

    def more_columns(self) -> Iterable[Column]:
        return [Column("kind", label="Type", accessor=kind_of)]

    def url_of(self, key: Any) -> str:
        return reverse("wagtailadmin_pages:edit", args=[key])

    def url_to_begin(self, row: Any) -> str:
        return reverse("simple_translation:submit_page_translation", args=[row.pk])


def kind_of(page: Page) -> str:
    return str(capfirst(page.cached_content_type.model_class()._meta.verbose_name))


class TranslationsOfSnippets(TranslationReport):
    def originals(self) -> QuerySet:
        return self.model.objects.order_by("name")

    def url_of(self, key: Any) -> str:
        return reverse(self.model.snippet_viewset.get_url_name("edit"), args=[quote(key)])

    def url_to_begin(self, row: Any) -> str:
        meta = self.model._meta
        arguments = [meta.app_label, meta.model_name, quote(row.pk)]
        return reverse("simple_translation:submit_snippet_translation", args=arguments)


class TranslationsOfPeople(TranslationsOfSnippets):
    model = Person
    things = "people"
    permission_policy = ModelPermissionPolicy(Person)


class TranslationsOfOrganisations(TranslationsOfSnippets):
    model = Organisation
    things = "organisations"
    permission_policy = ModelPermissionPolicy(Organisation)


REPORTS: list[type[TranslationReport]] = [
    TranslationsOfPages,
    TranslationsOfPeople,
    TranslationsOfOrganisations,
]
