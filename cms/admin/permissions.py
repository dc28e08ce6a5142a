"""Who may publish what, and who may see drafts.

Pages by their place in the tree, snippets by their type.
"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from wagtail.models import Page
from wagtail.permission_policies.base import ModelPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import page_permission_policy
from wagtail.snippets.models import get_snippet_models

from cms.admin.subjects import snippet_models_shown_to

__all__ = [
    "may_edit",
    "may_edit_unlocked",
    "may_publish",
    "may_publish_pages",
    "may_see_drafts",
    "may_unpublish",
]


def may_edit(user: Any, subject: Any) -> bool:
    lock = subject.get_lock()
    return may_edit_unlocked(user, subject) and not (lock and lock.for_user(user))


def may_edit_unlocked(user: Any, subject: Any) -> bool:
    """Whether someone may once nobody has locked it."""
    if isinstance(subject, Page):
        return subject.permissions_for_user(user).can_edit()
    return ModelPermissionPolicy(type(subject)).user_has_permission(user, "change")


def may_publish(user: Any, subject: Any) -> bool:
    if isinstance(subject, Page):
        return subject.permissions_for_user(user).can_publish()
    return ModelPermissionPolicy(type(subject)).user_has_permission(user, "publish")


def may_unpublish(user: Any, subject: Any) -> bool:
    if isinstance(subject, Page):
        return subject.permissions_for_user(user).can_unpublish()
    lock = subject.get_lock()
    return may_publish(user, subject) and not (lock and lock.for_user(user))


def may_publish_pages(user: AbstractBaseUser) -> bool:
    """Whether someone may publish any page at all."""
    return page_permission_policy.user_has_permission(user, "publish")


def may_see_drafts(user: Any) -> bool:
    """Whether someone may edit every page and sees all snippets, so that no draft is news to them.

    Of preview tokens ``cms.perspective.makers`` asks the database the same.
    """
    if user.is_superuser:
        return True
    held = PagePermissionPolicy().get_cached_permissions_for_user(user)
    edits_every_page = any(
        each.page.is_root() and each.permission.codename == "change_page" for each in held
    )
    return edits_every_page and set(snippet_models_shown_to(user)) == set(get_snippet_models())
