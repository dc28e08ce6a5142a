"""What happens when an object has been through its workflow."""

from typing import Any

from django.apps import apps
from wagtail.log_actions import log
from wagtail.workflows import publish_workflow_state

__all__ = ["APPROVED_FOR", "publish_or_keep", "release_it_waits_for"]

APPROVED_FOR = "publishing.approved_for_release"


def publish_or_keep(workflow_state: Any, user: Any = None) -> None:
    """Publish it, as Wagtail does, unless it waits for others in a release being prepared."""
    subject = workflow_state.content_object
    # Told to those who hear of the approval: publishing may leave a newer one, for what is planned.
    workflow_state.approved_revision = subject.get_latest_revision()
    release = release_it_waits_for(subject)
    if release is None:
        publish_workflow_state(workflow_state, user=user)
    else:
        log(instance=subject, action=APPROVED_FOR, user=user, data={"release": release.name})


def release_it_waits_for(subject: Any) -> Any | None:
    """The release that is being prepared with which an object goes live, rather than alone."""
    # Not imported: Wagtail imports this module while it is defining its models.
    items = apps.get_model("publishing", "ReleaseItem").objects.of(subject)
    waits = items.filter(action="publish", release__state="open").select_related("release").first()
    return waits and waits.release
