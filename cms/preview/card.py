"""The card that a page will have, while its title is being typed: for those who may see drafts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from media.cards.drawing import Card, drawn

__all__ = ["card_of_title"]

NO_CONTENT = 204
SECONDS_KEPT = 300


@require_safe
def card_of_title(request: HttpRequest) -> HttpResponse:
    """Nothing, of a title that cannot be drawn."""
    card = Card(request.GET.get("title", ""), request.GET.get("name", ""))
    if not card.can_be_drawn:
        return HttpResponse(status=NO_CONTENT)
    response = HttpResponse(drawn(card), content_type="image/png")
    response["Cache-Control"] = f"private, max-age={SECONDS_KEPT}"
    return response
