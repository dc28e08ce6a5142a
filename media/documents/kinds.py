"""What kind of thing a document is, for a picture and a word beside its link."""

from __future__ import annotations

from typing import Any

from django.db import models

from media.media_types import ending_of

__all__ = ["DocumentKind", "kind_of"]


class DocumentKind(models.TextChoices):
    """What kind of thing a document is."""

    PDF = "pdf", "PDF"
    TEXT = "text", "Text"
    PRESENTATION = "presentation", "Presentation"
    SPREADSHEET = "spreadsheet", "Spreadsheet"
    ARCHIVE = "archive", "Archive"
    OTHER = "other", "Another kind of file"


KINDS: dict[str, Any] = {
    "csv": DocumentKind.SPREADSHEET,
    "docx": DocumentKind.TEXT,
    "odt": DocumentKind.TEXT,
    "pdf": DocumentKind.PDF,
    "pptx": DocumentKind.PRESENTATION,
    "rtf": DocumentKind.TEXT,
    "txt": DocumentKind.TEXT,
    "xlsx": DocumentKind.SPREADSHEET,
    "zip": DocumentKind.ARCHIVE,
}


def kind_of(name: str) -> str:
    """``OTHER`` for what an import may have stored besides what editors can upload."""
    return KINDS.get(ending_of(name), DocumentKind.OTHER)
