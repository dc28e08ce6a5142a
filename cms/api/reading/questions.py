"""What the API asks of the database, each kept as one statement. Only what readers may see.

A moment, ids and paths are ``Given`` when a question is asked; what changes the SQL itself (a
model, a relation, how many) is a field of the question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Substr
from grapple.registry import registry
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.models import Locale, Page, Site

from cms.database.statements import AmongGiven, BeginsWithGiven, Given, Question
from cms.perspective.visibility import visible
from cms.submissions.models import SubmissionTotal
from media.models import PresetRendition

__all__ = [
    "EDITOR_COLUMNS",
    "MOMENT",
    "ChildRows",
    "Languages",
    "Objects",
    "PageAt",
    "Pages",
    "PagesOf",
    "PresetFiles",
    "Redirects",
    "SettingTranslations",
    "Settings",
    "Singletons",
    "SitemapPages",
    "SnippetTranslations",
    "Source",
    "TagNames",
    "TagUses",
    "Tags",
    "TagsWithKeys",
    "Translations",
    "for_search_engines",
    "in_place",
    "of_own_type",
    "page_models",
    "routable_pages",
    "seen_by_readers",
    "tag_links",
    "with_tags",
]

MOMENT = Given("moment", DateTimeField())
# What only editors may know is not even loaded.
EDITOR_COLUMNS = {
    "draft_title",
    "expire_at",
    "expired",
    "go_live_at",
    "has_unpublished_changes",
    "latest_revision",
    "latest_revision_created_at",
    "live",
    "live_revision",
    "locked",
    "locked_at",
    "locked_by",
    "owner",
    "show_in_menus",
}


def seen_by_readers(queryset: QuerySet) -> QuerySet:
    """What readers may see at the moment given."""
    names = {field.name for field in queryset.model._meta.concrete_fields}
    return visible(queryset, at=MOMENT).defer(*(names & EDITOR_COLUMNS))


@dataclass(frozen=True)
class Objects(Question):
    """The objects with the given keys."""

    model: type[Model]

    def queryset(self):
        return seen_by_readers(self.model._default_manager.filter(AmongGiven("pk", "keys")))

    def by_key(self, keys: list, moment) -> dict[Any, Model]:
        return {found.pk: found for found in self.ask(keys=keys, moment=moment)}


@dataclass(frozen=True)
class ChildRows(Question):
    """The rows of the given parents, in their order."""

    relation: Any

    def queryset(self):
        rows = self.relation.related_model._default_manager
        asked = rows.filter(AmongGiven(self.relation.field.attname, "keys"))
        return asked.order_by("sort_order", "pk")

    def by_parent(self, keys: list) -> dict[Any, list]:
        found = defaultdict(list)
        for row in self.ask(keys=keys):
            found[getattr(row, self.relation.field.attname)].append(row)
        return found


@dataclass(frozen=True)
class TagNames(Question):
    """The names of the given objects' tags."""

    through: type[Model]

    def queryset(self):
        links = self.through._default_manager.filter(AmongGiven("content_object_id", "keys"))
        return links.values_list("content_object_id", "tag__name")

    def by_object(self, keys: list) -> dict[Any, list[str]]:
        found = defaultdict(list)
        for key, name in self.ask(keys=keys):
            found[key].append(name)
        return found


@dataclass(frozen=True)
class PresetFiles(Question):
    """The files of the given images for the given presets."""

    def queryset(self):
        kept = PresetRendition.objects.filter(
            AmongGiven("image_id", "images"), AmongGiven("preset", "presets")
        )
        return kept.order_by("pk").values_list("image_id", "preset", "made_of", "files")

    def by_image_and_preset(self, keys: list[tuple[int, str]]) -> dict[tuple[int, str], dict]:
        """Of each the files by what they were made of, the oldest first."""
        found: dict[tuple[int, str], dict] = defaultdict(dict)
        images, names = {image for image, _ in keys}, {name for _, name in keys}
        for image, preset, made_of, files in self.ask(images=images, presets=names):
            found[image, preset][made_of] = files
        return found


# Pages


def page_models() -> list[type[Page]]:
    # Grapple's own hooks put an entry into the registry that is no model.
    return [model for model in registry.pages if issubclass(model, Page)]


def routable_pages() -> QuerySet:
    """Pages of the types the schema knows; Wagtail's own root and welcome pages have none."""
    return Page.objects.exact_type(*page_models())


def in_place(queryset: QuerySet, *, falls_back: bool = False) -> QuerySet:
    """Pages of a site stand under its root; all else is in the language of the root.

    What ``falls_back`` is also had in the site's own language, where readers see no translation.
    """
    model = queryset.model
    here = stands_in("root", "locale", model)
    if not falls_back:
        return queryset.filter(here)
    translated = seen_by_readers(model._default_manager.all()).filter(
        here, translation_key=OuterRef("translation_key")
    )
    return queryset.filter(
        here | (stands_in("own_root", "own_locale", model) & ~Exists(translated))
    )


def stands_in(root: str, locale: str, model: type[Model]) -> Q:
    """The names are those of the values given: a place in the tree, the key of a language."""
    if issubclass(model, Page):
        return Q(BeginsWithGiven("path", root))
    return Q(locale=Given(locale, IntegerField()))


def for_search_engines(pages: QuerySet) -> QuerySet:
    """Without those that editors keep out of search engines: what no list of addresses names."""
    kept_out = (
        Q(pk__in=model._base_manager.filter(noindex=True).values("pk")) for model in page_models()
    )
    return pages.exclude(reduce(or_, kept_out))


def with_own_address(pages: QuerySet) -> QuerySet:
    """Without those that mirror a page which readers see: its address is the canonical one."""
    originals = seen_by_readers(routable_pages()).filter(pk=OuterRef("alias_of"))
    return pages.filter(Q(alias_of=None) | ~Exists(originals))


def of_own_type(page: Page) -> Page:
    """A page of a type not known beforehand, as an instance of its type without its own fields."""
    model = ContentType.objects.get_for_id(page.content_type_id).model_class()
    instance: Any = object.__new__(model)
    instance.__dict__ = {model._meta.pk.attname: page.pk, **page.__dict__}
    return instance


@dataclass(frozen=True)
class Pages(Question):
    """Pages with one of the given ids, or at one of the given places in the tree."""

    def queryset(self):
        return seen_by_readers(routable_pages()).filter(
            AmongGiven("pk", "ids") | AmongGiven("path", "places")
        )


class Source(Question):
    """All that a list may hold; the list itself adds its order and its window.

    ``unread`` are columns that nobody asked for and that cost much to load.
    """

    model: type[Model]
    unread: frozenset[str]

    def falling_back(self) -> Source:
        """The same list, with what only the site's own language has."""
        return replace(self, falls_back=True)  # type: ignore[type-var]


@dataclass(frozen=True)
class PagesOf(Source):
    """The pages of one type, or of all types."""

    model: type[Page]
    unread: frozenset[str]

    def queryset(self):
        pages = routable_pages() if self.model is Page else self.model.objects.all()
        return seen_by_readers(pages).defer(*self.unread)


@dataclass(frozen=True)
class SitemapPages(Source):
    """All pages for search engines beneath the given roots, whose paths have these lengths: one
    for each language."""

    model: type[Model]
    unread: frozenset[str]
    lengths: tuple[int, ...]

    def queryset(self):
        pages, beneath = routable_pages(), Q()
        for length in self.lengths:
            pages = pages.alias(**{f"root_{length}": Substr("path", 1, length)})
            beneath |= Q(AmongGiven(f"root_{length}", "roots"))
        return for_search_engines(seen_by_readers(with_own_address(pages.filter(beneath))))

    @classmethod
    def beneath(cls, roots: tuple[str, ...]) -> SitemapPages:
        return cls(Page, frozenset(), tuple(sorted({len(root) for root in roots})))


@dataclass(frozen=True)
class Translations(Question):
    """Pages that are the same in different languages; for search engines, or for readers."""

    for_search_engines: bool

    def queryset(self):
        pages = routable_pages().filter(AmongGiven("translation_key", "keys"))
        pages = seen_by_readers(pages)
        return for_search_engines(pages) if self.for_search_engines else pages

    def of_keys(self, keys: list, moment) -> list[Page]:
        """SQLite keeps these keys as texts, and PostgreSQL takes texts for them."""
        return self.ask(keys=[key.hex for key in keys], moment=moment)


@dataclass(frozen=True)
class SnippetTranslations(Question):
    """People or organisations that are the same in different languages."""

    model: type[Model]

    def queryset(self):
        found = self.model._default_manager.filter(AmongGiven("translation_key", "keys"))
        return seen_by_readers(found).order_by("locale")

    def by_key(self, keys: list, moment) -> dict[Any, list[Model]]:
        found: dict[Any, list[Model]] = defaultdict(list)
        for row in self.ask(keys=[key.hex for key in keys], moment=moment):
            found[row.translation_key].append(row)
        return found


@dataclass(frozen=True)
class PageAt(Question):
    """The page with an address, which may be written in several ways."""

    def queryset(self):
        # Wagtail has no index on `url_path`, but one on the slug that it ends with.
        return seen_by_readers(routable_pages()).filter(
            AmongGiven("slug", "slugs"), AmongGiven("url_path", "url_paths")
        )


@dataclass(frozen=True)
class Singletons(Question):
    """The pages of some types, in the order of the tree."""

    models: frozenset[type[Page]]

    def queryset(self):
        pages = seen_by_readers(Page.objects.exact_type(*self.models)).order_by("path")
        return pages.select_related(*(accessor_of(model) for model in self.models))

    def own_types_of(self, page: Page) -> Iterator[Page | None]:
        return (getattr(page, accessor_of(model), None) for model in self.models)


# What belongs to a site


@dataclass(frozen=True)
class Redirects(Source):
    """A site's redirects that lead to what readers may see, as they are followed.

    One of the site goes before one for all sites with the same path, also where it leads nowhere.
    """

    model: type[Model]
    unread: frozenset[str]

    def queryset(self):
        site = Given("site", IntegerField())
        leading = Redirect.objects.exclude(redirect_page=None, redirect_link="")
        own = leading.filter(site=site, old_path=OuterRef("old_path"))
        seen = seen_by_readers(routable_pages()).values("pk")
        return leading.filter(
            Q(site=site) | Q(Q(site__isnull=True), ~Exists(own)),
            Q(redirect_page__isnull=True) | Q(redirect_page__in=seen),
        )


@dataclass(frozen=True)
class Tags(Source):
    """The tags of what readers may see on a site, of some types of pages."""

    model: type[Model]
    unread: frozenset[str]
    tagged: tuple[type[Page], ...]
    falls_back: bool = False

    def queryset(self):
        used = (Q(pk__in=self.keys_at(model)) for model in self.tagged)
        return Tag.objects.filter(reduce(or_, used))

    def keys_at(self, model: Any) -> QuerySet:
        return links_seen(model, falls_back=self.falls_back).values("tag")


@dataclass(frozen=True)
class TagsWithKeys(Question):
    """Those with the given keys of the tags that a list holds."""

    whole: Tags

    def queryset(self):
        return self.whole.queryset().filter(AmongGiven("pk", "keys"))


@dataclass(frozen=True)
class TagUses(Question):
    """How many pages of a type that readers may see on a site have each of the given tags."""

    model: type[Page]
    falls_back: bool = False

    def queryset(self):
        links = links_seen(self.model, falls_back=self.falls_back)
        links = links.filter(AmongGiven("tag", "keys")).order_by()
        return links.values_list("tag").annotate(uses=Count("content_object", distinct=True))


def links_seen(model: Any, *, falls_back: bool = False) -> QuerySet:
    """What gives tags to the pages of a type that readers may see on a site."""
    pages = in_place(seen_by_readers(model.objects.all()), falls_back=falls_back)
    return tag_links(model).filter(content_object__in=pages.values("pk"))


def with_tags(queryset: QuerySet, name: str) -> QuerySet:
    """Pages with one of the tags given by a name."""
    links = tag_links(queryset.model).filter(AmongGiven("tag__name", name))
    return queryset.filter(pk__in=links.values("content_object_id"))


def tag_links(model: Any) -> QuerySet:
    return model.tagged_items.rel.related_model.objects.all()


@dataclass(frozen=True)
class Settings(Question):
    """A site with all kinds of its settings: an answer that needs one often needs the others."""

    def queryset(self):
        site = Site.objects.filter(pk=Given("site", IntegerField()))
        return site.select_related(*(accessor_of(kind) for kind in kinds_of_settings()))

    def by_kind(self, site: int) -> dict[type[Model], Model | None]:
        (found,) = self.ask(site=site)
        return {kind: getattr(found, accessor_of(kind), None) for kind in kinds_of_settings()}


@dataclass(frozen=True)
class SettingTranslations(Question):
    """What settings of some sites say in some languages."""

    model: type[Model]

    def queryset(self):
        found = self.model._base_manager.filter(
            AmongGiven("site_id", "sites"), AmongGiven("locale__language_code", "languages")
        )
        return found.annotate(language=F("locale__language_code"))

    def by_site_and_language(self, keys: list[tuple[int, str]]) -> dict[tuple[int, str], Model]:
        sites, languages = {site for site, _ in keys}, {language for _, language in keys}
        found: list[Any] = self.ask(sites=sites, languages=languages)
        return {(each.site_id, each.language): each for each in found}


@dataclass(frozen=True)
class AnswersTaken(Question):
    """How many answers each of the given forms has taken."""

    def queryset(self):
        totals = SubmissionTotal.objects.filter(AmongGiven("page_id", "keys"))
        return totals.values_list("page_id", "taken")


@dataclass(frozen=True)
class Languages(Question):
    """The code of each language, by its key."""

    def queryset(self):
        return Locale.all_objects.values_list("pk", "language_code")


def kinds_of_settings() -> list[type[Model]]:
    return [model for model in registry.settings if issubclass(model, BaseSiteSetting)]


def accessor_of(model: type[Model]) -> str:
    """How a page or site reaches the row of another table that shares its key."""
    link = "site" if issubclass(model, BaseSiteSetting) else "page_ptr"
    return model._meta.get_field(link).remote_field.get_accessor_name()
