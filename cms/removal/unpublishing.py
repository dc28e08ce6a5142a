"""Unpublishing by hand: what is planned for what is taken down ends with it, or is kept if asked.

Wagtail's actions pass over what readers see by the clock alone. Its views ask our hooks before, the
bulk action and the one of its API have ours in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from wagtail.admin.api.actions.unpublish import UnpublishPageAPIAction
from wagtail.admin.views.pages.bulk_actions.unpublish import UnpublishBulkAction
from wagtail.models import Page
from wagtail.snippets.action_menu import UnpublishMenuItem

from cms.admin.permissions import may_unpublish
from cms.admin.subjects import keys_of
from cms.perspective.objects import base_type_of
from cms.scheduling.locks import locked_object
from cms.scheduling.takedown import plans_for, prepare, take_down
from pages.lifecycle.seen import is_due
from pages.lifecycle.versions import FixedVersions

__all__ = ["UnpublishPages", "UnpublishThroughAPI", "UnpublishWhatIsDue", "before_unpublishing"]

KEEP = "keep_coming"


def is_kept(request: HttpRequest) -> bool:
    """Whether what is to come for what is taken down comes all the same, as was chosen."""
    return bool(request.POST.get(KEEP))


def before_unpublishing(request: HttpRequest, subject: Any) -> None:
    """In the view of a single object, whose row is locked: of the pages beneath all is done."""
    keeps_coming = is_kept(request)
    if isinstance(subject, Page) and request.POST.get("include_descendants"):
        take_down_beneath(subject, request.user, keeps_coming=keeps_coming)
    prepare(subject, keeps_coming=keeps_coming)


def take_down_beneath(page: Page, user: AbstractBaseUser, *, keeps_coming: bool) -> int:
    """Take down what is beneath and may be, whatever of it readers see; returns how many pages."""
    beneath = page.get_descendants()
    planned = plans_for(Q(base_content_type=base_type_of(Page), object_id__in=keys_of(beneath)))
    seen_or_planned = Q(live=True) | Q(pk__in={int(plan.object_id) for plan in planned})
    keys = beneath.filter(seen_or_planned).order_by("path").values_list("pk", flat=True)
    return take_down_each(list(keys), user, may_end, keeps_coming=keeps_coming)


def may_end(user: AbstractBaseUser, page: Page) -> bool:
    """Whether someone may unpublish it, or end that it goes live."""
    permissions = page.permissions_for_user(user)
    return permissions.can_publish() and not permissions.page_locked()


def take_down_each(
    keys: Iterable[int],
    user: AbstractBaseUser,
    may: Callable[[Any, Any], bool],
    *,
    keeps_coming: bool,
) -> int:
    """Each as it is once nobody else can change it; how many there were to take down."""
    count = 0
    for key in keys:
        page = locked_object(Page, key)
        if page is not None and may(user, page):
            was_seen = may_unpublish(user, page)
            take_down(page, keeps_coming=keeps_coming, user=user)
            count += was_seen
    return count


class UnpublishPages(UnpublishBulkAction):
    def check_perm(self, page: Page) -> bool:
        return may_unpublish(self.request.user, page.specific_deferred)

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "keeps_coming": is_kept(self.request)}

    @classmethod
    def execute_action(
        cls, objects, include_descendants=False, user=None, keeps_coming=False, **kwargs
    ):
        keys = [page.pk for page in objects]
        count = take_down_each(keys, user, may_unpublish, keeps_coming=keeps_coming)
        beneath = 0
        for page in objects if include_descendants else ():
            beneath += take_down_beneath(page, user, keeps_coming=keeps_coming)
        return count, beneath


class UnpublishThroughAPI(UnpublishPageAPIAction):
    @transaction.atomic
    def execute(self, instance, data):
        page = locked_object(Page, instance.pk)
        self._action_from_data(page, data).check()
        if data["recursive"]:
            take_down_beneath(page, self.request.user, keeps_coming=False)
        prepare(page, keeps_coming=False)
        return super().execute(page, data)


class UnpublishWhatIsDue(UnpublishMenuItem):
    def is_shown(self, context):
        if context["view"] != "edit" or context.get("locked_for_user"):
            return False
        snippet = context["instance"]
        due = isinstance(snippet, FixedVersions) and not snippet.live and is_due(snippet)
        return due and may_unpublish(context["request"].user, snippet)
