"""A screen in the place of an error when a version cannot be read, which says how to go on.

An import can have left such a version, or the code that wrote it is older. Wagtail's views fail on
it in many ways, each of which ends here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.models import DraftStateMixin, Page, Revision

from cms.admin.permissions import may_edit, may_edit_unlocked
from cms.admin.requests import is_admin
from cms.admin.subjects import Subject
from cms.perspective.objects import as_own_type
from cms.perspective.readable import NotReadable, check_readable, reading
from cms.scheduling.admin.object_lock import objects_named
from cms.scheduling.locks import locked_object

__all__ = ["UnreadableVersionMiddleware", "begin_again"]


class UnreadableVersionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404 | PermissionDenied) or not is_admin(request.path):
            return None
        match = request.resolver_match
        for subject in subjects_of(match, request):
            for revision in revisions_in(match, subject):
                problem = problem_of(revision)
                if problem is not None and may_edit_unlocked(request.user, subject):
                    return explained(request, subject, revision, problem)
        return None


def subjects_of(match: Any, request: HttpRequest) -> Iterator[Any]:
    page_keys, _ = compared(match)
    for model, key in (*objects_named(match, request), *((Page, key) for key in page_keys)):
        if issubclass(model, DraftStateMixin):
            subject = as_own_type(model._base_manager.filter(pk=key).first())
            if subject is not None:
                yield subject


def revisions_in(match: Any, subject: Any) -> Iterator[Revision]:
    """The newest version of an object, and those that an address names."""
    _, versions = compared(match)
    named = {value for name, value in match.kwargs.items() if name.startswith("revision_id")}
    keys = {int(key) for key in named.union(versions) if str(key).isdecimal()}
    keys.add(subject.latest_revision_id)
    yield from Revision.objects.for_instance(subject).filter(pk__in=keys - {None}).order_by("-pk")


def compared(match: Any) -> tuple[list[str], list[str]]:
    """A page and its versions, by the admin's only address whose parts have no names."""
    if not match.args:
        return [], []
    page_key, *versions = match.args
    return [page_key], versions


def problem_of(revision: Revision) -> NotReadable | None:
    try:
        with reading(revision.content_type.model_class(), revision.content):
            check_readable(revision.as_object(), may_have_gaps=True)
    except NotReadable as error:
        return error
    return None


def explained(
    request: HttpRequest, subject: Any, revision: Revision, problem: NotReadable
) -> HttpResponse:
    kind = Subject(type(subject), str(subject.pk), str(subject))
    context = {
        "subject": subject,
        "kind": kind,
        "places": problem.places,
        "written_at": revision.created_at,
        "is_newest": revision.pk == subject.latest_revision_id,
        "may_begin_again": may_edit(request.user, subject),
        "history_url": kind.url_of("history"),
        "begin_again_url": reverse("begin_again", args=(revision.pk,)),
    }
    return render(request, "scheduling/unreadable.html", context, status=409)


@require_POST
@transaction.atomic
def begin_again(request: HttpRequest, revision_id: int) -> HttpResponse:
    """What is stored of an object becomes its newest version; the one before stays as it is."""
    revision = get_object_or_404(Revision, pk=revision_id)
    subject = locked_object(revision.content_type.model_class(), revision.object_id)
    if not isinstance(subject, DraftStateMixin) or not may_edit(request.user, subject):
        raise PermissionDenied
    if subject.latest_revision_id == revision.pk:
        subject.save_revision(user=request.user, log_action=True, clean=False)
        messages.success(
            request,
            f"The newest version of “{subject}” is again what is"
            f" {'published' if subject.live else 'stored'}.",
        )
    return redirect(Subject(type(subject), str(subject.pk), str(subject)).edit_url)
