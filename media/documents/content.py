"""Whether a document is what the end of its name says."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError

from media.media_types import ending_of

__all__ = ["check_content"]

PIECE = 64 * 1024
# Programs write a PDF's beginning and end within so many bytes of the file's.
NEAR = 1024
# White space, and the escape of Japanese encodings.
CONTROLS_IN_TEXT = frozenset(b"\t\n\v\f\r\x1b")
CONTROLS = bytes(sorted(set(range(0x20)) - CONTROLS_IN_TEXT))
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Of an archive, for the list of what is in it: enough for some fifteen thousand files.
MOST_OF_LIST = 2_000_000


def check_content(file: Any) -> None:
    kind = ending_of(file.name)
    file.seek(0)
    right = KINDS[kind](file)
    file.seek(0)
    if not right:
        raise ValidationError(
            f"This is not a {kind.upper()} file, or it is damaged or protected by a password. Save "
            f"it anew as {kind.upper()}, or give its name the ending that it should have.",
            code="content_is_not_of_its_kind",
        )


def is_pdf(file: Any) -> bool:
    begins = b"%PDF-" in file.read(NEAR)
    file.seek(-min(NEAR, file.size), 2)
    return begins and b"%%EOF" in file.read()


def is_rtf(file: Any) -> bool:
    return file.read(5) == b"{\\rtf"


def is_text(file: Any) -> bool:
    if file.read(2) in WIDE_MARKS:
        return file.size % 2 == 0
    file.seek(0)
    while piece := file.read(PIECE):
        if len(piece.translate(None, CONTROLS)) < len(piece):
            return False
    return True


def is_archive(file: Any) -> bool:
    return names_in(file) is not None


def is_office(folder: str) -> Callable[[Any], bool]:
    def is_one(file: Any) -> bool:
        names = names_in(file) or []
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)

    return is_one


def is_open_document_text(file: Any) -> bool:
    names = names_in(file) or []
    file.seek(0)
    # Stored first and as it is, so that it can be told by its beginning.
    return "content.xml" in names and (
        b"mimetypeapplication/vnd.oasis.opendocument.text" in file.read(NEAR)
    )


def names_in(file: Any) -> list[str] | None:
    """From the list at the archive's end: nothing is unpacked."""
    try:
        with ZipFile(EndOfArchive(file)) as archive:
            return archive.namelist()
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return None


class EndOfArchive:
    """``ZipFile`` makes an object of each entry of the list, and of 50 MB it makes a million.

    What is counted is what it reads, since what the archive says of itself may be false.
    """

    def __init__(self, file: Any):
        self.file = file
        self.left = MOST_OF_LIST

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()

    def read(self, size: int | None = -1) -> bytes:
        most = self.left + 1
        piece = self.file.read(most if size is None or size < 0 else min(size, most))
        self.left -= len(piece)
        if self.left < 0:
            raise BadZipFile("The list of what is in it is too long.")
        return piece


KINDS: dict[str, Callable[[Any], bool]] = {
    "csv": is_text,
    "docx": is_office("word/"),
    "odt": is_open_document_text,
    "pdf": is_pdf,
    "pptx": is_office("ppt/"),
    "rtf": is_rtf,
    "txt": is_text,
    "xlsx": is_office("xl/"),
    "zip": is_archive,
}
