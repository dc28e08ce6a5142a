"""What search engines and social networks are told of a page, from what readers see alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.urls import reverse

from cms.api.engine.deferred import Deferred, settle_later
from cms.api.reading.ids import id_of
from cms.api.reading.languages import Language
from media.cards.drawing import SIZE, Card
from media.models import Document
from media.renditions.presets import presets
from pages.addresses import in_cms
from pages.models import SiteSettings
from pages.seo import schema_org
from pages.seo.words import description_of

__all__ = ["PageSeo"]

PRESET = "social"
# Who mirrors a page that mirrors another is followed so far, as visibility does.
MOST_MIRRORS = 3
# As UN/CEFACT calls them.
PIXELS = "E37"


class OpenGraphImage(NamedTuple):
    url: str
    width: int
    height: int
    alt: str


def shared_as(file: Any, alt: str) -> OpenGraphImage:
    return OpenGraphImage(file.url, file.width, file.height, alt)


class PageSeo:
    """What a ``Seo`` is resolved from: each part only when it is asked for."""

    def __init__(self, content: Any, page: Any, *, is_preview: bool):
        self.content = content
        self.page = page
        self.is_preview = is_preview
        self.root = content.sites.root_of(page)
        self.is_home = page.url_path == self.root.url_path

    @property
    def title(self) -> str:
        return self.page.seo_title or self.page.title

    @property
    def description(self) -> str | None:
        return description_of(self.page) or None

    @cached_property
    def url(self) -> str:
        return self.content.url_of(self.page)

    @property
    def canonical(self) -> Any:
        return self.canonical_of(self.page, MOST_MIRRORS)

    def canonical_of(self, page: Any, further: int) -> Any:
        if page.alias_of_id is None or not further:
            return self.content.url_of(page)
        own = self.content.url_of(page)
        mirrored = self.content.one(type(page), page.alias_of_id)
        return mirrored.then(lambda found: self.canonical_of(found, further - 1) if found else own)

    @property
    def robots(self) -> str:
        if self.is_preview or not settings.CRAWLERS_ALLOWED:
            return "noindex, nofollow"
        return "noindex, follow" if self.page.noindex else "index, follow"

    # Where it is shared

    @property
    def own_image(self) -> Any:
        """The page's own picture, else its header picture."""
        own = self.use_of(self.page, "social_image")
        return settle_later(own, lambda use: use or self.header_image)

    @property
    def header_image(self) -> Any:
        has_one = hasattr(self.page, "header_image_id")
        return self.use_of(self.page, "header_image") if has_one else None

    @property
    def image(self) -> Any:
        return settle_later(self.own_image, lambda use: use or self.site_image)

    @property
    def site_image(self) -> Any:
        return self.site_settings.then(lambda site: self.use_of(site, "social_image"))

    def use_of(self, holder: Any, name: str) -> Any:
        return self.content.image_use(
            getattr(holder, f"{name}_id"),
            alt_text=getattr(holder, f"{name}_alt_text"),
            decorative=getattr(holder, f"{name}_decorative", False),
        )

    @property
    def open_graph(self) -> dict[str, Any]:
        is_article = self.page.is_article
        return {
            "title": self.title,
            "description": self.description,
            "type": "article" if is_article else "website",
            "url": self.canonical,
            "site_name": self.site_name,
            "locale": self.content.language_of(self.page.locale_id).replace("-", "_"),
            "image": self.shared_image,
            "published_time": self.page.first_published_at if is_article else None,
            "modified_time": self.page.last_published_at if is_article else None,
        }

    @property
    def twitter_card(self) -> Any:
        return settle_later(
            self.shared_image, lambda image: "summary_large_image" if image else "summary"
        )

    @property
    def shared_image(self) -> Any:
        return settle_later(self.own_image, lambda use: self.shown(use) if use else self.instead)

    @property
    def instead(self) -> Any:
        """The home page stands for the site; any other tells more by its title."""
        if self.is_home:
            return self.site_image.then(lambda use: self.shown(use) if use else self.card)
        return self.card

    def shown(self, use: Any) -> Any:
        preset = presets().get(PRESET)
        if preset is None:  # Whoever runs the site has taken it out.
            file = use.image.file
            return OpenGraphImage(in_cms(file.url), use.image.width, use.image.height, use.alt)
        made = self.content.in_preset(use.image, preset)
        return made.then(lambda found: shared_as(found.fallback, use.alt))

    @property
    def card(self) -> Any:
        return self.site_name.then(self.card_with)

    def card_with(self, site_name: str) -> Any:
        """A card tells what readers see, so that there is none of a preview."""
        card = Card(self.title, site_name)
        if not card.can_be_drawn:
            return self.site_image.then(lambda use: use and self.shown(use))
        if self.is_preview:
            return None
        path = reverse("card", args=[id_of(self.page), card.digest])
        return OpenGraphImage(in_cms(path), *SIZE, self.title)

    # The site

    @property
    def site_settings(self) -> Deferred:
        code = self.content.language_of(self.page.locale_id)
        language = Language(None if code == self.root.language else code)
        return self.content.setting(SiteSettings, site=self.root.site, language=language)

    @property
    def site_name(self) -> Deferred:
        return self.site_settings.then(lambda site: site.name or self.root.name)

    # The way to it, and its translations

    @property
    def alternates(self) -> Any:
        if self.page.noindex:
            return []
        return self.content.alternates_of(self.page).then(
            lambda pages: [self.alternate(page) for page in pages] if len(pages) > 1 else []
        )

    def alternate(self, page: Any) -> dict[str, str]:
        return {
            "locale": self.content.language_of(page.locale_id),
            "url": self.content.url_of(page),
        }

    @property
    def way(self) -> Deferred:
        """The visible pages of its site from the home page to this one."""
        return self.content.ancestors_of(self.page).then(
            lambda above: [
                *(each for each in above if each.url_path.startswith(self.root.url_path)),
                self.page,
            ]
        )

    @property
    def breadcrumbs(self) -> Deferred:
        return self.way.then(
            lambda pages: [
                {"title": page.title, "path": self.content.path_of(page)} for page in pages
            ]
        )

    @property
    def json_ld(self) -> Any:
        facts = Facts(self)
        graph = settled(facts.graph())
        return settle_later(
            graph, lambda nodes: {"@context": "https://schema.org", "@graph": nodes}
        )


class Facts:
    """What page types tell their things of schema.org from: see ``pages.seo.schema_org``."""

    def __init__(self, seo: PageSeo):
        self.seo = seo
        self.content = seo.content
        self.page = seo.page
        self.language = self.content.language_of(seo.page.locale_id)
        self.home = f"{seo.root.address}/"

    # Whatever else is told refers to these.

    @property
    def here(self) -> str:
        return self.seo.url

    @property
    def thing(self) -> str:
        """The identifier of what the page is about."""
        return f"{self.here}#about"

    @property
    def group(self) -> str:
        return f"{self.home}#organization"

    def id_of(self, thing: Any) -> str:
        return f"{self.home}#{id_of(thing)}"

    # Content

    def one(self, model: str, key: int | None, told: Callable[[Any], Any]) -> Any:
        found = self.content.one(apps.get_model(model), key)
        return found and found.then(lambda thing: thing and told(thing))

    def rows(self, page: Any, relation: str) -> Any:
        found = self.content.related(page, page._meta.get_field(relation))
        return found if isinstance(found, Deferred) else Deferred([], lambda: found)

    @staticmethod
    def moment(value: Any) -> str | None:
        return value and value.isoformat(timespec="seconds")

    def tags(self, page: Any) -> Any:
        return self.content.tags_of(page, "tags")

    def picture(self, holder: Any, name: str) -> Any:
        return settle_later(
            self.seo.use_of(holder, name), lambda use: use and self.picture_node(use)
        )

    def picture_node(self, use: Any) -> Any:
        """In the size for sharing, and as it was uploaded where the settings have none."""
        notes = {
            "creditText": use.image.credit,
            "copyrightNotice": use.image.copyright_notice,
        }
        return settle_later(self.seo.shown(use), lambda image: {**image_node(image), **notes})

    @property
    def own_picture(self) -> Any:
        """As it is shared."""
        return settle_later(
            self.seo.own_image, lambda use: self.picture_node(use) if use else self.instead
        )

    @property
    def address_of_picture(self) -> Any:
        return settle_later(self.own_picture, lambda node: node and node["url"])

    @property
    def instead(self) -> Any:
        return self.seo.instead.then(lambda image: image and image_node(image))

    def document(self, key: int | None) -> Any:
        found = self.content.one(Document, key)
        return found and found.then(
            lambda document: document and schema_org.file(document, in_cms(document.url))
        )

    # The things every page has

    def graph(self) -> Iterator[Any]:
        things = self.page.linked_data(self)
        yield self.web_page(things[0] if things else None)
        yield self.way()
        yield from things
        yield self.site(in_full=self.seo.is_home)
        yield self.organisation(in_full=self.seo.is_home)

    def web_page(self, thing: Any) -> schema_org.Node:
        page = self.page
        return {
            "@type": page.web_page_type,
            "@id": f"{self.here}#page",
            "url": self.here,
            "name": self.seo.title,
            "description": self.seo.description,
            "inLanguage": self.language,
            "isPartOf": {"@id": f"{self.home}#website"},
            "breadcrumb": {"@id": f"{self.here}#breadcrumb"},
            "primaryImageOfPage": self.page_picture(),
            "datePublished": self.moment(page.first_published_at),
            "dateModified": self.moment(page.last_published_at),
            "mainEntity": {"@id": thing["@id"]} if thing else None,
        }

    def page_picture(self) -> Any:
        return settle_later(self.seo.own_image, lambda use: use and self.picture_node(use))

    def way(self) -> schema_org.Node:
        return {
            "@type": "BreadcrumbList",
            "@id": f"{self.here}#breadcrumb",
            "itemListElement": self.seo.way.then(
                lambda pages: [
                    {
                        "@type": "ListItem",
                        "position": number,
                        "name": page.title,
                        "item": self.content.url_of(page),
                    }
                    for number, page in enumerate(pages, start=1)
                ]
            ),
        }

    def site(self, *, in_full: bool) -> schema_org.Node:
        return {
            "@type": "WebSite",
            "@id": f"{self.home}#website",
            "url": self.home,
            "name": self.seo.site_name,
            "inLanguage": self.language if in_full else None,
            "publisher": {"@id": self.group} if in_full else None,
        }

    def organisation(self, *, in_full: bool) -> Any:
        return self.seo.site_settings.then(
            lambda site: {
                "@type": "Organization",
                "@id": self.group,
                "name": site.name or self.seo.root.name,
                "url": self.home,
                **(self.more_of_organisation(site) if in_full else {}),
            }
        )

    def more_of_organisation(self, site: Any) -> schema_org.Node:
        return {
            "description": site.description,
            "email": site.contact_email,
            "logo": self.picture(site, "social_image"),
            "parentOrganization": schema_org.organisation(self, site.parent_organisation_id),
            "sameAs": [
                item["value"]["url"]
                for item in site.social_links.raw_data
                if item["value"].get("url") and not item["value"].get("page")
            ],
        }


def image_node(image: OpenGraphImage) -> schema_org.Node:
    return {
        "@type": "ImageObject",
        "url": image.url,
        "width": {"@type": "QuantitativeValue", "value": image.width, "unitCode": PIXELS},
        "height": {"@type": "QuantitativeValue", "value": image.height, "unitCode": PIXELS},
        "caption": image.alt,
    }


# Values that are not there yet, at whatever depth


def settled(tree: Any) -> Any:
    """A structure once all in it is there, without what is None or empty."""
    tree = listed(tree)
    waiting = [*deferred_in(tree)]
    if not waiting:
        return without_gaps(tree)
    needs = [need for each in waiting for need in each.needs]
    return Deferred(needs, lambda: settled(finished(tree)))


def listed(tree: Any) -> Any:
    return list(tree) if isinstance(tree, Iterator) else tree


def deferred_in(tree: Any) -> Iterator[Deferred]:
    if isinstance(tree, Deferred):
        yield tree
    elif isinstance(tree, dict | list):
        for each in tree.values() if isinstance(tree, dict) else tree:
            yield from deferred_in(each)


def finished(tree: Any) -> Any:
    if isinstance(tree, Deferred):
        return tree.finish()
    if isinstance(tree, dict):
        return {name: finished(each) for name, each in tree.items()}
    return [finished(each) for each in tree] if isinstance(tree, list) else tree


def without_gaps(tree: Any) -> Any:
    if isinstance(tree, dict):
        kept = {name: without_gaps(each) for name, each in tree.items()}
        return {name: each for name, each in kept.items() if not is_gap(each)}
    if isinstance(tree, list):
        return [each for each in map(without_gaps, tree) if not is_gap(each)]
    return tree


def is_gap(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}
