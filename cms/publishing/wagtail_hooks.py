"""What the audit log says of releases, in words."""

from wagtail import hooks
from wagtail.log_actions import LogFormatter

from cms.publishing import release_approval, release_goes_live, release_steps

STEPS = {
    release_steps.APPROVED: ("Approve release", "Approved"),
    release_steps.MOVED: ("Move release", "Moved to another moment"),
    release_steps.CANCELLED: ("Cancel release", "Cancelled"),
    release_steps.REOPENED: ("Reopen release", "Reopened"),
    release_goes_live.WENT_LIVE: ("Release goes live", "Went live"),
    release_goes_live.REVERTED: ("Revert release", "Reverted"),
    release_goes_live.PUBLISHED: ("Publish with release", "Published with a release"),
    release_goes_live.UNPUBLISHED: ("Unpublish with release", "Unpublished with a release"),
    release_goes_live.TAKEN_BACK: ("Revert release", "Put back as it was before a release"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for action, (label, message) in STEPS.items():
        actions.register_action(action, label, message)

    @actions.register_action(release_steps.ADDED)
    class Added(LogFormatter):
        label = "Add to release"

        def format_message(self, entry):
            return f"Added {names(entry)}, to {entry.data['action']}"

    @actions.register_action(release_approval.APPROVED_FOR)
    class ApprovedFor(LogFormatter):
        label = "Approve for release"

        def format_message(self, entry):
            return f"Approved, to be published with the release “{entry.data['release']}”"

    @actions.register_action(release_steps.TAKEN_OUT)
    class TakenOut(LogFormatter):
        label = "Take out of release"

        def format_message(self, entry):
            return f"Took out {names(entry)}"


def names(entry) -> str:
    return ", ".join(f"“{item}”" for item in entry.data["items"])
