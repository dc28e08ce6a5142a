"""What the API tells a feed, and under which identity a feed tells it on."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django.conf import settings

from cms.api.operations import OperationContext, run_operation
from pages.xml_texts import speakable

__all__ = ["Refused", "ask", "lasting_id", "name_of_site"]


class Refused(Exception):
    """The API did not answer: it would have taken more than an answer may."""


def ask(context: OperationContext, text: str, **variables: Any) -> dict[str, Any]:
    body = run_operation(text, context=context, variables=variables).body
    if not body.get("data"):
        raise Refused(body["errors"])
    return speakable(body["data"])


def lasting_id(context: OperationContext, name: str) -> str:
    """The same wherever the site and its pages move, and that of no other installation."""
    return uuid5(context.sites.own.root_page.translation_key, name).urn


def name_of_site(site: dict[str, Any]) -> str:
    return site["settings"]["name"] or site["name"] or settings.WAGTAIL_SITE_NAME
