"""Where Wagtail's admin meets releases: their screens, buttons, and what the audit log says."""

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import DraftStateMixin

from cms.perspective.objects import base_type_of
from cms.releases import goes_live, steps, taking_out, workflow
from cms.releases.admin.items import (
    AddPagesToRelease,
    may_add,
    releases_by_object,
    releases_with,
)
from cms.releases.admin.viewset import ReleaseViewSet

STEPS = {
    steps.APPROVED: ("Approve release", "Approved"),
    steps.MOVED: ("Move release", "Moved to another moment"),
    steps.CANCELLED: ("Cancel release", "Cancelled"),
    steps.REOPENED: ("Reopen release", "Reopened"),
    goes_live.WENT_LIVE: ("Release goes live", "Went live"),
    goes_live.REVERTED: ("Revert release", "Reverted"),
    goes_live.PUBLISHED: ("Publish with release", "Published with a release"),
    goes_live.UNPUBLISHED: ("Unpublish with release", "Unpublished with a release"),
    goes_live.TAKEN_BACK: ("Revert release", "Put back as it was before a release"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for action, (label, message) in STEPS.items():
        actions.register_action(action, label, message)

    @actions.register_action(steps.ADDED)
    class Added(LogFormatter):
        label = "Add to release"

        def format_message(self, entry):
            return f"Added {names(entry)}, to {entry.data['action']}"

    @actions.register_action(steps.HANDED_OVER)
    class HandedOver(LogFormatter):
        label = "Hand release to someone"

        def format_message(self, entry):
            to = entry.data["to"]
            return f"Handed to {to}, to be approved" if to else "No longer handed to anyone"

    @actions.register_action(workflow.APPROVED_FOR)
    class ApprovedFor(LogFormatter):
        label = "Approve for release"

        def format_message(self, entry):
            return f"Approved, to be published with the release “{entry.data['release']}”"

    @actions.register_action(taking_out.TAKEN_OUT)
    class TakenOut(LogFormatter):
        label = "Take out of release"

        def format_message(self, entry):
            return f"Took out {names(entry)}"


def names(entry) -> str:
    return ", ".join(f"“{item}”" for item in entry.data["items"])


@hooks.register("register_admin_viewset")
def register_releases():
    return ReleaseViewSet("releases")


hooks.register("register_bulk_action", AddPagesToRelease)


@hooks.register("register_page_header_buttons")
def register_page_header_buttons(page, user, view_name, next_url=None):
    yield from release_buttons(page, releases_with(page), user)


@hooks.register("register_snippet_listing_buttons")
def register_snippet_listing_buttons(snippet, user, next_url=None):
    key = base_type_of(type(snippet)), str(snippet.pk)
    yield from release_buttons(snippet, releases_by_object(user).get(key, []), user)


def release_buttons(subject, releases, user):
    """To the releases it is in, and into one."""
    for release in releases:
        address = reverse("releases:inspect", args=(release.pk,))
        yield Button(f"In release “{release}”", address, icon_name="upload", priority=94)
    if isinstance(subject, DraftStateMixin) and may_add(user, subject):
        content_type = ContentType.objects.get_for_model(subject, for_concrete_model=False)
        address = reverse("releases:add_object", args=(content_type.pk, subject.pk))
        yield Button("Add to release …", address, icon_name="upload", priority=95)
