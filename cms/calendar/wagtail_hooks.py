"""Where Wagtail's admin meets the calendar."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.calendar import feed, moving, views


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [
        path("calendar/", views.show, name="calendar"),
        path("calendar/link/", feed.link, name="calendar_link"),
        path(
            "calendar/move/go-live/<int:revision_id>/", moving.go_live, name="calendar_move_go_live"
        ),
        path(
            "calendar/move/expiry/<int:content_type_id>/<str:object_id>/",
            moving.expiry,
            name="calendar_move_expiry",
        ),
        path("calendar/move/release/<int:pk>/", moving.release, name="calendar_move_release"),
    ]


@hooks.register("register_admin_menu_item")
def register_calendar():
    return MenuItem("Calendar", reverse("calendar"), icon_name="calendar-alt", order=225)
