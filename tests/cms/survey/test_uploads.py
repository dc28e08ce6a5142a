"""Results of a survey from a table: what is counted, and what is refused with a sentence."""

from __future__ import annotations

from io import BytesIO
from time import monotonic
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from cms.survey import uploads
from tests import factories
from tests.cms.survey.conftest import USES, WHAT, WHEN

pytestmark = pytest.mark.decided_in_python

HEAD = [WHEN, WHAT, "Your name"]
ROWS = [
    ["2025", f"{USES[0]}; Vision", "Ada"],
    ["2025", "Vision", "Emil"],
    ["2025", "", "Noor"],
    ["Later", f"{USES[0]}, Vision", "Zoë"],
    ["2026", "Robots\nVision", "=1+1"],
    ["2025", USES[0], "Li"],
]


def as_csv(rows: list[list[str]], separator: str = ",", coding: str = "utf-8") -> bytes:
    lines = [separator.join('"{}"'.format(cell.replace('"', '""')) for cell in row) for row in rows]
    return "\r\n".join(lines).encode(coding)


def as_workbook(rows: list[list[Any]]) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    output = BytesIO()
    workbook.save(output)
    return output.getvalue()


def table(content: bytes, name: str = "answers.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def look(results: Any, content: bytes, name: str = "answers.csv") -> Any:
    return results.look(source="file", file=table(content, name))


def refused(results: Any, content: bytes, name: str = "answers.csv") -> str:
    response = results.choose(source="file", file=table(content, name))
    assert response.status_code == 200
    assert "changes" not in response.context
    [sentence] = response.context["form"].errors["file"]
    assert results.page.revisions.count() <= 1
    return sentence


def counts(response: Any) -> dict[str, dict[str, int]]:
    found = response.context["results"].tallies
    return {each.label: dict(each.counts) for each in found}


EXPECTED = {
    WHEN: {"2025": 4, "2026": 1, "Later": 1},
    WHAT: {USES[0]: 3, "Vision": 4, "Robots": 1},
}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (as_csv([HEAD, *ROWS]), "answers.csv"),
        (as_csv([HEAD, *ROWS], ";", "utf-8-sig"), "answers.CSV"),
        (as_csv([HEAD, *ROWS], "\t", "utf-16"), "answers.tsv"),
        (as_csv([HEAD, *ROWS], ";", "latin-1"), "answers.csv"),
        (as_csv([[], HEAD, [], *ROWS, ["", "", ""]]), "answers.csv"),
        (as_csv([["when_will_it_be_there", "what_for", ""], *[r[:2] for r in ROWS]]), "keys.csv"),
    ],
    ids=["UTF-8", "semicolons and a mark", "tabs and UTF-16", "Latin-1", "empty rows", "keys"],
)
def test_table_is_counted_however_a_spreadsheet_wrote_it(results, content, name):
    preview = look(results, content, name)

    assert counts(preview) == EXPECTED
    assert preview.context["results"].people == 6
    assert preview.context["upload"]["bad_rows"] == 0


def test_workbook_is_counted_with_its_numbers_and_dates(results):
    rows = [[int(when) if when.isdecimal() else when, what, None] for when, what, _ in ROWS]

    assert counts(look(results, as_workbook([HEAD, *rows]), "answers.xlsx")) == EXPECTED


def test_table_becomes_a_draft_with_bases_of_its_own(results):
    assert results.apply(look(results, as_csv([HEAD, *ROWS]))).status_code == 302

    timing, _, uses = results.draft.questions
    assert (timing.value["base_size"], uses.value["base_size"]) == (6, 5)
    assert str(timing.value["options"][0]["percentage"]) == "67"
    assert results.draft.base_size == 6
    assert results.draft.fieldwork_from is None


def test_what_this_site_exports_is_counted_again(results, answers, form):
    listing = reverse("wagtailforms:list_submissions", args=[form.pk])
    for kind in ("csv", "xlsx"):
        exported = b"".join(results.client.get(listing, {"export": kind}))

        assert counts(look(results, exported, f"answers.{kind}"))[WHAT] == {
            USES[0]: 5,
            "Vision": 2,
            "Robots": 0,
        }


def test_every_bad_row_is_named_and_left_out_only_when_an_editor_says_so(results):
    bad = [
        ["2O25", "Vision", "Ada"],
        ["2025; 2026", "Vision", "Ada"],
        ["2025", "Vision; Flying", "Ada"],
        ["2025", "Vision", "Ada", "one more"],
    ]
    preview = look(results, as_csv([HEAD, *ROWS, *bad]))

    named = [(each["row"], each["column"]) for each in preview.context["upload"]["bad"]]
    shown = preview.content.decode()
    # The choices of row 6 have a line break between them, so that it ends on line 7.
    assert named == [(9, WHEN), (10, WHEN), (11, WHAT), (12, "")]
    assert "“2O25” is none of the choices. Correct it, or add it to the form." in shown
    assert "“Flying” is none of the choices" in shown
    assert counts(preview) == EXPECTED

    again = results.apply(preview)
    assert again.status_code == 409
    assert "tick that it is taken without them" in again.content.decode()
    assert results.apply(preview, without_bad="on").status_code == 302
    assert results.draft.base_size == 6


def test_very_many_bad_rows_are_named_in_part_and_counted_all(results):
    preview = look(results, as_csv([HEAD, *ROWS, *([["Never", "", ""]] * 1_000)]))

    assert len(preview.context["upload"]["bad"]) == uploads.MOST_BAD
    assert preview.context["upload"]["bad_rows"] == 1_000
    assert "And 800 more." in preview.content.decode()


def test_formula_is_named_and_not_worked_out(results):
    rows = [*ROWS, ['=HYPERLINK("https://evil.example.org")', "Vision", ""]]

    preview = look(results, as_workbook([HEAD, *rows]), "answers.xlsx")

    [bad] = preview.context["upload"]["bad"]
    assert (bad["row"], bad["column"]) == (8, WHEN)
    assert "Is a formula" in bad["sentence"]


def test_columns_that_are_missing_or_no_question_are_named(results):
    preview = look(results, as_csv([["Your name", WHEN], *[[r[2], r[0]] for r in ROWS]]))

    shown = preview.content.decode()
    assert "The form asks what no column of the table is about: “What for?”" in shown
    assert "“Your name”" in shown
    assert "Ada" not in shown


def test_column_that_looks_like_a_question_is_left_out_unless_an_editor_takes_it(results):
    rows = [[*row, "Yes" if number < 4 else "No"] for number, row in enumerate(ROWS)]
    content = as_csv([[*HEAD, "Is it good?"], *rows])

    preview = look(results, content)
    left = results.send(preview, again="1")
    taken = results.send(preview, again="1", **{"target-Is it good?": "new"})
    results.apply(taken)

    assert left.context["changes"].of_questions[-1].kind == "left alone"
    assert results.draft.questions[-1].value["question"] == "Is it good?"
    assert str(results.draft.questions[-1].value["options"][0]["percentage"]) == "67"


def test_survey_without_a_form_is_filled_from_a_table(results_for, editor, db):
    known = {"heading": "Timing", "options": [{"text": "2025", "basis": "ranked"}]}
    page = factories.survey_page(questions=[("question", known)])
    screen = results_for(editor, page)

    preview = look(screen, as_csv([["Timing"], *[[row[0]] for row in ROWS]]))

    assert screen.apply(preview).status_code == 302
    assert str(screen.draft.questions[0].value["options"][0]["percentage"]) == "67"


@pytest.mark.parametrize("length", [300, 5_000])
def test_heading_of_any_length_fits(results, length):
    rows = [["x" * length], *[[row[0]] for row in ROWS * 2]]
    preview = look(results, as_csv(rows))
    key = preview.context["changes"].of_questions[0].tally.key

    results.apply(results.send(preview, again="1", **{f"target-{key}": "new"}))

    results.draft.check_publishable()
    assert len(results.draft.questions[-1].value["question"]) == 300


# Refused


def archive(**files: str | bytes) -> bytes:
    output = BytesIO()
    with ZipFile(output, "w", ZIP_DEFLATED) as archived:
        for name, content in files.items():
            archived.writestr(name, content)
    return output.getvalue()


def with_sheet(xml: str) -> bytes:
    """A workbook whose first sheet says this."""
    made = BytesIO()
    with ZipFile(BytesIO(as_workbook([HEAD]))) as whole, ZipFile(made, "w", ZIP_DEFLATED) as other:
        for name in whole.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            other.writestr(name, xml if is_sheet else whole.read(name))
    return made.getvalue()


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
)
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
FAR_AWAY = (
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>When</t></is></c></row>'
    '<row r="{}"><c r="{}{}"><v>1</v></c></row></sheetData>'
)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.csv", "empty"),
        (b"\n\n,,\n", "a.csv", "This file is empty."),
        (as_csv([HEAD]), "a.csv", "headings alone"),
        (as_csv([[WHEN, WHEN.upper()], ["2025", "2026"]]), "a.csv", "Two columns are called"),
        (as_csv([[WHEN, ""], ["2025", "2026"]]), "a.csv", "Column B has answers and no heading"),
        (b"PK\x03\x04 not a workbook", "a.xlsx", "cannot be opened"),
        (b"\x00\x01\x02", "a.csv", "not a table"),
        (as_csv([HEAD, *ROWS]), "a.ods", "Choose a CSV, TSV or XLSX file."),
        (as_csv([HEAD, *ROWS]), "a.xlsx", "cannot be opened"),
        (archive(**{"x.xml": b"0" * 60_000_000}), "a.xlsx", "too large"),
        (archive(**{f"{number}": b"" for number in range(3_000)}), "a.xlsx", "too large"),
        (with_sheet(LAUGHS + SHEET.format("&i;")), "a.xlsx", "cannot be opened"),
        (with_sheet(SHEET.format(FAR_AWAY.format(10**12, "A", 10**12))), "a.xlsx", "20,000 rows"),
        (with_sheet(SHEET.format(FAR_AWAY.format(2, "XFD", 2))), "a.xlsx", "200 columns"),
        (with_sheet("<worksheet>"), "a.xlsx", "cannot be opened"),
        (b"a,b\n" + b"1,2\n" * 20_001, "a.csv", "20,000 rows"),
        (b",".join([b"a"] * 300) + b"\n", "a.csv", "200 columns"),
        ((b",".join([b"1"] * 190) + b"\n") * 4_000, "a.csv", "600,000 cells"),
        (b"x" * 5_000_001, "a.csv", "more than 5 MB"),
        (b'a\n"' + b"x" * 200_000, "a.csv", "not a table"),
    ],
)
def test_what_is_no_table_of_answers_is_refused_with_a_sentence(results, content, name, sentence):
    begun = monotonic()

    said = refused(results, content, name)

    assert sentence in said
    assert monotonic() - begun < 20


def test_largest_table_that_is_taken_is_counted_within_seconds(results):
    rows = [HEAD, *(ROWS * 3_333)]
    content = as_csv(rows)
    begun = monotonic()

    preview = look(results, content)

    assert preview.context["results"].people == 19_998
    assert monotonic() - begun < 20


def test_texts_of_a_table_are_written_out_as_texts(results):
    rows = [["<script>alert(1)</script>", "", "'\"><img src=x onerror=alert(1)>"]]

    preview = look(results, as_csv([HEAD, *ROWS, *rows]), '"><script>.csv')

    assert "<script>alert(1)</script>" not in preview.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in preview.content.decode()


def test_question_with_very_many_answers_is_left_alone(results, form):
    question = form.form_fields.first()
    question.choices = "\n".join(f"Answer {number}" for number in range(100))
    question.save()
    rows = [[f"Answer {number}", "", ""] for number in range(100)]

    preview = look(results, as_csv([HEAD, *rows]))

    assert preview.context["changes"].of_questions[0].kind == "left alone"
    assert "100 different answers" in preview.content.decode()
