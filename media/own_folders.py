"""A file that keeps its name though another has it: each is in a folder of its own."""

from __future__ import annotations

from pathlib import PurePath
from uuid import uuid4

from django.core.files.storage import Storage

__all__ = ["OwnFolders", "is_in_its_own"]

# Readers see a document's name in its address and save it under that. What waits for a title is
# in the second, from where a document is named after it.
FOLDERS = {"documents", "wagtail_uploads"}


class OwnFolders(Storage):
    """Asked by whichever way a file comes in, before it is stored under the name it answers."""

    def generate_filename(self, filename: str) -> str:
        name = super().generate_filename(filename)
        match PurePath(name).parts:
            case (folder, last) if folder in FOLDERS:
                return f"{folder}/{uuid4().hex[:8]}/{last}"
        return name


def is_in_its_own(name: str) -> bool:
    match PurePath(name).parts:
        case (folder, _, _):
            return folder in FOLDERS
    return False
