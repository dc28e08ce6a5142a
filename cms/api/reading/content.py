"""How resolvers reach content: batched, visible to the reader, each object once a request.

``info.context.content`` is a ``Content``. Resolvers in ``pages/`` call its methods and never a
queryset, so that no edge can go around visibility or cost one statement an item.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from copy import copy
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from django.db.models import F, Model, Q
from grapple.registry import registry
from wagtail.contrib.redirects.models import Redirect
from wagtail.coreutils import get_content_languages
from wagtail.models import Page

from cms.api.engine.deferred import Deferred, Loader, settle_later
from cms.api.reading.columns import unread_columns
from cms.api.reading.connections import Connection, ConnectionLoader, window_of
from cms.api.reading.ids import Siblings, id_of
from cms.api.reading.languages import (
    NO_LANGUAGE,
    NOWHERE,
    OWN_LANGUAGE,
    Language,
    Places,
    setting_in,
)
from cms.api.reading.markdown import MarkdownPage, written
from cms.api.reading.paths import page_paths, redirect_paths
from cms.api.reading.questions import (
    AnswersTaken,
    ChildRows,
    Languages,
    Objects,
    PageAt,
    Pages,
    PagesOf,
    PresetFiles,
    Settings,
    SettingTranslations,
    Singletons,
    SnippetTranslations,
    Source,
    TagNames,
    Tags,
    TagsWithKeys,
    TagUses,
    Translations,
    of_own_type,
)
from cms.api.reading.renditions import InPreset
from cms.api.reading.rich_text import RichTextValue
from cms.api.reading.seo import PageSeo
from cms.api.reading.sites import Sites
from cms.database.collation import alphabetical
from media.models import Document, Image
from media.renditions.making import wanted_or_nearest
from media.renditions.presets import Preset
from pages.addresses import address_of_site, in_cms, whole_address
from pages.rich_text.blocks import Link, Target
from pages.rich_text.parsing import parse
from pages.setting_translations import translation_model_of
from pages.types import ImageUseValue

__all__ = ["Content"]

# Lists and child rows come first (0), then pages that were linked, then what all of them refer to.
RANK_OF_PAGES = 1
LAST_RANK = 10
# The files of pictures come after all of them.
RANK_OF_FILES = LAST_RANK + 1
# What is made of all else.
LAST_OF_ALL = RANK_OF_FILES + 1


class Content:
    """What one request may see, at one moment, of one site.

    ``draft`` is an unsaved or unpublished object shown in the place of its published version: that
    is how the admin's preview runs the same operations as a frontend. With ``whole_addresses``,
    links in texts are for those who read them away from the site.
    """

    def __init__(
        self,
        sites: Sites,
        moment: datetime,
        draft: Model | None = None,
        *,
        whole_addresses: bool = False,
    ):
        self.sites = sites
        self.site = sites.own
        self.moment = moment
        self.draft = draft
        self.whole_addresses = whole_addresses
        self._loaders: dict[Any, Loader] = {}
        self._unread: dict[tuple[type[Page], int], frozenset[str]] = {}
        self._lists: dict[Any, ConnectionLoader] = {}

    # Objects

    def _loader(self, key, fetch, *, rank: int = 0) -> Loader:
        if key not in self._loaders:
            self._loaders[key] = Loader(fetch, rank=rank)
        return self._loaders[key]

    def _objects(self, model: Any) -> Loader:
        if issubclass(model, Page):
            return self._page_loader
        return self._loader(model, lambda keys: self._fetch(model, keys), rank=rank_of(model))

    def _fetch(self, model: type[Model], keys: list) -> dict:
        found = Objects(model).by_key(keys, self.moment)
        if isinstance(self.draft, model) and self.draft.pk in keys:
            found[self.draft.pk] = self.draft
        return found

    def one(self, model: type[Model], key) -> Deferred | None:
        return None if key is None else self._objects(model).one(key)

    def many(self, model: type[Model], keys: list) -> Deferred:
        return self._objects(model).many(keys)

    def related(self, instance: Model, relation) -> Any:
        """The child rows of an instance, in their order."""
        if instance is self.draft:
            rows = list(getattr(instance, relation.get_accessor_name()).all())
            return Siblings(rows, instance, relation).rows

        loader = self._loader(relation, ChildRows(relation).by_parent)
        return loader.one(instance.pk).then(
            lambda rows: Siblings(rows or [], instance, relation).rows
        )

    def siblings_of(self, row: Any) -> list:
        """The child rows among which one was read, itself included."""
        return row.siblings_in_api.rows

    def tags_of(self, instance: Model, name: str) -> Any:
        """The names of an instance's tags, in alphabetical order."""
        if instance is self.draft:
            return alphabetical(tag.name for tag in getattr(instance, name).all())
        through = type(instance)._meta.get_field(name).remote_field.through
        loader = self._loader(through, TagNames(through).by_object)
        return loader.one(instance.pk).then(lambda names: alphabetical(names or []))

    def tag(self, key: int, whole: Tags) -> Deferred:
        """A tag that a list of this site holds, in whichever language."""
        return self._loader(whole, lambda keys: self._fetch_tags(whole, keys)).one(key)

    def _fetch_tags(self, whole: Tags, keys: list[int]) -> dict[int, Model]:
        found: dict[int, Model] = {}
        for home in self.sites.own_homes():
            tags = TagsWithKeys(whole).ask(keys=keys, root=home.path, moment=self.moment)
            found |= {tag.pk: tag for tag in tags}
        return found

    def uses_of_tag(self, key: int, model: type[Page], language: Language) -> Any:
        """How many pages of a type of this site that readers may see have a tag."""
        places = self.places_in(language)
        if places is None:
            return 0
        question = TagUses(model, places.falls_back)
        loader = self._loader(
            (question, places.home.path),
            lambda keys: dict(question.ask(keys=keys, **places.given, moment=self.moment)),
        )
        return loader.one(key).then(lambda uses: uses or 0)

    def once(self, name: Hashable, work_out: Callable[[], Any]) -> Deferred:
        """What is the same in all places of an answer, worked out for the first of them."""
        return self._loader(name, lambda names: {name: work_out()}).one(name)

    def loaded(self, name: Hashable, fetch: Callable[[list], dict], key: Hashable) -> Deferred:
        """What is found by a key, of all keys of an answer at once."""
        return self._loader(name, fetch).one(key)

    # Forms

    def takes_answers(self, page: Any) -> Deferred:
        """Whether a form takes answers at this moment; they are counted where it has a most."""
        if not page.takes_answers_by(self.moment):
            return Deferred([], lambda: False)
        if page.max_submissions is None:
            return Deferred([], lambda: True)
        loader = self._loader(AnswersTaken, lambda keys: dict(AnswersTaken().ask(keys=keys)))
        return loader.one(page.pk).then(lambda taken: (taken or 0) < page.max_submissions)

    # Pages

    def pages_in(self, places: list[str]) -> Deferred:
        """Pages by their places in the tree, None for each that readers may not see."""
        return self._page_loader.many(places)

    @property
    def _page_loader(self) -> Loader:
        return self._loader(Page, self._fetch_pages, rank=RANK_OF_PAGES)

    def _fetch_pages(self, keys: list[int | str]) -> dict:
        """Pages by id or by place in the tree, which know only what pages of all types have."""
        places = [key for key in keys if isinstance(key, str)]
        ids = [key for key in keys if isinstance(key, int)]
        found: dict[int | str, Page] = {}
        for page in Pages().ask(ids=ids, places=places, moment=self.moment):
            found[page.path] = found[page.pk] = of_own_type(page)
        if isinstance(self.draft, Page) and self.draft.pk in keys:
            found[self.draft.pk] = self.draft
        return found

    def complete_page(self, page: Page) -> Any:
        """The page with the fields of its own type, loaded together with others of that type."""
        if is_complete(page):
            return page
        model = type(page)
        loader = self._loader(
            ("complete", model),
            lambda keys: Objects(model).by_key(keys, self.moment),
            rank=RANK_OF_PAGES + 1,
        )
        return loader.one(page.pk).then(lambda complete: complete or page)

    def markdown_of(self, page: Page, info) -> Deferred:
        """A page as Markdown, written together with all others that it is asked of."""
        loader = self._loader(
            MarkdownPage, lambda pages: self._fetch_markdown(pages, info), rank=LAST_OF_ALL
        )
        return loader.one(page).then(as_told)

    def _fetch_markdown(self, pages: list[Page], info) -> dict:
        """Of pages that came with a list, what nobody had asked for was not even loaded.

        What the answer has loaded besides is left alone: how many statements there are follows
        from what is asked, and not from whether two pages happen to show the same person.
        """
        of_type = defaultdict(list)
        for page in pages:
            of_type[type(page)].append(page.pk)
        whole: dict[Page, Page] = {}
        for model, keys in of_type.items():
            whole |= {page: page for page in Objects(model).by_key(keys, self.moment).values()}
        whole |= {page: page for page in pages if page is self.draft}
        context = copy(info.context)
        context.content = Content(
            self.sites, self.moment, self.draft, whole_addresses=self.whole_addresses
        )
        return written([whole.get(page, page) for page in pages], info.schema, context)

    def page_at(self, path: str, language: Language = OWN_LANGUAGE) -> Any:
        """The visible page at a path of this site; slashes around the path are optional.

        Where there is none in the language, the page at that path in the site's own language is
        meant: its translation, and itself without one that readers see.
        """
        paths = page_paths(path)
        if isinstance(self.draft, Page) and self.path_of(self.draft) in paths:
            return self.draft
        places = self.places_in(language)
        if places is None:
            return None
        page = self._page_beneath(places.home, paths)
        if page is None and places.instead is not None:
            original = self._page_beneath(places.instead, paths)
            return original and self.in_language(original, language)
        return page

    def _page_beneath(self, home: Page, paths: list[str]) -> Page | None:
        places = list(self._places(paths, home))
        found = self._pages_at(places) if places else []
        found.sort(key=lambda page: places.index(page.url_path))
        return of_own_type(found[0]) if found else None

    def _places(self, paths: Iterable[str], root: Page) -> Iterator[str]:
        """Where in the tree a page with one of these paths would stand, the likeliest first.

        Beneath a home page, or in the language that the path begins with.
        """
        yield from (root.url_path.rstrip("/") + path for path in paths)
        for path in paths:
            language, _, beneath = path[1:].partition("/")
            home = self.sites.home_in(language) if language in get_content_languages() else None
            if home is not None and home.pk != self.site.root_page_id:
                yield home.url_path + beneath

    def is_page_at(self, path: str) -> Deferred:
        """Whether readers see a page of this site at a path; of all paths in one statement."""
        return self._loader("is a page at", self._fetch_places).one(path)

    def _fetch_places(self, paths: list[str]) -> dict[str, bool]:
        own = self.site.root_page
        wanted = {path: set(self._places(page_paths(path), own)) for path in paths}
        there = {page.url_path for page in self._pages_at(set().union(*wanted.values()))}
        return {path: bool(there & each) for path, each in wanted.items()}

    def _pages_at(self, url_paths: Collection[str]) -> list[Page]:
        slugs = {each.rstrip("/").rpartition("/")[2] for each in url_paths}
        return PageAt().ask(slugs=slugs, url_paths=url_paths, moment=self.moment)

    def singleton(self, model: type[Page], language: Language = OWN_LANGUAGE) -> Any:
        """The site's one page of a type."""
        if isinstance(self.draft, model):
            return self.draft
        places = self.places_in(language)
        if places is None:
            return None
        homes = filter(None, (places.home, places.instead))
        loader = self._loader("singletons", self._fetch_singletons)
        found = loader.many([(model, home.path) for home in homes])
        return found.then(lambda pages: next(filter(None, pages), None))

    def _fetch_singletons(self, keys: list[tuple[type[Page], str]]) -> dict:
        """The first page of each type under each root, in one statement for all of them."""
        question = Singletons(frozenset(model for model, _ in keys))
        found: dict[tuple[type[Page], str], Page] = {}
        for page in question.ask(moment=self.moment):
            own = next(filter(None, question.own_types_of(page)))
            for root in {root for _, root in keys}:
                if page.path.startswith(root):
                    found.setdefault((type(own), root), own)
        return found

    def places_in(self, language: Language) -> Places | None:
        """Where content in a language stands; None where there is none, and no other instead."""
        own = self.site.root_page
        home = own if language.code is None else self.sites.home_in(language.code)
        if home is own or not language.falls_back:
            return home and Places(home)
        return Places(home, own) if home else Places(own)

    def in_language(self, original: Any, language: Language) -> Any:
        """A page of this site, a person or an organisation in a language, or itself where readers
        see no such translation."""
        if language.code is None or self.language_of(original.locale_id) == language.code:
            return original
        instead = original if language.falls_back else None
        return self.translations_of(original).then(
            lambda found: next(
                (each for each in found if self.language_of(each.locale_id) == language.code),
                instead,
            )
        )

    def parent_of(self, page: Page) -> Any:
        return self.ancestors_of(page).then(
            lambda ancestors: next(
                (above for above in reversed(ancestors) if above.depth == page.depth - 1), None
            )
        )

    def ancestors_of(self, page: Page) -> Deferred:
        step = Page.steplen
        places = [page.path[:end] for end in range(2 * step, len(page.path), step)]
        return self._page_loader.many(places).then(
            lambda pages: [above for above in pages if above]
        )

    @cached_property
    def sitemap_roots(self) -> tuple[str, ...]:
        """Where the site begins in each language, but for those that are sites of their own."""
        homes = self.sites.own_homes()
        return tuple(each.path for each in homes if self.sites.root_of(each).site == self.site.pk)

    def translations_of(self, original: Any) -> Deferred:
        """A page of this site, a person or an organisation in each language that readers see it
        in, itself included; the site's own language first."""
        if not isinstance(original, Page):
            question = SnippetTranslations(type(original))
            loader = self._loader(question, lambda keys: question.by_key(keys, self.moment))
            return loader.one(original.translation_key).then(lambda found: found or [])
        return self._in_all_languages(original, Translations(for_search_engines=False))

    def alternates_of(self, page: Page) -> Deferred:
        """As ``translations_of``, but for those that editors keep out of search engines."""
        return self._in_all_languages(page, Translations(for_search_engines=True))

    def _in_all_languages(self, page: Page, question: Translations) -> Deferred:
        loader = self._loader(question, lambda keys: self._fetch_translations(question, keys))
        return loader.one(page.translation_key).then(lambda pages: pages or [])

    def _fetch_translations(self, question: Translations, keys: list) -> dict[Any, list[Page]]:
        own = self.site.root_page.locale_id
        found = defaultdict(list)
        pages = question.of_keys(keys, self.moment)
        for page in sorted(pages, key=lambda page: (page.locale_id != own, page.path)):
            root = self.sites.root_of(page)
            if root.site == self.site.pk and page.url_path.startswith(root.url_path):
                found[page.translation_key].append(of_own_type(page))
        return found

    def path_of(self, page: Page) -> str:
        return self.sites.root_of(page).path_of(page.url_path)

    def url_of(self, page: Page) -> str:
        return self.sites.root_of(page).address + self.path_of(page)

    def link_to(self, page: Page) -> str:
        """A path on the own site, or the whole address of a page of another."""
        stays = not self.whole_addresses and self.sites.root_of(page).site == self.site.pk
        return self.path_of(page) if stays else self.url_of(page)

    def language_of(self, locale_id: int | None) -> str:
        # What is new, and only previewed, has none yet.
        if locale_id is None or locale_id == self.site.root_page.locale_id:
            return self.site.language
        return self._languages[locale_id]

    @cached_property
    def _languages(self) -> dict[int, str]:
        return dict(Languages().ask())

    def redirect_at(self, path: str) -> Deferred:
        """The redirect of this site at a path, as a reader asked for it."""
        found = self._loader("redirects", self._fetch_redirects).many(redirect_paths(path))
        return found.then(lambda redirects: next(filter(None, redirects), None))

    def _fetch_redirects(self, paths: list[str]) -> dict[str, Redirect]:
        found = Redirect.objects.filter(
            Q(site=self.site) | Q(site__isnull=True), old_path__in=paths
        ).exclude(redirect_page=None, redirect_link="")
        # One made for this site comes last, in the place of one made for all.
        return {each.old_path: each for each in found.order_by(F("site_id").asc(nulls_first=True))}

    # Lists

    def connection(
        self,
        source: Source,
        *,
        order: tuple[str, ...],
        values: dict[str, Any],
        language: Language = OWN_LANGUAGE,
        **arguments,
    ) -> Connection:
        """A page of a list of this site; nothing is loaded before a resolver asks for it."""
        places = self.places_in(language)
        if places is not None and places.falls_back:
            source = source.falling_back()
        given = {"moment": self.moment, **(places.given if places else NOWHERE)}
        return ConnectionLoader(source, order, window_of(**arguments), values | given).of("")

    def children(
        self, page: Page, info, model: type[Page], *, order: tuple[str, ...], **arguments
    ) -> Connection:
        """A page of the children of a page, loaded together with those of its siblings."""
        window = window_of(**arguments)
        # The same field of the operation asks for the children of many pages.
        field = (model, id(info.field_nodes[0]))
        if field not in self._unread:
            self._unread[field] = unread_columns(model, info)
        source = PagesOf(model, self._unread[field])
        key = (source, order, window)
        if key not in self._lists:
            self._lists[key] = ConnectionLoader(
                source, order, window, {"moment": self.moment}, by_parent=True
            )
        return self._lists[key].of(page.path)

    # Rich text and images

    def rich_text(self, source: str | None, *, required: bool = False) -> Any:
        """Rich text with its links resolved; None when there is no text, unless required."""
        if not source and not required:
            return None
        content = parse(source or "")
        value = RichTextValue(content, self.target_of, self.target_away)
        pages, documents = content.keys_of("page"), content.keys_of("document")
        if not pages and not documents:
            return value
        needs = [(self._page_loader, pages), (self._documents, documents)]
        return Deferred([need for need in needs if need[1]], lambda: value)

    def target_of(self, link: Link) -> Target | None:
        """Where a link of a text leads that was loaded; None where readers may not go."""
        if link.kind == "address":
            return Target(link.address)
        if link.kind == "page":
            page = self._page_loader.loaded[link.key]
            return page and Target(
                self.link_to(page), id_of(page), type_name(page), self.path_of(page)
            )
        if link.kind == "document":
            document = self._documents.loaded[link.key]
            return document and Target(in_cms(document.url), id_of(document), type_name(document))
        return None

    def target_away(self, link: Link) -> Target | None:
        """As ``target_of``, for a text that is read away from the site."""
        if link.kind == "page":
            page = self._page_loader.loaded[link.key]
            return page and Target(self.url_of(page))
        if link.kind == "address":
            address = whole_address(link.address, address_of_site(self.site))
            return Target(address) if address else None
        return self.target_of(link)

    @property
    def _documents(self) -> Loader:
        return self._objects(Document)

    def image_use(self, image_id: int | None, *, alt_text: str, decorative: bool = False) -> Any:
        """A picture in its place; None when there is none or it is not visible."""
        if image_id is None:
            return None
        alt = "" if decorative else alt_text
        return (
            self._objects(Image)
            .one(image_id)
            .then(lambda image: image and ImageUseValue(image, alt, decorative))
        )

    def in_preset(self, image: Image, preset: Preset) -> Deferred:
        """A picture in one of the sizes of the settings, with what there is of it."""
        loader = self._loader(PresetFiles, PresetFiles().by_image_and_preset, rank=RANK_OF_FILES)
        return loader.one((image.pk, preset.name)).then(
            lambda known: InPreset(image, preset, wanted_or_nearest(image, preset, known or {}))
        )

    def seo_of(self, page: Page, *, is_preview: bool) -> Any:
        return settle_later(
            self.complete_page(page), lambda whole: PageSeo(self, whole, is_preview=is_preview)
        )

    def setting(
        self, model: Any, *, site: int | None = None, language: Language = OWN_LANGUAGE
    ) -> Deferred:
        """A site's settings of a kind, with their defaults where nobody has saved any."""
        key = site or self.site.pk
        loader = self._loader(("settings", key), lambda kinds: Settings().by_kind(key))
        own = loader.one(model).then(lambda found: found or model(site_id=key))
        return own if language.code is None else self._translated(own, model, key, language)

    def _translated(self, own: Deferred, model: Any, site: int, language: Language) -> Deferred:
        translation = translation_model_of(model)
        question = SettingTranslations(translation)
        said = self._loader(question, question.by_site_and_language).one((site, language.code))
        return own.then(
            lambda found: said.then(lambda text: setting_in(language, found, translation, text))
        )

    def setting_of_own_site(self, model: Any, language: Language) -> Deferred:
        """In a language of the site, or in its own. Nothing is said in others."""
        if language.code is None or language.code == self.site.language:
            return self.setting(model)
        if self.sites.home_in(language.code) is not None:
            return self.setting(model, language=language)
        return self.setting(model, language=OWN_LANGUAGE if language.falls_back else NO_LANGUAGE)


def type_name(instance: Model) -> str:
    """What the schema calls an object's type."""
    return registry.models[type(instance)]._meta.name


def is_complete(page: Page) -> bool:
    """Whether a page has the fields of its own type too. All types keep a social picture there."""
    return "social_image_id" in page.__dict__


@cache
def rank_of(model: type[Model]) -> int:
    """Models that refer to others are loaded before them: people, organisations, pictures."""
    ranks = [
        rank_of(field.related_model)
        for field in model._meta.fields
        if field.is_relation
        and field.related_model is not model
        and field.related_model in registry.class_models
    ]
    return min(ranks, default=LAST_RANK + 1) - 1


def as_told(value: Any) -> Any:
    if isinstance(value, Exception):
        raise value
    return value
