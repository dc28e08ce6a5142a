"""Makes and keeps the files of an image for a preset, and tells which of them are wanted now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.text import slugify

from media.apart import ask
from media.licences import Licence
from media.models import Image, PresetRendition
from media.pictures.provenance import packet
from media.renditions import program
from media.renditions.boxes import box_of
from media.renditions.presets import Preset, presets
from media.stored_files import content_of

__all__ = [
    "FOLDER",
    "CannotBeMade",
    "delete_files",
    "made_of",
    "make",
    "missing_presets",
    "shown_by_all",
    "storage",
    "wanted_or_nearest",
]

FOLDER = "renditions"
# To be raised when the same settings and picture would give other files.
VERSION = 1
LONGEST_STEM = 40


class CannotBeMade(Exception):
    """Of this picture; its argument says why, in a sentence for editors."""


def storage() -> Storage:
    return Image._meta.get_field("file").storage


def made_of(image: Image, preset: Preset) -> str:
    """Tells apart whatever the files of an image for a preset depend on.

    What comes before the hyphen is of the picture alone.
    """
    focal_point = (
        image.focal_point_x,
        image.focal_point_y,
        image.focal_point_width,
        image.focal_point_height,
    )
    picture = (image.file.name, image.file_hash)
    # How wide a frontend shows it is no matter of the files.
    manner = (VERSION, preset._replace(sizes=""), focal_point if preset.crop else None)
    # What the notes are written from: writing them would cost readers time.
    facts = (*image.provenance, image.known_licence)
    return f"{digest(*picture)[:10]}-{digest(*manner, *facts)[:14]}"


def digest(*seen: Any) -> str:
    return sha256(json.dumps(seen).encode()).hexdigest()


def wanted_or_nearest(
    image: Image, preset: Preset, known: Mapping[str, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Of files by what they were made of, the oldest first: those of the picture as it is, else
    what was last made of it, else none."""
    wanted = made_of(image, preset)
    if wanted in known:
        return known[wanted]
    picture = wanted.partition("-")[0]
    same = [files for each, files in known.items() if each.partition("-")[0] == picture]
    return same[-1] if same else []


def shown_by_all(files: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that every browser and mail program shows, the largest last."""
    return [each for each in files if each["format"] in {"jpeg", "png"}]


def notes_of(image: Image) -> str:
    licence = image.known_licence
    return packet(
        image.provenance,
        usage_terms=str(licence.label) if licence else "",
        all_rights_reserved=licence is Licence.ALL_RIGHTS_RESERVED,
    )


def missing_presets(image: Image) -> list[Preset]:
    """Those of which there are no files of the picture as it is."""
    known = set(image.preset_renditions.values_list("preset", "made_of"))
    return [each for each in presets().values() if (each.name, made_of(image, each)) not in known]


def make(image: Image, preset: Preset) -> None:
    """Keep the files of an image for a preset, unless it has been changed or deleted meanwhile.

    Takes seconds, and no lock but at its end. Raises ``CannotBeMade``, and ``OSError`` of the
    storage.
    """
    wanted = made_of(image, preset)
    files = stored(image, wanted, made(image, preset))
    kept = False
    try:
        with transaction.atomic():
            # Nobody changes or deletes it until the row is there.
            now = Image.objects.select_for_update().filter(pk=image.pk).first()
            is_wanted = now is not None and made_of(now, preset) == wanted
            if is_wanted:
                keep(image, preset, wanted, files)
        kept = is_wanted
    finally:
        if not kept:
            delete_files(each["name"] for each in files)


def keep(image: Image, preset: Preset, wanted: str, files: list[dict[str, Any]]) -> None:
    same = PresetRendition.objects.filter(image=image, preset=preset.name)
    same.filter(made_of=wanted).delete()
    # Pages that readers have open name those of before, and no others.
    for older in same.order_by("-pk")[1:]:
        older.delete()
    PresetRendition.objects.create(image=image, preset=preset.name, made_of=wanted, files=files)


def made(image: Image, preset: Preset) -> list[tuple[dict[str, Any], bytes]]:
    box = box_of(image, preset)
    answered = ask(
        program, content_of(image.file), box=box[:4], sizes=box.sizes, xmp=notes_of(image)
    )
    if answered is None:
        raise CannotBeMade("It takes too much memory or time to make smaller, or it is damaged.")
    words, together = answered
    result, at = [], 0
    for each in words["files"]:
        result.append((each, together[at : at + each["bytes"]]))
        at += each["bytes"]
    return result


def stored(
    image: Image, wanted: str, made_files: list[tuple[dict[str, Any], bytes]]
) -> list[dict[str, Any]]:
    """In a folder of their own, so that a file once named never changes."""
    stem = slugify(PurePath(image.file.name).stem)[:LONGEST_STEM] or "picture"
    files: list[dict[str, Any]] = []
    try:
        for told, content in made_files:
            width, height = told["size"]
            kind = told["format"].lower()
            ending = "jpg" if kind == "jpeg" else kind
            name = f"{FOLDER}/{image.pk}/{wanted}/{stem}-{width}.{ending}"
            name = storage().save(name, ContentFile(content))
            files.append({"format": kind, "width": width, "height": height, "name": name})
    except BaseException:
        delete_files(each["name"] for each in files)
        raise
    return files


def delete_files(names: Iterable[str]) -> None:
    for name in names:
        storage().delete(name)
