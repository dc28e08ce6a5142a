"""The media type of each kind of file that can be uploaded, whatever the system's list says."""

from __future__ import annotations

import mimetypes
from pathlib import PurePath

__all__ = ["MEDIA_TYPES", "ending_of", "media_type_of", "teach_media_types"]

OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "csv": "text/csv",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "zip": "application/zip",
}
# What an import may have stored besides.
UNKNOWN = "application/octet-stream"


def ending_of(name: str) -> str:
    return PurePath(name).suffix.lower().removeprefix(".")


def media_type_of(name: str) -> str:
    return MEDIA_TYPES.get(ending_of(name), UNKNOWN)


def teach_media_types() -> None:
    """Files are served with the types that the API tells of them."""
    for ending, media_type in MEDIA_TYPES.items():
        mimetypes.add_type(media_type, f".{ending}")
