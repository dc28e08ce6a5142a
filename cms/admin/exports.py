"""Lists and reports as spreadsheets, in which no text is a formula.

What readers and editors wrote is in them, and whoever opens one would run what was written: a
formula can send the other cells to a server of its author's. In a workbook a text says that it is
one. In CSV nothing does, so that an apostrophe before it has to; spreadsheet programs know it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.admin.views.mixins import Echo, ExcelDateFormatter, SpreadsheetExportMixin

__all__ = ["stream_csv", "write_xlsx"]

# Where a cell begins for some program: also after what separates cells or rows elsewhere than here.
# Signs are those that Excel takes for the beginning of a formula, in whatever language it is.
BEGINS_A_FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])")  # noqa: RUF001


def stream_csv(self: SpreadsheetExportMixin, queryset: Iterable[Any]) -> Iterator[bytes]:
    writer = csv.writer(Echo())
    for row in rows_of(self, queryset, self.FORMAT_CSV):
        yield writer.writerow([as_text(value) for value in row])


def as_text(value: Any) -> Any:
    return BEGINS_A_FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def write_xlsx(self: SpreadsheetExportMixin, queryset: Iterable[Any], output: IO[bytes]) -> None:
    workbook = Workbook(write_only=True, iso_dates=True)
    sheet = workbook.create_sheet(title="Sheet1")
    date_format = ExcelDateFormatter().get()
    for row in rows_of(self, queryset, self.FORMAT_XLSX):
        sheet.append(cell_of(sheet, value, date_format) for value in row)
    workbook.save(output)


def cell_of(sheet: Any, value: Any, date_format: str) -> WriteOnlyCell:
    if isinstance(value, str):
        # A workbook cannot hold some signs, such as those of a terminal.
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"
        return cell
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, datetime):
        cell.number_format = date_format
    return cell


def rows_of(view: SpreadsheetExportMixin, queryset: Any, kind: str) -> Iterator[list[Any]]:
    """The headings, which an editor may have written too, and what is beneath them."""
    yield [view.get_heading(queryset, field) for field in view.list_export]
    for item in queryset:
        values = view.to_row_dict(item).items()
        yield [view.preprocess_field_value(field, value, kind) for field, value in values]
