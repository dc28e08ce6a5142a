"""Reads tables as spreadsheets write them, within bounds, whatever they say of themselves."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from itertools import pairwise
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

__all__ = ["NotRead", "cells_of_workbook", "rows_of_text"]

DELIMITERS = ",;\t"
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NOT_A_TABLE = "This is not a table: save it as CSV or XLSX."
NOT_OPENED = "This workbook cannot be opened: save it anew, or as CSV."
TOO_LARGE = "This workbook is too large: save its first sheet as CSV."
# What a workbook may take when it is unpacked, and of how many files it may consist.
MOST_UNPACKED = 50_000_000
MOST_FILES = 2_000
BROKEN = (BadZipFile, KeyError, ValueError, IndexError, SyntaxError, EOFError, TypeError)


class NotRead(Exception):
    """Its message is for whoever uploaded the file."""


def rows_of_text(content: bytes) -> list[tuple[int, list[str]]]:
    """Each with the number of the line that it begins on."""
    text = decoded(content)
    if "\0" in text:
        raise NotRead(NOT_A_TABLE)
    head = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(DELIMITERS, key=head.count))
    try:
        ended = [(reader.line_num, row) for row in reader]
    except csv.Error as problem:
        raise NotRead(NOT_A_TABLE) from problem
    begun = [before + 1 for (before, _), _ in pairwise([(0, []), *ended])]
    return [(number, row) for number, (_, row) in zip(begun, ended, strict=True)]


def decoded(content: bytes) -> str:
    """Spreadsheets write UTF-8 with a mark or without, UTF-16, or what Windows used before."""
    try:
        return content.decode("utf-16" if content.startswith(WIDE_MARKS) else "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def cells_of_workbook(content: bytes, *, computed: bool) -> Iterator[tuple[Any, ...]]:
    """The rows of the first sheet, as they are read: whoever takes them says when to stop.

    ``computed`` gives what formulas came to when the workbook was saved, in their place.
    """
    workbook = None
    try:
        with ZipFile(BytesIO(content)) as archive:
            files = archive.infolist()
        if len(files) > MOST_FILES or sum(each.file_size for each in files) > MOST_UNPACKED:
            raise NotRead(TOO_LARGE)
        workbook = load_workbook(BytesIO(content), read_only=True, data_only=computed)
        sheet = workbook.worksheets[0]
        # How large a sheet says it is may be anything.
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)
    except BROKEN as problem:
        raise NotRead(NOT_OPENED) from problem
    finally:
        if workbook is not None:
            workbook.close()
