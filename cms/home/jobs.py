"""The jobs that are begun most often, each in one click, for those who may do them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.urls import reverse
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from cms.admin.permissions import may_edit
from pages.models import (
    ArticlePage,
    ArticlesPage,
    DeliverableCategoryPage,
    DeliverablePage,
    ForumPage,
    ForumsPage,
    SurveyPage,
)

__all__ = ["Job", "jobs_of"]

# Beneath, in the words of an editor, the new page.
ADDING = (
    ("New article", ArticlesPage, ArticlePage),
    ("New forum", ForumsPage, ForumPage),
    ("Add a deliverable", DeliverableCategoryPage, DeliverablePage),
)
# More are found through the list of pages.
PLACES = 20


@dataclass(frozen=True)
class Place:
    """Where a job can be done."""

    title: str
    url: str


@dataclass(frozen=True)
class Job:
    name: str
    icon: str
    places: list[Place]


def jobs_of(user: AbstractBaseUser) -> Iterator[Job]:
    for name, above, model in ADDING:
        address = "wagtailadmin_pages:add", model._meta.app_label, model._meta.model_name
        places = [
            Place(parent.draft_title, reverse(address[0], args=(*address[1:], parent.pk)))
            for parent in pages_of(user, "add", above)
        ]
        if places:
            yield Job(name, "plus", places)
    surveys = [page for page in pages_of(user, "change", SurveyPage) if may_edit(user, page)]
    places = [
        Place(page.draft_title, reverse("wagtailadmin_pages:edit", args=(page.pk,)))
        for page in surveys
    ]
    if places:
        yield Job("Change the survey", "edit", places)


def pages_of(user: AbstractBaseUser, action: str, model: type[Page]) -> QuerySet:
    """In the order of the site; what mirrors another page has nothing of its own."""
    allowed = page_permission_policy.instances_user_has_permission_for(user, action)
    return model.objects.filter(pk__in=allowed.values("pk"), alias_of=None).order_by("path")[
        :PLACES
    ]
