"""Importing redirects: any table that a spreadsheet writes is read, and all of it made or nothing.

Wagtail's two screens stay. What is uploaded is read here and handed on in the one form that they
read without fail: a CSV file in UTF-8, each row as wide as its head.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.contrib.redirects import views

from cms.admin.tables import NotRead, cells_of_workbook, rows_of_text

__all__ = ["process_import", "start_import"]


def start_import(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("import_file")
    if file is not None and views.permission_policy.user_has_permission(request.user, "add"):
        try:
            rows = rows_of(file)
        except NotRead as problem:
            messages.error(request, f"{problem} Nothing was imported.")
            return redirect("wagtailredirects:start_import")
        request.FILES["import_file"] = as_csv(rows)
    return views.start_import(request)


def process_import(request: HttpRequest) -> HttpResponse:
    """Wagtail's view makes the rows that are right, and shows the others."""
    if request.method == "POST" and not names_an_upload(request):
        return begin_again(request)
    try:
        with transaction.atomic():
            response = views.process_import(request)
            if response.status_code != 302:
                transaction.set_rollback(True)
    except FileNotFoundError:
        return begin_again(request)
    return response


def begin_again(request: HttpRequest) -> HttpResponse:
    messages.error(request, "The file is not there any more: choose it again.")
    return redirect("wagtailredirects:start_import")


def names_an_upload(request: HttpRequest) -> bool:
    """As the form between the two screens has signed."""
    try:
        for field in ("import_file_name", "input_format"):
            Signer().unsign(request.POST.get(field, ""))
    except BadSignature:
        return False
    return True


def as_csv(rows: list[list[str]]) -> SimpleUploadedFile:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return SimpleUploadedFile("redirects.csv", text.getvalue().encode())


def rows_of(file: Any) -> list[list[str]]:
    """Without empty ones, and as wide as the first."""
    kind = PurePath(file.name).suffix.lower()
    content = file.read()
    if kind == ".xlsx":
        numbered = rows_of_workbook(content)
    elif kind in {".csv", ".tsv"}:
        numbered = rows_of_text(content)
    else:
        raise NotRead("Choose a CSV, TSV or XLSX file.")
    filled = [(number, row) for number, row in numbered if any(map(str.strip, row))]
    if not filled:
        raise NotRead("This file is empty.")
    width = len(without_empty_end(filled[0][1], 0))
    rows = [(number, without_empty_end(row, width)) for number, row in filled]
    for number, row in rows:
        if len(row) != width:
            raise NotRead(
                f"Line {number} has {len(row)} columns, and the first line {width}: correct it."
            )
    return [row for _, row in rows]


def without_empty_end(row: list[str], width: int) -> list[str]:
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    return row


def rows_of_workbook(content: bytes) -> list[tuple[int, list[str]]]:
    rows = list(cells_of_workbook(content, computed=True))
    width = max(map(len, rows), default=0)
    return [(number, as_texts(row, width)) for number, row in enumerate(rows, start=1)]


def as_texts(row: Sequence[Any], width: int) -> list[str]:
    """Empty cells at the end of a row are not written in a workbook."""
    written = ["" if value is None else str(value) for value in row]
    return written + [""] * (width - len(written))
