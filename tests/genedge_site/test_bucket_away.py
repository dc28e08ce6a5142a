"""A store of files that is away, hangs, goes slowly, or refuses."""

from __future__ import annotations

import signal
import socket
from contextlib import closing, suppress
from threading import Event, Thread

import pytest
from django.core.files.storage import storages
from django.urls import reverse

from media import bucket as bucket_module
from media.models import Document, Image
from tests import factories, stores
from tests.cms.removal.test_uses import another, form, screen
from tests.genedge_site.unavailable import post_query
from tests.media.doors import DOORS, refusal, single, upload
from tests.media.made import picture

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

NOT_STORED = "Files cannot be stored just now, so nothing was saved. Please try again in a minute."
NOT_DONE = "The files of this site cannot be reached just now, so nothing was saved."


@pytest.fixture
def own_store(tmp_path):
    """One that may be killed."""
    store = stores.started(tmp_path / "log")
    yield store
    store.stop()


@pytest.fixture
def killed(own_store):
    """Uploads are in a bucket whose store the test kills."""
    with stores.used(own_store, own_store.bucket()):
        yield own_store.process


@pytest.fixture
def refusing(store, in_bucket):
    """The store takes no keys any more once this is called."""
    yield store.look_at_keys
    store.look_at_no_keys()


def kill(process):
    process.kill()
    process.wait()


def addresses():
    return [factories.image().file.url, factories.document().url]


def check_unavailable(answer):
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.decode().startswith("The files of this site cannot be reached just now.")


def test_reader_is_told_to_come_back_and_the_rest_of_the_site_answers(killed, client, caplog):
    files = addresses()
    kill(killed)

    for address in files:
        check_unavailable(client.get(address))

    assert post_query(client).status_code == 200
    assert client.get("/health").json()["database"] == "ok"
    told = [record for record in caplog.records if record.name == "genedge_site.files.fetching"]
    assert [record.getMessage() for record in told] == [
        "Uploads cannot be used, so requests fail: The store of files does not answer."
    ]
    assert not any(record.exc_info for record in caplog.records)


def test_store_that_goes_away_while_it_sends(killed, client, monkeypatch):
    """It has told how large the file is, and then no more comes."""
    address = factories.document().url
    opened = bucket_module.BucketFile.pieces

    def pieces(file, *part):
        kill(killed)
        return opened(file, *part)

    monkeypatch.setattr(bucket_module.BucketFile, "pieces", pieces)

    check_unavailable(client.get(address))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", ["doc", "image"])
def test_editor_reads_a_sentence_in_the_form(killed, editor, sign_in, door, kind):
    name, content = {"doc": ("new.txt", b"New."), "image": ("new.png", picture("PNG"))}[kind]
    client = sign_in(editor)
    is_replaced = door.__name__ == "replaced"
    if is_replaced:  # That screen's own file is made before the store is away.
        made = factories.document() if kind == "doc" else factories.image()
        sent = form(made, file=another(made))
    kill(killed)

    if is_replaced:
        said = refusal(client.post(screen(made), sent))
    else:
        said = refusal(upload(door, client, kind, name, content))

    assert said == NOT_STORED
    assert Image.objects.count() + Document.objects.count() == int(is_replaced)


@pytest.mark.parametrize("kind", ["doc", "image"])
def test_store_that_fails_after_the_form_was_checked_leaves_nothing(
    refusing, editor, sign_in, monkeypatch, kind
):
    name, content = {"doc": ("new.txt", b"New."), "image": ("new.png", picture("PNG"))}[kind]
    refusing()
    monkeypatch.setattr(storages["default"], "exists", lambda name: False)

    answer = upload(single, sign_in(editor), kind, name, content)

    assert answer.status_code == 503
    assert NOT_DONE in answer.content.decode()
    assert Image.objects.count() + Document.objects.count() == 0


def test_script_that_uploads_is_told_in_json(refusing, editor, sign_in, monkeypatch):
    refusing()
    monkeypatch.setattr(storages["default"], "exists", lambda name: False)

    answer = sign_in(editor).post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "New", "collection": 1, "files[]": another(Document())},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )

    assert answer.status_code == 503
    assert answer.json()["error_message"].startswith(NOT_DONE)


def test_replacement_that_fails_loses_nothing(
    store,
    in_bucket,
    refusing,
    editor,
    sign_in,
    client,
    monkeypatch,
    django_capture_on_commit_callbacks,
):
    document = factories.document()
    before = document.file.name
    refusing()
    monkeypatch.setattr(storages["default"], "exists", lambda name: False)

    with django_capture_on_commit_callbacks(execute=True):
        answer = sign_in(editor).post(screen(document), form(document, file=another(document)))

    store.look_at_no_keys()
    assert answer.status_code == 503
    document.refresh_from_db()
    assert document.file.name == before
    assert b"".join(client.get(document.url)) == b"Words."


def test_reader_is_not_told_what_the_store_refuses(refusing, client, caplog):
    files = addresses()
    refusing()

    for address in files:
        check_unavailable(client.get(address))

    assert "The store of files refuses (403)." in caplog.text


def test_file_that_cannot_be_removed_is_named_in_the_log_and_not_sent(
    store, in_bucket, refusing, client, caplog, django_capture_on_commit_callbacks
):
    image = factories.image()
    name, address = image.file.name, image.file.url
    refusing()

    with django_capture_on_commit_callbacks(execute=True):
        image.delete()

    store.look_at_no_keys()
    assert f"'{name}' stays in the bucket, where it can be removed: " in caplog.text
    assert name in store.names(in_bucket)
    assert client.get(address).status_code == 404


def test_store_that_hangs_is_given_up_and_left_alone_for_a_while(own_store, client, monkeypatch):
    """It takes what it is asked, and never answers. Who comes next does not wait for it."""
    monkeypatch.setattr(bucket_module, "SECONDS_TO_ANSWER", 0.3)
    monkeypatch.setattr(bucket_module, "SECONDS_AWAY", 600)
    with stores.used(own_store, own_store.bucket()) as storage:
        address = factories.image().file.url
        own_store.process.send_signal(signal.SIGSTOP)

        check_unavailable(client.get(address))
        monkeypatch.setattr(storage.client, "head_object", None)  # It would fail to be called.
        check_unavailable(client.get(address))


def test_store_that_comes_back_is_asked_again(own_store, client, monkeypatch):
    monkeypatch.setattr(bucket_module, "SECONDS_TO_ANSWER", 0.3)
    monkeypatch.setattr(bucket_module, "SECONDS_AWAY", 0)
    with stores.used(own_store, own_store.bucket()):
        address = factories.image().file.url
        own_store.process.send_signal(signal.SIGSTOP)
        check_unavailable(client.get(address))
        own_store.process.send_signal(signal.SIGCONT)
        monkeypatch.setattr(bucket_module, "SECONDS_TO_ANSWER", 8)

    # With a client that waits for it, however long it takes to come back.
    with stores.used(own_store, own_store.client.list_buckets()["Buckets"][0]["Name"]):
        answer = client.get(address)

    assert answer.status_code == 200
    assert b"".join(answer)


HEAD = b'HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Length: 6\r\n'
HEAD += b"Last-Modified: Wed, 01 Jan 2025 00:00:00 GMT\r\nConnection: close\r\n\r\n"


@pytest.fixture
def dripping():
    """The address of a store that sends a file one byte at a time, and never ends."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def answer():
            with suppress(OSError):
                while True:
                    peer, _ = listening.accept()
                    with peer:
                        asked = peer.recv(65_536)
                        peer.sendall(HEAD)
                        while asked.startswith(b"GET"):
                            peer.sendall(b"x")
                            stopped.wait(0.05)

        stopped = Event()
        thread = Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        stopped.set()
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_file_that_comes_drop_by_drop_is_given_up(store, dripping, client, monkeypatch):
    """Each byte comes in time, and the whole would not for days."""
    monkeypatch.setattr(bucket_module, "SECONDS_FOR_A_FILE", 0.2)
    with stores.used(store, store.bucket()):
        address = factories.document().url

    with stores.used(store, "uploads", endpoint_url=dripping):
        check_unavailable(client.get(address))
