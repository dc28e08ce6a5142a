"""Parts of files (RFC 9110), for who goes on with a download or turns to a page of a document."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponseBase

from genedge_site.bridge import FilePart

__all__ = ["RangeMiddleware"]

# Who asks for more parts gets the file.
MOST_PARTS = 16
# Numbers that no file is as large as are none.
RANGE = re.compile(r"([0-9]{0,18})-([0-9]{0,18})")

Part = tuple[int, int]


class NotSatisfiable(Exception):
    """The file has nothing of what is asked for."""


class RangeMiddleware:
    """Answers with parts of whatever file a view sends, once that has decided who may have it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 200 or not isinstance(response, FileResponse):
            return response
        file = response.file_to_stream
        if isinstance(getattr(file, "name", None), str | Path):
            response["Accept-Ranges"] = "bytes"
            if request.method == "GET" and is_of_this_version(request, response):
                send_parts(response, file, request.headers.get("Range", ""))
        return response


def is_of_this_version(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether what the reader has of the file is of the file as it is now, if they ask that."""
    condition = request.headers.get("If-Range", "").strip()
    if not condition:
        return True
    if condition.startswith('"'):
        return condition == response.get("ETag")
    return condition == response.get("Last-Modified")


def send_parts(response: FileResponse, file: IO[bytes], asked: str) -> None:
    size = int(response["Content-Length"])
    try:
        parts = parts_in(asked, size)
    except NotSatisfiable:
        response.status_code = 416
        replace(response, iter([b"The file has no such part.\n"]), 27)
        response["Content-Type"] = "text/plain; charset=utf-8"
        response["Content-Range"] = f"bytes */{size}"
        return
    if len(parts) == 1:
        response.status_code = 206
        [(first, last)] = parts
        replace(response, part_of_file(file, first, last), last - first + 1)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    elif parts:
        response.status_code = 206
        send_several(response, file, parts, size)


def parts_in(asked: str, size: int) -> list[Part]:
    """Those that are there, in the order asked for, overlapping ones as one.

    None means the whole file: what is no header of ranges is passed over, as is a greedy one.
    """
    unit, _, ranges = asked.partition("=")
    specified = [each.strip() for each in ranges.split(",", MOST_PARTS) if each.strip()]
    found = [RANGE.fullmatch(each) for each in specified]
    if unit.strip().lower() != "bytes" or not found or not all(found):
        return []
    pairs = [(each[1], each[2]) for each in found if each]
    if any(is_none(*pair) for pair in pairs):
        return []
    parts = [part for pair in pairs if (part := part_of(*pair, size))]
    if not parts:
        raise NotSatisfiable
    return joined(parts)


def is_none(first: str, last: str) -> bool:
    return not (first or last) or bool(first and last and int(last) < int(first))


def part_of(first: str, last: str, size: int) -> Part | None:
    if not first:  # The last bytes of the file.
        begin, end = max(0, size - int(last)), size - 1
    else:
        begin, end = int(first), min(int(last or size), size - 1)
    return (begin, end) if begin <= end else None


def joined(parts: list[Part]) -> list[Part]:
    """Parts that overlap or touch are sent as one, where the first of them was."""
    result: list[Part] = []
    for part in parts:
        begin, end = part
        near = [each for each in result if each[0] <= end + 1 and begin <= each[1] + 1]
        both = [part, *near]
        place = result.index(near[0]) if near else len(result)
        result = [each for each in result if each not in near]
        result.insert(place, (min(each[0] for each in both), max(each[1] for each in both)))
    return result


def send_several(response: FileResponse, file: IO[bytes], parts: list[Part], size: int) -> None:
    boundary = secrets.token_hex(16)
    kind = response["Content-Type"]
    heads = [
        f"\r\n--{boundary}\r\nContent-Type: {kind}\r\n"
        f"Content-Range: bytes {first}-{last}/{size}\r\n\r\n".encode()
        for first, last in parts
    ]
    end = f"\r\n--{boundary}--\r\n".encode()

    def content() -> Iterator[bytes]:
        for head, (first, last) in zip(heads, parts, strict=True):
            yield head
            yield from part_of_file(file, first, last)
        yield end

    length = sum(len(head) for head in heads) + sum(last - first + 1 for first, last in parts)
    replace(response, content(), length + len(end))
    response["Content-Type"] = f"multipart/byteranges; boundary={boundary}"


def part_of_file(file: Any, first: int, last: int) -> FilePart | Iterator[bytes]:
    """Of a file that is not on this machine, no more than the part is fetched."""
    return file.pieces(first, last) if hasattr(file, "pieces") else FilePart(file, first, last)


def replace(response: FileResponse, content: FilePart | Iterator[bytes], length: int) -> None:
    """The file that is open already is closed with the answer, as before."""
    named = response.get("Content-Disposition")
    response.streaming_content = content
    response["Content-Length"] = str(length)
    if named is not None:
        response["Content-Disposition"] = named
