"""The server itself, and peers of it that are slow, go away, or send more than they may."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from email import message_from_bytes
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.any_database

# Each takes milliseconds. Before, none came for as long as the slow ones stayed.
SECONDS_TO_ANSWER = 5
SECONDS_TO_START = 60
PEER_TIMEOUT = 1
SLOW_PEERS = 24
LARGE = 20_000_000
COUNTED = b"".join(number.to_bytes(4) for number in range(250_000))

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = b'{"query": "{ __typename }"}'
ONE_BYTE_OF_A_REQUEST = b"P"
ONE_BYTE_OF_A_BODY = (
    b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 100\r\n\r\n{"
)
ONE_BYTE_IN_CHUNKS = (
    b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
)
LARGE_PICTURE = b"GET /uploads/images/large.png HTTP/1.1\r\nHost: localhost\r\n\r\n"

TEXTS_OF_A_PICTURE = (
    "title",
    "description",
    "file_hash",
    "credit",
    "licence",
    "copyright_notice",
    "digital_source_type",
    "placeholder",
    "dominant_colour",
)


@dataclass
class Server:
    """One worker, which what one peer does may hold up for all others."""

    process: subprocess.Popen
    port: int

    def ask(self, method: str, path: str, body=None, headers=None) -> tuple[HTTPResponse, bytes]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_TO_ANSWER)) as peer:
            chunked = not isinstance(body, bytes | None)
            peer.request(method, path, body, headers or {}, encode_chunked=chunked)
            answer = peer.getresponse()
            return answer, answer.read()

    def peer(self, sends: bytes, *, buffer: int | None = None) -> socket.socket:
        peer = socket.socket()
        if buffer:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        peer.settimeout(SECONDS_TO_START)
        peer.connect(("127.0.0.1", self.port))
        peer.sendall(sends)
        return peer


def start(folder: Path, peer_timeout: int, **given: str) -> Server:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        port = any_port.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "genedge_site.settings.dev",
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "PEER_TIMEOUT": str(peer_timeout),
        **given,
    }
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "genedge_site.server"],
            cwd=settings.BASE_DIR,
            env=environment,
            stderr=log,
            stdout=log,
        )
    server = Server(process, port)
    for _ in range(SECONDS_TO_START * 10):
        with suppress(OSError):
            server.ask("GET", "/health")
            return server
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.1)
            break
    process.kill()
    pytest.fail(f"It did not start: {(folder / 'log').read_text()}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, migrated_file) -> Path:
    folder = tmp_path_factory.mktemp("server")
    shutil.copy(migrated_file, folder / "genedge.sqlite3")
    picture = folder / "uploads" / "images" / "large.png"
    picture.parent.mkdir(parents=True)
    with picture.open("wb") as file:
        file.truncate(LARGE)
    picture.with_name("counted.png").write_bytes(COUNTED)
    with closing(sqlite3.connect(folder / "genedge.sqlite3")) as database, database:
        for each in picture.parent.iterdir():
            add_picture(database, f"images/{each.name}")
    return folder


def add_picture(database: sqlite3.Connection, name: str) -> None:
    row = dict.fromkeys(TEXTS_OF_A_PICTURE, "") | {
        "file": name,
        "width": 1,
        "height": 1,
        "collection_id": 1,
        "created_at": "2026-01-01 00:00:00",
    }
    columns, places = ", ".join(row), ", ".join("?" * len(row))
    database.execute(f"INSERT INTO media_image ({columns}) VALUES ({places})", [*row.values()])  # noqa: S608


@pytest.fixture(scope="module")
def server(folder) -> Iterator[Server]:
    """One that is patient enough that no slow peer is sent away while others are asked for."""
    server = start(folder, 600)
    yield server
    server.process.terminate()
    server.process.wait(timeout=SECONDS_TO_START)


@pytest.fixture(scope="module")
def impatient(folder) -> Iterator[Server]:
    server = start(folder, PEER_TIMEOUT)
    yield server
    server.process.terminate()
    server.process.wait(timeout=SECONDS_TO_START)


@pytest.fixture
def peers() -> Iterator[list[socket.socket]]:
    """Those of the test, which stay until it ends."""
    peers: list[socket.socket] = []
    yield peers
    for peer in peers:
        peer.close()


@pytest.mark.parametrize(
    "sends", [ONE_BYTE_OF_A_REQUEST, ONE_BYTE_OF_A_BODY, ONE_BYTE_IN_CHUNKS, LARGE_PICTURE]
)
def test_peers_who_are_slow_hold_up_nobody_else(server, peers, sends):
    for _ in range(SLOW_PEERS):
        peers.append(server.peer(sends, buffer=4096))

    health, _ = server.ask("GET", "/health")
    answered, answer = server.ask("POST", "/graphql", QUERY, JSON)
    admin, page = server.ask("GET", "/admin/login/")

    assert health.status == 503  # No scheduler runs here, and that is what it says.
    assert (answered.status, json.loads(answer)["data"]) == (200, {"__typename": "Query"})
    assert (admin.status, b"password" in page) == (200, True)


def test_http_2_is_left_to_proxies(server, peers):
    peer = server.peer(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    peers.append(peer)

    answer = peer.recv(1000)

    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")


def test_headers_that_do_not_come_end_the_connection(impatient, peers):
    peer = impatient.peer(ONE_BYTE_OF_A_REQUEST)
    peers.append(peer)

    assert peer.recv(1000) == b""


@pytest.mark.parametrize("sends", [ONE_BYTE_OF_A_BODY, ONE_BYTE_IN_CHUNKS])
def test_a_body_that_does_not_come_is_answered_with_408(impatient, peers, sends):
    peer = impatient.peer(sends)
    peers.append(peer)

    assert peer.recv(1000).startswith(b"HTTP/1.1 408 ")


def test_a_reader_who_takes_nothing_is_given_up(impatient, peers):
    peer = impatient.peer(LARGE_PICTURE, buffer=4096)
    peers.append(peer)
    assert is_connected(peer)

    wait_until(lambda: not is_connected(peer))


def is_connected(peer: socket.socket) -> bool:
    """Whether the server still has its end of the connection, which the peer may long not hear."""
    ours, theirs = (f":{end[1]:04X}" for end in (peer.getpeername(), peer.getsockname()))
    rows = (row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return any(row[1].endswith(ours) and row[2].endswith(theirs) for row in rows)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_large_file_comes_as_a_whole(server):
    answer, content = server.ask("GET", "/uploads/images/large.png")
    head, nothing = server.ask("HEAD", "/uploads/images/large.png")

    assert (answer.status, len(content), nothing) == (200, LARGE, b"")
    assert answer.headers["Content-Length"] == head.headers["Content-Length"] == str(LARGE)


def ask_for_parts(server: Server, asked: str) -> tuple[HTTPResponse, bytes]:
    return server.ask("GET", "/uploads/images/counted.png", headers={"Range": f"bytes={asked}"})


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-0", 0, 0), ("400000-799999", 400_000, 799_999), ("-5", 999_995, 999_999)],
)
def test_a_part_of_a_file_comes_alone(server, asked, first, last):
    answer, content = ask_for_parts(server, asked)

    assert (answer.status, content) == (206, COUNTED[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(COUNTED)}"
    assert answer.headers["Content-Length"] == str(len(content))


def test_several_parts_of_a_file_come_together(server):
    answer, content = ask_for_parts(server, "0-3,800000-999999")

    assert answer.status == 206
    assert answer.headers["Content-Length"] == str(len(content))
    kind = f"Content-Type: {answer.headers['Content-Type']}\r\n\r\n".encode()
    _, *parts = message_from_bytes(kind + content).walk()
    assert [part.get_payload(decode=True) for part in parts] == [COUNTED[:4], COUNTED[800_000:]]


def test_a_part_that_is_not_there_is_refused(server):
    answer, _ = ask_for_parts(server, "1000000-")

    assert answer.status == 416
    assert answer.headers["Content-Range"] == "bytes */1000000"


def test_a_request_under_way_is_answered_before_the_server_stops(folder, peers):
    server = start(folder, 30)
    peer = server.peer(ONE_BYTE_OF_A_BODY.replace(b": 100", b": 27"))
    peers.append(peer)

    server.process.send_signal(signal.SIGTERM)
    peer.sendall(QUERY[1:])

    assert peer.recv(1000).startswith(b"HTTP/1.1 200 ")
    assert server.process.wait(timeout=SECONDS_TO_START) == 0


def in_chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 50_000):
        yield b"a=" + b"x" * 49_998


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("path", "headers"), [("/graphql", JSON), ("/admin/login/", FORM)])
def test_a_body_that_is_too_large_is_refused_however_it_comes(server, path, headers, chunked):
    body = in_chunks(5_000_000) if chunked else b"x" * 5_000_000

    answer, _ = server.ask("POST", path, body, headers)

    assert answer.status == 413


@pytest.mark.parametrize("chunked", [False, True])
def test_file_is_not_read_at_an_address_that_no_form_gave(server, chunked):
    body = in_chunks(5_000_000) if chunked else b"x" * 5_000_000

    answer, content = server.ask("PUT", "/forms/files/made-up/cv/key?name=cv.pdf", body)

    assert answer.status == 403
    assert json.loads(content)["errors"][0]["code"] == "START_AGAIN"


def test_what_is_told_to_be_too_large_is_refused_before_it_comes(server, peers):
    peer = server.peer(ONE_BYTE_OF_A_BODY.replace(b": 100", b": 300000000"))
    peers.append(peer)

    assert peer.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_a_body_in_chunks_is_read(server):
    answer, content = server.ask("POST", "/graphql", iter([QUERY[:5], QUERY[5:]]), JSON)

    assert (answer.status, json.loads(content)["data"]) == (200, {"__typename": "Query"})


@pytest.mark.parametrize("chunk", [b"zz\r\n", b"3\r\nab"])
def test_a_body_that_is_not_complete_is_not_taken_for_one(server, peers, chunk):
    """Half a form could mean something else than all of it."""
    start_of_it = ONE_BYTE_IN_CHUNKS.replace(b"1\r\n{\r\n", b"3\r\na=b\r\n" + chunk)
    peer = server.peer(start_of_it)
    peers.append(peer)
    peer.shutdown(socket.SHUT_WR)

    answer = peer.recv(1000)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")


def test_a_header_that_passes_for_a_proxys_is_left_out(server):
    """Written with underscores, it would arrive under the name of the one with hyphens."""
    answer, _ = server.ask("POST", "/graphql", QUERY, {"Content_Type": "application/json"})

    assert answer.status == 415
