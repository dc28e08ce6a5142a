"""Who may see all that a preview token shows: its maker answers for it, now and later.

The rule is a queryset of users, so that the statement that reads a token asks it as well, of one
state of the database, and a list of tokens asks it for all of them at once.
"""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Length, Substr
from wagtail.models import GroupPagePermission

from cms.perspective.objects import is_snippet, models_with_drafts

__all__ = ["NO_PAGE", "who_may_see"]

NO_PAGE = ""
SEES_RELEASES = ("add_release", "change_release", "delete_release", "view_release")


def who_may_see(*, release: Any, place: Any) -> QuerySet:
    """Users who may make a token for a page, by its place in the tree, or for everything.

    What is shown is given as expressions: of a token, or the values of one that is being made.
    """
    users = get_user_model()._default_manager.filter(is_active=True)
    users = users.alias(
        shown_release=ExpressionWrapper(release, output_field=IntegerField()),
        shown_place=ExpressionWrapper(place, output_field=CharField()),
    )
    makes = holds("wagtailadmin", "access_admin") & holds("publishing", "add_previewtoken")
    sees = edits_the_page() | (edits_every_page() & sees_every_snippet())
    sees &= Q(shown_release__isnull=True) | holds("publishing", *SEES_RELEASES)
    return users.filter(Q(is_superuser=True) | (makes & sees))


def holds(app: str, *any_of: str) -> Q:
    permissions = Permission.objects.filter(content_type__app_label=app, codename__in=any_of)
    own = Q(user=OuterRef("pk")) | Q(group__user=OuterRef("pk"))
    return Q(Exists(permissions.filter(own)))


def edits() -> QuerySet:
    """Where in the tree of pages users may edit."""
    return GroupPagePermission.objects.filter(
        group__user=OuterRef("pk"), permission__codename="change_page"
    )


def edits_every_page() -> Q:
    return Q(Exists(edits().filter(page__depth=1)))


def edits_the_page() -> Q:
    above = Substr(OuterRef("shown_place"), Value(1), Length("page__path"))
    return Q(Exists(edits().alias(above=above).filter(above=F("page__path"))))


def sees_every_snippet() -> Q:
    """Drafts of people and organisations are shown with those of pages."""
    models = filter(is_snippet, models_with_drafts())
    return reduce(and_, map(sees_drafts_of, models), Q())


def sees_drafts_of(model: Any) -> Q:
    actions = ("add", "change", "delete", "publish", "view")
    name = model._meta.model_name
    return holds(model._meta.app_label, *(f"{action}_{name}" for action in actions))
