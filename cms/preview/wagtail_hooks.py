"""Where Wagtail's admin meets the site as of a moment, and preview tokens."""

from urllib.parse import urlencode

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from cms.admin.permissions import may_see_drafts
from cms.preview import as_of
from cms.preview.card import card_of_title
from cms.preview.tokens import REVOKED, PreviewTokenViewSet


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [
        path("card/", card_of_title, name="card_of_title"),
        path("as-of/", as_of.choose, name="as_of"),
        path("as-of/<str:key>/<path:path>", as_of.show, name="as_of_show"),
        path("as-of/<str:key>/", as_of.show, {"path": ""}, name="as_of_show"),
    ]


class AsOfMenuItem(MenuItem):
    def is_shown(self, request):
        return may_see_drafts(request.user)


@hooks.register("register_admin_menu_item")
def register_as_of():
    return AsOfMenuItem("Site as of", reverse("as_of"), icon_name="view", order=230)


@hooks.register("register_page_header_buttons")
def register_page_header_buttons(page, user, view_name, next_url=None):
    parts = page.get_url_parts()
    if parts and may_see_drafts(user):
        address = f"{reverse('as_of')}?{urlencode({'path': parts[2]})}"
        yield Button("View as of …", address, icon_name="view", priority=90)


@hooks.register("register_admin_viewset")
def register_preview_tokens():
    return PreviewTokenViewSet("preview_tokens")


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(REVOKED, "Revoke preview token", "Preview token revoked")
