"""A document is downloaded by the name it was uploaded with, whichever others have that."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import UploadedFile

from media.models import Document
from tests.media.doors import DOORS, refusal, upload

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

FIRST, SECOND = b"Of January.", b"Of February."
NAME = "report.txt"


def downloaded(client, document):
    answer = client.get(document.url)
    name = answer["Content-Disposition"].split('"')[1]
    return document.url, name, b"".join(answer)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_second_of_a_name_is_downloaded_by_it_too(admin_client, client, door):
    for content in (FIRST, SECOND):
        assert refusal(upload(door, admin_client, "doc", NAME, content)) == ""

    first, second = Document.objects.order_by("pk")
    for document, content in ((first, FIRST), (second, SECOND)):
        address = f"/documents/{document.pk}/{NAME}"
        assert downloaded(client, document) == (address, NAME, content)


def test_those_that_wait_for_a_title_at_once_keep_their_name(
    admin_client, client, django_capture_on_commit_callbacks
):
    keys = [sent_without_a_title(admin_client, content) for content in (FIRST, SECOND)]

    with django_capture_on_commit_callbacks(execute=True):
        for key in keys:
            row = f"uploaded-document-{key}"
            address = reverse("wagtaildocs:create_multiple_from_uploaded_document", args=[key])
            sent = {f"{row}-title": "Report", f"{row}-collection": 1}
            assert admin_client.post(address, sent).json()["success"]

    found = [downloaded(client, each) for each in Document.objects.order_by("pk")]
    assert [each[1:] for each in found] == [(NAME, FIRST), (NAME, SECOND)]
    assert not UploadedFile.objects.exists()
    assert default_storage.listdir("wagtail_uploads") == ([], [])


def sent_without_a_title(client, content):
    sent = {"title": "x" * 300, "collection": 1, "files[]": SimpleUploadedFile(NAME, content)}
    return client.post(reverse("wagtaildocs:add_multiple"), sent).json()["uploaded_file_id"]


def test_one_from_before_keeps_its_file_and_its_address(
    admin_client, client, django_capture_on_commit_callbacks
):
    """Beside all others, under a name that was made for it."""
    name = default_storage.save("documents/report_a3yCW8s.txt", ContentFile(FIRST))
    document = Document.objects.create(title="Report", file=name)

    assert upload(DOORS[0], admin_client, "doc", "report_a3yCW8s.txt", SECOND).status_code == 302

    address = f"/documents/{document.pk}/report_a3yCW8s.txt"
    assert downloaded(client, document) == (address, "report_a3yCW8s.txt", FIRST)
    with django_capture_on_commit_callbacks(execute=True):
        document.delete()
    assert not default_storage.exists(name)
    assert default_storage.exists(Document.objects.get().file.name)
