"""Uploads in a bucket: what is written there, and what is asked of it."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from wagtail.models import Collection, CollectionViewRestriction

from media.bucket import BucketFile
from media.models import Document, Image
from tests import factories
from tests.cms.removal.test_uses import another, form, screen
from tests.media.doors import DOORS, refusal, upload
from tests.media.made import PLACE, camera_notes, picture
from tests.media.test_document_pages import pdf
from tests.stores import used

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", ["doc", "image"])
def test_upload_through_every_screen_is_in_the_bucket(
    store, in_bucket, editor, sign_in, door, kind
):
    name, content = {"doc": ("new.txt", b"New."), "image": ("new.png", picture("PNG"))}[kind]

    assert refusal(upload(door, sign_in(editor), kind, name, content)) == ""

    stored = (Document if kind == "doc" else Image).objects.get()
    assert store.content(in_bucket, stored.file.name) == content
    assert stored.file.name.endswith(name)


def test_addresses_are_the_sites_own(in_bucket):
    image = factories.image()

    assert image.file.url == f"/uploads/{image.file.name}"
    assert image.get_rendition("fill-10x10").file.url.startswith("/uploads/images/")
    assert factories.document().url.startswith("/documents/")


def test_what_is_written_is_private_and_of_its_type_are_served_as_what_they_are(store, in_bucket):
    image = factories.image()

    kept = store.client.head_object(Bucket=in_bucket, Key=image.file.name)
    grants = store.client.get_object_acl(Bucket=in_bucket, Key=image.file.name)["Grants"]

    assert kept["ContentType"] == "image/png"
    assert {grant["Grantee"]["Type"] for grant in grants} == {"CanonicalUser"}


def test_documents_of_one_name_both_keep_it(in_bucket):
    documents = [document_called("report.pdf") for _ in range(2)]

    assert [each.filename for each in documents] == ["report.pdf"] * 2
    assert len({each.file.name for each in documents}) == 2


def test_file_that_has_the_name_already_is_kept(store, in_bucket):
    names = [default_storage.save("documents/a.txt", ContentFile(each)) for each in (b"1", b"2")]

    assert len(set(names)) == 2
    assert [store.content(in_bucket, name) for name in names] == [b"1", b"2"]


def test_two_who_take_a_name_at_once_have_two_files(store, in_bucket, monkeypatch):
    """Both find it free before either writes."""
    storage = default_storage
    store.client.put_object(Bucket=in_bucket, Key="documents/a.txt", Body=b"1")
    found, asked = storage.exists, []

    def exists(name):
        asked.append(name)
        return len(asked) > 1 and found(name)

    monkeypatch.setattr(storage._wrapped, "exists", exists)
    name = storage.save("documents/a.txt", ContentFile(b"2"))

    assert asked[:2] == ["documents/a.txt"] * 2
    assert store.content(in_bucket, "documents/a.txt") == b"1"
    assert store.content(in_bucket, name) == b"2"


# Read


def private(*files):
    collection = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    for file in files:
        type(file).objects.filter(pk=file.pk).update(collection=collection)


def told(answer):
    """All that a reader gets but the moment and, of a picture, the version: a disk has another.

    Wagtail tells more of what a reader has already, and of an encoding that is "None".
    """
    content = b"".join(answer)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    for name in ("last-modified", "etag"):
        headers.pop(name, None)
    if headers.get("content-encoding") == "None":
        del headers["content-encoding"]
    if answer.status_code == 304:
        headers = {}
    return answer.status_code, headers, content


QUESTIONS = [
    {},
    {"Range": "bytes=1-3"},
    {"Range": "bytes=-2"},
    {"Range": "bytes=0-1,4-5"},
    {"Range": "bytes=900000-"},
    {"Range": "bytes=1-3", "If-Range": '"other"'},
    {"If-None-Match": '"other"'},
    {"If-Modified-Since": "Wed, 01 Jan 2020 00:00:00 GMT"},
    {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
]


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("asked", QUESTIONS)
def test_reader_gets_what_a_disk_would_give(store, client, monkeypatch, method, asked):
    """Pictures and documents, their headers too."""
    monkeypatch.setattr("genedge_site.ranges.secrets.token_hex", lambda size: "boundary")
    made = [factories.image(), document_called("Größe.pdf")]
    addresses = [made[0].file.url, made[1].url]
    on_disk = [told(getattr(client, method)(each, headers=asked)) for each in addresses]
    contents = {each.file.name: each.file.open().read() for each in made}
    for each in made:
        each.file.close()

    bucket = store.bucket()
    for name, content in contents.items():
        store.client.put_object(Bucket=bucket, Key=name, Body=content)
    with used(store, bucket):
        in_bucket = [told(getattr(client, method)(each, headers=asked)) for each in addresses]

    assert in_bucket == on_disk


def document_called(name):
    return Document.objects.create(title="Document", file=ContentFile(b"%PDF-0123456789", name))


@pytest.mark.parametrize("make", [factories.image, factories.document])
def test_reader_who_has_it_is_told_so_without_its_being_fetched(
    in_bucket, client, monkeypatch, make
):
    made = make()
    address = made.file.url if isinstance(made, Image) else made.url
    known = client.get(address)
    assert b"".join(known)
    monkeypatch.setattr(BucketFile, "pieces", None)

    for header, value in (
        ("If-None-Match", known["ETag"]),
        ("If-Modified-Since", known["Last-Modified"]),
    ):
        assert client.get(address, headers={header: value}).status_code == 304
    assert client.head(address).status_code == 200


def test_part_is_fetched_alone(in_bucket, client, monkeypatch):
    document = document_called("a.pdf")
    asked = []
    whole = BucketFile.pieces

    def pieces(file, *part):
        asked.append(part)
        return whole(file, *part)

    monkeypatch.setattr(BucketFile, "pieces", pieces)

    answer = client.get(document.url, headers={"Range": "bytes=2-4"})

    assert b"".join(answer) == b"DF-"
    assert asked == [(2, 4)]


def test_download_goes_on_with_the_same_version(in_bucket, client):
    document = document_called("a.pdf")
    known = client.get(document.url)
    assert b"".join(known)

    for condition in (known["ETag"], known["Last-Modified"]):
        answer = client.get(document.url, headers={"Range": "bytes=1-2", "If-Range": condition})
        assert (answer.status_code, b"".join(answer)) == (206, b"PD")


def test_private_picture_and_document_are_there_for_those_who_may_see_them(
    in_bucket, client, editor, sign_in
):
    image, document = factories.image(), factories.document()
    rendition = image.get_rendition("fill-10x10")
    public = client.get(image.file.url)
    assert b"".join(public)
    private(image, document)
    pictures = [image.file.url, rendition.file.url]

    assert [client.get(each).status_code for each in pictures] == [404, 404]
    assert client.get(pictures[0], headers={"If-None-Match": public["ETag"]}).status_code == 404
    assert client.get(document.url).status_code == 302
    assert client.get(document.url)["Location"].startswith("/_util/login/")
    for each in pictures:
        answer = sign_in(editor).get(each)
        assert answer["Cache-Control"] == "private, no-store"
        assert b"".join(answer).startswith(b"\x89PNG")
    assert b"".join(sign_in(editor).get(document.url)) == b"Words."


def test_picture_that_no_image_has_any_more_is_not_sent(store, in_bucket, client):
    """It could not be removed, and nobody knows whether it was private."""
    name = "original_images/left.png"
    store.client.put_object(Bucket=in_bucket, Key=name, Body=picture("PNG"))

    assert client.get(f"/uploads/{name}").status_code == 404


@pytest.mark.parametrize("make", [factories.image, factories.document])
def test_file_that_is_gone_is_not_found(store, in_bucket, client, make):
    made = make()
    store.client.delete_object(Bucket=in_bucket, Key=made.file.name)
    address = made.file.url if isinstance(made, Image) else made.url

    assert client.get(address).status_code == 404


# Replaced and deleted


def test_old_file_goes_when_the_new_one_is_committed(
    store, in_bucket, editor, sign_in, django_capture_on_commit_callbacks
):
    image = factories.image()
    old = {image.file.name, image.get_rendition("fill-10x10").file.name}

    with django_capture_on_commit_callbacks() as callbacks:
        sign_in(editor).post(screen(image), form(image, file=another(image)))
    kept = store.names(in_bucket)
    for callback in callbacks:
        callback()

    image.refresh_from_db()
    assert old < kept
    assert store.names(in_bucket) == {image.file.name}


def test_old_file_stays_if_the_change_is_undone(
    store, in_bucket, editor, sign_in, client, django_capture_on_commit_callbacks, monkeypatch
):
    document = factories.document()

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr("wagtail.documents.forms.search_index.insert_or_update_object", fail)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        sign_in(editor).post(screen(document), form(document, file=another(document)))

    assert document.file.name in store.names(in_bucket)
    assert b"".join(client.get(document.url)) == b"Words."


@pytest.mark.parametrize("make", [factories.image, factories.document])
def test_deleted_file_goes_with_what_was_made_of_it(
    store, in_bucket, django_capture_on_commit_callbacks, make
):
    made = make()
    if isinstance(made, Image):
        made.get_rendition("fill-10x10")

    with django_capture_on_commit_callbacks(execute=True):
        made.delete()

    assert store.names(in_bucket) == set()


# Commands


def test_stored_pictures_are_cleaned_under_the_same_name(store, in_bucket):
    image = Image.objects.create(title="Photo", file=ContentFile(picture(), "photo.jpg"))
    name = image.file.name
    store.client.put_object(Bucket=in_bucket, Key=name, Body=picture(exif=camera_notes()))

    call_command("clean_pictures", verbosity=0)

    assert store.names(in_bucket) == {name}
    assert PLACE not in store.content(in_bucket, name)


def test_pages_of_stored_documents_are_counted(in_bucket):
    Document.objects.create(title="A", file=ContentFile(pdf(2), "a.pdf"))
    Document.objects.update(page_count=None)

    call_command("count_pages", verbosity=0)

    assert Document.objects.get().page_count == 2
