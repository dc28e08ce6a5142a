"""Who may see a picture's file: everyone, unless its collection or one above it is private."""

import re

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from wagtail.models import CollectionViewRestriction

from media.models import Image, PresetRendition, Rendition
from media.renditions.making import FOLDER

__all__ = ["is_named", "may_see", "restrictions_on"]

FOR_A_PRESET = re.compile(rf"{FOLDER}/([0-9]{{1,18}})/([0-9a-f-]{{1,64}})/[^/]+")


def restrictions_on(name: str) -> QuerySet[CollectionViewRestriction]:
    """Of the file of an image or of a rendition. It costs next to nothing where none is private."""
    within = images_of(name).filter(collection__path__startswith=OuterRef("collection__path"))
    return CollectionViewRestriction.objects.filter(Exists(within))


def is_named(name: str) -> bool:
    """Whether a file is of any image."""
    return images_of(name).exists()


def images_of(name: str) -> QuerySet[Image]:
    if name.startswith(f"{FOLDER}/"):
        return images_of_preset(name)
    # Found once, not for each image.
    rendered = Rendition.objects.filter(file=name).values("image")
    return Image.objects.filter(Q(file=name) | Q(pk__in=rendered))


def images_of_preset(name: str) -> QuerySet[Image]:
    found = FOR_A_PRESET.fullmatch(name)
    if found is None:
        return Image.objects.none()
    kept = PresetRendition.objects.filter(image=OuterRef("pk"), made_of=found[2])
    return Image.objects.filter(Exists(kept), pk=found[1])


def may_see(request: HttpRequest, restrictions: list[CollectionViewRestriction]) -> bool:
    """As Wagtail decides of documents; who uses the admin sees the pictures they choose from."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return True
    return all(restriction.accept_request(request) for restriction in restrictions)
