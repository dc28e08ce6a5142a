"""The pages that mails lead to. Whoever has the key in the address may do what it is for.

A GET changes nothing: programs that look at mails follow their links. Leaving takes one POST
without cookies or a token, as mail programs send it (RFC 8058).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cms.subscriptions import joining
from cms.subscriptions.models import Subscriber, SubscriberState

__all__ = ["confirm", "leave"]

Find = Callable[[uuid.UUID], Subscriber | None]


def answer(
    request: HttpRequest, key: uuid.UUID, *, template: str, look: Find, act: Find
) -> HttpResponse:
    """The page before and after the one button that it has; 404 where the key is for nothing."""
    is_done = request.method == "POST"
    subscriber = act(key) if is_done else look(key)
    facts: dict[str, Any] = {
        "subscriber": subscriber,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "is_on_list": subscriber is not None and subscriber.state == SubscriberState.SUBSCRIBED,
        "is_done": is_done,
    }
    response = render(request, template, facts, status=200 if subscriber else 404)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    template = "subscriptions/confirm.html"
    return answer(request, key, template=template, look=joining.to_confirm, act=joining.confirm)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    template = "subscriptions/leave.html"
    return answer(request, key, template=template, look=joining.leaving, act=joining.leave)
