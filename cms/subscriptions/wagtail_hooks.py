"""Where Wagtail's admin meets subscribers."""

from django.urls import path
from wagtail import hooks

from cms.subscriptions.admin.listing import SubscriberViewSet
from cms.subscriptions.admin.undelivered import record_undelivered


@hooks.register("register_admin_viewset")
def register_subscribers():
    return SubscriberViewSet("subscribers", menu_order=245, add_to_admin_menu=True)


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [path("undelivered/", record_undelivered, name="record_undelivered")]
