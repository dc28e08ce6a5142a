"""Which page has which slug beneath another, by what is stored and by what is approved.

Publishing refuses a page whose slug another page beneath the same one has, be that a draft. Here
it is worked out ahead, moment by moment, in the order in which changes are made permanent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from django.db.models import Q, Subquery
from wagtail.models import Page, Revision

from cms.perspective.changes import Change, NewRedirect
from cms.perspective.objects import base_type_of
from cms.perspective.readable import can_be_key
from cms.perspective.sources import in_order, sources
from pages.clock import LAST_YEAR

__all__ = ["Clash", "SlugChange", "approved_redirects", "approved_slug_changes", "clashes"]

NOTHING: Mapping[int, str] = MappingProxyType({})
END = datetime(LAST_YEAR, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class SlugChange:
    """A page takes a slug, or keeps its own as it is taken down (None).

    Those of one ``group``, a release, are made as one.
    """

    moment: datetime
    group: tuple[str, int]
    page_id: int
    slug: str | None


@dataclass(frozen=True)
class Clash:
    """A page is to take a slug that another has then; without a moment, both have it now."""

    page_id: int
    holder_id: int
    slug: str
    moment: datetime | None
    # Whether the other is to leave it at that moment, and waits for it in turn.
    is_circle: bool = False

    def is_about(self, keys: set[int]) -> bool:
        return bool({self.page_id, self.holder_id} & keys)

    def other_than(self, page_id: int) -> int:
        return self.page_id if self.holder_id == page_id else self.holder_id


def approved_redirects() -> Iterator[NewRedirect]:
    for source in sources():
        for _, _, pending in source.due(END):
            if isinstance(pending, NewRedirect):
                yield pending


def approved_slug_changes(*, but_of_release: int | None = None) -> list[SlugChange]:
    """What is approved to become of pages, in the order in which it does."""
    base = base_type_of(Page)
    found = [each for source in sources() for each in source.due(END)]
    pages = [
        (moment, int(key), pending)
        for moment, (base_type, key), pending in in_order(found, lambda each: each[0])
        if base_type == base and isinstance(pending, Change) and not pending.is_gone
        if can_be_key(Page, key)
        if pending.release_id is None or pending.release_id != but_of_release
    ]
    revisions = {pending.revision_id for _, _, pending in pages if pending.revision_id}
    slugs = slugs_of(revisions) if revisions else {}
    return [
        SlugChange(moment, group_of(pending), page_id, slugs.get(pending.revision_id or 0))
        for moment, page_id, pending in pages
    ]


def group_of(pending: Change) -> tuple[str, int]:
    if pending.release_id is not None:
        return "release", pending.release_id
    return "revision", pending.revision_id or 0


def slugs_of(revisions: Iterable[int]) -> dict[int, str | None]:
    rows = Revision.objects.filter(pk__in=revisions).values_list("pk", "content__slug")
    return {pk: slug if isinstance(slug, str) else None for pk, slug in rows}


def clashes(
    parent: Page, changes: list[SlugChange], keys: set[int], *, stored: Mapping[int, str] = NOTHING
) -> list[Clash]:
    """Those in which some of the pages beneath another are concerned, by the order of moments.

    Of some it is known with which slug they are about to be ``stored``.
    """
    wanted = {change.slug for change in changes if change.slug} | set(stored.values())
    moving = {change.page_id for change in changes} | keys
    own = Page._base_manager.filter(pk__in=keys).values("slug")
    rows = Page._base_manager.filter(
        Q(pk__in=moving) | Q(slug__in=wanted) | Q(slug__in=Subquery(own)),
        path__startswith=parent.path,
        depth=parent.depth + 1,
    )
    found = rows.order_by("pk").values_list("pk", "slug")
    beneath = Beneath([(key, stored.get(key, slug)) for key, slug in found])
    return [clash for clash in beneath.clashes(changes) if clash.is_about(keys)]


class Beneath:
    """The pages beneath one page, and the slug that each has at a moment."""

    def __init__(self, rows: list[tuple[int, str]]):
        self.slugs = dict(rows)
        self.holders: dict[str, int] = {}
        self.stored: list[Clash] = []
        for page_id, slug in rows:
            if slug in self.holders:
                self.stored.append(Clash(page_id, self.holders[slug], slug, None))
            else:
                self.holders[slug] = page_id

    def clashes(self, changes: list[SlugChange]) -> Iterator[Clash]:
        yield from self.stored
        by_moment: dict[datetime, dict[tuple[str, int], list[SlugChange]]] = defaultdict(dict)
        for change in changes:
            if change.page_id in self.slugs:
                by_moment[change.moment].setdefault(change.group, []).append(change)
        for moment in sorted(by_moment):
            left = self.made(list(by_moment[moment].values()))
            leaving = {page_id for group in left for page_id in self.moves(group)}
            for group in left:
                for page_id, slug, holder in self.obstacles(group):
                    circle = holder in leaving and holder not in self.moves(group)
                    yield Clash(page_id, holder, slug, moment, is_circle=circle)

    def made(self, groups: list[list[SlugChange]]) -> list[list[SlugChange]]:
        """Make what can be, as schedulers do at one moment; returns the rest.

        What has no room at first is tried again, since another may have yet to leave.
        """
        while True:
            left = [group for group in groups if not self.make(group)]
            if len(left) == len(groups):
                return left
            groups = left

    def make(self, group: list[SlugChange]) -> bool:
        if any(self.obstacles(group)):
            return False
        moves = self.moves(group)
        for page_id in moves:
            if self.holders.get(self.slugs[page_id]) == page_id:
                del self.holders[self.slugs[page_id]]
        for page_id, slug in moves.items():
            if slug in self.holders:
                self.slugs[self.holders[slug]] = ""  # It gives way, and has another then.
            self.slugs[page_id], self.holders[slug] = slug, page_id
        return True

    def moves(self, group: list[SlugChange]) -> dict[int, str]:
        """The slugs that pages take which have others."""
        return {
            change.page_id: change.slug
            for change in group
            if change.slug is not None and change.slug != self.slugs[change.page_id]
        }

    def obstacles(self, group: list[SlugChange]) -> Iterator[tuple[int, str, int]]:
        """Which page is to take a slug of which other that neither leaves nor gives way."""
        moves = self.moves(group)
        gone = moves.keys() | {change.page_id for change in group if change.slug is None}
        taken: dict[str, int] = {}
        for page_id, slug in moves.items():
            holder = self.holders.get(slug)
            if holder is not None and holder not in gone:
                yield page_id, slug, holder
            elif slug in taken:
                yield page_id, slug, taken[slug]
            taken[slug] = page_id
