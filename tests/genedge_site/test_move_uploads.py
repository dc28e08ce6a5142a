"""Uploads move from this machine into a bucket, and back, and none is lost on the way."""

from __future__ import annotations

import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from media import copied_uploads
from media.bucket import Bucket
from media.models import Document
from tests import factories, stores
from tests.genedge_site.test_backup import files_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def uploads(settings) -> Path:
    """Where they are on disk: a picture, its smaller form and a document."""
    factories.image().get_rendition("fill-10x10")
    Document.objects.create(title="Words", file=ContentFile(b"Words.", "Größe.txt"))
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def bucket(store, uploads):
    name = store.bucket()
    with stores.used(store, name):
        yield name


def move(direction: str, **options) -> str:
    said = StringIO()
    call_command("move_uploads", direction, stdout=said, stderr=said, **options)
    return said.getvalue()


def in_bucket(store, bucket) -> dict[str, bytes]:
    return {name: store.content(bucket, name) for name in store.names(bucket)}


def test_uploads_move_into_the_bucket_and_are_read_there(store, uploads, bucket, client):
    before = files_in(uploads)

    said = move("to-bucket")

    assert said == "3 files copied, 0 were there already. Nothing was removed.\n"
    assert in_bucket(store, bucket) == before == files_in(uploads)
    document = Document.objects.get()
    assert b"".join(client.get(document.url)) == b"Words."


def test_uploads_move_back_with_who_may_read_them(store, uploads, bucket, tmp_path):
    before = files_in(uploads)
    move("to-bucket")
    folder = tmp_path / "back"

    said = move("to-disk", folder=folder)

    assert said == "3 files copied, 0 were there already. Nothing was removed.\n"
    assert files_in(folder) == before == in_bucket(store, bucket)
    modes = {each.is_dir(): stat.S_IMODE(each.stat().st_mode) for each in folder.rglob("*")}
    assert modes == {True: 0o750, False: 0o640}


def test_running_it_again_copies_what_came_meanwhile(store, uploads, bucket, tmp_path):
    move("to-bucket")
    (uploads / "documents" / "more.txt").write_bytes(b"More.")

    assert move("to-bucket").startswith("1 files copied, 3 were there already.")
    assert move("to-disk").startswith("0 files copied, 4 were there already.")


@pytest.mark.parametrize("direction", ["to-bucket", "to-disk"])
@pytest.mark.parametrize("content", [b"Other words.", b"Worms."])
def test_another_file_of_the_name_is_told_and_left_alone(
    store, uploads, bucket, capsys, direction, content
):
    name = Document.objects.get().file.name
    store.client.put_object(Bucket=bucket, Key=name, Body=content)
    said = StringIO()

    with pytest.raises(CommandError, match="1 files are others there"):
        call_command("move_uploads", direction, stdout=said, stderr=said)

    assert f"{name} is another file there, and was left as it is." in said.getvalue()
    assert store.content(bucket, name) == content
    assert (uploads / name).read_bytes() == b"Words."


def test_store_whose_versions_are_no_digests_is_compared_by_content(
    store, uploads, bucket, monkeypatch
):
    """As that of one that encrypts with keys of its own."""
    move("to-bucket")
    monkeypatch.setattr(copied_uploads, "digest", b"".join)

    assert move("to-bucket").startswith("0 files copied, 3 were there already.")


def test_file_that_is_missing_is_named(uploads, bucket):
    name = Document.objects.get().file.name
    (uploads / name).unlink()

    assert f"{name} belongs to a picture or document, and is missing.\n" in move("to-bucket")


def test_it_is_stopped_and_goes_on(store, uploads, bucket, monkeypatch):
    """It may stop anywhere: what is there is whole."""
    put = Bucket.put
    done: list[str] = []

    def once(self, name, *rest, **options):
        if not name.startswith("start-check/"):
            if done:
                raise KeyboardInterrupt
            done.append(name)
        put(self, name, *rest, **options)

    monkeypatch.setattr(Bucket, "put", once)
    with pytest.raises(KeyboardInterrupt):
        move("to-bucket")
    monkeypatch.setattr(Bucket, "put", put)

    assert move("to-bucket").startswith("2 files copied, 1 were there already.")
    assert in_bucket(store, bucket) == files_in(uploads)


def test_file_that_came_only_in_part_is_not_there(store, uploads, bucket, tmp_path, monkeypatch):
    move("to-bucket")

    def some(file):
        yield b"W"
        raise KeyboardInterrupt

    monkeypatch.setattr("media.bucket.BucketFile.pieces", some)
    with pytest.raises(KeyboardInterrupt):
        move("to-disk", folder=tmp_path / "back")

    assert files_in(tmp_path / "back") == {}


def test_without_a_bucket_it_says_so(db):
    with pytest.raises(CommandError, match="There is no bucket: set S3_BUCKET"):
        move("to-bucket")


def test_without_a_folder_it_says_so(bucket, tmp_path):
    with pytest.raises(CommandError, match="There is no folder"):
        move("to-bucket", folder=tmp_path / "none")


def test_bucket_that_is_not_there_is_told(store, uploads):
    with (
        stores.used(store, "nowhere"),
        pytest.raises(CommandError, match="S3_BUCKET is 'nowhere', which is not there"),
    ):
        move("to-bucket")


@pytest.mark.parametrize("direction", ["to-bucket", "to-disk"])
def test_store_that_is_away_is_told(store, uploads, direction):
    with (
        stores.used(store, "uploads", endpoint_url="http://127.0.0.1:1"),
        pytest.raises(CommandError, match=r"The store of files does not answer\. What was copied"),
    ):
        move(direction)
