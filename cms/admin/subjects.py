"""What lists in the admin are about, and which of it someone may see there, or publish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from wagtail.models import Page
from wagtail.permissions import page_permission_policy
from wagtail.snippets.models import get_snippet_models

__all__ = [
    "Subject",
    "keys_of",
    "pages_publishable_by",
    "pages_shown_to",
    "publishable_by",
    "register_subject",
    "rows_shown_to",
    "shown_to",
    "snippet_models_publishable_by",
    "snippet_models_shown_to",
]

ACTIONS_ON_PAGES = ("add", "change", "publish", "lock", "unlock", "bulk_delete")
ACTIONS_ON_SNIPPETS = ("add", "change", "delete", "view", "publish")


@dataclass(frozen=True)
class OtherSubject:
    """What lists may be about that is neither a page nor a snippet."""

    url_name: str
    permission: str


others: dict[type[Model], OtherSubject] = {}


def register_subject(model: type[Model], *, url_name: str, permission: str) -> None:
    """Have lists show objects of a model to those with a permission, and lead to one view."""
    others[model] = OtherSubject(url_name, permission)


@dataclass(frozen=True)
class Subject:
    """What a row is about, without loading it: a page, a snippet, or what is registered here."""

    model: type[Model]
    key: str
    title: str

    @classmethod
    def of(cls, content_type: ContentType, key: Any, title: str) -> Subject:
        return cls(content_type.model_class(), str(key), title)

    @property
    def kind(self) -> str:
        return self.model._meta.verbose_name

    @property
    def edit_url(self) -> str:
        return self.url_of("edit")

    def url_of(self, view: str, *arguments: Any) -> str:
        if issubclass(self.model, Page):
            name = f"wagtailadmin_pages:{view}"
        elif self.model in others:
            name = others[self.model].url_name
        else:
            name = self.model.snippet_viewset.get_url_name(view)
        return reverse(name, args=(self.key, *arguments))


def pages_shown_to(user: AbstractBaseUser) -> QuerySet:
    return page_permission_policy.instances_user_has_any_permission_for(user, ACTIONS_ON_PAGES)


def snippet_models_shown_to(user: AbstractBaseUser) -> list[type[Model]]:
    return [
        model
        for model in get_snippet_models()
        if model.snippet_viewset.permission_policy.user_has_any_permission(
            user, ACTIONS_ON_SNIPPETS
        )
    ]


def rows_shown_to(user: AbstractBaseUser, rows: QuerySet) -> QuerySet:
    """Those of some objects of one model that this person sees in the admin."""
    if issubclass(rows.model, Page):
        return rows.filter(pk__in=pages_shown_to(user).values("pk"))
    other = others.get(rows.model)
    if rows.model in snippet_models_shown_to(user) or (other and user.has_perm(other.permission)):
        return rows
    return rows.none()


def keys_of(objects: QuerySet) -> QuerySet:
    """Primary keys as revisions and log entries store them."""
    return objects.order_by().annotate(key=Cast("pk", CharField())).values("key")


def shown_to(user: AbstractBaseUser) -> Q:
    """Of rows that name an object: those about what this person sees in the admin."""
    return about(pages_shown_to(user), snippet_models_shown_to(user)) | about_others(user)


def publishable_by(user: AbstractBaseUser) -> Q:
    """Of rows that name an object: those about what this person may publish."""
    return about(pages_publishable_by(user), snippet_models_publishable_by(user)) | about_others(
        user
    )


def about_others(user: AbstractBaseUser) -> Q:
    seen = [model for model, other in others.items() if user.has_perm(other.permission)]
    return Q(content_type__in=ContentType.objects.get_for_models(*seen).values())


def about(pages: QuerySet, snippet_models: Iterable[type[Model]]) -> Q:
    page_types = ContentType.objects.get_for_models(
        *(model for model in apps.get_models() if issubclass(model, Page))
    )
    wanted = Q(content_type__in=page_types.values(), object_id__in=keys_of(pages))
    for model in snippet_models:
        wanted |= Q(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=keys_of(model._default_manager.all()),
        )
    return wanted


def pages_publishable_by(user: AbstractBaseUser) -> QuerySet:
    return page_permission_policy.instances_user_has_permission_for(user, "publish")


def snippet_models_publishable_by(user: AbstractBaseUser) -> list[type[Model]]:
    return [
        model
        for model in get_snippet_models()
        if model.snippet_viewset.permission_policy.user_has_permission(user, "publish")
    ]
