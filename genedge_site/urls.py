from django.conf import settings
from django.urls import include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms.calendar.feed import feed as calendar_feed
from cms.scheduling.process.health import health


def picture(request, folder, path):
    """A picture in local storage. Documents are missing on purpose: `documents/` serves those, and
    asks first who may read them."""
    return serve(request, path, document_root=settings.MEDIA_ROOT / folder)


urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("health", health),
    path("calendar/<str:secret>.ics", calendar_feed, name="calendar_feed"),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("cms.api.http.urls")),
    path("uploads/images/<path:path>", picture, {"folder": "images"}),
    path("uploads/original_images/<path:path>", picture, {"folder": "original_images"}),
    path("", include(wagtail_urls)),
]
