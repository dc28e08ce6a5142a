"""Where uploads are stored: on this machine's disk, or in a bucket, which may be away or refuse."""

from __future__ import annotations

import errno
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.storage import storages

__all__ = ["FilesUnavailable", "bucket", "content_of", "remove", "replace_content"]


class FilesUnavailable(OSError):
    """The store of uploads cannot be used just now. ``strerror`` is a sentence without its dot."""

    def __init__(self, sentence: str):
        super().__init__(errno.EIO, sentence)


def bucket() -> Any | None:
    """The bucket that holds uploads; none if they are on disk. Its client is loaded only then."""
    storage = storages["default"]
    return storage if hasattr(storage, "bucket_name") else None


def content_of(file: Any) -> bytes:
    with file.storage.open(file.name) as opened:
        return opened.read()


def remove(name: str) -> None:
    """Raises an ``OSError`` if it cannot be just now, which a bucket's own tells its log alone."""
    if found := bucket():
        found.remove(name)
    else:
        storages["default"].delete(name)


def replace_content(file: Any, content: bytes) -> None:
    """Under the same name, at once: who reads it gets all of the old, or all of the new."""
    try:
        path = Path(file.path)
    except NotImplementedError:
        file.storage.replace(file.name, content)
        return
    with NamedTemporaryFile(dir=path.parent, delete=False) as beside:
        beside.write(content)
    new = Path(beside.name)
    new.chmod(path.stat().st_mode)
    new.replace(path)
