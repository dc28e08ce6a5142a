"""Does for pictures that are stored already what is done for those that come in."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.db import transaction
from PIL import Image as Picture
from wagtail.utils.file import hash_filelike

from media.models import Image
from media.pictures.reading import Kept, as_kept
from media.stored_files import content_of, replace_content

__all__ = ["clean_stored"]


def clean_stored(key: int) -> bool:
    """Whether anything had to be changed. The address of each file stays.

    The file is replaced before its row is written: if that is interrupted, the file is clean and
    the next time writes the row.
    """
    with transaction.atomic():
        image = Image.objects.select_for_update().filter(pk=key).first()
        if image is None:
            return False
        smaller = [clean_file(rendition.file)[0] for rendition in image.renditions.all()]
        changed, kept = clean_file(image.file)
        measured = measure(image, kept)
        return changed or measured or any(smaller)


def clean_file(file: Any) -> tuple[bool, Kept]:
    """Whether it had to be changed, and what was found in it."""
    content = content_of(file)
    kept = as_kept(content)
    if kept.content == content:
        return False, kept
    replace_content(file, kept.content)
    return True, kept


def measure(image: Image, kept: Kept) -> bool:
    content = content_of(image.file)
    with Picture.open(BytesIO(content)) as picture:
        size = picture.size
    found = (*size, len(content), hash_filelike(BytesIO(content)))
    known = image.provenance
    image.fill_in(kept.provenance)
    if (found, kept.looks, known) == (
        (image.width, image.height, image.file_size, image.file_hash),
        (image.placeholder, image.dominant_colour),
        image.provenance,
    ):
        return False
    move_focal_point(image, *size)
    image.width, image.height, image.file_size, image.file_hash = found
    image.placeholder, image.dominant_colour = kept.looks
    image.save()
    return True


def move_focal_point(image: Image, width: int, height: int) -> None:
    """Editors drew it on the upright picture, of which it was then said to lie on its side."""
    if not image.has_focal_point():
        return
    image.focal_point_x = image.focal_point_x * width // image.width
    image.focal_point_width = image.focal_point_width * width // image.width
    image.focal_point_y = image.focal_point_y * height // image.height
    image.focal_point_height = image.focal_point_height * height // image.height
