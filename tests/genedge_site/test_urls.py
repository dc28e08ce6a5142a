"""Uploaded pictures are served from local storage, and nothing else is."""

import pytest


@pytest.fixture
def uploads(settings):
    for folder in ("images", "original_images", "documents"):
        file = settings.MEDIA_ROOT / folder / "upload.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("uploaded")


@pytest.mark.parametrize("folder", ["images", "original_images"])
def test_a_picture_is_served(client, uploads, folder):
    answer = client.get(f"/uploads/{folder}/upload.txt")

    assert b"".join(answer) == b"uploaded"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "documents/upload.txt",
        "images/../documents/upload.txt",
        "images//../documents/upload.txt",
        "images/%2e%2e/documents/upload.txt",
        "images/",
    ],
)
def test_a_document_is_not(client, uploads, path):
    answer = client.get(f"/uploads/{path}")

    assert answer.status_code in {400, 404}
