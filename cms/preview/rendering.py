"""Draws a page as plain HTML from the answer of its registered operation.

This is what the admin previews and what the site's own address shows. It asks exactly what a
frontend asks and shows all of the answer, so a preview cannot differ from the API.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from graphql import GraphQLEnumType
from wagtail.models import Page

from cms.api.contract import operation_text, operation_variables
from cms.api.operations import OperationContext, run_operation
from cms.api.reading.sites import Sites, UnknownSite
from cms.api.schema.public import public_schema
from cms.perspective.perspectives import Perspective
from pages.lifecycle.checks import NotPublishable

__all__ = ["render_from", "render_page"]

# Shown as the page's own title and navigation, or of no interest to someone who reads.
HIDDEN = {"id", "title", "path", "seo", "ancestors", "__typename"}
HEADINGS = ("heading", "name", "title", "text", "label", "quotation")
WEB = ("https://", "http://")
UNSAVED = 0


@dataclass(frozen=True)
class Part:
    """A piece of an answer and how to draw it."""

    kind: str
    label: str
    value: Any


def render_page(request: HttpRequest, shown: models.Model, *, preview: bool) -> HttpResponse:
    sites = sites_of(request)
    if shown.pk is None:
        shown.pk = UNSAVED  # An answer needs an id; a preview is never saved.
    context = OperationContext(sites, draft=shown if preview else None)
    gaps = gaps_of(shown) if preview else []
    with context.in_force():
        drawing = drawing_of(shown, context, gaps=gaps)
    return respond(request, drawing)


def render_from(request: HttpRequest, path: str, perspective: Perspective) -> HttpResponse:
    """The page at a path as a perspective shows it. Raises ``Http404`` when it shows none there."""
    context = OperationContext(sites_of(request), perspective=perspective)
    with context.in_force():
        page = context.content.page_at(path)
        if page is None:
            raise Http404("There is no page here from this perspective.")
        drawing = drawing_of(page, context)
    return respond(request, drawing)


def sites_of(request: HttpRequest) -> Sites:
    try:
        return Sites(request)
    except UnknownSite as error:
        raise Http404("No site is served under this host name.") from error


def drawing_of(
    shown: Any, context: OperationContext, *, gaps: Sequence[str] = ()
) -> dict[str, Any]:
    """All that the template draws. Raises ``Http404`` when the page is not public."""
    text = operation_text(shown.operation)
    answer = run_operation(
        text, context=context, variables=variables_for(shown, text, context)
    ).body
    found = next(iter((answer.get("data") or {}).values()), None)
    # An operation that names no page answers the first of its kind, which may be another page.
    if found is None or found["id"] != str(shown.pk):
        raise Http404("This page is not public.")
    name = "name" if "name" in found else "title"  # the title of a person is "Prof."
    return {
        "title": found[name],
        "found": found,
        "parts": parts_of(found, hidden=(HIDDEN - {"title"}) | {name}),
        "navigation": site_navigation(context),
        "gaps": gaps,
        "operation": shown.operation,
    }


def site_navigation(context: OperationContext) -> list[dict[str, Any]]:
    answer = run_operation(operation_text("site"), context=context.without_draft()).body
    site = (answer.get("data") or {}).get("site") or {}
    header = (site.get("navigation") or {}).get("header") or []
    return [
        entry
        for entry in filter(None, header)
        if entry["page"] or (entry["url"] or "").startswith(WEB)
    ]


def respond(request: HttpRequest, drawing: dict[str, Any]) -> HttpResponse:
    response = render(request, "preview/page.html", drawing)
    # Search engines belong on the public frontend, which shows the same content.
    response["X-Robots-Tag"] = "noindex"
    return response


def variables_for(shown: models.Model, text: str, context: OperationContext) -> dict[str, Any]:
    known: dict[str, Any] = {"id": str(shown.pk)}
    if isinstance(shown, Page):
        known["path"] = context.content.path_of(shown)
    return {name: value for name, value in known.items() if name in operation_variables(text)}


def parts_of(answer: dict[str, Any], *, hidden: set[str] = HIDDEN) -> list[Part]:
    return [
        part
        for key, value in answer.items()
        if key not in hidden and (part := part_of(key, value)) is not None
    ]


def part_of(key: str, value: Any) -> Part | None:
    label = label_of(key)
    if value is None or value == [] or value == "":
        return None
    if isinstance(value, list):
        return list_part(label, value)
    if not isinstance(value, dict):
        return plain_part(key, label, value)
    if "html" in value:
        return Part("rich_text", label, value["html"])
    if "image" in value and "alt" in value:
        return Part("picture", label, value) if value["image"] else None
    if "nodes" in value:
        return list_part(label, value["nodes"])
    if "rows" in value:
        return Part("table", label, value)
    if "path" in value:
        return Part("page", label, value)
    return Part("object", label, object_of(value))


def plain_part(key: str, label: str, value: Any) -> Part:
    if key == "text":
        return Part("text", label, value)
    if isinstance(value, bool):
        return Part("fact", label, "yes" if value else "no")
    if str(value).startswith(WEB):
        return Part("address", label, value)
    return Part("fact", label, enum_labels().get(value, value))


@cache
def enum_labels() -> dict[str, str]:
    """How the values of the schema's enums are called among people."""
    return {
        name: value.description or name
        for enum in public_schema().type_map.values()
        if isinstance(enum, GraphQLEnumType) and not enum.name.startswith("__")
        for name, value in enum.values.items()
    }


def list_part(label: str, values: list) -> Part | None:
    items = [value for value in values if value is not None]
    if not items:
        return None
    if not isinstance(items[0], dict):
        return Part("plain_list", label, items)
    return Part("list", label, [object_of(item) for item in items])


def object_of(value: dict[str, Any]) -> dict[str, Any]:
    """An object with the field that names it set apart from the others."""
    heading_key = next((key for key in HEADINGS if isinstance(value.get(key), str)), None)
    return {
        "heading": value.get(heading_key) if heading_key else None,
        "path": value.get("path"),
        "parts": parts_of(value, hidden=(HIDDEN - {"title"}) | {heading_key or ""}),
    }


def label_of(key: str) -> str:
    """``startsAt`` as ``Starts at``."""
    return re.sub(r"(?<!^)([A-Z])", r" \1", key).capitalize()


def gaps_of(shown: models.Model) -> list[str]:
    """What keeps a draft from being published, in words."""
    try:
        shown.check_publishable()
    except NotPublishable as problems:
        return list(problems.lines())
    return []
