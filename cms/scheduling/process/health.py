"""Whether the site is well, for whatever watches it."""

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from cms.scheduling.process.heartbeat import last_beat, silent

__all__ = ["health"]


@never_cache
def health(request: HttpRequest) -> JsonResponse:
    try:
        beaten_at = last_beat()
    except Error:
        return JsonResponse({"database": "unavailable", "scheduler": "unknown"}, status=503)
    if silent(beaten_at):
        return JsonResponse({"database": "ok", "scheduler": "silent"}, status=503)
    return JsonResponse({"database": "ok", "scheduler": "ok"})
