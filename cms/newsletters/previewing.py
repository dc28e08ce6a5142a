"""An edition as a mail, beside its form: the version that is being written."""

from __future__ import annotations

from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cms.newsletters.composing import NotComposed, compose
from cms.newsletters.sending import context_for
from pages.models import NewsletterPage

__all__ = ["render_mail"]

# A mail has its styles within it, and nothing that runs.
DIRECTIVES = {
    **settings.CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "style-src": ["'unsafe-inline'"],
}


def render_mail(request: HttpRequest, page: NewsletterPage, mode: str) -> HttpResponse:
    try:
        mail = compose(page, context_for(page, draft=page))
    except NotComposed as problem:
        return HttpResponse(str(problem), content_type="text/plain; charset=utf-8")
    if mode == NewsletterPage.MAIL_AS_TEXT:
        return HttpResponse(mail.text, content_type="text/plain; charset=utf-8")
    return csp(DIRECTIVES)(lambda request: HttpResponse(mail.html))(request)
