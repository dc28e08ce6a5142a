"""Takes down what readers see, whether it is stored or only due, and ends what is planned for it.

Whoever calls holds the lock of the object's row, as a scheduler does that makes it permanent.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from wagtail.models import Page

from cms.perspective.objects import base_type_of
from cms.scheduling.addresses.taken import warn_of_taken_address
from cms.scheduling.kinds import PlannedPublication, kinds
from cms.scheduling.signals import about_to_take_back
from pages.lifecycle.seen import ObjectKeys
from pages.lifecycle.versions import Ends

__all__ = [
    "due_objects",
    "end_what_is_due",
    "end_with",
    "object_is",
    "plans_for",
    "prepare",
    "take_down",
]


def object_is(subject: Any) -> Q:
    """Of rows that name an object."""
    return Q(base_content_type=base_type_of(type(subject)), object_id=str(subject.pk))


def plans_for(objects: Q) -> list[PlannedPublication]:
    """What was approved to publish of some objects, soonest first; one statement for each kind."""
    found = [plan for kind in kinds() for plan in kind.planned(objects)]
    return sorted(found, key=lambda plan: plan.due_at)


def due_objects() -> ObjectKeys:
    """Of which readers see something that is not permanent yet."""
    return {plan.key for plan in plans_for(Q()) if plan.is_due}


def prepare(subject: Any, *, keeps_coming: bool) -> bool:
    """Let the action that is to unpublish an object end its plans, and work on what is only due.

    Whether there is something to unpublish: Wagtail's actions pass over what is not live.
    """
    subject.ends = Ends.DUE if keeps_coming else Ends.EVERYTHING
    if takes_back_what_is_due(subject):
        subject.live = True
    return subject.live


def takes_back_what_is_due(subject: Any) -> bool:
    """Note what readers see of an object before that ends; whether there is any."""
    is_due = any(plan.is_due for plan in plans_for(object_is(subject)))
    if is_due:
        about_to_take_back({(base_type_of(type(subject)), str(subject.pk))})
    return is_due


def end_what_is_due(subject: Any, *, user: AbstractBaseUser | None) -> None:
    """Readers see it already; nobody is to make it permanent over what takes its place."""
    if takes_back_what_is_due(subject):
        end_plans(subject, due_only=True, user=user)


def take_down(subject: Any, *, keeps_coming: bool, user: AbstractBaseUser) -> None:
    if prepare(subject, keeps_coming=keeps_coming):
        subject.unpublish(user=user)
    else:
        end_plans(subject, due_only=keeps_coming, user=user)


def end_with(subject: Any) -> None:
    """End what else is planned for an object that has just been unpublished.

    Pages can come as rows of ``Page``, of which all ends unless they have expired.
    """
    unasked = Ends.NOTHING if subject.expired else Ends.EVERYTHING
    ends = getattr(subject, "ends", None) or unasked
    if ends != Ends.NOTHING:
        end_plans(subject, due_only=ends == Ends.DUE, user=None)


def end_plans(subject: Any, *, due_only: bool, user: AbstractBaseUser | None) -> None:
    for kind in kinds():
        kind.end_plans(subject, due_only=due_only, user=user)
    if isinstance(subject, Page):
        # It stays where it is stored, which others may have been to take: that is not refused.
        warn_of_taken_address(subject)
