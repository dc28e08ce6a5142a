"""A document is taken when its content is what the end of its name says."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from wagtail.models import UploadedFile

from media.models import Document
from tests.media.doors import DOORS, multiple, refusal, upload
from tests.media.made import archive, crowded_archive

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\nstartxref\n9\n%%EOF\n"
TYPES = "[Content_Types].xml"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"
REAL = {
    "text.csv": b"a;b\r\n1;2\r\n",
    "latin.csv": "Größe;Zürich".encode("latin-1"),
    "text.docx": archive(**{TYPES: "<Types/>", "word/document.xml": "<w/>"}),
    "text.odt": archive(mimetype=OPEN_DOCUMENT, **{"content.xml": "<office/>"}),
    "text.pdf": PDF,
    "UPPER.PDF": PDF,
    "late.pdf": b"\n" * 1019 + PDF,
    "followed.pdf": PDF.rstrip() + b"\0" * 1019,
    "talk.pptx": archive(**{TYPES: "<Types/>", "ppt/presentation.xml": "<p/>"}),
    "text.rtf": b"{\\rtf1 Words.}",
    "text.txt": "Größe, Zürich, 東京".encode(),
    "wide.txt": "東京".encode("utf-16"),
    "padded.txt": "Words\n".encode("utf-16"),
    "empty.zip": archive(),
    "full.zip": crowded_archive(1_999_900),
    "full-wide.zip": crowded_archive(1_999_700, wide=True),
    "sheet.xlsx": archive(**{TYPES: "<Types/>", "xl/workbook.xml": "<x/>"}),
}
FALSE = {
    "hello.pdf": b"hello",
    "cut.pdf": PDF[:-8],
    "later.pdf": b"\n" * 1020 + PDF,
    "ended.pdf": PDF.rstrip() + b"\0" * 1020,
    "long-ended.pdf": PDF + b"\0" * 2000,
    "end.pdf": b"hello %%EOF",
    "cut.docx": REAL["text.docx"][:-30],
    "hello.docx": b"hello",
    "sheet.docx": REAL["sheet.xlsx"],
    "text.xlsx": REAL["text.docx"],
    "archive.pptx": REAL["empty.zip"],
    "untyped.docx": archive(**{"word/document.xml": "<w/>"}),
    "hello.odt": b"hello",
    "text.odt": REAL["text.docx"],
    "empty.odt": archive(mimetype=OPEN_DOCUMENT),
    "untyped.odt": archive(**{"content.xml": "<office/>"}),
    "hello.rtf": b"hello",
    "hello.zip": b"hello",
    "crowded.zip": crowded_archive(2_000_100),
    "crowded-wide.zip": crowded_archive(2_000_100, wide=True),
    "crowded.docx": crowded_archive(10_000_000, TYPES, "word/document.xml"),
    "program.txt": b"\x7fELF\x02\x01\x01\x00",
    "first.txt": b"\0Words",
    "separated.txt": b"Words\x1f",
    "odd.txt": REAL["padded.txt"] + b"x",
    "sheet.csv": REAL["sheet.xlsx"],
}


@pytest.mark.parametrize("name", REAL)
def test_document_of_each_kind_is_taken(admin_client, name):
    response = upload(multiple, admin_client, "doc", name, REAL[name])

    assert refusal(response) == ""
    with Document.objects.get().file.open() as file:
        assert file.read() == REAL[name]


@pytest.mark.parametrize("name", FALSE)
def test_document_that_is_not_of_its_kind_is_refused_in_a_sentence(admin_client, name):
    kind = name.partition(".")[2].upper()

    response = upload(multiple, admin_client, "doc", name, FALSE[name])

    assert refusal(response).startswith(f"This is not a {kind} file, or it is damaged or protected")
    assert not Document.objects.exists()


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_each_screen_looks_at_the_content(admin_client, door):
    response = upload(door, admin_client, "doc", "hello.pdf", b"hello")

    assert refusal(response).startswith("This is not a PDF file")


def test_kind_that_is_not_taken_is_named(admin_client):
    response = upload(multiple, admin_client, "doc", "program.exe", b"MZ")

    assert "File extension “exe” is not allowed." in refusal(response)


def test_document_keeps_its_file_when_the_new_one_is_refused(admin_client):
    upload(multiple, admin_client, "doc", "text.pdf", PDF)
    document = Document.objects.get()
    new = BytesIO(b"hello")
    new.name = "new.pdf"

    response = admin_client.post(
        reverse("wagtaildocs:edit", args=[document.pk]),
        {"title": "New", "collection": 1, "file": new},
    )

    assert refusal(response)
    document.refresh_from_db()
    with document.file.open() as file:
        assert file.read() == PDF


def test_document_whose_title_was_too_long_is_taken_with_another(admin_client):
    file = BytesIO(PDF)
    file.name = "text.pdf"
    answer = admin_client.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "x" * 300, "collection": 1, "files[]": file},
    ).json()
    key = answer["uploaded_file_id"]
    row = f"uploaded-document-{key}"

    url = reverse("wagtaildocs:create_multiple_from_uploaded_document", args=[key])
    unanswered = admin_client.post(url)
    response = admin_client.post(url, {f"{row}-title": "Text", f"{row}-collection": 1})

    assert not unanswered.json()["success"]
    assert response.json()["success"]
    assert Document.objects.get().title == "Text"
    assert not UploadedFile.objects.exists()
