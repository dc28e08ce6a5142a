"""Several plans for one object: none of them undoes what was written after it without a word.

Of what goes live one after the other, the later was always written later. Whoever publishes,
schedules or moves a version that is newer than another which goes live after it has the newer edit
taken into that one, which is written anew and approved in the place of the old. What both changed,
each in its own way, is asked. Two plans of one moment are refused.

All of it is decided under the row lock that schedulers take, in the transaction that writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from wagtail.log_actions import get_active_log_context, log
from wagtail.models import Page, Revision

from cms.perspective.objects import as_own_type, base_model, base_type_of, moment_written, slug_in
from cms.perspective.readable import NotReadable, reading
from cms.scheduling.approvals import CARRIED_OVER, who_approved
from cms.scheduling.kinds import Plan, kinds
from cms.scheduling.kinds.go_live import GO_LIVE, SCHEDULE
from cms.scheduling.locks import locked_row
from pages import clock
from pages.lifecycle.checks import NotPublishable
from pages.lifecycle.merging import Conflict, as_stored, merge

__all__ = [
    "Answers",
    "EditsConflict",
    "MomentTaken",
    "PlansRefused",
    "Question",
    "answered",
    "going_out",
    "is_at_work",
    "moved",
    "note",
    "plans_of",
    "put_back",
]

NEWER, WAITING = "newer", "waiting"


class PlansRefused(Exception):
    """Nothing was written, because of what else is planned for the object; says why."""

    def __init__(self, subject: Any, sentence: str):
        super().__init__(sentence)
        self.subject = subject
        self.sentence = sentence


class MomentTaken(PlansRefused):
    def __init__(self, subject: Any, other: Plan):
        super().__init__(
            subject,
            f"“{subject}” is already part of {other.name}, at the same moment, and one would undo"
            " the other. Choose another moment, or change that plan.",
        )


class ComesBack(PlansRefused):
    def __init__(self, subject: Any, plan: Plan):
        super().__init__(
            subject,
            f"“{subject}” would be taken down, and go live again by {plan.name}. Cancel that"
            " first.",
        )


class NoLongerComplete(PlansRefused):
    def __init__(self, subject: Any, plan: Plan, problems: NotPublishable):
        super().__init__(
            subject,
            f"With this, {plan.name} would not be complete: {' '.join(problems.lines())}"
            " Change or cancel that first.",
        )


class NotCarried(PlansRefused):
    def __init__(self, subject: Any, plan: Plan, error: NotReadable):
        super().__init__(
            subject,
            f"“{subject}” is also part of {plan.name}, which cannot be read, so that what you"
            f" changed cannot be taken into it. Cancel that first. {' '.join(error.messages)}",
        )


@dataclass(frozen=True)
class Question:
    """What was changed both in what is written newer and in what goes live after it."""

    plan: Plan
    conflict: Conflict

    @property
    def id(self) -> str:
        return f"{self.plan.id}:{self.conflict.place}"


class EditsConflict(PlansRefused):
    def __init__(self, subject: Any, questions: list[Question]):
        names = dict.fromkeys(f"{each.conflict.label} ({each.plan.name})" for each in questions)
        super().__init__(
            subject,
            f"“{subject}” was changed in two places that are to follow each other:"
            f" {', '.join(names)}. Say which is to stay.",
        )
        self.questions = questions


@dataclass
class Answers:
    """What an editor said to questions, by their ids, and the plans that were written anew then."""

    given: Mapping[str, str] = field(default_factory=dict)
    carried: list[Plan] = field(default_factory=list)
    # What whoever did it has to know, in sentences.
    notes: list[str] = field(default_factory=list)


answers: ContextVar[Answers | None] = ContextVar("answers", default=None)


def is_at_work() -> bool:
    """Whether somebody in the admin does what is done."""
    return answers.get() is not None


def note(sentence: str) -> None:
    """Have it told to whoever is at work, if somebody is."""
    given = answers.get()
    if given is not None:
        given.notes.append(sentence)


@contextmanager
def answered(given: Answers) -> Iterator[None]:
    """Take answers from here for what is published meanwhile, and note there what that changed."""
    token = answers.set(given)
    try:
        yield
    finally:
        answers.reset(token)


def plans_of(subject: Any) -> list[Plan]:
    """What is approved to become of an object, in the order in which it does."""
    return sorted((plan for kind in kinds() for plan in kind.plans_of(subject)), key=moment_of)


def moment_of(plan: Plan) -> datetime:
    return plan.moment


# What is published or scheduled


@transaction.atomic
def going_out(version: Any, revision: Revision | None, moment: datetime | None) -> None:
    """Someone publishes a version, or schedules it for a moment; its object is as it was yet."""
    row = locked_row(type(version), version.pk)
    plans = plans_of(version)
    version.changes_address = changes_address(version, row, plans)
    written = revision or newest_of(version)
    if not plans or row is None or written is None:
        return
    ended = [plan for plan in plans if is_ended(plan, written, moment)]
    others = [plan for plan in plans if plan not in ended]
    stop_same_moment(version, others, moment)
    if moment is None:
        before = [plan for plan in ended if not is_of(plan, written)]
    else:
        before = [plan for plan in others if plan.moment < moment]
    later = [plan for plan in others if plan not in before and is_older(plan, written)]
    outcome = rebased(version, content_shown(row, before), as_stored(version), later)
    carry_over(version, outcome, others)


def changes_address(version: Any, row: Any, plans: list[Plan]) -> bool:
    """Whether a page appears at its address, or has or is to have another than it is stored at."""
    if not isinstance(version, Page) or row is None:
        return False
    if not row.live:
        return True
    slugs = {version.slug, *(slug_in(plan.revision) for plan in plans if plan.revision)}
    return slugs != {row.slug}


def is_ended(plan: Plan, written: Revision, moment: datetime | None) -> bool:
    """Whether it is what is being approved, or ends with that: see ``Versions.overtaken``.

    What readers see already, a release too, is corrected by what is published now.
    """
    if moment is None and plan.moment <= clock.now():
        return True
    return plan.kind is GO_LIVE and (is_of(plan, written) or plan.moment == moment)


@transaction.atomic
def moved(subject: Any, revision: Revision) -> None:
    """What is approved goes live at another moment, perhaps after or before others than it did."""
    row = locked_row(type(subject), subject.pk)
    moment = revision.approved_go_live_at
    own = next(plan for plan in plans_of(subject) if is_of(plan, revision))
    others = [plan for plan in plans_of(subject) if not is_of(plan, revision)]
    stop_same_moment(subject, others, moment)
    before = [plan for plan in others if plan.moment < moment]
    later = [plan for plan in others if plan not in before]
    outcome, content = [], revision.content
    for place, plan in enumerate(before):
        if plan.revision is not None and not is_older(plan, revision):
            shown = content_shown(row, before[:place])
            [(_, content)] = rebased(subject, shown, plan.revision.content, [own], content)
            outcome = [(own, content)]
    older = [plan for plan in later if is_older(plan, revision)]
    outcome += rebased(subject, content_shown(row, before), content, older)
    carry_over(subject, outcome, [own, *others])


@transaction.atomic
def put_back(subject: Any, revision: Revision | None) -> None:
    """What readers see of an object is about to be replaced by what they saw before, or by nothing.

    That is an edit made now: what goes live later does not undo it without a word. What was due
    has ended before.
    """
    row = locked_row(type(subject), subject.pk)
    later = [plan for plan in plans_of(subject) if plan.revision]
    if row is None or not later:
        return
    if revision is None:
        raise ComesBack(subject, later[0])
    outcome = rebased(subject, content_shown(row, []), revision.content, later)
    carry_over(subject, outcome, later)


def is_of(plan: Plan, revision: Revision) -> bool:
    return plan.kind is GO_LIVE and plan.key == revision.pk


def is_older(plan: Plan, than: Revision) -> bool:
    if plan.revision is None:
        return False
    return (plan.revision.created_at, plan.revision.pk) <= (than.created_at, than.pk)


def newest_of(subject: Any) -> Revision | None:
    return Revision.objects.for_instance(subject).order_by("-created_at", "-pk").first()


def stop_same_moment(subject: Any, plans: list[Plan], moment: datetime | None) -> None:
    for plan in plans:
        if plan.moment == moment:
            raise MomentTaken(subject, plan)


def content_shown(row: Any, before: list[Plan]) -> dict[str, Any]:
    """What readers see right before; nothing of what they do not see."""
    for plan in reversed(before):
        return plan.revision.content if plan.revision else {}
    return as_stored(as_own_type(row)) if row.live else {}


Outcome = list[tuple[Plan, dict[str, Any]]]


def rebased(
    subject: Any, base: dict[str, Any], newer: dict[str, Any], plans: list[Plan], *contents: Any
) -> Outcome:
    """What plans bring, or the ``contents`` in the place of that, with what the newer edit changed.

    Raises ``EditsConflict``.
    """
    outcome, questions = [], []
    waiting = contents or [plan.revision and plan.revision.content for plan in plans]
    for plan, held in zip(plans, waiting, strict=True):
        content, asked = taken_into(subject, plan, base, newer, held)
        questions += asked
        outcome.append((plan, content))
    if questions:
        raise EditsConflict(subject, questions)
    return outcome


def taken_into(
    subject: Any, plan: Plan, base: dict[str, Any], newer: dict[str, Any], waiting: Any
) -> tuple[dict[str, Any], list[Question]]:
    """The waiting content with the newer edit, and what has to be asked before."""
    given = answers.get()
    said = given.given if given else {}
    # Of a question about another plan nothing is taken off, so that it names no place here.
    keep = frozenset(
        question.removeprefix(f"{plan.id}:")
        for question, answer in said.items()
        if answer == WAITING
    )
    model = type(subject)
    try:
        with reading(model, waiting), reading(model, base):
            found = merge(model, base=base, waiting=waiting, newer=newer, keep=keep)
    except NotReadable as error:
        raise NotCarried(subject, plan, error) from error
    questions = [Question(plan, conflict) for conflict in found.conflicts]
    asked = [each for each in questions if said.get(each.id) not in (NEWER, WAITING)]
    return with_sound_expiry(found.content, waiting, plan.moment), asked


def with_sound_expiry(content: dict[str, Any], waiting: dict[str, Any], moment: datetime) -> Any:
    """What is to go live then does not expire before, whatever the newer edit says of itself."""
    expires = moment_written(content.get("expire_at"))
    if expires and expires <= moment:
        return {**content, "expire_at": waiting.get("expire_at")}
    return content


# Writing


def carry_over(subject: Any, outcome: Outcome, plans: list[Plan]) -> None:
    """Write plans anew that have taken in something, and all that follow them.

    So each stays newer than what goes live before it.
    """
    newest = newest_of(subject)
    if newest is None or not outcome:
        return
    contents = {plan.id: content for plan, content in outcome}
    first = min(plan.moment for plan, _ in outcome)
    following = sorted((plan for plan in plans if plan.moment >= first), key=moment_of)
    for step, plan in enumerate(following, start=1):
        if plan.revision is not None:
            content = contents.get(plan.id, plan.revision.content)
            written_at = newest.created_at + timedelta(microseconds=step)
            write(subject, plan, plan.revision, content, written_at)


def write(
    subject: Any, plan: Plan, old: Revision, content: dict[str, Any], written_at: datetime
) -> None:
    """It stays the version of who wrote and who approved it; the history has who edited since."""
    revision = Revision(
        content_object=subject,
        base_content_type_id=base_type_of(type(subject)),
        user=old.user,
        content=content,
        created_at=written_at,
    )
    version = stored_row(subject).with_content_json(content)
    version.address_is_planned = True
    try:
        version.check_publishable()
    except NotPublishable as problems:
        raise NoLongerComplete(subject, plan, problems) from problems
    revision.object_str = str(version)
    revision.save()
    approver = who_approved(subject, old, SCHEDULE)
    plan.kind.replace(plan, revision)
    make_newest(subject, version, revision)
    log(
        instance=subject,
        action=CARRIED_OVER,
        user=get_active_log_context().user,
        revision=revision,
        data={"at": plan.moment.isoformat(), "approved_by": approver and approver.pk},
    )
    noted = answers.get()
    if noted is not None:
        noted.carried.append(plan)


def stored_row(subject: Any) -> Any:
    return type(subject)._base_manager.get(pk=subject.pk)


def make_newest(subject: Any, version: Any, revision: Revision) -> None:
    """On the row, and on the object that Wagtail is about to write."""
    values: dict[str, Any] = {"latest_revision": revision, "has_unpublished_changes": True}
    if isinstance(subject, Page):
        values |= {"draft_title": version.title, "latest_revision_created_at": revision.created_at}
    for name, value in values.items():
        setattr(subject, name, value)
    base_model(type(subject))._base_manager.filter(pk=subject.pk).update(**values)
