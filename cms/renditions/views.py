"""How far the files of pictures are, as screens that renew themselves."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from cms.renditions.jobs import try_again
from cms.renditions.progress import progress, progress_of
from media.models import Image

__all__ = ["again", "all_pictures", "may_see", "one_picture"]


def policy() -> Any:
    """Wagtail 8 loads hooks, and with them this module, before its own apps are ready."""
    from wagtail.images.permissions import permission_policy  # noqa: PLC0415

    return permission_policy


def may_see(request: HttpRequest) -> bool:
    return policy().user_has_any_permission(request.user, {"add", "change"})


@require_safe
def all_pictures(request: HttpRequest) -> HttpResponse:
    """With ``part`` what is renewed, alone."""
    if not may_see(request):
        raise PermissionDenied
    template = "renditions/state.html" if "part" in request.GET else "renditions/report.html"
    own = policy().instances_user_has_permission_for(request.user, "change")
    return render(request, template, {"progress": progress(own)})


@require_safe
def one_picture(request: HttpRequest, image_id: int) -> HttpResponse:
    return render(
        request, "renditions/presets.html", {"progress": progress_of(changeable(request, image_id))}
    )


@require_POST
def again(request: HttpRequest, image_id: int) -> HttpResponse:
    image = changeable(request, image_id)
    try_again(image.pk)
    messages.success(request, f"The sizes of “{image.title}” are made anew.")
    return redirect("wagtailimages:edit", image.pk)


def changeable(request: HttpRequest, image_id: int) -> Image:
    image = get_object_or_404(Image, pk=image_id)
    if not policy().user_has_permission_for_instance(request.user, "change", image):
        raise PermissionDenied
    return image
