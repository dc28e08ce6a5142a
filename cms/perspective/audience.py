"""Which pages' moments the readers of a site may know.

When something goes live is no secret where everyone will see it. That something happens in a
private section, or on another site, is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from wagtail.models import Page

from cms.perspective.objects import base_type_of
from cms.perspective.readable import can_be_key
from cms.perspective.visibility import unrestricted

__all__ = ["Audience"]

Key = tuple[int, str]


@dataclass(frozen=True)
class Audience:
    """The readers of a site, whose home pages stand at these places in the tree."""

    site: int
    places: tuple[str, ...]

    def pages(self, queryset: QuerySet) -> QuerySet:
        beneath = reduce(or_, (Q(path__startswith=place) for place in self.places))
        return unrestricted(queryset.filter(beneath))

    def keys(self, found: Iterable[Key]) -> set[Key]:
        """Those of some objects, in one statement. A page counts as its aliases do as well."""
        found, pages = set(found), base_type_of(Page)
        ids = [key for base, key in found if base == pages and can_be_key(Page, key)]
        shown: set[str] = set()
        if ids:
            either = Q(pk__in=ids) | Q(alias_of__in=ids) | Q(alias_of__alias_of__in=ids)
            own = self.pages(Page._base_manager.filter(either))
            for row in own.values_list("pk", "alias_of", "alias_of__alias_of"):
                shown.update(map(str, row))
        return {(base, key) for base, key in found if base != pages or key in shown}
