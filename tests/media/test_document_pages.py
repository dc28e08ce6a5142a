"""Readers are told what kind of thing a document is, and how many pages it has."""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from pypdf import PdfWriter

from media import apart
from media.documents import pages
from media.management.commands import count_pages
from media.models import Document
from tests import factories
from tests.api_ids import id_of
from tests.media.doors import DOORS, refusal, single, upload
from tests.media.made import archive

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

TYPES = "[Content_Types].xml"
PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
META = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"
ASKED = """query document($id: ID!) { page(id: $id) { ... on DeliverablePage {
  document { kind pageCount mediaType fileSize } } } }"""


def pdf(number: int, *, password: str = "") -> bytes:
    written = PdfWriter()
    for _ in range(number):
        written.add_blank_page(width=100, height=100)
    if password:
        written.encrypt(password, algorithm="RC4-128")
    content = BytesIO()
    written.write(content)
    return content.getvalue()


def docx(notes: str) -> bytes:
    return archive(
        **{TYPES: "<Types/>", "word/document.xml": "<w/>", "docProps/app.xml": notes},
    )


def odt(notes: str) -> bytes:
    return archive(mimetype=OPEN_DOCUMENT, **{"content.xml": "<office/>", "meta.xml": notes})


def noted(pages: object) -> str:
    return f'<Properties xmlns="{PROPERTIES}"><Words>9</Words><Pages>{pages}</Pages></Properties>'


DOCUMENTS = {
    "three.pdf": (pdf(3), "PDF", 3),
    "UPPER.PDF": (pdf(1), "PDF", 1),
    "text.docx": (docx(noted(12)), "TEXT", 12),
    "as-many-as-a-number-holds.docx": (docx(noted(2_147_483_647)), "TEXT", 2_147_483_647),
    "text.odt": (
        odt(
            f'<o:document-meta xmlns:o="{OFFICE}" xmlns:m="{META}"><o:meta>'
            '<m:document-statistic m:page-count="4"/></o:meta></o:document-meta>'
        ),
        "TEXT",
        4,
    ),
    "talk.pptx": (
        archive(
            **{TYPES: "<Types/>"},
            **{f"ppt/slides/slide{number}.xml": "<s/>" for number in range(1, 12)},
            **{"ppt/slides/_rels/slide1.xml.rels": "<r/>", "ppt/slideLayouts/slide1.xml": "<l/>"},
        ),
        "PRESENTATION",
        11,
    ),
    "sheet.xlsx": (archive(**{TYPES: "<Types/>", "xl/workbook.xml": "<x/>"}), "SPREADSHEET", None),
    "text.txt": (b"Words.", "TEXT", None),
    "empty.zip": (archive(), "ARCHIVE", None),
}
NOT_KNOWN = {
    "nothing-noted.docx": docx(f'<Properties xmlns="{PROPERTIES}"/>'),
    "none.docx": docx(noted(0)),
    "fewer-than-none.docx": docx(noted(-1)),
    "words.docx": docx(noted("many")),
    "more-than-a-number-holds.docx": docx(noted(2_147_483_648)),
    "broken.docx": docx("<Properties"),
    "no-statistic.odt": odt("<meta/>"),
    "no-pages.pdf": b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\nstartxref\n9\n%%EOF\n",
    "protected.pdf": pdf(2, password="words"),
}


def uploaded(client, name: str, content: bytes, door=single) -> Document:
    assert refusal(upload(door, client, "doc", name, content)) == ""
    return Document.objects.latest("pk")


def answered(ask, document: Document) -> dict:
    page = factories.deliverable_page(document=document, link_url="")
    return ask(ASKED, id=id_of(page))["page"]["document"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_readers_are_told_the_kind_and_the_pages(admin_client, ask, name):
    content, kind, count = DOCUMENTS[name]

    told = answered(ask, uploaded(admin_client, name, content))

    assert (told["kind"], told["pageCount"]) == (kind, count)
    assert told["fileSize"] == len(content)


@pytest.mark.parametrize("name", NOT_KNOWN)
def test_document_whose_pages_nobody_knows_is_taken_all_the_same(admin_client, name):
    assert uploaded(admin_client, name, NOT_KNOWN[name]).page_count is None


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_each_screen_counts_once(admin_client, door, monkeypatch):
    asked = Mock(wraps=pages.ask)
    monkeypatch.setattr(pages, "ask", asked)

    assert uploaded(admin_client, "two.pdf", pdf(2), door).page_count == 2

    asked.assert_called_once()


def test_no_process_is_started_for_what_has_no_pages(admin_client, monkeypatch):
    asked = Mock(wraps=pages.ask)
    monkeypatch.setattr(pages, "ask", asked)

    assert uploaded(admin_client, "text.txt", b"Words.").page_count is None

    asked.assert_not_called()


def test_another_file_is_counted_anew(admin_client):
    document = uploaded(admin_client, "two.pdf", pdf(2))
    address = reverse("wagtaildocs:edit", args=[document.pk])
    sent = {"title": "New", "collection": 1}

    admin_client.post(address, {**sent, "file": SimpleUploadedFile("five.pdf", pdf(5))})
    document.refresh_from_db()
    assert document.page_count == 5

    admin_client.post(address, {**sent, "file": SimpleUploadedFile("text.txt", b"Words.")})
    document.refresh_from_db()
    assert document.page_count is None


@pytest.mark.parametrize(("limit", "least"), [("MEMORY", 10_000_000), ("SECONDS", 0)])
def test_document_that_takes_too_much_to_read_is_taken_uncounted(
    admin_client, monkeypatch, limit, least
):
    monkeypatch.setattr(apart, limit, least)

    assert uploaded(admin_client, "two.pdf", pdf(2)).page_count is None


def stored(name: str, content: bytes) -> Document:
    return Document.objects.create(title=name, file=ContentFile(content, name))


def test_documents_of_before_are_counted_by_a_command(ask):
    documents = [stored("two.pdf", pdf(2)), stored("text.txt", b"Words."), stored("gone.pdf", b"")]
    Path(documents[2].file.path).unlink()
    said, complained = StringIO(), StringIO()

    call_command("count_pages", stdout=said, stderr=complained)
    call_command("count_pages", stdout=said, stderr=complained)

    assert said.getvalue().splitlines() == [
        "3 of 3 documents, 1 of them counted",
        "2 of 2 documents, 0 of them counted",
    ]
    assert complained.getvalue().startswith("'gone.pdf' cannot be read: No such file or directory.")
    assert answered(ask, documents[0])["pageCount"] == 2


def test_command_says_how_far_it_is_unless_it_is_to_be_quiet():
    for number in range(11):
        stored(f"{number}.txt", b"Words.")
    stored("two.pdf", pdf(2))
    said, quiet = StringIO(), StringIO()

    call_command("count_pages", stdout=said)
    call_command("count_pages", stdout=quiet, verbosity=0)

    assert said.getvalue().splitlines() == [
        "10 of 12 documents, 0 of them counted",
        "12 of 12 documents, 1 of them counted",
    ]
    assert quiet.getvalue() == ""


def test_document_that_is_replaced_or_deleted_while_the_command_counts_is_left_alone(monkeypatch):
    replaced, deleted = stored("two.pdf", pdf(2)), stored("gone.pdf", pdf(3))

    def meanwhile(name, file):
        Document.objects.filter(pk=deleted.pk).delete()
        Document.objects.filter(pk=replaced.pk).update(file="documents/other.pdf", page_count=5)
        return pages.page_count_of(name, file)

    monkeypatch.setattr(count_pages, "page_count_of", meanwhile)
    said = StringIO()
    call_command("count_pages", stdout=said)

    assert said.getvalue() == "2 of 2 documents, 0 of them counted\n"
    assert Document.objects.get().page_count == 5


def test_file_of_a_kind_that_cannot_be_uploaded_is_another_kind(ask):
    told = answered(ask, stored("program.exe", b"MZ"))

    assert (told["kind"], told["pageCount"]) == ("OTHER", None)
