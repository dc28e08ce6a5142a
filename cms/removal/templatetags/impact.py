from collections.abc import Iterable
from typing import Any

from django import template

from cms.removal import impact
from cms.removal.impact import Impact
from cms.removal.redirect_offer import RedirectOffer, offer_for

register = template.Library()


@register.simple_tag(takes_context=True)
def impact_of(context: dict[str, Any], subject: Any) -> Impact | None:
    return impact.impact_of([subject], context["request"].user)


@register.simple_tag(takes_context=True)
def impact_of_items(context: dict[str, Any], items: Iterable[dict[str, Any]]) -> Impact | None:
    """Of what a bulk action lists."""
    return impact.impact_of([item["item"] for item in items], context["request"].user)


@register.simple_tag(takes_context=True)
def redirect_offer(
    context: dict[str, Any], page: Any, deletes: bool = False
) -> RedirectOffer | None:
    return offer_for([page], context["request"], deletes=deletes)


@register.simple_tag(takes_context=True)
def redirect_offer_of_items(
    context: dict[str, Any], items: Iterable[dict[str, Any]], deletes: bool = False
) -> RedirectOffer | None:
    """For what a bulk action lists."""
    pages = [item["item"] for item in items]
    return offer_for(pages, context["request"], deletes=deletes)
