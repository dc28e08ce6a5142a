"""The list of organisations: its filter."""

from __future__ import annotations

import graphene

from cms.api.schema.listings.conditions import equal_to_one_of
from cms.api.schema.listings.listing import Listing, NameOrder, some_of
from pages.models import Organisation
from pages.models.organisation import OrganisationKind

__all__ = ["ORGANISATIONS"]


class OrganisationFilter(graphene.InputObjectType):
    """Keeps the organisations that meet every condition given."""

    kind = some_of(OrganisationKind)


ORGANISATIONS = Listing(
    Organisation,
    "Organisations named on the site, by name.",
    OrganisationFilter,
    {"kind": equal_to_one_of("kind")},
    NameOrder,
)
