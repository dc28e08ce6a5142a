"""Parts of documents and pictures, for those who may have the whole. What the server sends of them
is asked in ``test_slow_peers.py``."""

from __future__ import annotations

from email import message_from_bytes

import pytest
from django.core.files.base import ContentFile
from wagtail.models import Collection, CollectionViewRestriction

from media.models import Document
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = b"".join(b"%03d\n" % number for number in range(250))
WHOLE = (200, TEXT)


@pytest.fixture
def document():
    return Document.objects.create(title="Numbers", file=ContentFile(TEXT, "numbers.txt"))


def asked(client, document, ranges="", **headers):
    return client.get(document.url, headers={"Range": ranges, **headers} if ranges else headers)


def told(answer):
    content = b"".join(answer)  # Which closes it, as the test client has it closed.
    assert answer["Content-Length"] == str(len(content))
    return answer.status_code, content


@pytest.mark.parametrize(
    ("ranges", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=4-7", 4, 7),
        ("Bytes = 4-7", 4, 7),
        ("bytes=996-", 996, 999),
        ("bytes=996-5000", 996, 999),
        ("bytes=-4", 996, 999),
        ("bytes=-5000", 0, 999),
        ("bytes=0-9,5-19", 0, 19),
        ("bytes=10-19,0-9", 0, 19),
        ("bytes=4-7,5000-", 4, 7),
    ],
)
def test_part_of_a_document(client, document, ranges, first, last):
    answer = asked(client, document, ranges)

    assert told(answer) == (206, TEXT[first : last + 1])
    assert answer["Content-Range"] == f"bytes {first}-{last}/1000"
    assert answer["Content-Type"].startswith("text/plain")
    assert "numbers.txt" in answer["Content-Disposition"]
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


def test_several_parts_come_in_the_order_in_which_they_were_asked_for(client, document):
    answer = asked(client, document, "bytes=-4, 0-3,, 8-11")

    status, content = told(answer)
    kind = f"Content-Type: {answer['Content-Type']}\r\n\r\n".encode()
    _, *parts = message_from_bytes(kind + content).walk()
    assert status == 206
    assert "Content-Range" not in answer
    assert [(part["Content-Range"], part.get_payload(decode=True)) for part in parts] == [
        ("bytes 996-999/1000", b"249\n"),
        ("bytes 0-3/1000", b"000\n"),
        ("bytes 8-11/1000", b"002\n"),
    ]
    assert {part.get_content_type() for part in parts} == {"text/plain"}


@pytest.mark.parametrize("ranges", ["bytes=1000-", "bytes=5000-6000", "bytes=-0", "bytes=-0,1000-"])
def test_parts_that_are_not_there(client, document, ranges):
    answer = asked(client, document, ranges)

    assert answer.status_code == 416
    assert answer["Content-Range"] == "bytes */1000"
    assert told(answer)[1].startswith(b"The file has no such part.")


@pytest.mark.parametrize(
    "ranges",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=7-4",
        "bytes=0-3,7-4",
        "bytes=a-b",
        "bytes=0-3;4-7",
        "lines=0-3",
        "bytes=0-" + "9" * 5_000,
        "bytes=" + ",".join(f"{at}-{at}" for at in range(0, 40, 2)),
        "bytes=" + " , " * 5_000 + "x",
    ],
)
def test_what_is_no_range_or_asks_for_too_many_is_answered_with_the_whole(client, document, ranges):
    assert told(asked(client, document, ranges)) == WHOLE


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
def test_download_goes_on_only_while_the_document_is_the_same(client, document, validator):
    whole = asked(client, document)
    told(whole)
    known = whole[validator]

    same = told(asked(client, document, "bytes=4-7", **{"If-Range": known}))
    weak = told(asked(client, document, "bytes=4-7", **{"If-Range": f"W/{known}"}))
    other = told(asked(client, document, "bytes=4-7", **{"If-Range": '"other"'}))

    assert whole["Accept-Ranges"] == "bytes"
    assert same == (206, TEXT[4:8])
    assert weak == other == WHOLE


def test_version_that_a_reader_has_is_not_sent_in_parts_either(client, document):
    whole = asked(client, document)
    told(whole)

    answer = asked(client, document, "bytes=4-7", **{"If-None-Match": whole["ETag"]})

    assert answer.status_code == 304


def test_head_tells_of_the_whole(client, document):
    answer = client.head(document.url, headers={"Range": "bytes=4-7"})
    answer.close()

    assert answer.status_code == 200
    assert (answer["Content-Length"], answer["Accept-Ranges"]) == ("1000", "bytes")


def test_private_document_is_sent_in_parts_to_those_alone_who_may_have_it(
    client, document, editor, sign_in
):
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    Document.objects.update(collection=private)

    refused = asked(client, document, "bytes=4-7")
    sent = asked(sign_in(editor), document, "bytes=4-7")

    assert refused.status_code == 302
    assert told(sent) == (206, TEXT[4:8])


def test_part_of_a_picture(client):
    picture = factories.image()

    with picture.file.open() as file:
        content = file.read()
    answer = client.get(picture.file.url, headers={"Range": "bytes=1-3"})

    assert told(answer) == (206, b"PNG")
    assert answer["Content-Range"] == f"bytes 1-3/{len(content)}"
