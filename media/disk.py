"""Uploads on this machine's disk."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from django.core.files.storage import FileSystemStorage

from media.own_folders import OwnFolders, is_in_its_own

__all__ = ["Disk"]


class Disk(OwnFolders, FileSystemStorage):
    def delete(self, name: str) -> None:
        """With the folder that it had to itself."""
        super().delete(name)
        if is_in_its_own(name):
            with suppress(OSError):  # There may be more in it.
                Path(self.path(name)).parent.rmdir()
