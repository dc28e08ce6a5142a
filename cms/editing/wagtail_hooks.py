"""Where Wagtail meets what this folder adds to its admin."""

from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import DraftStateMixin, Page
from wagtail.snippets.models import register_snippet

from cms.editing import (
    as_of,
    calendar,
    calendar_feed,
    calendar_moving,
    redirect_offer,
    scheduled,
)
from cms.editing.home import PANELS
from cms.editing.preview_tokens import REVOKED, PreviewTokenViewSet
from cms.editing.release_items import AddPagesToRelease, may_add, releases_with
from cms.editing.releases import ReleaseViewSet
from cms.editing.snippets import OrganisationViewSet, PersonViewSet
from cms.editing.time_zones import zone_in_words
from cms.publishing.queue import SCHEDULE_NEWEST
from cms.publishing.rescheduling import MOVED_EXPIRY, MOVED_GO_LIVE

register_snippet(PersonViewSet)
register_snippet(OrganisationViewSet)


@hooks.register("register_icons")
def register_icons(icons):
    return [*icons, "editing/icons/organisation.svg"]


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [
        path("as-of/", as_of.choose, name="as_of"),
        path("as-of/<str:key>/<path:path>", as_of.show, name="as_of_show"),
        path("as-of/<str:key>/", as_of.show, {"path": ""}, name="as_of_show"),
        path("calendar/", calendar.show, name="calendar"),
        path("calendar/link/", calendar_feed.link, name="calendar_link"),
        path(
            "calendar/move/go-live/<int:revision_id>/",
            calendar_moving.go_live,
            name="calendar_move_go_live",
        ),
        path(
            "calendar/move/expiry/<int:content_type_id>/<str:object_id>/",
            calendar_moving.expiry,
            name="calendar_move_expiry",
        ),
        path(
            "calendar/move/release/<int:pk>/", calendar_moving.release, name="calendar_move_release"
        ),
        path("scheduled/<int:revision_id>/cancel/", scheduled.cancel, name="cancel_scheduled"),
        path("scheduled/<int:revision_id>/newest/", scheduled.newest, name="schedule_newest"),
    ]


@hooks.register("register_admin_menu_item")
def register_calendar():
    return MenuItem("Calendar", reverse("calendar"), icon_name="calendar-alt", order=225)


class AsOfMenuItem(MenuItem):
    def is_shown(self, request):
        return as_of.may_see_drafts(request.user)


@hooks.register("register_admin_menu_item")
def register_as_of():
    return AsOfMenuItem("Site as of", reverse("as_of"), icon_name="view", order=230)


@hooks.register("register_page_header_buttons")
def register_page_header_buttons(page, user, view_name, next_url=None):
    parts = page.get_url_parts()
    if parts and as_of.may_see_drafts(user):
        address = f"{reverse('as_of')}?{urlencode({'path': parts[2]})}"
        yield Button("View as of …", address, icon_name="view", priority=90)
    yield from release_buttons(page, user)


@hooks.register("register_snippet_listing_buttons")
def register_snippet_listing_buttons(snippet, user, next_url=None):
    yield from release_buttons(snippet, user)


def release_buttons(subject, user):
    """To the releases it is in, and into one."""
    for release in releases_with(subject):
        address = reverse("releases:inspect", args=(release.pk,))
        yield Button(f"In release “{release}”", address, icon_name="upload", priority=94)
    if isinstance(subject, DraftStateMixin) and may_add(user, subject):
        content_type = ContentType.objects.get_for_model(subject, for_concrete_model=False)
        address = reverse("releases:add_object", args=(content_type.pk, subject.pk))
        yield Button("Add to release …", address, icon_name="upload", priority=95)


hooks.register("register_bulk_action", AddPagesToRelease)


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [PreviewTokenViewSet("preview_tokens"), ReleaseViewSet("releases")]


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(REVOKED, "Revoke preview token", "Preview token revoked")
    actions.register_action(MOVED_GO_LIVE)(calendar_moving.GoLiveMoved)
    actions.register_action(MOVED_EXPIRY)(calendar_moving.ExpiryMoved)
    actions.register_action(
        SCHEDULE_NEWEST,
        "Schedule the newest version",
        "Newest version taken in the place of one that was scheduled",
    )


@hooks.register("filter_form_submissions_for_user")
def filter_form_submissions_for_user(user, forms):
    """What readers wrote is personal: editing a form does not entitle to read its answers."""
    return forms if user.has_perm("wagtailforms.view_formsubmission") else forms.none()


@hooks.register("insert_global_admin_css")
def insert_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("editing/admin.css"))


@hooks.register("insert_global_admin_js")
def insert_scripts():
    return format_html(
        '<script defer src="{}" data-zone="{}" data-zone-in-words="{}"></script>',
        static("editing/time_zones.js"),
        timezone.get_current_timezone_name(),
        zone_in_words(),
    )


@hooks.register("construct_homepage_panels")
def construct_homepage_panels(request, panels):
    panels[:] = [panel() for panel in PANELS]


@hooks.register("before_unpublish_page")
def before_unpublish_page(request, page):
    return redirect_offer.take_offer(request, [page], deletes=False)


@hooks.register("after_unpublish_page")
def after_unpublish_page(request, page):
    redirect_offer.make_redirects(request, permanent=False)


@hooks.register("before_delete_page")
def before_delete_page(request, page):
    return redirect_offer.take_offer(request, [page], deletes=True)


@hooks.register("after_delete_page")
def after_delete_page(request, page):
    redirect_offer.make_redirects(request, permanent=True)


@hooks.register("before_bulk_action")
def before_bulk_action(request, action_type, objects, action):
    if action.model is Page and action_type in ("delete", "unpublish"):
        return redirect_offer.take_offer(request, objects, deletes=action_type == "delete")
    return None


@hooks.register("after_bulk_action")
def after_bulk_action(request, action_type, objects, action):
    redirect_offer.make_redirects(request, permanent=action_type == "delete")
