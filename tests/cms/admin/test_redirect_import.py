"""Importing redirects: whatever a spreadsheet writes is read, and all of it made or nothing."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook
from wagtail.contrib.redirects.models import Redirect

from tests import factories
from tests.cms.html_forms import posted

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

REDIRECTS = "{ redirects { nodes { path target permanent } } }"
START = "wagtailredirects:start_import"
PROCESS = "wagtailredirects:process_import"


def workbook(*rows: tuple[str | None, ...]) -> bytes:
    book, content = Workbook(), BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(content)
    book.close()
    return content.getvalue()


def chosen(client, name: str, content: bytes):
    return client.post(
        reverse(START), {"import_file": SimpleUploadedFile(name, content)}, follow=True
    )


def imported(client, name: str, content: bytes):
    form = posted(chosen(client, name, content))
    sent = form | {"from_index": 0, "to_index": 1, "site": ""}
    return client.post(reverse(PROCESS), sent, follow=True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", b"from,to\n/a,https://example.org/\n/b,https://example.com/\n"),
        ("blank_lines.csv", b"from,to\n\n/a,https://example.org/\n,\n/b,https://example.com/\n\n"),
        (
            "marked.csv",
            "\ufefffrom,to\n/a,https://example.org/\n/b,https://example.com/\n".encode(),
        ),
        (
            "wide.csv",
            "from,to\n/a,https://example.org/\n/b,https://example.com/\n".encode("utf-16"),
        ),
        (
            "german.csv",
            "from;tö\r\n/a;https://example.org/\r\n/b;https://example.com/\r\n".encode("latin-1"),
        ),
        ("empty_ends.csv", b"from,to,,\n/a,https://example.org/,,\n/b,https://example.com/,\n"),
        ("tabs.tsv", b"from\tto\n/a\thttps://example.org/\n/b\thttps://example.com/\n"),
        ("UPPER.CSV", b"from,to\n/a,https://example.org/\n/b,https://example.com/\n"),
        (
            "book.xlsx",
            workbook(
                ("from", "to"), ("/a", "https://example.org/"), ("/b", "https://example.com/")
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_table_of_any_spreadsheet_is_imported(admin_client, name, content):
    imported(admin_client, name, content)

    assert list(Redirect.objects.order_by("pk").values_list("old_path", "redirect_link")) == [
        ("/a", "https://example.org/"),
        ("/b", "https://example.com/"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "short.csv",
            b"from,to\n/a,https://example.com/\n/b\n",
            "Line 3 has 1 columns, and the first line 2",
        ),
        (
            "long.csv",
            b"from,to\n/a,https://example.com/,more\n",
            "Line 2 has 3 columns, and the first line 2",
        ),
        ("empty.csv", b"\n\n", "This file is empty."),
        ("picture.csv", b"\x89PNG\0\0", "This is not a table"),
        ("broken.xlsx", b"no workbook", "This workbook cannot be opened"),
        ("cut.xlsx", workbook(("from", "to"))[:-40], "This workbook cannot be opened"),
        ("redirects.ods", b"from,to", "Choose a CSV, TSV or XLSX file."),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[-5:-3] else "",
)
def test_file_that_cannot_be_read_is_refused_in_a_sentence(admin_client, name, content, sentence):
    response = chosen(admin_client, name, content)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert "Nothing was imported." in response.content.decode()


def test_one_wrong_row_keeps_all_from_being_imported(admin_client):
    content = b"from,to\n/a,https://example.com/\n,https://example.com/\n/b,https://example.com/\n"

    response = imported(admin_client, "wrong.csv", content)

    assert response.status_code == 200
    assert "1 of 3 redirects cannot be made, so none was." in response.content.decode()
    assert not Redirect.objects.exists()


@pytest.mark.parametrize(
    ("before", "rows"),
    [
        ([], "/a,/b\n/b,/c\n/c,/a\n"),
        ([("/b", "/c"), ("/c", "/a/")], "/new,/elsewhere\n/a,/b?from=a\n"),
    ],
    ids=["among themselves", "with those there are"],
)
def test_row_that_leads_in_a_circle_is_named_and_none_is_imported(admin_client, before, rows):
    for old_path, link in before:
        Redirect.objects.create(old_path=old_path, redirect_link=link)

    response = imported(admin_client, "circle.csv", f"from,to\n{rows}".encode())

    said = response.content.decode()
    assert "redirects cannot be made, so none was." in said
    assert "Readers would be led in a circle: choose another." in said
    assert re.search(rf"<td>\s*{rows.splitlines()[-1].partition(',')[0]}\s*</td>", said)
    assert Redirect.objects.count() == len(before)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"from,to\n/a,https://example.org/\n/b,\n"),
        ("a.xlsx", workbook(("from", "to"), ("/a", "https://example.org/"), ("/b", None))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_row_that_leads_nowhere_is_named_and_none_is_imported(admin_client, name, content):
    response = imported(admin_client, name, content)

    assert "Say where it leads: choose a page, or an address." in response.content.decode()
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_exported_can_be_imported(admin_client, ask, pages_above, kind):
    page = factories.article_page(slug="old")
    page.slug = "new"
    page.save_revision().publish()
    Redirect.objects.create(old_path="/a", redirect_link="/b?c=d")
    Redirect.objects.create(old_path="/e", redirect_link="https://example.org/")
    before = ask(REDIRECTS)
    exported = admin_client.get(reverse("wagtailredirects:index"), {"export": kind})
    content = b"".join(exported.streaming_content) if exported.streaming else exported.content
    Redirect.objects.all().delete()

    imported(admin_client, f"redirects.{kind}", content)

    assert ask(REDIRECTS) == before
    assert len(before["redirects"]["nodes"]) == 3


def test_paths_of_this_site_are_imported_and_answered(admin_client, ask):
    content = b"from,to\n/a,https://example.org/a\n/b,/c?d=e#f\n"

    imported(admin_client, "chain.csv", content)

    answer = ask(
        '{ b: route(path: "/b/") { redirect { target } } c: route(path: "/c") { status } }'
    )
    assert answer == {"b": {"redirect": {"target": "/c?d=e#f"}}, "c": {"status": 404}}
    assert Redirect.objects.count() == 2


@pytest.mark.parametrize(
    "link",
    ["//example.org/", "/\\example.org", "javascript:alert(1)", "example.org", "ftp://a.org/"],
)
def test_link_that_leads_elsewhere_than_it_says_is_refused_with_its_row(admin_client, link):
    response = imported(admin_client, "a.csv", f"from,to\n/a,{link}\n".encode())

    said = response.content.decode()
    assert "Begin with a slash, “/articles/”, or with “https://”." in said
    assert not Redirect.objects.exists()


def test_imported_ones_come_in_the_place_of_what_pages_have_left(admin_client, pages_above):
    page = factories.article_page(slug="old")
    page.slug = "new"
    page.save_revision().publish()
    [left] = Redirect.objects.values_list("old_path", flat=True)

    imported(admin_client, "a.csv", f"from,to\n{left},https://example.org/\n".encode())

    assert Redirect.objects.get().redirect_link == "https://example.org/"


def test_published_page_at_the_path_of_an_imported_one_is_named(admin_client, pages_above):
    factories.article_page(title="Edge devices", slug="edge-devices")
    content = b"from,to\n/articles/edge-devices/,https://example.org/\n"

    response = imported(admin_client, "a.csv", content)

    assert "“Edge devices” is published at /articles/edge-devices" in response.content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"import_file_name": "/etc/passwd", "input_format": "0"}, {"input_format": "x"}]
)
def test_second_step_without_the_first_leads_back_to_it(admin_client, sent):
    response = admin_client.post(reverse(PROCESS), sent, follow=True)

    assert response.redirect_chain == [(reverse(START), 302)]
    assert "choose it again" in response.content.decode()


def test_second_step_whose_file_is_gone_leads_back_to_the_first(admin_client):
    content = b"from,to\n/a,https://example.com/\n"
    form = posted(chosen(admin_client, "once.csv", content)) | {"from_index": 0, "to_index": 1}
    admin_client.post(reverse(PROCESS), form)

    response = admin_client.post(reverse(PROCESS), form, follow=True)

    assert "choose it again" in response.content.decode()
    assert Redirect.objects.count() == 1


def test_who_may_not_make_redirects_imports_none(sign_in, staff):
    response = sign_in(staff).post(
        reverse(START), {"import_file": SimpleUploadedFile("x.csv", b"from,to\n/a,/b/\n")}
    )

    assert response.status_code in {302, 403}
