"""How each document here is answered: from one state of the database, as readers see it.

No cookie and no token is looked at. Editors' actions cannot be foreseen, so that caches keep an
answer for minutes; but never beyond the moment at which the clock changes what readers see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from cms.api.operations import OperationContext
from cms.api.reading.sites import Sites, UnknownSite
from cms.outbox.models import ContentEvent
from cms.perspective.audience import Audience
from cms.perspective.next_change import last_change, next_change

__all__ = ["Moved", "Written", "answered_as"]

A_SECOND, A_DAY = timedelta(seconds=1), timedelta(days=1)
MOST_KEPT = timedelta(minutes=5)
# By then whoever wrote something at a moment has committed it.
UNSETTLED = timedelta(seconds=5)


@dataclass(frozen=True)
class Written:
    """What is answered, with what else its headers tell."""

    content: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Moved:
    """What was asked for is at another address now, and may be at a third one later."""

    address: str


Write = Callable[..., bytes | Written | Moved]
View = Callable[..., HttpResponse]


def answered_as(media_type: str) -> Callable[[Write], View]:
    """A view of what a function writes, given a context in force and what the address has."""

    def view_of(write: Write) -> View:
        @csrf_exempt  # So that POST is answered as what is not done here.
        @require_safe
        @wraps(write)
        def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
            context = OperationContext(sites_of(request), whole_addresses=True)
            with context.in_force():
                made = write(context, request.GET, **arguments)
                audience = context.sites.audience()
                changed = last_changed(context, audience)
                upcoming = next_change(context.moment, audience)
            if isinstance(made, Moved):
                response = HttpResponseRedirect(made.address)
                response["Cache-Control"] = "no-cache"
                return response
            written = made if isinstance(made, Written) else Written(made, {})
            is_text = not media_type.startswith("image/")
            response = HttpResponse(
                written.content,
                content_type=f"{media_type}; charset=utf-8" if is_text else media_type,
                headers=written.headers,
            )
            return validated(request, response, context.moment, changed, upcoming)

        return view

    return view_of


def sites_of(request: HttpRequest) -> Sites:
    try:
        return Sites(request)
    except UnknownSite as error:
        raise Http404("No site is served under this host name.") from error


def validated(
    request: HttpRequest,
    response: HttpResponse,
    moment: datetime,
    changed: datetime,
    upcoming: datetime | None,
) -> HttpResponse:
    """Unless the reader has it already, the answer."""
    kept = min(MOST_KEPT, upcoming - moment) if upcoming else MOST_KEPT
    etag = quote_etag(sha256(response.content).hexdigest()[:32])
    response["Cache-Control"] = f"public, max-age={kept // A_SECOND}, must-revalidate"
    response["ETag"] = etag
    response["Last-Modified"] = http_date(told(changed, moment).timestamp())
    whole = int(changed.timestamp())
    return get_conditional_response(request, etag=etag, last_modified=whole, response=response)


def told(changed: datetime, moment: datetime) -> datetime:
    """What changes again in the same second, or is committed later, must not have the same moment.

    So as long as that may happen an earlier one is told, and whoever brings that gets all anew.
    """
    return changed if changed + UNSETTLED <= moment else changed - UNSETTLED


def last_changed(context: OperationContext, audience: Audience) -> datetime:
    """When what readers of the own site see last changed, also by what has gone.

    Content events tell, and of what is not permanent yet the clock. The log has only some days, so
    that nothing is told to have changed before those.
    """
    roots = context.sites.own_roots()
    own = Q(url_path="", old_url_path="")
    for root in roots:
        start = root.url_path
        own |= Q(url_path__startswith=start) | Q(old_url_path__startswith=start)
    events = ContentEvent.objects.filter(own, at__lte=context.moment).order_by("-at")
    logged = events.values_list("at", flat=True).first()
    passed = last_change(context.moment, audience)
    return max(filter(None, [logged, passed, quiet_since(context.moment)]))


def quiet_since(moment: datetime) -> datetime:
    first = moment.astimezone(UTC) - timedelta(days=settings.CONTENT_EVENTS_DAYS)
    return first.replace(hour=0, minute=0, second=0, microsecond=0) + A_DAY
