"""Nobody gives more than they have, or takes over an account or group that may do more.

Wagtail asks for one permission on accounts and one on groups, so whoever keeps accounts could make
themself anything. The rule stands where rows are written: whatever view, bulk action or API writes
them for someone in the admin, signals ask here first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from django.contrib.auth.models import AbstractUser, Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from wagtail.log_actions import get_active_log_context
from wagtail.models import GroupCollectionPermission, GroupPagePermission, GroupSitePermission

__all__ = [
    "Privileges",
    "check_gift",
    "check_stored",
    "check_written",
    "held_by",
    "may_give",
    "privileges_of",
    "privileges_of_groups",
]


@dataclass(frozen=True)
class Privileges:
    """Permissions by their keys: those that hold everywhere, and those that hold at a place."""

    everything: bool = False
    everywhere: frozenset[int] = frozenset()
    # Each with the path of a page or collection, from which it holds downward.
    on_pages: frozenset[tuple[int, str]] = frozenset()
    in_collections: frozenset[tuple[int, str]] = frozenset()
    on_sites: frozenset[tuple[int, int]] = frozenset()

    def cover(self, others: Privileges) -> bool:
        return self.everything or (
            not others.everything
            and others.everywhere <= self.everywhere
            and all(reached(each, self.on_pages) for each in others.on_pages)
            and all(reached(each, self.in_collections) for each in others.in_collections)
            and all(each in self.on_sites or each[0] in self.everywhere for each in others.on_sites)
        )


def reached(wanted: tuple[int, str], held: Iterable[tuple[int, str]]) -> bool:
    permission, path = wanted
    return any(permission == key and path.startswith(above) for key, above in held)


@singledispatch
def privileges_of(holder: Any) -> Privileges:
    """What a user or group may do, or what a permission allows."""
    raise TypeError(holder)


@privileges_of.register
def _(user: User) -> Privileges:
    if user.is_superuser:
        return Privileges(everything=True)
    return granted(user.groups.all(), user.user_permissions.values_list("pk", flat=True))


@privileges_of.register
def _(group: Group) -> Privileges:
    return granted(Group.objects.filter(pk=group.pk))


@privileges_of.register
def _(permission: Permission) -> Privileges:
    return Privileges(everywhere=frozenset([permission.pk]))


# Where groups hold permissions: the attribute of ``Privileges``, the model, and its columns.
GRANTS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("everywhere", Group.permissions.through, ("permission",)),
    ("on_pages", GroupPagePermission, ("permission", "page__path")),
    ("in_collections", GroupCollectionPermission, ("permission", "collection__path")),
    ("on_sites", GroupSitePermission, ("permission", "site")),
)


def grants(groups: QuerySet) -> Iterator[tuple[int, str, Any]]:
    """The key of each group, and what it holds where; in a statement for each sort of place."""
    for where, model, columns in GRANTS:
        rows = model._default_manager.filter(group__in=groups).values_list("group", *columns)
        for group, permission, *place in rows:
            yield group, where, (permission, *place) if place else permission


def granted(groups: QuerySet, directly: Iterable[int] = ()) -> Privileges:
    held = defaultdict(set, everywhere=set(directly))
    for _, where, each in grants(groups):
        held[where].add(each)
    return privileges_held(held)


def privileges_of_groups() -> dict[int, Privileges]:
    """Of every group by its key, in as many statements as of one."""
    held: dict[int, dict[str, set]] = {
        key: defaultdict(set) for key in Group.objects.values_list("pk", flat=True)
    }
    for group, where, each in grants(Group.objects.all()):
        held[group][where].add(each)
    return {group: privileges_held(each) for group, each in held.items()}


def privileges_held(held: dict[str, set]) -> Privileges:
    kept: dict[str, Any] = {where: frozenset(each) for where, each in held.items()}
    return Privileges(**kept)


def held_by(user: AbstractUser) -> Privileges:
    """What someone may do, as of their request's first question.

    Saving a form takes permissions from a group and adds them again. That group may be their own.
    """
    if not hasattr(user, "privileges_at_first"):
        user.privileges_at_first = privileges_of(User.objects.get(pk=user.pk))
    return user.privileges_at_first


def may_give(user: AbstractUser, wanted: User | Group | Permission) -> bool:
    """Whether someone may do all that another may, or that a group or permission allows."""
    return held_by(user).cover(privileges_of(wanted))


# What the signals ask. Nobody acts in commands, in the scheduler, when someone signs in, and when a
# password is reset by mail.


def check(wanted: Iterable[User | Group | Permission]) -> None:
    acting = get_active_log_context().user
    if acting and not all(may_give(acting, each) for each in wanted):
        raise PermissionDenied


def check_stored(*rows: User | Group) -> None:
    """Before accounts or groups are changed or deleted: as they are stored."""
    check(stored for row in rows for stored in type(row)._default_manager.filter(pk=row.pk))


def check_written(account: User) -> None:
    """Before an account is written: as it is, and as it is to be."""
    check_stored(account)
    if account.is_superuser:
        check([account])


def check_gift(
    holder: Model, action: str, *, reverse: bool, model: type[Model], keys: set[Any] | None
) -> None:
    """Before groups or permissions are given or taken, from either side of the relation."""
    if action not in ("pre_add", "pre_remove", "pre_clear"):
        return
    others = model._default_manager.filter(pk__in=keys or ())
    holders, given = (others, [holder]) if reverse else ([holder], others)
    check([*holders, *given] if action == "pre_add" else holders)
