"""Who may see a picture's file: everyone, unless its collection or one above it is private."""

import re

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from wagtail.models import CollectionViewRestriction

from media.models import Image, PresetRendition, Rendition
from media.renditions.making import FOLDER

__all__ = ["NotKept", "may_see", "restrictions_on"]

FOR_A_PRESET = re.compile(rf"{FOLDER}/([0-9]{{1,18}})/([0-9a-f-]{{1,64}})/[^/]+")


class NotKept(Exception):
    """A file for a preset that is no image's: left behind by who was ended at a bad moment.

    Nobody would know whether it is private.
    """


def restrictions_on(name: str) -> list[CollectionViewRestriction]:
    """Of the file of an image, of a rendition or for a preset; raises ``NotKept``.

    It costs next to nothing where none is private.
    """
    if name.startswith(f"{FOLDER}/"):
        images = Image.objects.filter(pk=image_of(name))
    else:
        renditions = Rendition.objects.filter(image=OuterRef("pk"), file=name)
        images = Image.objects.filter(Q(file=name) | Exists(renditions))
    within = images.filter(collection__path__startswith=OuterRef("collection__path"))
    return list(CollectionViewRestriction.objects.filter(Exists(within)))


def image_of(name: str) -> int:
    found = FOR_A_PRESET.fullmatch(name)
    if found:
        kept = PresetRendition.objects.filter(image=found[1], made_of=found[2])
        if kept.exists():
            return int(found[1])
    raise NotKept


def may_see(request: HttpRequest, restrictions: list[CollectionViewRestriction]) -> bool:
    """As Wagtail decides of documents; who uses the admin sees the pictures they choose from."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return True
    return all(restriction.accept_request(request) for restriction in restrictions)
