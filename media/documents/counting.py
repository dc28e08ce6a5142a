"""Counts the pages of one document: run as a program, apart. A file may be made to be hard to read.

Of a PDF and of a presentation they are counted. How many pages a text has depends on who lays it
out: the program that saved it noted how many it saw.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring
from pypdf import PdfReader

from media.apart import answer, told

__all__ = ["COUNTED"]

# More than a program notes of a document.
LONGEST_NOTES = 1_000_000
SLIDE = re.compile(r"ppt/slides/slide[0-9]+\.xml")
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Pages"
OPEN_DOCUMENT = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"


def main() -> None:
    words, content = told()
    logging.disable()  # pypdf tells there what is odd about a file, which nobody reads.
    try:
        count = COUNTED[words["ending"]](content)
    except Exception:
        count = None  # Readers raise all sorts of things at what is broken.
    answer({"count": count if count is not None and count > 0 else None})


def pages_of_pdf(content: bytes) -> int:
    return len(PdfReader(BytesIO(content)).pages)


def slides(content: bytes) -> int:
    with ZipFile(BytesIO(content)) as archive:
        return sum(SLIDE.fullmatch(name) is not None for name in archive.namelist())


def noted_by_office(content: bytes) -> int:
    return int(notes_of(content, "docProps/app.xml").findtext(OFFICE, "0"))


def noted_in_open_document(content: bytes) -> int:
    """Where there is none, it fails as at what is broken."""
    statistics = notes_of(content, "meta.xml").find(f".//{OPEN_DOCUMENT}document-statistic")
    return int(statistics.get(f"{OPEN_DOCUMENT}page-count"))


def notes_of(content: bytes, name: str) -> Any:
    with ZipFile(BytesIO(content)) as archive, archive.open(name) as notes:
        return fromstring(notes.read(LONGEST_NOTES))


COUNTED: dict[str, Callable[[bytes], int]] = {
    "docx": noted_by_office,
    "odt": noted_in_open_document,
    "pdf": pages_of_pdf,
    "pptx": slides,
}


if __name__ == "__main__":
    main()
