"""Which of the pages that editors promote readers do not see, and why: for whole lists at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from wagtail.models import Page, Site

from cms.admin.subjects import pages_shown_to
from cms.perspective.visibility import unrestricted, visible
from cms.search.models import PromotedResult, PromotedTerm
from pages import clock

__all__ = ["Promoted", "homes_of", "results_of"]

# Where readers search: a site and a language.
Place = tuple[int, int]


@dataclass(frozen=True)
class Promoted:
    """A page in a list, and why readers do not see it, if so."""

    title: str
    key: int
    hidden: str


def homes_of(places: Collection[Place]) -> dict[Place, Page]:
    """The home page of each site in each language in which it has one."""
    sites = Site.objects.filter(pk__in={site for site, _ in places}).select_related("root_page")
    roots = {site.pk: site.root_page.translation_key for site in sites}
    languages = {locale for _, locale in places}
    homes = {
        (home.translation_key, home.locale_id): home
        for home in Page.objects.filter(
            translation_key__in=roots.values(), locale__in=languages
        ).order_by("pk")
    }
    found = {(site, locale): homes.get((roots[site], locale)) for site, locale in places}
    return {place: home for place, home in found.items() if home}


def results_of(terms: Iterable[PromotedTerm], user: Any) -> dict[int, list[Promoted]]:
    """The pages of each term in their order; their titles, as far as someone may know them."""
    by_key = {term.pk: term for term in terms}
    homes = homes_of({(term.site_id, term.locale_id) for term in by_key.values()})
    found: dict[int, list[Promoted]] = {key: [] for key in by_key}
    for result in with_visibility(by_key, user).order_by("sort_order", "pk"):
        term = by_key[result.term_id]
        home = homes.get((term.site_id, term.locale_id))
        may_know = result.is_seen or result.is_shown
        title = result.page.title if may_know else "A page that you may not see"
        found[term.pk].append(Promoted(title, result.page_id, why_hidden(result, home)))
    return found


def with_visibility(terms: Collection[int], user: Any) -> QuerySet:
    now = clock.now()
    pages = Page.objects.filter(pk=OuterRef("page"))
    return (
        PromotedResult.objects.filter(term__in=terms)
        .select_related("page")
        .annotate(
            is_seen=Exists(visible(pages, at=now)),
            is_public=Exists(unrestricted(pages)),
            is_shown=Exists(pages_shown_to(user).filter(pk=OuterRef("page"))),
        )
    )


def why_hidden(result: Any, home: Page | None) -> str:
    page = result.page
    if home is None or not page.path.startswith(home.path):
        return "is not on this site in this language"
    if result.is_seen:
        return ""
    if not result.is_public:
        return "is private"
    if page.live:
        return "has expired"
    return "is not published"
