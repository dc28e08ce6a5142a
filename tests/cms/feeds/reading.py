"""What the addresses of ``cms.feeds`` answer, as those read it who ask there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from defusedxml import ElementTree
from django.test import Client
from django.utils.http import parse_http_date_safe

__all__ = ["ADDRESSES", "SITEMAPS", "XHTML", "addresses_in", "last_modified", "xml_at"]

ADDRESSES = [
    "/sitemap.xml",
    "/robots.txt",
    "/llms.txt",
    "/index.md",
    "/feeds/articles.atom",
    "/feeds/deliverables.atom",
    "/feeds/updates.atom",
    "/feeds/forums.ics",
]
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def xml_at(client: Client, path: str, **headers: Any) -> Any:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, response.content
    return ElementTree.fromstring(response.content)


def addresses_in(client: Client, path: str = "/sitemap.xml") -> list[str]:
    return [str(each.text) for each in xml_at(client, path).iter(f"{SITEMAPS}loc")]


def last_modified(response: Any) -> datetime:
    moment = parse_http_date_safe(response["Last-Modified"])
    assert moment is not None
    return datetime.fromtimestamp(moment, tz=datetime.now().astimezone().tzinfo)
