"""What people read when a request is refused or fails: ours, plain, and what to do next."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms.scheduling.process import health

OURS = '<meta name="robots" content="noindex">'


@pytest.fixture
def fails(monkeypatch):
    """A view that does, at an address of the site."""

    def fail(error):
        def raises():
            raise error

        monkeypatch.setattr(health, "last_beat", raises)
        client = Client(raise_request_exception=False)
        return client.get("/health")

    return fail


@pytest.mark.parametrize("path", ["/no/such/page/", "/documents/1/none.pdf", "/calendar/none.ics"])
def test_what_is_not_there(client, home_page, db, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert OURS in answer.content.decode()
    assert "Check the address, or begin at the home page." in answer.content.decode()


def test_a_refusal_has_a_style_of_its_own(client, db):
    refused = client.get("/no/such/page/").content.decode()
    [address] = re.findall(r'<link rel="stylesheet" href="([^"]+)">', refused)

    style = client.get(address)

    assert style.status_code == 200
    assert style.headers["Content-Type"] == 'text/css; charset="utf-8"'
    assert b"font:" in style.getvalue()


def test_what_is_not_there_in_the_admin(editor, sign_in):
    answer = sign_in(editor).get("/admin/no/such/page/")

    assert answer.status_code == 404
    assert "Go back, or begin at the first page of the admin." in answer.content.decode()


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/password_reset/", "/no/such/form/"])
def test_a_form_that_was_open_for_too_long(db, path):
    answer = Client(enforce_csrf_checks=True).post(path, {"username": "carla"})

    assert answer.status_code == 403
    assert "Go back in your browser, copy what you typed" in answer.content.decode()
    assert "CSRF" not in answer.content.decode()


def test_a_request_that_cannot_be_read(fails):
    answer = fails(SuspiciousOperation("of some kind"))

    assert answer.status_code == 400
    assert "This request cannot be read" in answer.content.decode()
    assert "of some kind" not in answer.content.decode()


def test_a_form_with_too_many_fields_says_so(db, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
    fields = {f"body-{number}": "" for number in range(2_001)}

    answer = Client().post("/admin/login/", fields)

    assert answer.status_code == 413
    assert "A form may have 2,000 fields, and yours has more. Nothing was saved" in " ".join(
        answer.content.decode().split()
    )


def test_a_program_that_sends_too_many_fields_reads_so(db, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    fields = {f"body-{number}": "" for number in range(4)}

    answer = Client().post("/admin/login/", fields, headers={"Accept": "application/json"})

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]) == (413, {"code": "REQUEST_TOO_LARGE"})


def test_too_many_files_at_once_are_said_to_be(db, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    files = {f"file-{number}": SimpleUploadedFile("a.txt", b"a") for number in range(4)}

    answer = Client().post("/admin/login/", files)

    assert answer.status_code == 413
    assert "You sent more than 3 files at once." in answer.content.decode()


def test_a_mistake_of_ours(fails, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = fails(RuntimeError("of some kind"))

    assert answer.status_code == 500
    assert "This is our mistake, not yours" in answer.content.decode()
    assert "of some kind" not in answer.content.decode()


def test_what_is_kept_for_others(fails):
    answer = fails(PermissionDenied("of some kind"))

    assert answer.status_code == 403
    assert "ask an administrator" in answer.content.decode()
    assert "of some kind" not in answer.content.decode()
