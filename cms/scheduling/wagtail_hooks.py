"""Where Wagtail's admin meets the scheduled changes of an object."""

from django.urls import path
from django.utils.dateparse import parse_datetime
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from cms.admin.times.time_zones import local_moment
from cms.scheduling.addresses.taken import tell_of_draft
from cms.scheduling.admin import queue_panel
from cms.scheduling.admin.unreadable import begin_again
from cms.scheduling.approvals import CARRIED_OVER
from cms.scheduling.queue import SCHEDULE_NEWEST
from cms.scheduling.rescheduling import MOVED_EXPIRY, MOVED_GO_LIVE


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [
        path("scheduled/<int:revision_id>/cancel/", queue_panel.cancel, name="cancel_scheduled"),
        path("scheduled/<int:revision_id>/newest/", queue_panel.newest, name="schedule_newest"),
        path("versions/<int:revision_id>/begin-again/", begin_again, name="begin_again"),
    ]


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def say_whose_address_a_draft_has(request, page):
    if "action-publish" not in request.POST:
        tell_of_draft(page)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(
        SCHEDULE_NEWEST,
        "Schedule the newest version",
        "Newest version taken in the place of one that was scheduled",
    )
    actions.register_action(CARRIED_OVER)(CarriedOver)
    actions.register_action(MOVED_GO_LIVE)(GoLiveMoved)
    actions.register_action(MOVED_EXPIRY)(ExpiryMoved)


class CarriedOver(LogFormatter):
    label = "Take a newer edit into what is planned"

    def format_message(self, log_entry):
        moment = local_moment(parse_datetime(log_entry.data["at"]))
        return f"A newer edit was taken into the version that goes live on {moment}"


class Moved(LogFormatter):
    what: str

    def format_message(self, log_entry):
        old, new = (local_moment(parse_datetime(log_entry.data[name])) for name in ("from", "to"))
        return f"{self.what} moved from {old} to {new}"


class GoLiveMoved(Moved):
    label = "Move go-live"
    what = "Go-live"


class ExpiryMoved(Moved):
    label = "Move expiry"
    what = "Expiry"
