"""Requests that write one object wait for each other, from before any of them reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import F, Model, Q
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from wagtail.models import Collection, Page, TaskState

from cms.admin.requests import is_admin
from cms.database.advisory_lock import advisory_lock, lock_redirects
from cms.perspective.objects import base_model, base_type_of
from cms.scheduling.kinds import kinds
from cms.scheduling.locks import lock_rows
from media.models import Document, Image
from pages.models import Person

__all__ = ["ObjectLockMiddleware"]

# How the admin's addresses name pages that a request writes to, or puts others beneath.
PAGE_ARGUMENTS = ("page_id", "page_to_move_id", "destination_id", "parent_page_id")
# And files, which are looked up in the transaction that writes them.
FILE_ARGUMENTS = {"image_id": Image, "document_id": Document, "doc_id": Document}
COLLECTIONS = "wagtailadmin_collections"
API = "wagtailadmin_api"
SNIPPETS = "wagtailsnippets_"
BULK_ACTION = "wagtail_bulk_action"
EDIT = "wagtailadmin_pages:edit"
# What writes above, beside or beneath what the address names, in the tree of pages or that of
# collections: a parent counts those beneath it, and what is moved or deleted takes them along, but
# for one that is added meanwhile.
REARRANGING_VIEWS = {
    "begin_page_translation",
    *(f"{COLLECTIONS}:{name}" for name in ("add", "edit", "delete")),
    *(
        f"wagtailadmin_pages:{name}"
        for name in ("add", "copy", "delete", "move_confirm", "set_page_position")
    ),
}
REARRANGING_ACTIONS = {"copy", "copy_for_translation", "create_alias", "delete", "move"}
# What may write to pages beneath those that the address names, and to those that mirror them: they
# are renamed, or go live and are taken down with them.
PUBLISHING_VIEWS = {"review", "wagtailadmin_pages:unpublish"}
PUBLISHING_ACTIONS = {"approve", "publish", "unpublish"}
# Each redirect is compared with all others: the database lets two for all sites have one address.
REDIRECT_VIEWS = {
    "wagtailredirects:add",
    "wagtailredirects:edit",
    "wagtailredirects_process_import",
}


class ObjectLockMiddleware:
    """The rows that a request of the admin writes are locked in one transaction around its view.

    Wagtail's views read an object, and then write all of it: what another request, or a scheduler,
    has written in between would be undone. A save that comes late, as a browser saves by itself,
    then reads what was published meanwhile, and Wagtail refuses it since a newer version is there.
    What a view had written before it failed is undone with the rest.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        match = address_written(request)
        written = set(objects_named(match, request)) if match else set()
        is_redirect = match is not None and match.view_name in REDIRECT_VIEWS
        if match is None or not (written or is_redirect or rearranges(match)):
            return self.get_response(request)
        with transaction.atomic():
            if is_redirect:
                lock_redirects()
            if rearranges(match) or reaches_others(match, request, written) or is_joint(written):
                advisory_lock()  # A scheduler that makes all of it permanent takes it first.
            lock_rows(written)
            request.has_failed = False
            response = self.get_response(request)
            if request.has_failed or response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: Any, exception: Exception) -> None:
        request.has_failed = True


def is_joint(written: set[tuple[type[Model], Any]]) -> bool:
    """Whether other objects are written with it: those that are approved to change together.

    Or it is a person, who may be renamed: then pages that name them are held too.
    """
    if any(model is Person for model, _ in written):
        return True
    objects = Q(pk__in=[])
    for model, key in written:
        objects |= Q(base_content_type=base_type_of(model), object_id=str(key))
    return any(kind.joins(objects) for kind in kinds())


def rearranges(match: ResolverMatch) -> bool:
    """Whether rows are written that others hold who begin with another of them."""
    if match.url_name == BULK_ACTION:
        is_page = match.kwargs["model_name"] == Page._meta.model_name
        return is_page and match.kwargs["action"] in REARRANGING_ACTIONS
    return (
        match.view_name in REARRANGING_VIEWS
        or match.kwargs.get("action_name") in REARRANGING_ACTIONS
    )


def reaches_others(
    match: ResolverMatch, request: HttpRequest, written: set[tuple[type[Model], Any]]
) -> bool:
    """The same, of what is published or taken down: only with what hangs on it."""
    names = {match.kwargs.get("action"), match.kwargs.get("action_name")}
    pages = Page._base_manager.filter(pk__in=[key for model, key in written if model is Page])
    above = pages.filter(numchild__gt=0)
    if match.view_name == EDIT:
        above = above.exclude(slug=request.POST.get("slug", F("slug")))
    elif match.view_name not in PUBLISHING_VIEWS and not names & PUBLISHING_ACTIONS:
        return False
    return above.exists() or Page._base_manager.filter(alias_of__in=pages).exists()


def address_written(request: HttpRequest) -> ResolverMatch | None:
    if request.method != "POST" or not is_admin(request.path):
        return None
    if not request.user.is_authenticated:
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    if (match.url_name or "").startswith("preview"):
        return None  # It writes to the session alone.
    return match


def objects_named(match: ResolverMatch, request: HttpRequest) -> Iterator[tuple[type[Model], Any]]:
    """The base model and key of each object that an address of the admin names."""
    for name in PAGE_ARGUMENTS:
        if name in match.kwargs:
            yield Page, match.kwargs[name]
    if API in match.namespaces and "pk" in match.kwargs:
        yield Page, match.kwargs["pk"]
    for name, model in FILE_ARGUMENTS.items():
        if name in match.kwargs:
            yield model, match.kwargs[name]
    if "task_state_id" in match.kwargs:
        yield from objects_approved(match.kwargs["task_state_id"])
    if match.namespace == COLLECTIONS:
        for name in {"pk", "collection_id"} & match.kwargs.keys():
            yield Collection, match.kwargs[name]
    if match.namespace.startswith(SNIPPETS) and "pk" in match.kwargs:
        app_label, _, model_name = match.namespace.removeprefix(SNIPPETS).partition("_")
        model = apps.get_model(app_label, model_name)
        yield base_model(model), unquote(str(match.kwargs["pk"]))
    if match.url_name == BULK_ACTION:
        model = apps.get_model(match.kwargs["app_label"], match.kwargs["model_name"])
        keys = (key for key in request.GET.getlist("id") if key.isdecimal())
        yield from ((base_model(model), int(key)) for key in keys)


def objects_approved(task_state_id: int) -> Iterator[tuple[type[Model], Any]]:
    """What a step of a workflow is about, whatever else the address names."""
    steps = TaskState.objects.filter(pk=task_state_id).select_related("revision__content_type")
    for step in steps.defer("revision__content"):
        model = base_model(step.revision.content_type.model_class())
        yield model, model._meta.pk.to_python(step.revision.object_id)
