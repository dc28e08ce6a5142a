from collections.abc import Iterable
from typing import Any

from django import template
from wagtail.admin.views.generic.usage import UsageView

from cms.perspective.objects import base_model
from cms.removal import impact, uses
from cms.removal.impact import Impact
from cms.removal.named_beside import NamedBeside, named_beside_index
from cms.removal.naming import Naming, guarded_models, naming
from cms.removal.redirect_offer import RedirectOffer, offer_for
from cms.removal.uses import FILES, Uses
from cms.scheduling.kinds import PlannedPublication

register = template.Library()


@register.simple_tag(takes_context=True)
def impact_of(context: dict[str, Any], subject: Any) -> Impact | None:
    return impact.impact_of([subject], context["request"].user)


@register.simple_tag(takes_context=True)
def impact_of_items(context: dict[str, Any], items: Iterable[dict[str, Any]]) -> Impact | None:
    """Of what a bulk action lists."""
    return impact.impact_of([item["item"] for item in items], context["request"].user)


@register.simple_tag
def plans_to_come(*subjects: Any) -> list[PlannedPublication]:
    """What goes live of some objects, and of what stands beneath them, if it is not ended."""
    return [plan for plan in impact.plans_of(subjects) if not plan.is_due]


@register.simple_tag
def plans_to_come_of_items(items: Iterable[dict[str, Any]]) -> list[PlannedPublication]:
    """For what a bulk action lists."""
    return plans_to_come(*(item["item"] for item in items))


@register.simple_tag
def naming_of(*subjects: Any) -> Naming | None:
    """None of what no version names."""
    if not subjects or base_model(type(subjects[0])) not in guarded_models():
        return None
    return naming(impact.at_or_beneath(list(subjects)))


@register.simple_tag
def naming_of_items(items: Iterable[dict[str, Any]]) -> Naming | None:
    """Of what a bulk action lists."""
    return naming_of(*(item["item"] for item in items))


@register.simple_tag(takes_context=True)
def named_beside(context: dict[str, Any]) -> NamedBeside | None:
    """None of a list that is not Wagtail's of what names something."""
    view = context.get("view")
    if not isinstance(view, UsageView) or base_model(type(view.object)) not in guarded_models():
        return None
    return named_beside_index(view.object, view.request.user)


@register.simple_tag(takes_context=True)
def uses_of(context: dict[str, Any], *subjects: Any) -> Uses | None:
    """None of what is no file."""
    if not subjects or type(subjects[0]) not in FILES:
        return None
    files = type(subjects[0])._base_manager.filter(pk__in=[each.pk for each in subjects])
    return uses.uses_of(files, context["request"].user)


@register.simple_tag(takes_context=True)
def uses_of_items(context: dict[str, Any], items: Iterable[dict[str, Any]]) -> Uses | None:
    """Of what a bulk action lists."""
    return uses_of(context, *(item["item"] for item in items))


@register.simple_tag(takes_context=True)
def uses_in(context: dict[str, Any], collection: Any) -> Uses:
    return uses.uses_in(collection, context["request"].user)


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
