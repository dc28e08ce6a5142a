"""Uploads on this machine's disk."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePath

from django.core.files.storage import FileSystemStorage

__all__ = ["Disk"]


class Disk(FileSystemStorage):
    def delete(self, name: str) -> None:
        """With the folder that a document had to itself, as it took the place of another."""
        super().delete(name)
        match PurePath(name).parts:
            case ("documents", _, _):
                with suppress(OSError):  # There may be more in it.
                    Path(self.path(name)).parent.rmdir()
