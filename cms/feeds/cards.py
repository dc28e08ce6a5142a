"""The card of a page, for social networks: an address that the API gave, and no other.

What it shows is what readers see now, so that a page that is hidden, renamed or given a picture of
its own has no card under that address any more. Nothing is kept of it in storage.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from cms.api.operations import OperationContext
from cms.feeds.answers import answered_as
from cms.feeds.asking import Refused, ask
from media.cards.drawing import Card, drawn
from pages.addresses import in_cms

__all__ = ["card"]

CARD = "query ($id: ID!) { page(id: $id) { seo { openGraph { title siteName image { url } } } } }"


@answered_as("image/png")
def card(context: OperationContext, parameters: Any, page: str, digest: str) -> bytes:
    try:
        found = ask(context, CARD, id=page)["page"]
    except Refused as refused:  # It is no id, for instance.
        raise Http404("There is no such card.") from refused
    shared = found and found["seo"]["openGraph"]
    address = in_cms(reverse("card", args=[page, digest]))
    if not shared or not shared["image"] or shared["image"]["url"] != address:
        raise Http404("There is no such card.")
    return drawn(Card(shared["title"], shared["siteName"]))
