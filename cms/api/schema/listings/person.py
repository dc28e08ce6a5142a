"""The list of people: its filter."""

from __future__ import annotations

import graphene

from cms.api.schema.listings.conditions import linked_to
from cms.api.schema.listings.listing import Listing, NameOrder
from pages.models import Organisation, Person

__all__ = ["PEOPLE"]


class PersonFilter(graphene.InputObjectType):
    """Keeps the people who meet every condition given."""

    organisation = graphene.ID(description="Keep people who work at this organisation.")


PEOPLE = Listing(
    Person,
    "Chairs, authors and speakers, by name.",
    PersonFilter,
    {"organisation": linked_to("organisation", Organisation)},
    NameOrder,
)
