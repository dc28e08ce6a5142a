"""How Wagtail publishes, schedules, unpublishes and keeps revisions."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import wagtail
from django.conf import settings
from django.db.models import ProtectedError
from django.utils.dateparse import parse_datetime
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import registry as log_registry
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Page,
    Revision,
    RevisionMixin,
    WorkflowMixin,
    WorkflowState,
)
from wagtail.models.revisions import RevisionQuerySet

from pages.lifecycle.revisions import KEPT_FIELDS
from pages.lifecycle.versions import FixedVersions
from tests import factories
from tests.internals.upstream import (
    attributes_assigned,
    canary,
    parameters,
    source,
    upstream,
)

COMING = datetime(2999, 1, 1, tzinfo=UTC)
FORGET = {"approved_go_live_at": None}
VERSIONS = "pages/lifecycle/versions.py"
PERMANENT = "cms/scheduling/permanent.py"


@pytest.fixture(params=["page", "snippet"])
def subject(request, db) -> Any:
    """Live, with a newer version.

    Not published: our own code would refuse before a canary could tell what has changed.
    """
    if request.param == "page":
        made = factories.charter_page(parent=Page.get_first_root_node(), live=False)
    else:
        made = factories.person(live=False)
    written = type(made).objects.filter(pk=made.pk)
    written.update(live=True, live_revision=made.get_latest_revision())
    written.get().save_revision()
    return written.get()


class Update(NamedTuple):
    """An ``update`` of an object's revisions, and what the object says of itself meanwhile."""

    changes: dict[str, Any]
    of: list[int]
    live: bool
    go_live_at: datetime | None


@pytest.fixture
def updates(monkeypatch) -> list[Update]:
    """Those that Wagtail makes on its own, plain queryset of an object's revisions."""
    made: list[Update] = []
    objects: list[Any] = []

    class Spy(RevisionQuerySet):
        def update(self, **changes):
            keys = sorted(self.values_list("pk", flat=True))
            made.append(Update(changes, keys, objects[-1].live, objects[-1].go_live_at))
            return super().update(**changes)

    def revisions(self):
        objects.append(self)
        return Spy(Revision).for_instance(self)

    monkeypatch.setattr(FixedVersions, "revisions", property(revisions))
    return made


def keys_of(subject: Any) -> list[int]:
    return sorted(Revision.objects.for_instance(subject).values_list("pk", flat=True))


def publish(revision: Revision, subject: Any) -> Any:
    is_page = isinstance(subject, Page)
    action = (PublishPageRevisionAction if is_page else PublishRevisionAction)(revision)
    action.execute(skip_permission_checks=True)
    return action.object


# Approvals


@canary(
    "Wagtail no longer forgets approvals with one `revisions.update(approved_go_live_at=None)` of"
    " the object it has just made live",
    where=VERSIONS,
    look_at="`Versions.update` and `Versions.overtaken`",
)
def test_publishing_forgets_approvals_in_one_update(subject, updates):
    publish(subject.get_latest_revision(), subject)

    assert updates == [Update(FORGET, keys_of(subject), live=True, go_live_at=None)]


@canary(
    "Wagtail no longer writes a published object after it has forgotten approvals, as the object"
    " says by then",
    where="cms/scheduling/plans.py",
    look_at="`going_out`, which reads what was published before, and `make_newest`",
)
def test_published_object_is_written_after_approvals_are_forgotten(subject, monkeypatch):
    newest, rows = subject.get_latest_revision(), type(subject).objects.filter(pk=subject.pk)
    written_before: list[bool] = []
    published: list[Any] = []

    class Spy(RevisionQuerySet):
        def update(self, **changes):
            written_before.append(rows.get().live_revision_id == newest.pk)
            published[-1].has_unpublished_changes = True
            return super().update(**changes)

    def revisions(self):
        published.append(self)
        return Spy(Revision).for_instance(self)

    monkeypatch.setattr(FixedVersions, "revisions", property(revisions))
    publish(newest, subject)

    assert written_before == [False]
    written = rows.get()
    assert (written.live_revision_id, written.has_unpublished_changes) == (newest.pk, True)


@canary(
    "Wagtail no longer forgets the approvals of all but the scheduled version with one"
    " `revisions.exclude(…).update(approved_go_live_at=None)`",
    where=VERSIONS,
    look_at="`Versions.update` and `Versions.overtaken`",
)
@pytest.mark.parametrize("live", [True, False], ids=["live", "not live"])
def test_scheduling_forgets_approvals_in_one_update(subject, updates, live):
    if not live:
        type(subject).objects.filter(pk=subject.pk).update(live=False, live_revision=None)
        subject.refresh_from_db()
    subject.go_live_at = COMING
    revision = subject.save_revision()

    publish(revision, subject)

    others = [key for key in keys_of(subject) if key != revision.pk]
    assert [update[:2] for update in updates] == [(FORGET, others)]
    assert updates[0].go_live_at == COMING


@canary(
    "Wagtail no longer forgets all approvals with one `revisions.update(approved_go_live_at=None)`"
    " of the object it has just taken down",
    where=f"{VERSIONS} and {PERMANENT}",
    look_at="`Versions.overtaken` and `Ends`",
)
def test_unpublishing_forgets_approvals_in_one_update(subject, updates):
    action = UnpublishPageAction if isinstance(subject, Page) else UnpublishAction

    action(subject).execute(skip_permission_checks=True)

    assert updates == [Update(FORGET, keys_of(subject), live=False, go_live_at=None)]


@canary(
    "Wagtail writes approvals in a place that was not known",
    where=VERSIONS,
    look_at="`Versions.update` and `KeepApprovals`",
)
def test_approvals_are_written_in_known_places_only():
    found: dict[str, set[str]] = {"update": set(), "assign": set()}
    folder = Path(str(wagtail.__file__)).parent
    for file in folder.rglob("*.py"):
        name = str(file.relative_to(folder))
        if {"tests", "test", "migrations"} & set(file.parts) or name.endswith("tests.py"):
            continue
        code = file.read_text()
        if "approved_go_live_at" not in code:
            continue
        for node in ast.walk(ast.parse(code)):
            if is_update_of_approvals(node):
                found["update"].add(name)
            elif is_assignment_of_approvals(node):
                found["assign"].add(name)

    revert = found["assign"] & {
        "actions/revert_to_page_revision.py",  # 7.4
        "actions/revert_to_revision.py",  # 8.0
    }
    assert found == {
        "update": {"actions/publish_revision.py", "actions/unpublish.py"},
        "assign": {
            "actions/copy_page.py",
            "actions/publish_revision.py",
            "admin/views/generic/models.py",
            "models/pages.py",
            "models/revisions.py",
            *revert,
        },
    }
    assert revert


def is_update_of_approvals(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("update", "bulk_update")
        and "approved_go_live_at" in ast.unparse(node)
    )


def is_assignment_of_approvals(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Attribute) and target.attr == "approved_go_live_at"
        for target in node.targets
    )


@canary(
    "Wagtail no longer logs that a schedule was cancelled when a revision is saved with"
    " `update_fields=['approved_go_live_at']`",
    where="cms/scheduling/queue.py",
    look_at="`cancel`",
)
def test_saving_a_revision_without_approval_logs_the_cancellation(subject):
    revision = subject.get_latest_revision()
    revision.approved_go_live_at = None

    revision.save(user=None, update_fields=["approved_go_live_at"])

    entry = log_registry.get_logs_for_instance(subject).latest("timestamp", "pk")
    assert entry.action == "wagtail.schedule.cancel"


# Publishing


@canary(
    "Wagtail's publish action writes other attributes of the object than it did",
    where=f"cms/perspective/projection.py and {PERMANENT}",
    look_at="`as_published` and `Publication`, which do the same",
)
def test_publishing_writes_the_attributes_that_are_known():
    written = attributes_assigned(PublishRevisionAction._publish_revision, "object")

    assert written == {
        "expired",
        "first_published_at",
        "has_unpublished_changes",
        "last_published_at",
        "live",
        "live_revision",
    }


@canary(
    "Wagtail's publish action is made, checked or executed in another way",
    where=f"pages/lifecycle/checks.py, {VERSIONS} and {PERMANENT}",
    look_at="`CheckBeforePublication`, `KeepApprovals` and `Publication`",
)
def test_publish_action_has_its_object_and_steps(subject):
    revision = subject.get_latest_revision()
    action = (PublishPageRevisionAction if isinstance(subject, Page) else PublishRevisionAction)(
        revision, user=None, changed=True, log_action="a name", previous_revision=None
    )

    assert action.object.pk == subject.pk
    assert action.revision is revision
    assert parameters(action.check) == parameters(action.execute) == ["skip_permission_checks"]
    assert "self.check(" in source(PublishRevisionAction.execute)


@canary(
    "Wagtail's unpublish actions take other arguments",
    where=PERMANENT,
    look_at="`unpublish`",
)
def test_unpublish_actions_take_a_moment_and_a_name_for_the_log():
    for action in (UnpublishAction, UnpublishPageAction):
        assert {"set_expired", "user", "log_action"} <= set(parameters(action))
        assert parameters(action.execute) == ["skip_permission_checks"]
    assert "isinstance(log_action, str)" in source(UnpublishAction)


@canary(
    "`Revision.publish` no longer asks the object to publish, with the arguments it had",
    where="pages/lifecycle/checks.py",
    look_at="`CheckedAtPublication.publish`",
)
def test_revision_asks_its_object_to_publish():
    assert "self.content_object.publish( self," in source(Revision.publish)
    for publish_method in (DraftStateMixin.publish, Page.publish):
        names = set(parameters(publish_method)) - {"revision", "skip_permission_checks"}
        assert names <= set(parameters(PublishRevisionAction))


@canary(
    "Wagtail takes down, or writes, a live object whose update is scheduled",
    where="pages/lifecycle/revisions.py",
    look_at="`with_content_json`, which gives such an object a live revision",
)
def test_scheduling_an_update_leaves_what_is_live_alone(subject):
    before = type(subject).objects.values().get(pk=subject.pk)
    assert subject.live_revision_id
    subject.go_live_at = COMING

    publish(subject.save_revision(), subject)

    after = type(subject).objects.values().get(pk=subject.pk)
    changed = {name for name, value in before.items() if after[name] != value}
    assert changed <= {"has_unpublished_changes", "latest_revision_id"} | {
        "latest_revision_created_at",
        "draft_title",
    }


@canary(
    "Wagtail hides what is scheduled before it is first saved",
    where="pages/lifecycle/revisions.py",
    look_at="`ReadFromRevisions.save`, which may not be needed any more",
)
def test_new_objects_are_live_unless_they_say_otherwise():
    assert DraftStateMixin._meta.get_field("live").default is True
    assert Page._meta.get_field("live").default is True


@canary(
    "Wagtail asks something else of the version before the one it publishes",
    where=PERMANENT,
    look_at="`answer_for_wagtail` and `Earlier`",
)
def test_publishing_asks_for_the_previous_version_and_its_object():
    code = source(PublishRevisionAction._publish_revision)

    assert code.count("revision.get_previous()") == 1
    assert set(re.findall(r"\bprevious\.(\w+)", code)) == {"content_object"}


@canary(
    "Wagtail no longer takes `_current_workflow_states` for the workflows of an object",
    where=PERMANENT,
    look_at="`answer_for_wagtail`",
)
def test_workflow_states_are_taken_from_the_object(subject, statements):
    subject._current_workflow_states = []

    with statements(0):
        assert subject.current_workflow_state is None
        assert subject.workflow_in_progress is False
    assert "self.object.current_workflow_state" in source(PublishRevisionAction._after_publish)
    assert callable(WorkflowState.objects.active)


@canary(
    "Wagtail no longer takes `_is_site_root` for whether a page is the root of a site",
    where=PERMANENT,
    look_at="`answer_for_wagtail`",
)
def test_being_a_site_root_is_taken_from_the_page(db, statements):
    page = Page(pk=1)
    page._is_site_root = False

    with statements(0):
        assert page.is_site_root() is False
    assert "self.is_site_root()" in source(Page.save)


@canary(
    "Wagtail mirrors a published page by another call than `update_aliases(**keywords)`",
    where="pages/base.py",
    look_at="`BasePage.update_aliases`",
)
def test_aliases_are_updated_by_keyword():
    signature = parameters(Page.update_aliases)

    assert {"revision", "_content"} <= set(signature)
    assert "self.object.update_aliases( revision=" in source(PublishPageRevisionAction)


# Revisions


@canary(
    "Wagtail no longer puts back, after it has read a revision, what belongs to the object",
    where="pages/lifecycle/revisions.py and cms/perspective/projection.py",
    look_at="`KEPT_FIELDS`",
)
def test_reading_a_revision_leaves_what_belongs_to_the_object(db, monkeypatch):
    page = factories.charter_page(parent=Page.get_first_root_node(), live=False)
    monkeypatch.setattr(type(page), "with_content_json", Page.with_content_json)
    kept = KEPT_FIELDS - {"live_revision"} | {
        "depth",
        "numchild",
        "draft_title",
        "locked",
        "locked_at",
    }
    content = {name: value for name, value in page.serializable_data().items() if name not in kept}

    made = page.with_content_json(content)

    for name in kept:
        assert made._meta.get_field(name).value_from_object(made) == page._meta.get_field(
            name
        ).value_from_object(page), name
    assert made.url_path == page.url_path


@canary(
    "A revision no longer holds moments as ISO 8601 under the names of their fields",
    where="cms/perspective/objects.py, cms/scheduling/kinds/go_live.py and cms/releases/kind.py",
    look_at="`moment_in` and `content__expire_at`",
)
def test_revision_holds_moments_as_iso_text(subject):
    subject.go_live_at = subject.expire_at = COMING

    content = Revision.objects.get(pk=subject.save_revision().pk).content

    assert parse_datetime(content["go_live_at"]) == COMING
    assert parse_datetime(content["expire_at"]) == COMING


@canary(
    "`save_revision` no longer takes the version to be overwritten as `overwrite_revision`",
    where=VERSIONS,
    look_at="`FixedVersions.save_revision`",
)
def test_autosave_names_the_version_it_overwrites():
    for save_revision in (Page.save_revision, RevisionMixin.save_revision):
        signature = parameters(save_revision)
        assert signature[-1] == "overwrite_revision"
        assert "clean" in signature
    edit_view = source("wagtail.admin.views.pages.edit") + source(
        "wagtail.admin.views.generic.mixins"
    )
    by_action = source("wagtail.actions.edit_page") if is_made_by_action() else ""
    assert "overwrite_revision=" in edit_view + by_action


def is_made_by_action() -> bool:
    """Since 8.0 an action saves what was edited."""
    return wagtail.VERSION >= (8, 0)


@canary(
    "Wagtail tells the revisions of an object apart by something else than base type and key",
    where="cms/perspective/objects.py and cms/scheduling/queue.py",
    look_at="`base_type_of`",
)
def test_revisions_are_found_by_base_type_and_key(subject):
    revision = subject.get_latest_revision()
    parents = type(subject)._meta.get_parent_list()
    base = parents[-1] if parents else type(subject)

    assert revision.base_content_type.model_class() is base
    assert revision.object_id == str(subject.pk)
    assert revision.content_type.model_class() is type(subject)


@canary(
    "`purge_revisions` no longer passes over revisions that are protected",
    where="cms/releases/models.py",
    look_at="`kept_from_purging`",
)
def test_purging_passes_over_protected_revisions():
    code = source(upstream("wagtail.management.commands.purge_revisions.purge_revisions"))

    assert "revision.delete()" in code
    assert f"except {ProtectedError.__name__}" in code


# Locks, workflows and the log


@canary(
    "Wagtail locks what is scheduled at another place in the order of `get_lock`",
    where=VERSIONS,
    look_at="`FixedVersions.get_lock`",
)
def test_scheduled_objects_are_locked_by_the_mixin_of_drafts():
    assert "ScheduledForPublishLock(self)" in source(DraftStateMixin.get_lock)
    for model in (Page, upstream("pages.models.Person")):
        order = model.mro()
        assert order.index(DraftStateMixin) < order.index(LockableMixin)
    workflow_lock = source(WorkflowMixin.get_lock)
    assert "lock_class(self, " in workflow_lock
    assert "current_workflow_task" in workflow_lock


@canary(
    "Wagtail no longer ends a workflow with `WAGTAIL_FINISH_WORKFLOW_ACTION(state, user=…)`",
    where="cms/releases/workflow.py",
    look_at="`publish_or_keep`",
)
def test_workflow_ends_with_the_action_of_the_setting():
    assert settings.WAGTAIL_FINISH_WORKFLOW_ACTION == "cms.releases.workflow.publish_or_keep"
    assert WorkflowState.on_finish is upstream("cms.releases.workflow.publish_or_keep")
    assert "self.on_finish(user=user)" in source(WorkflowState.finish)
    publish_state = upstream("wagtail.workflows.publish_workflow_state")
    assert parameters(publish_state) == ["workflow_state", "user"]


@canary(
    "Wagtail's task of approval looks at the object to tell what someone may do",
    where="cms/home/panels.py",
    look_at="`WaitsForMe.approvals`, which gives it none",
)
def test_task_tells_its_actions_without_the_object(db, editor):
    task = upstream("wagtail.models.GroupApprovalTask").objects.create(name="Approval")
    task.groups.set(editor.groups.all())

    assert [len(action) for action in task.get_actions(None, editor)] == [3, 3, 3]
    assert hasattr(upstream("wagtail.models.TaskState").objects, "reviewable_by")


@canary(
    "Wagtail logs publications under other names",
    where="cms/scheduling/kinds/go_live.py, cms/scheduling/kinds/expiry.py,"
    " cms/scheduling/queue.py, cms/mails/steps.py, cms/home/panels.py and"
    " cms/removal/redirect_offer.py",
    look_at="the names that begin with `wagtail.`",
)
def test_log_knows_the_actions_by_their_names():
    for name in (
        "wagtail.create",
        "wagtail.delete",
        "wagtail.publish",
        "wagtail.publish.schedule",
        "wagtail.publish.scheduled",
        "wagtail.schedule.cancel",
        "wagtail.unpublish.scheduled",
    ):
        assert log_registry.action_exists(name)
    code = source(PublishRevisionAction)
    assert '"wagtail.publish.schedule"' in code
    assert '"wagtail.publish"' in code


@canary(
    "Wagtail's log takes actions, or puts its entries into words, in another way",
    where="cms/releases/wagtail_hooks.py, cms/scheduling/wagtail_hooks.py and"
    " cms/preview/wagtail_hooks.py",
    look_at="`register_log_actions`",
)
def test_log_takes_actions_with_words_or_a_formatter():
    formatter = upstream("wagtail.log_actions.LogFormatter")

    assert parameters(log_registry.register_action) == ["action", "args"]
    assert parameters(formatter.format_message) == ["log_entry"]
    assert {"label", "message"} <= vars(formatter).keys()
