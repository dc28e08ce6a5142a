"""What pages of this site may load, and who may show them in a frame."""

from __future__ import annotations

from csp.constants import HEADER, NONCE, NONE, SELF, UNSAFE_HASHES
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

from cms.admin.requests import is_admin

__all__ = ["ContentPolicyMiddleware"]

# On answers whose policy no view has written.
MADE_HERE = "has_policy_of_middleware"
# Of answers for programs, which load nothing. Written once: they are many, and to be quick.
FOR_PROGRAMS = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Beyond `CONTENT_SECURITY_POLICY`, which holds for all answers. Scripts come from files alone.
ADMIN = {
    "script-src": [SELF],
    # `return;`, by which the tool that picks the focus of an image finds out about touch screens.
    "script-src-attr": [UNSAFE_HASHES, "'sha256-i+qr4lq34KgNHiW62lWi9aInEBwiEOrfCzaNPCvkqD8='"],
    # Those that scripts make: see `cms/admin/static/admin/made_styles.js`.
    "style-src-elem": [SELF, NONCE],
    "connect-src": [SELF],
    "font-src": [SELF],
    # Pictures are shown before they are sent, and made smaller by the browser.
    "img-src": ["blob:", "data:"],
    # Previews, beside the form they are of.
    "frame-src": [SELF],
}


class ContentPolicyMiddleware(CSPMiddleware):
    """Adds what the admin needs. A view that draws something else says so with a decorator.

    `X-Frame-Options` says for each view whether the site may frame it; browsers that know
    `frame-ancestors` look at that alone, so it has to say the same.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        media_type, _, _ = response.get("Content-Type", "").partition(";")
        if media_type.endswith("json"):
            response[HEADER] = FOR_PROGRAMS
            return response
        # What Wagtail previews has gone through all middleware before, as asked for by a reader.
        if getattr(response, MADE_HERE, False):
            del response[HEADER]
        ours = HEADER not in response
        response = super().process_response(request, response)
        setattr(response, MADE_HERE, ours)
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if parts.config is None and is_admin(request.path):
            parts.update = ADMIN
        framed = response.get("X-Frame-Options") == "SAMEORIGIN"
        parts.replace = {**(parts.replace or {}), "frame-ancestors": [SELF if framed else NONE]}
        return parts
