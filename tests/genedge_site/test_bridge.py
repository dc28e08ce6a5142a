"""What the bridge hands from the server to the application and back, without either of them."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from tempfile import TemporaryFile
from types import SimpleNamespace

import pytest

from genedge_site.bridge import Bridge
from genedge_site.bridge.bridge import MOST_WAITING, THREADS_THAT_WAIT

pytestmark = pytest.mark.any_database

FEW, MANY = 1_000, 3_000_000
OTHERS = 5


class Limits:
    """Whoever is known may send more."""

    def for_anyone(self, environ):
        return FEW

    def for_sender(self, environ):
        return MANY if "HTTP_COOKIE" in environ else FEW


class Server:
    """One request as granian tells it; `read` is how much of it was taken."""

    def __init__(self, body: bytes = b""):
        self.parts = [*(body[at : at + 65_536] for at in range(0, len(body), 65_536)), b""]
        self.read = 0

    async def __call__(self):
        self.read = sum(map(len, self.parts))
        return b"".join(self.parts)

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.parts:
            raise StopAsyncIteration
        part = self.parts.pop(0)
        self.read += len(part)
        return part

    def response_bytes(self, status, headers, content):
        self.answer = status, dict(headers), content

    def response_empty(self, status, headers):
        self.answer = status, dict(headers), b""

    def response_file_range(self, status, headers, path, start, end):
        self.answer = status, dict(headers), Path(path).read_bytes()[start:end]
        self.path = path

    def response_file(self, status, headers, path):
        self.answer = status, dict(headers), Path(path).read_bytes()
        self.path = path


def scope_of(path="/añb", method="POST", **headers):
    return SimpleNamespace(
        method=method,
        path=path,
        query_string="",
        server="[::1]:8000",
        client="[::1]:5000",
        scheme="http",
        http_version="1.1",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def bridge_to(application, *, threads=1):
    return Bridge(
        application,
        limits=Limits(),
        threads=threads,
        seconds=60,
        watched="/health",
        one_at_a_time=lambda environ: environ["PATH_INFO"] == "/login",
        may_wait_for_others=lambda environ: environ["PATH_INFO"] == "/file",
        when_listening=lambda: None,
    )


def answered(application, server, *, method="POST", **headers):
    scope, bridge = scope_of(method=method, **headers), bridge_to(application)
    with asyncio.Runner() as runner:
        runner.run(bridge.__rsgi__(scope, server))
        bridge.__rsgi_del__(runner.get_loop())
    return server.answer


def count(environ, start_response):
    """Answers how much was told, and how much came."""
    start_response("200 OK", [])
    return [f"{environ['CONTENT_LENGTH']} {len(environ['wsgi.input'].read())}".encode()]


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(
    ("size", "cookie", "came"),
    [
        (FEW, {}, FEW),
        (FEW + 1, {}, 0),
        (FEW + 1, {"cookie": "a=b"}, FEW + 1),
        (MANY, {"cookie": "a=b"}, MANY),
        (MANY + 65_536, {"cookie": "a=b"}, 0),
    ],
)
def test_the_application_gets_all_of_a_body_or_nothing_but_that_it_is_too_large(
    told, size, cookie, came
):
    headers = {"content_length": str(size)} if told else {"transfer_encoding": "chunked"}

    _, _, said = answered(count, Server(b"x" * size), **headers, **cookie)

    length, read = map(int, said.split())
    assert read == came
    assert length == size or (length > FEW and not read)


def test_half_a_body_never_reaches_the_application():
    server = Server(b"x" * 500_000)
    server.parts[-1:] = [b"", b""]  # as granian tells that a peer has gone

    status, _, _ = answered(count, server, transfer_encoding="chunked", cookie="a=b")

    assert status == 400


def test_what_is_streamed_leaves_from_disk_with_its_length():
    closed = []

    class Stream:
        def __iter__(self):
            return (b"x" * 100_000 for _ in range(20))

        def close(self):
            closed.append(True)

    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/csv")])
        return Stream()

    server = Server()
    status, headers, content = answered(application, server, method="GET")

    assert (status, len(content), closed) == (200, 2_000_000, [True])
    assert headers == {"Content-Type": "text/csv", "Content-Length": "2000000"}
    assert server.path.startswith("/dev/fd/")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_file_is_left_to_the_server_and_closed(tmp_path, method):
    file = (tmp_path / "document.pdf").open("wb+")
    file.write(b"x" * 300_000)
    file.seek(0)

    def application(environ, start_response):
        start_response("200 OK", [("Content-Length", "300000")])
        return environ["wsgi.file_wrapper"](file)

    _, headers, content = answered(application, Server(), method=method)

    assert len(content) == (300_000 if method == "GET" else 0)
    assert headers["Content-Length"] == "300000"
    assert file.closed


def test_a_request_is_told_as_wsgi_tells_it():
    told = {}

    def application(environ, start_response):
        told.update(environ)
        start_response("200 OK", [])
        return []

    answered(application, Server(), method="GET", x_forwarded_proto="https", cookie="a=b")

    assert told["PATH_INFO"].encode("latin-1").decode() == "/añb"
    assert (told["SERVER_NAME"], told["SERVER_PORT"], told["REMOTE_ADDR"]) == ("::1", "8000", "::1")
    assert (told["HTTP_X_FORWARDED_PROTO"], told["HTTP_COOKIE"]) == ("https", "a=b")


def test_what_comes_one_at_a_time_never_runs_twice_and_holds_up_no_other_request():
    running, most, others = 0, 0, 0
    others_answered = threading.Event()

    def work(environ, start_response):
        nonlocal running, most, others
        if environ["PATH_INFO"] != "/login":
            others += 1
            if others == OTHERS:
                others_answered.set()
        else:
            running += 1
            most = max(most, running)
            assert others_answered.wait(timeout=20)
            running -= 1
        start_response("200 OK", [])
        return [b"done"]

    bridge = bridge_to(work)
    slow, fast = [Server() for _ in range(5)], [Server() for _ in range(OTHERS)]

    async def all_at_once():
        asked = [("/login", server) for server in slow] + [("/", server) for server in fast]
        await asyncio.gather(*(bridge.__rsgi__(scope_of(path), server) for path, server in asked))

    asyncio.run(all_at_once())

    assert most == 1
    assert {server.answer[0] for server in slow + fast} == {200}


def test_who_would_wait_long_for_what_comes_one_at_a_time_is_told_to_come_again():
    refused = threading.Event()

    def work(environ, start_response):
        assert refused.wait(timeout=20)
        start_response("200 OK", [])
        return [b"done"]

    bridge = bridge_to(work)
    servers = [Server() for _ in range(MOST_WAITING + 1)]

    async def all_at_once():
        waiting = [asyncio.ensure_future(bridge.__rsgi__(scope_of("/login"), s)) for s in servers]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        refused.set()
        await asyncio.gather(*waiting)

    asyncio.run(all_at_once())

    answers = sorted(server.answer[::2] for server in servers)
    assert answers[:-1] == [(200, b"done")] * MOST_WAITING
    assert answers[-1] == (503, b"Many people do this just now: try again in a few seconds.\n")


def test_what_waits_for_another_server_holds_up_nobody_else():
    """The others are answered while as many as may wait do so."""
    others_answered = threading.Event()
    waited = []

    def work(environ, start_response):
        if environ["PATH_INFO"] == "/file":
            waited.append(others_answered.wait(timeout=20))
        else:
            others_answered.set()
        start_response("200 OK", [])
        return [b"done"]

    bridge = bridge_to(work)
    slow, other = [Server() for _ in range(2 * THREADS_THAT_WAIT)], Server()

    async def all_at_once():
        asked = [("/file", server) for server in slow] + [("/", other)]
        await asyncio.gather(*(bridge.__rsgi__(scope_of(path), server) for path, server in asked))

    asyncio.run(all_at_once())

    assert waited == [True] * len(slow)
    assert {server.answer[0] for server in [*slow, other]} == {200}


def test_file_without_a_name_is_left_to_the_server_as_it_is(monkeypatch):
    """It is on disk already, and is not written there once more."""
    content = b"x" * 500_000
    monkeypatch.setattr("genedge_site.bridge.answers.written", None)
    made = []

    def application(environ, start_response):
        file = TemporaryFile()  # noqa: SIM115 - whom it is handed to closes it
        file.write(content)
        file.seek(0)
        made.append(file)
        start_response("200 OK", [])
        return environ["wsgi.file_wrapper"](file)

    server = Server()

    assert answered(application, server, method="GET") == (
        200,
        {"Content-Length": "500000"},
        content,
    )
    assert server.path.startswith("/dev/fd/")
    assert made[0].closed
