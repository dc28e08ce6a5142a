import posixpath

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import Http404
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.documents.views.serve import serve as serve_document

from cms.calendar.feed import feed as calendar_feed
from cms.scheduling.process.health import health
from genedge_site.files.fetching import document_from_bucket, picture_from_bucket
from genedge_site.negotiation import page_as_accepted
from media.privacy import is_named, may_see, restrictions_on
from media.renditions.making import FOLDER as RENDITIONS
from media.stored_files import bucket

# The columns that hold the names of files take no more.
LONGEST_NAME = 255
# A file of a preset never changes: another would have another name. Caches that many share ask
# again soon all the same, in case the picture is deleted or made private.
FOR_EVER = "public, max-age=31536000, s-maxage=600, immutable"


def picture(request, folder, path):
    """A picture's file. Documents are missing on purpose: `documents/` serves those."""
    if len(path) > LONGEST_NAME or "\0" in path:
        # No file has such a name, and neither the database nor the file system takes it.
        raise Http404
    name = f"{folder}/{path}"
    if posixpath.normpath(name) != name:
        # A detour to a file, under a name of which nobody knows to whom it is restricted.
        raise Http404
    restrictions = list(restrictions_on(name))
    if restrictions and not may_see(request, restrictions):
        # As if there were none: neither its name nor that it is kept from others is told.
        raise Http404
    if not is_named(name):
        # One that could not be removed, of a collection that nobody remembers.
        raise Http404
    if found := bucket():
        response = picture_from_bucket(request, found, name)
    else:
        response = serve(request, path, document_root=settings.MEDIA_ROOT / folder)
    if restrictions:
        response["Cache-Control"] = "private, no-store"
    elif folder == RENDITIONS:
        response["Cache-Control"] = FOR_EVER
    return response


def document(request, document_id, document_filename):
    """Once more, in case it has been replaced since it was looked up."""
    try:
        response = serve_document(request, document_id, document_filename)
    except (FileNotFoundError, Http404):
        try:
            response = serve_document(request, document_id, document_filename)
        except FileNotFoundError as gone:
            raise Http404 from gone
    return document_from_bucket(request, response) if bucket() else response


# Of a request that is refused before any view sees it: for a Host that is not ours, as a rule.
handler400 = "cms.api.http.views.bad_request"

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("health", health),
    path("calendar/<str:secret>.ics", calendar_feed, name="calendar_feed"),
    re_path(r"^documents/(\d+)/(.*)$", document),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("cms.api.http.urls")),
    path("", include("cms.feeds.urls")),
    path("", include("cms.subscriptions.urls")),
    path("uploads/images/<path:path>", picture, {"folder": "images"}),
    path(f"uploads/{RENDITIONS}/<path:path>", picture, {"folder": RENDITIONS}),
    path("uploads/original_images/<path:path>", picture, {"folder": "original_images"}),
    # In the place of Wagtail's own: under these names it looks for where pages are, and where to
    # sign in for documents that are not for everyone.
    path(
        "_util/login/",
        LoginView.as_view(template_name="wagtailcore/login.html"),
        name="wagtailcore_login",
    ),
    re_path(r"^((?:[\w\-]+/)*)$", page_as_accepted, name="wagtail_serve"),
]
