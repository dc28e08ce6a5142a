"""Files as answers: sent first, looked at as uploads of editors are, read by staff alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from cms.submissions.files import FOLDER
from cms.submissions.models import DiscardedFile, Submission, SubmissionFile
from pages.models import FormField, FormPage
from tests import factories, stores
from tests.media.made import PLACE, archive, camera_notes, crowded_archive, huge_png, picture

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\nstartxref\n9\n%%EOF\n"
DOCX = archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})


@pytest.fixture
def form(db) -> FormPage:
    return factories.form_page(
        slug="join",
        is_open=True,
        form_fields=[
            FormField(label="Your name", field_type="singleline"),
            FormField(label="Papers", field_type="file", maximum=2, required=False),
            FormField(
                label="About them",
                field_type="singleline",
                required=False,
                condition_question="papers",
            ),
        ],
    )


@pytest.fixture
def start(run_operation, clock) -> Callable[..., Any]:
    def start() -> Any:
        began = run_operation("start_form", path="/join/")["startForm"]
        clock.moment += timedelta(minutes=1)
        return began

    return start


@pytest.fixture
def put(form, start, client) -> Callable[..., Any]:
    """Send a file, as a browser does; what is answered."""

    def put(content: bytes = PDF, *, name: str = "cv.pdf", question: str = "papers", **given: Any):
        url = given.get("url") or start()["fileUrl"]
        address = url.removeprefix("http://testserver")
        return client.put(
            f"{address}/{question}/{given.get('key', uuid4())}",
            content,
            content_type="application/octet-stream",
            query_params={"name": name},
            headers=given.get("headers", {}),
        )

    return put


@pytest.fixture
def submit(form, start, run_operation) -> Callable[..., Any]:
    def submit(*files: str, key: str = "", **answers: str) -> Any:
        given: dict[str, Any] = {"your_name": "Ada", **answers, "papers": list(files)}
        sent = [
            {"cleanName": name, "values": [value] if isinstance(value, str) else value}
            for name, value in given.items()
        ]
        return run_operation(
            "submit_form",
            path="/join/",
            answers=sent,
            idempotencyKey=key or uuid4().hex,
            token=start()["token"],
        )["submitForm"]

    return submit


def key_of(response: Any) -> str:
    assert response.status_code == 201, response.content
    return response.json()["file"]["key"]


def code_of(response: Any) -> tuple[int, str]:
    [error] = response.json()["errors"]
    assert error["message"].endswith(".")
    return response.status_code, error["code"]


def codes(outcome: Any) -> list[tuple[str | None, str]]:
    assert outcome["reference"] is None
    return [(error["cleanName"], error["code"]) for error in outcome["errors"]]


def stored() -> list[Path]:
    folder = Path(django_settings.MEDIA_ROOT) / FOLDER
    return sorted(folder.iterdir()) if folder.exists() else []


def test_form_says_which_files_it_takes_and_where(form, run_operation, start):
    fields = run_operation("form", path="/join/")["page"]["formFields"]

    asked = {each["cleanName"]: each for each in fields}
    assert asked["papers"]["fieldType"] == "FILE"
    assert (asked["papers"]["maximum"], asked["papers"]["maxFileSize"]) == (2, 10_000_000)
    assert {".pdf", ".docx", ".heic", ".png"} <= set(asked["papers"]["accept"].split(","))
    assert ".zip" not in asked["papers"]["accept"]
    assert (asked["your_name"]["accept"], asked["your_name"]["maxFileSize"]) == (None, None)
    assert start()["fileUrl"].startswith("http://testserver/forms/files/")


def test_form_without_such_a_question_takes_no_file(form, start):
    FormField.objects.filter(field_type="file").update(field_type="singleline")

    assert start()["fileUrl"] is None


def test_files_are_kept_with_the_answer_that_names_them(put, submit):
    first, second = put(), put(DOCX, name="paper.docx")
    outcome = submit(key_of(first), key_of(second), about_them="Two of mine")

    taken = Submission.objects.get()
    assert outcome == {"reference": str(taken.reference), "errors": []}
    assert taken.form_data == {
        "your_name": "Ada",
        "papers": ["cv.pdf", "paper.docx"],
        "about_them": "Two of mine",
    }
    assert [(each.name, each.size, each.media_type) for each in taken.files.all()] == [
        ("cv.pdf", len(PDF), "application/pdf"),
        (
            "paper.docx",
            len(DOCX),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ]
    assert sorted(path.read_bytes() for path in stored()) == sorted([PDF, DOCX])
    assert first["Cache-Control"] == "no-store"


def test_what_depends_on_a_file_is_not_asked_without_one(submit):
    submit(about_them="None")

    assert Submission.objects.get().form_data == {"your_name": "Ada"}


@pytest.mark.decided_in_python
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", picture(exif=camera_notes(orientation=6))),
        ("photo.png", picture("PNG", exif=camera_notes())),
        ("photo.heic", picture("HEIF")),
    ],
)
def test_picture_is_kept_upright_and_without_its_place(put, name, content):
    answer = put(content, name=name).json()["file"]

    [file] = stored()
    assert PLACE not in file.read_bytes()
    assert answer["size"] == file.stat().st_size
    assert answer["name"] == name.replace(".heic", ".jpg")


@pytest.mark.decided_in_python
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("program.exe", b"MZ"),
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("packed.zip", archive()),
        ("nothing.pdf", b""),
        ("page.pdf", b"<script>alert(1)</script>"),
        ("words.docx", b"words"),
        (
            "crowded.docx",
            crowded_archive(9_900_000, "[Content_Types].xml", "word/document.xml"),
        ),
        ("words.png", b"words"),
        ("cut.jpg", picture()[:-200]),
        ("huge.png", huge_png(30_000, 20_000)),
        ("mislabelled.png", picture("JPEG")),
        ("", PDF),
        ("pdf", PDF),
    ],
)
def test_what_is_not_what_it_says_is_refused_in_a_sentence(put, name, content):
    assert code_of(put(content, name=name)) == (422, "FILE_REFUSED")
    assert not SubmissionFile.objects.exists()
    assert stored() == []


@pytest.mark.decided_in_python
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\Users\\Ada\\cv.pdf", "cv.pdf"),
        ("../../etc/cv.pdf", "cv.pdf"),
        ("fdp.\u202excod.pdf", "fdp.xcod.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("Größe 東京.pdf", "Größe 東京.pdf"),
    ],
)
def test_name_is_kept_without_folders_and_what_nobody_sees(put, name, kept):
    assert put(name=name).json()["file"]["name"] == kept


def test_file_that_is_too_large_is_refused_before_it_is_read(put, settings):
    settings.FORM_FILE_MAX_SIZE = len(PDF) - 1

    assert code_of(put()) == (413, "FILE_TOO_LARGE")


def test_file_that_ends_too_early_is_refused(form, start, client):
    address = start()["fileUrl"].removeprefix("http://testserver")
    response = client.request(
        REQUEST_METHOD="PUT",
        PATH_INFO=f"{address}/papers/{uuid4()}",
        QUERY_STRING="name=words.txt",
        CONTENT_LENGTH="100",
        **{"wsgi.input": BytesIO(b"Only these words.")},
    )

    assert code_of(response) == (422, "FILE_REFUSED")


def test_same_file_sent_again_is_taken_once(put, start):
    key, url = str(uuid4()), start()["fileUrl"]
    first, again = put(key=key, url=url), put(key=key, url=url)
    another = put(DOCX, name="cv.docx", key=key, url=url)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert code_of(another) == (409, "KEY_REUSED")
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"question": "your_name"}, (404, "UNKNOWN_QUESTION")),
        ({"question": "shoe"}, (404, "UNKNOWN_QUESTION")),
        ({"key": "first"}, (422, "KEY_REFUSED")),
        ({"key": ""}, (422, "KEY_REFUSED")),
        ({"url": "/forms/files/made-up"}, (403, "START_AGAIN")),
    ],
)
def test_file_for_nothing_that_is_asked_is_refused(put, given, refused):
    assert code_of(put(**given)) == refused


def closed(form: FormPage) -> None:
    FormPage.objects.update(is_open=False)


def unpublished(form: FormPage) -> None:
    form.unpublish()


def private(form: FormPage) -> None:
    PageViewRestriction.objects.create(page=form, restriction_type="login")


@pytest.mark.parametrize("become", [closed, unpublished, private])
def test_form_that_takes_no_answers_takes_no_file_and_tells_nothing(form, put, start, become):
    url = start()["fileUrl"]
    become(form)

    assert code_of(put(url=url)) == (404, "FORM_NOT_OPEN")
    assert stored() == []


def test_address_for_files_lasts_a_day(put, start, clock):
    url = start()["fileUrl"]
    clock.moment += timedelta(hours=24)

    assert code_of(put(url=url)) == (403, "START_AGAIN")


def test_other_methods_are_refused(form, start, client):
    address = start()["fileUrl"].removeprefix("http://testserver") + f"/papers/{uuid4()}"

    for method in ("get", "post", "delete"):
        response = getattr(client, method)(address)
        assert response.status_code == 405
        assert response["Allow"] == "PUT, OPTIONS"


def test_pages_of_frontends_may_send_files_and_others_not(form, start, client, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://www.example.org"]
    address = start()["fileUrl"].removeprefix("http://testserver") + f"/papers/{uuid4()}"

    def allowed(origin: str) -> str:
        asked = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
        return client.options(address, headers=asked).get("Access-Control-Allow-Methods", "")

    assert "PUT" in allowed("https://www.example.org")
    assert allowed("https://elsewhere.example") == ""


def test_so_many_files_an_hour_are_taken_of_an_address_and_of_a_form(put, settings, clock):
    settings.FORM_FILES_PER_ADDRESS_PER_HOUR, settings.FORM_FILES_PER_HOUR = 2, 3
    other = {"X-Forwarded-For": "203.0.113.9"}
    key_of(put())
    key_of(put())
    refused = put()
    settings.FORM_FILES_PER_ADDRESS_PER_HOUR = 10
    key_of(put(headers=other))

    assert code_of(refused) == (429, "RATE_LIMITED")
    assert 0 < int(refused["Retry-After"]) <= 3601
    assert code_of(put(headers=other)) == (429, "RATE_LIMITED")
    clock.moment += timedelta(hours=1)
    key_of(put())


def test_files_that_are_refused_count_as_well(put, settings):
    """Looking at them is what takes long."""
    settings.FORM_FILES_PER_ADDRESS_PER_HOUR = 2
    refused = [code_of(put(b"hello")) for _ in range(3)]

    assert refused == [(422, "FILE_REFUSED"), (422, "FILE_REFUSED"), (429, "RATE_LIMITED")]


# With the answer


@pytest.mark.parametrize(
    ("asked", "sent", "refused"),
    [
        ({}, 3, "TOO_MANY_FILES"),
        ({"maximum": None}, 2, "TOO_MANY_FILES"),
        ({"minimum": 2}, 1, "TOO_FEW_FILES"),
        ({"required": True}, 0, "REQUIRED"),
    ],
)
def test_as_many_files_are_taken_as_are_asked_for(form, put, submit, asked, sent, refused):
    FormField.objects.filter(field_type="file").update(**asked)

    outcome = submit(*[key_of(put()) for _ in range(sent)])

    assert codes(outcome) == [("papers", refused)]
    assert not SubmissionFile.objects.filter(submission__isnull=False).exists()


NEVER_SENT = "5f0c9c1e-6c1b-4a53-8d7e-0f7a3b8a1c11"


@pytest.mark.parametrize("value", [NEVER_SENT, NEVER_SENT.upper(), "cv.pdf", "0" * 32])
def test_file_that_was_never_sent_is_missed(submit, value):
    assert codes(submit(value)) == [("papers", "FILE_NOT_FOUND")]


def test_file_of_another_question_form_or_answer_is_missed(form, put, submit):
    FormField.objects.create(
        page=form, label="Photo", field_type="file", required=False, clean_name="photo"
    )
    other = key_of(put(question="photo"))
    used = key_of(put())
    submit(used)
    moved = key_of(put())
    elsewhere = factories.form_page(slug="elsewhere", is_open=True)
    SubmissionFile.objects.filter(key=moved).update(page=elsewhere)

    for key in (other, used, moved):
        assert codes(submit(key)) == [("papers", "FILE_NOT_FOUND")]


def test_file_named_twice_is_one(put, submit):
    key = key_of(put())

    assert submit(key, key)["errors"] == []
    assert Submission.objects.get().form_data["papers"] == ["cv.pdf"]


def test_answer_with_files_sent_again_is_taken_once(put, submit):
    file = key_of(put())
    first, again = submit(file, key="k" * 20), submit(file, key="k" * 20)

    assert first["reference"] == again["reference"]
    assert first["errors"] == again["errors"] == []


# Who reads them


@pytest.fixture
def answer(put, submit) -> Submission:
    submit(key_of(put(name="Ada’s cv.pdf")))
    return Submission.objects.get()


def address_of(answer: Submission) -> str:
    return reverse("answer_file", args=[answer.pk, answer.files.get().key])


def test_staff_open_the_file_from_the_answer_and_the_browser_shows_nothing(answer, editor, sign_in):
    browser = sign_in(editor)
    page = browser.get(reverse("answer", args=[answer.pk])).content.decode()
    listed = browser.get(reverse("wagtailforms:list_submissions", args=[answer.page_id]))
    response = browser.get(address_of(answer))

    assert f'href="{address_of(answer)}"' in page
    assert "Ada’s cv.pdf" in unescape(page)
    assert "Ada’s cv.pdf" in unescape(listed.content.decode())
    assert b"".join(response) == PDF
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Ada%E2%80%99s")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_nobody_else_reads_it_and_it_has_no_address_of_its_own(answer, staff, sign_in):
    [file] = stored()

    assert sign_in(staff).get(address_of(answer)).status_code == 404
    assert Client().get(address_of(answer)).status_code == 302
    for address in (f"/uploads/{FOLDER}/{file.name}", f"/documents/{FOLDER}/{file.name}"):
        assert Client().get(address, follow=True).status_code == 404


def test_file_of_another_answer_is_not_found_under_this_one(answer, put, submit, editor, sign_in):
    submit(key_of(put()))
    other = Submission.objects.exclude(pk=answer.pk).get()
    address = reverse("answer_file", args=[answer.pk, other.files.get().key])

    assert sign_in(editor).get(address).status_code == 404


def test_file_that_is_missing_is_a_404(answer, editor, sign_in):
    stored()[0].unlink()

    assert sign_in(editor).get(address_of(answer)).status_code == 404


# Removing


def test_file_goes_with_its_answer(
    answer, editor, sign_in, django_capture_on_commit_callbacks, clock
):
    address = reverse("delete_answers", args=[answer.page_id])
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(editor).post(f"{address}?selected-submissions={answer.pk}")

    assert stored() == []
    assert not SubmissionFile.objects.exists()
    assert not DiscardedFile.objects.exists()


def test_file_goes_with_its_form(answer, editor, sign_in, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        FormPage.objects.get().delete()

    assert stored() == []
    assert not DiscardedFile.objects.exists()


def test_file_whose_process_died_before_it_was_removed_is_removed_later(answer):
    answer.delete()  # What was to follow the commit does not.
    assert len(stored()) == 1

    call_command("prune_submissions", verbosity=0)

    assert stored() == []
    assert not DiscardedFile.objects.exists()


def test_file_whose_form_goes_while_it_is_stored_goes_too(
    put, monkeypatch, django_capture_on_commit_callbacks
):
    save = default_storage.save

    def saved_late(*given: Any) -> str:
        SubmissionFile.objects.all().delete()
        return save(*given)

    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr("cms.submissions.files.default_storage.save", saved_late)
        response = put()

    assert code_of(response) == (404, "FORM_NOT_OPEN")
    assert stored() == []
    assert not DiscardedFile.objects.exists()


def test_file_goes_at_the_day_on_which_its_answer_does(answer, clock):
    clock.moment = answer.kept_until
    call_command("prune_submissions", verbosity=0)

    assert stored() == []


def test_file_that_no_answer_names_goes_after_a_day(put, clock, submit):
    kept = key_of(put())
    submit(kept)
    key_of(put())
    clock.moment += timedelta(hours=24)
    call_command("prune_submissions", verbosity=0)
    assert len(stored()) == 2

    clock.moment += timedelta(hours=2)
    call_command("prune_submissions", verbosity=0)

    assert [str(each.key) for each in SubmissionFile.objects.all()] == [kept]
    assert len(stored()) == 1


def test_file_that_could_not_be_stored_can_be_sent_anew(put, submit, monkeypatch, clock):
    def fails(*args: Any, **kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("cms.submissions.files.default_storage.save", fails)
        with pytest.raises(SystemExit):
            put(key="11111111-1111-4111-8111-111111111111")
    half = SubmissionFile.objects.get()

    assert not half.is_stored
    assert codes(submit(str(half.key))) == [("papers", "FILE_NOT_FOUND")]
    assert code_of(put(key=half.key)) == (409, "KEY_REUSED")
    assert submit(key_of(put()))["errors"] == []
    clock.moment += timedelta(hours=26)
    call_command("prune_submissions", verbosity=0)
    assert not SubmissionFile.objects.filter(is_stored=False).exists()


@pytest.mark.decided_in_python
def test_in_a_bucket_files_are_kept_read_and_removed_too(
    in_bucket, store, put, submit, editor, sign_in
):
    submit(key_of(put()))
    answer = Submission.objects.get()
    [name] = store.names(in_bucket)
    response = sign_in(editor).get(address_of(answer))

    assert name.startswith(f"{FOLDER}/")
    assert b"".join(response) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="cv.pdf"'
    answer.delete()
    call_command("prune_submissions", verbosity=0)
    assert store.names(in_bucket) == set()


@pytest.mark.decided_in_python
def test_what_cannot_be_removed_while_the_bucket_is_away_is_removed_once_it_is_back(
    in_bucket, store, put, submit
):
    submit(key_of(put()))
    Submission.objects.get().delete()
    with (
        stores.used(store, "a-bucket-that-is-not-there"),
        pytest.raises(CommandError, match="1 file of deleted answers could not be removed"),
    ):
        call_command("prune_submissions", verbosity=0)
    assert len(store.names(in_bucket)) == 1

    call_command("prune_submissions", verbosity=0)

    assert store.names(in_bucket) == set()


@pytest.mark.decided_in_python
def test_while_the_bucket_is_away_files_are_refused_for_a_while(in_bucket, store, put):
    with stores.used(store, "a-bucket-that-is-not-there"):
        response = put()

    assert code_of(response) == (503, "SERVICE_UNAVAILABLE")
    assert response["Retry-After"] == "5"
