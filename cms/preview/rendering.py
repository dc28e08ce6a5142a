"""Draws a page as plain HTML from the answer of its registered operation.

This is what the admin previews and what the site's own address shows. It asks exactly what a
frontend asks and shows all of the answer, so a preview cannot differ from the API. How each type
is drawn is in ``templates/preview/types/``, under the name of its operation.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page

from cms.api.contract import operation_text
from cms.api.operations import OperationContext, run_operation
from cms.api.reading.ids import id_of
from cms.api.reading.sites import Sites, UnknownSite
from cms.perspective.perspectives import Perspective
from cms.preview.templatetags.plain_page import WEB, full_name
from pages.addresses import frontend_of
from pages.lifecycle.checks import NotPublishable

__all__ = ["HEAD", "render_from", "render_page"]

UNSAVED = 0
NOT_HERE = "noindex"
HEAD = Path(__file__).with_name("head.graphql")


def render_page(request: HttpRequest, shown: models.Model, *, preview: bool) -> HttpResponse:
    sites = sites_of(request)
    if shown.pk is None:
        shown.pk = UNSAVED  # An answer needs an id; a preview is never saved.
    context = OperationContext(sites, draft=shown if preview else None)
    gaps = gaps_of(shown) if preview else []
    with context.in_force():
        drawing = drawing_of(shown, context, gaps=gaps)
    return respond(request, {**drawing, "is_preview": preview})


def render_from(request: HttpRequest, path: str, perspective: Perspective) -> HttpResponse:
    """The page at a path as a perspective shows it. Raises ``Http404`` when it shows none there."""
    context = OperationContext(sites_of(request), perspective=perspective)
    with context.in_force():
        page = context.content.page_at(path)
        if page is None:
            raise Http404("There is no page here from this perspective.")
        drawing = drawing_of(page, context, after=request.GET.get("after"))
    return respond(request, drawing)


def sites_of(request: HttpRequest) -> Sites:
    try:
        return Sites(request)
    except UnknownSite as error:
        raise Http404("No site is served under this host name.") from error


def drawing_of(
    shown: Any, context: OperationContext, *, after: str | None = None, gaps: Sequence[str] = ()
) -> dict[str, Any]:
    """All that the templates draw. Raises ``Http404`` when the page is not public."""
    text = operation_text(shown.operation)
    variables = {**variables_for(shown, context), "after": after}
    answer = run_operation(text, context=context, variables=variables).body
    found = next(iter((answer.get("data") or {}).values()), None)
    # An operation that names no page answers the first of its kind, which may be another page.
    if found is None or found["id"] != id_of(shown):
        raise Http404("This page is not public.")
    return {
        "title": full_name(found) if "name" in found else found["title"],
        "found": found,
        "template": f"preview/types/{shown.operation}.html",
        "site": site_around(context, variables["locale"]),
        "head": head_of(shown, context),
        "gaps": gaps,
        "has_explorer": settings.GRAPHQL_INTROSPECTION,
    }


def head_of(shown: Any, context: OperationContext) -> dict[str, Any]:
    """What search engines and social networks are told. A snippet has no page for them.

    Where readers are at a frontend, they belong there, and not to this view of the same content.
    """
    if not isinstance(shown, Page):
        return {}
    variables = variables_for(shown, context)
    answer = run_operation(HEAD.read_text(), context=context, variables=variables).body
    found = (answer.get("data") or {}).get("page")
    if found is None or found["id"] != id_of(shown):
        return {}
    if frontend_of(context.sites.own):
        return {**found["seo"], "robots": NOT_HERE}
    return found["seo"]


def site_around(context: OperationContext, language: str) -> dict[str, Any]:
    """What stands around every page, in its language, without links that lead nowhere."""
    answer = run_operation(
        operation_text("site"), context=context.without_draft(), variables={"locale": language}
    ).body
    if not answer.get("data"):
        return {}  # One spoilt entry of the navigation leaves nothing: pages do without.
    site = answer["data"]["site"]
    site_settings, navigation = site["settings"], site["navigation"]
    header = [
        {**entry, "children": links(entry["children"])} for entry in links(navigation["header"])
    ]
    return {
        "name": site_settings["name"] or site["name"],
        "contact": site_settings["contactEmail"],
        "parent": site_settings["parentOrganisation"],
        "header": header,
        "footer": links(navigation["footer"]),
        "elsewhere": links(site_settings["socialLinks"]),
        "closing": navigation["footerText"],
        "home": home_in(language, site["languages"]),
        "settings": written_in(site_settings),
        "navigation": written_in(navigation),
    }


def written_in(texts: dict[str, Any]) -> dict[str, str]:
    """For the element that texts are drawn in: they may be in another language than the page."""
    return {"lang": texts["locale"], "dir": texts["direction"].lower()}


def home_in(language: str, languages: list[dict[str, Any]]) -> str:
    homes = {each["locale"]: each["home"] for each in languages}
    return (homes.get(language) or {"path": "/"})["path"]


def links(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["page"] or (entry["url"] or "").startswith(WEB)]


def respond(request: HttpRequest, drawing: dict[str, Any]) -> HttpResponse:
    draw = partial(render, template_name="preview/page.html", context=drawing)
    # Also within the admin, whose own pages may do more: what editors write runs no script.
    response = csp(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])(draw)(request)
    if NOT_HERE in drawing["head"].get("robots", NOT_HERE):
        response["X-Robots-Tag"] = NOT_HERE
    return response


def variables_for(shown: Any, context: OperationContext) -> dict[str, Any]:
    """By which operations are asked for it; of these, each takes those that it declares."""
    content: Any = context.content
    path = content.path_of(shown) if isinstance(shown, Page) else None
    return {"id": id_of(shown), "path": path, "locale": content.language_of(shown.locale_id)}


def gaps_of(shown: models.Model) -> list[str]:
    """What keeps a draft from being published, in words."""
    try:
        shown.check_publishable()
    except NotPublishable as problems:
        return list(problems.lines())
    return []
