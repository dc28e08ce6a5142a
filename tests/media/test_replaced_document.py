"""A document that is replaced or deleted while somebody fetches it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail import hooks

from media.models import Document, Image
from tests import factories
from tests.cms.removal.test_uses import another, form, screen
from tests.media.doors import refusal, single, upload
from tests.media.made import picture

pytestmark = pytest.mark.decided_in_python

OLD, NEW = b"Words.", b"Other words, and more of them."


@pytest.fixture
def replace(editor, sign_in):
    def replace(document, name):
        sent = {
            "title": document.title,
            "tags": "",
            "collection": document.collection_id,
            "file": SimpleUploadedFile(name, NEW, "text/plain"),
        }
        address = reverse("wagtaildocs:edit", args=[document.pk])
        return sign_in(editor).post(address, sent)

    return replace


def body_of(response):
    assert response.status_code == 200
    body = b"".join(response.streaming_content)
    assert int(response["Content-Length"]) == len(body)
    return body


def test_reader_who_has_looked_it_up_before_it_is_replaced_gets_all_of_the_new_one(
    db, client, replace, django_capture_on_commit_callbacks
):
    document = factories.document()
    rivals = iter([replace])

    def somebody_replaces_it(document, request):
        for rival in rivals:
            with django_capture_on_commit_callbacks(execute=True):
                assert rival(document, "document.txt").status_code == 302

    with hooks.register_temporarily("before_serve_document", somebody_replaces_it):
        response = client.get(document.url)

    assert body_of(response) == NEW


def test_reader_who_asks_before_that_is_committed_gets_all_of_the_old_one(
    db, replace, django_capture_on_commit_callbacks
):
    document = factories.document()
    storage, name = document.file.storage, document.file.name

    with django_capture_on_commit_callbacks() as callbacks:
        assert replace(document, "document.txt").status_code == 302

    with storage.open(name) as old:
        assert old.read() == OLD
    for callback in callbacks:
        callback()
    assert not storage.exists(name)


def test_document_that_is_replaced_by_one_of_its_name_keeps_its_address(db, client, replace):
    document = factories.document()

    replace(document, "document.txt")

    assert Document.objects.get().url == document.url
    assert body_of(client.get(document.url)) == NEW


def test_nothing_stays_of_documents_that_were_replaced_and_deleted(
    db, replace, django_capture_on_commit_callbacks
):
    """Neither the folders that they had to themselves. What is beside them stays."""
    beside = factories.document()
    document = factories.document()
    storage = document.file.storage

    with django_capture_on_commit_callbacks(execute=True):
        replace(document, "document.txt")
    with django_capture_on_commit_callbacks(execute=True):
        replace(document, "another.txt")
    assert len(storage.listdir("documents")[0]) == 2
    with django_capture_on_commit_callbacks(execute=True):
        Document.objects.get(pk=document.pk).delete()

    folders, _files = storage.listdir("documents")
    assert [f"documents/{folder}/document.txt" for folder in folders] == [beside.file.name]
    assert storage.exists(beside.file.name)


def test_nothing_is_lost_if_it_is_not_replaced_after_all(db, client, replace, monkeypatch):
    document = factories.document()

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr("wagtail.documents.forms.search_index.insert_or_update_object", fail)
    with pytest.raises(RuntimeError):
        replace(document, "document.txt")

    assert body_of(client.get(document.url)) == OLD


def test_it_is_replaced_also_if_the_old_one_cannot_be_removed(
    committed, client, replace, monkeypatch
):
    document = factories.document()

    def fail(*args):
        raise OSError

    monkeypatch.setattr(document.file.storage, "delete", fail)
    response = replace(document, "document.txt")

    assert response.status_code == 302
    assert body_of(client.get(document.url)) == NEW


@pytest.mark.parametrize("kind", ["doc", "image"])
def test_one_that_is_new_takes_no_other_away(
    db, editor, sign_in, django_capture_on_commit_callbacks, caplog, kind
):
    name, content = {"doc": ("new.txt", NEW), "image": ("new.png", picture("PNG"))}[kind]
    model: Any = {"doc": Document, "image": Image}[kind]

    with django_capture_on_commit_callbacks(execute=True):
        assert refusal(upload(single, sign_in(editor), kind, name, content)) == ""

    file = model.objects.get().file
    assert file.name.endswith(f"/{name}")
    assert file.storage.exists(file.name)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_another_title_leaves_the_file(
    db, client, editor, sign_in, django_capture_on_commit_callbacks
):
    document = factories.document()
    sent = {"title": "Other", "tags": "", "collection": document.collection_id}

    with django_capture_on_commit_callbacks(execute=True):
        sign_in(editor).post(reverse("wagtaildocs:edit", args=[document.pk]), sent)

    assert Document.objects.get().title == "Other"
    assert body_of(client.get(document.url)) == OLD


@pytest.mark.parametrize("kind", ["doc", "image"])
def test_form_without_a_file_is_shown_again(db, editor, sign_in, kind):
    address = reverse(f"wagtail{kind}s:add")

    said = refusal(sign_in(editor).post(address, {"title": "New", "collection": 1}))

    assert "This field is required." in said


def test_picture_is_not_lost_either(db, editor, sign_in, monkeypatch):
    image = factories.image()

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr("wagtail.images.forms.search_index.insert_or_update_object", fail)
    with pytest.raises(RuntimeError):
        sign_in(editor).post(screen(image), form(image, file=another(image)))

    assert image.file.storage.exists(image.file.name)


def test_what_was_made_of_a_picture_goes_when_it_is_replaced(
    db, editor, sign_in, django_capture_on_commit_callbacks
):
    image = factories.image()
    rendition = image.get_rendition("fill-10x10")
    old = [image.file.name, rendition.file.name]

    with django_capture_on_commit_callbacks(execute=True):
        answer = sign_in(editor).post(screen(image), form(image, file=another(image)))

    assert answer.status_code == 302
    assert not image.renditions.exists()
    assert [name for name in old if image.file.storage.exists(name)] == []
