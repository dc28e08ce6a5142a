"""Answers: the thread that ran the application hands them to the server, which sends them without
one. Files, and what is too large to be kept in memory for a slow reader, leave from disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from genedge_site.bridge.environ import Environ

__all__ = ["FilePart", "respond", "say"]

# What is larger is written to disk, so that readers who stall hold little of a worker's memory.
BYTES_IN_MEMORY = 262_144

Headers = list[tuple[str, str]]


class FilePart:
    """Part of a file on disk, from its first byte to its last; read like a file."""

    def __init__(self, file: IO[bytes], first: int, last: int):
        self.file = file
        self.name = str(file.name)
        self.first = first
        self.last = last
        self.close = file.close
        self.rest = last - first + 1
        self.begun = False

    def read(self, size: int = BYTES_IN_MEMORY) -> bytes:
        if not self.begun:
            self.file.seek(self.first)
            self.begun = True
        content = self.file.read(min(size, self.rest))
        self.rest -= len(content)
        return content

    def __iter__(self):
        while content := self.read():
            yield content


class OpenFile:
    """The `wsgi.file_wrapper` of PEP 3333: a file that the application leaves to be sent."""

    def __init__(self, file: IO[bytes] | FilePart, block_size: int = 8192):
        self.file = file
        self.block_size = block_size
        self.close = file.close

    def __iter__(self):
        while part := self.file.read(self.block_size):
            yield part

    def path(self) -> str | None:
        """Where the server finds it, if it is a file on disk that it can send, or a part of one."""
        name = getattr(self.file, "name", None)
        if not isinstance(name, str | Path) or not Path(name).is_absolute():
            return None
        is_whole = isinstance(self.file, FilePart) or self.file.tell() == 0
        return str(name) if is_whole else None

    def kept_open(self) -> IO[bytes] | None:
        """A file on disk that has no name, once more, as the application will close its own."""
        if not isinstance(self.file, FilePart) and isinstance(getattr(self.file, "name", ""), int):
            return os.fdopen(os.dup(self.file.fileno()), "rb")
        return None

    def send(self, protocol: Any, status: int, headers: Headers, path: str) -> None:
        if isinstance(self.file, FilePart):
            first, last = self.file.first, self.file.last
            protocol.response_file_range(status, headers, path, first, last + 1)
        else:
            protocol.response_file(status, headers, path)


def respond(
    application: Callable[..., Iterable[bytes]], environ: Environ, protocol: Any
) -> IO[bytes] | None:
    """Run the application and answer. A file that is returned is to stay open until it is sent.

    The application's own files are closed in this thread, as are its connections to the database.
    """
    started: list[tuple[int, Headers]] = []

    def start_response(status: str, headers: Headers, exc_info=None) -> None:
        started[:] = [(int(status[:3]), headers)]

    parts = application({**environ, "wsgi.file_wrapper": OpenFile}, start_response)
    try:
        path = parts.path() if isinstance(parts, OpenFile) else None
        file = parts.kept_open() if isinstance(parts, OpenFile) else None
        content = b""
        if not (path or file):
            content, file = collected(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    status, headers = started[0]
    if environ["REQUEST_METHOD"] == "HEAD":
        protocol.response_empty(status, headers)
    elif path and isinstance(parts, OpenFile):
        parts.send(protocol, status, headers, path)
    elif file:
        told = [(name, value) for name, value in headers if name.lower() != "content-length"]
        told.append(("Content-Length", str(os.fstat(file.fileno()).st_size)))
        protocol.response_file(status, told, f"/dev/fd/{file.fileno()}")
    else:
        protocol.response_bytes(status, headers, content)
    return file


def collected(parts: Iterable[bytes]) -> tuple[bytes, IO[bytes] | None]:
    """The content, or a file of it."""
    content: list[bytes] = []
    size = 0
    parts = iter(parts)
    for part in parts:
        content.append(part)
        size += len(part)
        if size > BYTES_IN_MEMORY:
            return b"", written(chain(content, parts))
    return b"".join(content), None


def written(parts: Iterable[bytes]) -> IO[bytes]:
    file: IO[bytes]
    with ExitStack() as stack:
        file = stack.enter_context(TemporaryFile())
        file.writelines(parts)
        file.flush()
        stack.pop_all()
    return file


def say(protocol: Any, status: int, sentence: str) -> None:
    """Answer without asking the application. The connection ends with it."""
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]
    protocol.response_bytes(status, headers, f"{sentence}\n".encode())
