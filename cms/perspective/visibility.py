"""Which content a reader may see at a moment. Every edge of the API asks here, and nowhere else.

Visible means live, not expired at that moment, and not under a view restriction, its own or one
inherited from a page or collection above it.
"""

from datetime import datetime

from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
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
    own_path = ExpressionWrapper(OuterRef(path), output_field=CharField())
    restrictions = restriction_model.objects.annotate(own_path=own_path)
    return Exists(restrictions.filter(own_path__startswith=Subquery(its_path)))
