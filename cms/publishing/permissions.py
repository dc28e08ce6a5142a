"""Who may publish what: pages by their place in the tree, snippets by their type."""

from typing import Any

from wagtail.models import Page
from wagtail.permission_policies.base import ModelPermissionPolicy

__all__ = ["may_publish", "may_unpublish"]


def may_publish(user: Any, subject: Any) -> bool:
    if isinstance(subject, Page):
        return subject.permissions_for_user(user).can_publish()
    return ModelPermissionPolicy(type(subject)).user_has_permission(user, "publish")


def may_unpublish(user: Any, subject: Any) -> bool:
    if isinstance(subject, Page):
        return subject.permissions_for_user(user).can_unpublish()
    return may_publish(user, subject)
