"""Uploads copied from a folder into the bucket, or from there into a folder.

Nothing is taken away and nothing overwritten, so that it may be stopped, and be run again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.base import File

from media.models import Document, Image, PresetRendition, Rendition

__all__ = ["Outcome", "copied_to_bucket", "copied_to_folder", "names_in_rows"]

PIECE = 1_048_576


class Outcome(Enum):
    COPIED = "copied"
    SAME = "same"
    ANOTHER = "another"


Copied = Iterator[tuple[str, Outcome]]


def copied_to_bucket(folder: Path, bucket: Any) -> Copied:
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        if bucket.exists(name):
            yield name, compared(path, bucket, name)
            continue
        try:
            with path.open("rb") as content:
                bucket.put(name, File(content), IfNoneMatch="*")
        except FileExistsError:  # Somebody uploaded it meanwhile.
            yield name, compared(path, bucket, name)
        else:
            yield name, Outcome.COPIED


def copied_to_folder(folder: Path, bucket: Any) -> Copied:
    for name in bucket.uploads():
        path = folder / name
        if not path.exists():
            fetch(path, bucket.open(name), folder)
            yield name, Outcome.COPIED
        else:
            yield name, compared(path, bucket, name)


def fetch(path: Path, file: Any, folder: Path) -> None:
    """All of it under its name, or nothing."""
    make_folders(path.parent, folder)
    with NamedTemporaryFile(dir=path.parent) as draft:
        draft.writelines(file.pieces())
        draft.flush()
        os.fchmod(draft.fileno(), settings.FILE_UPLOAD_PERMISSIONS)
        os.link(draft.name, path)


def make_folders(folder: Path, top: Path) -> None:
    for each in [*reversed(folder.parents), folder]:
        if each.is_relative_to(top) and not each.exists():
            each.mkdir()
            each.chmod(settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)


def compared(path: Path, bucket: Any, name: str) -> Outcome:
    """Most stores tell a digest, by which nothing need be fetched."""
    file = bucket.open(name)
    if file.size != path.stat().st_size:
        return Outcome.ANOTHER
    if file.etag.strip('"') == digest(pieces_of(path)):
        return Outcome.SAME
    fetched = digest(file.pieces())
    return Outcome.SAME if fetched == digest(pieces_of(path)) else Outcome.ANOTHER


def digest(pieces: Iterable[bytes]) -> str:
    found = hashlib.md5(usedforsecurity=False)
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()


def pieces_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def names_in_rows() -> set[str]:
    """Of all files that pictures, their smaller forms and documents have."""
    uploads = {
        name
        for model in (Image, Rendition, Document)
        for name in model._default_manager.values_list("file", flat=True)
    }
    kept = PresetRendition.objects.values_list("files", flat=True)
    return uploads | {each["name"] for files in kept.iterator() for each in files}
