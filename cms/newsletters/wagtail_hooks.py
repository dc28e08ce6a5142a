"""Where Wagtail's admin meets the mails of newsletters."""

from django.urls import path, re_path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from cms.newsletters.admin import views
from cms.newsletters.steps import BEGUN, PAUSED, RESUMED, RETRIED, STOPPED
from pages.models import NewsletterPage

SAID = {
    BEGUN: ("Send newsletter", "Began to send it to subscribers"),
    PAUSED: ("Pause newsletter", "Paused sending it"),
    RESUMED: ("Resume newsletter", "Went on sending it"),
    RETRIED: ("Try newsletter again", "Tried again whom it had not reached"),
    STOPPED: ("Stop newsletter", "Stopped sending it, for good"),
}


@hooks.register("register_admin_urls")
def register_admin_urls():
    one = "newsletters/<int:page_id>/"
    return [
        path("newsletters/", views.mailings, name="newsletter_mailings"),
        path(one, views.mailing, name="newsletter_mailing"),
        path(f"{one}test/", views.send_test, name="newsletter_test"),
        re_path(
            r"^newsletters/(?P<page_id>\d+)/(?P<step>begin|pause|resume|retry|stop)/$",
            views.take_step,
            name="newsletter_step",
        ),
        re_path(
            r"^newsletters/(?P<page_id>\d+)/mail\.(?P<kind>html|txt)$",
            views.download,
            name="newsletter_download",
        ),
    ]


@hooks.register("register_page_header_buttons")
def register_mailing_button(page, user, view_name, next_url=None):
    if isinstance(page, NewsletterPage) and page.permissions_for_user(user).can_publish():
        address = reverse("newsletter_mailing", args=[page.pk])
        yield Button("Mail to subscribers", address, icon_name="mail", priority=45)


class MailingsMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm("subscriptions.view_subscriber")


@hooks.register("register_reports_menu_item")
def register_mailings():
    address = reverse("newsletter_mailings")
    return MailingsMenuItem("Newsletters sent", address, icon_name="mail", order=910)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, (label, said) in SAID.items():
        actions.register_action(name, label, said)
