from django.conf import settings
from django.urls import include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

# Pictures from local storage, each folder on its own so that no path leads out of it. Documents are
# missing on purpose: `documents/` serves those, and asks first who may read them.
pictures = [
    path(f"uploads/{folder}/<path:path>", serve, {"document_root": settings.MEDIA_ROOT / folder})
    for folder in ("images", "original_images")
]

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("cms.api.urls")),
    *pictures,
    path("", include(wagtail_urls)),
]
