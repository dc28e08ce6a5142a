"""Which content a reader may see at a moment. Every edge of the API asks here, and nowhere else.

Visible means live, not expired at that moment, and not under a view restriction, its own or one
inherited from a page or collection above it, or from what an alias mirrors.
"""

from datetime import datetime

from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from wagtail.models import (
    CollectionViewRestriction,
    DraftStateMixin,
    Page,
    PageViewRestriction,
)

__all__ = ["NoRule", "visible"]

ALIASES_FOLLOWED = 3


class NoRule(TypeError):
    """Nobody has said who may see the objects of a model, so nobody may."""

    def __init__(self, model: type[Model]):
        super().__init__(
            f"Who may see a {model.__name__} is not decided: add its rule to {__name__}."
        )


def visible(queryset: QuerySet, *, at: datetime) -> QuerySet:
    """Narrow a queryset to what a reader may see at a moment.

    Raises ``NoRule`` for a model that has neither drafts nor a collection.
    """
    model = queryset.model
    if issubclass(model, Page):
        return queryset.filter(_is_live(at), ~_under_restriction(PageViewRestriction, "page"))
    if issubclass(model, DraftStateMixin):
        return queryset.filter(_is_live(at))
    if any(field.name == "collection" for field in model._meta.fields):
        return queryset.filter(
            ~_under_restriction(CollectionViewRestriction, "collection", "collection__path")
        )
    raise NoRule(model)


def _is_live(at: datetime) -> Q:
    return Q(live=True) & (Q(expire_at__isnull=True) | Q(expire_at__gt=at))


def _under_restriction(restriction_model, name: str, path: str = "path") -> Exists:
    """Restrictions are few: each is looked at, and then what it is on.

    Joined, SQLite would go through all pages for each page, as it knows nothing of an empty table.
    """
    place = restriction_model._meta.get_field(name).related_model
    its_path = place._base_manager.filter(pk=OuterRef(f"{name}_id")).values("path")
    restrictions = restriction_model.objects.annotate(
        own_path=_outer_path(path), its_path=Subquery(its_path)
    )
    beneath = Q(own_path__startswith=F("its_path"))
    if place is Page:
        beneath |= Exists(_mirrors())
    return Exists(restrictions.filter(beneath))


def _mirrors() -> QuerySet:
    """Aliases at or above ``own_path`` that mirror something at or beneath ``its_path``.

    An alias of an alias is followed so far; what mirrors from further away is taken for private.
    """
    sources = ["__".join(["alias_of"] * steps) for steps in range(1, ALIASES_FOLLOWED + 1)]
    private = Q(**{f"{sources[-1]}__alias_of__isnull": False})
    for source in sources:
        private |= Q(**{f"{source}__path__startswith": OuterRef("its_path")})
    aliases = Page._base_manager.filter(alias_of__isnull=False)
    at_or_above = aliases.annotate(mirrored_at=_outer_path("own_path")).filter(
        mirrored_at__startswith=F("path")
    )
    return at_or_above.filter(private)


def _outer_path(name: str) -> ExpressionWrapper:
    return ExpressionWrapper(OuterRef(name), output_field=CharField())
