from django.urls import path

from cms.subscriptions.views import confirm, leave

# No page can stand there: the address of a page ends with a slash.
urlpatterns = [
    path("subscriptions/confirm/<uuid:key>", confirm, name="confirm_subscription"),
    path("subscriptions/leave/<uuid:key>", leave, name="leave_subscription"),
]
