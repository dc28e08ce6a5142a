from django.conf import settings
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

# Pictures from local storage. Documents are missing on purpose: `documents/` serves those, and asks
# first who may read them.
uploaded_pictures = re_path(
    r"^uploads/(?P<path>(?:images|original_images)/.+)$",
    serve,
    {"document_root": settings.MEDIA_ROOT},
)

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("cms.api.urls")),
    uploaded_pictures,
    path("", include(wagtail_urls)),
]
