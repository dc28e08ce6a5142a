"""Takes out of a picture's file whatever is not needed to show it, without decoding the picture.

Only what is known to belong to the picture stays, colour profiles and animation included. Camera,
place, author, thumbnails and further pictures behind the first go, under whichever name they come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

__all__ = ["STRIPPERS", "Damaged"]


class Damaged(Exception):
    """The file ends too early, or is not laid out as its kind is."""


class Reader:
    """Reads on from where it stopped, and raises where there is less than was announced."""

    def __init__(self, content: bytes):
        self.content = content
        self.at = 0

    def take(self, size: int) -> bytes:
        part = self.content[self.at : self.at + size]
        if len(part) < size:
            raise Damaged
        self.at += size
        return part

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    @property
    def at_end(self) -> bool:
        return self.at >= len(self.content)


# JPEG

START, END, SCAN = 0xD8, 0xD9, 0xDA
JPEG_NOTES = {*range(0xE0, 0xF0), 0xFE}
# Of the segments for applications: density, colour profile, and how colours are stored.
JPEG_KEPT = (b"\xe0JFIF\0", b"\xe2ICC_PROFILE\0", b"\xeeAdobe")


def jpeg(content: bytes) -> bytes:
    return b"".join(jpeg_parts(Reader(content)))


def jpeg_parts(reader: Reader) -> Iterator[bytes]:
    if reader.take(2) != bytes([0xFF, START]):
        raise Damaged
    yield bytes([0xFF, START])
    while (marker := next_marker(reader)) != END:
        size = reader.take(2)
        segment = bytes([marker]) + reader.take(int.from_bytes(size, "big") - 2)
        if marker not in JPEG_NOTES or segment.startswith(JPEG_KEPT):
            yield b"\xff" + segment[:1] + size + segment[1:]
        if marker == SCAN:
            yield coded(reader)
    # Whatever follows is no part of this picture.
    yield bytes([0xFF, END])


def next_marker(reader: Reader) -> int:
    if reader.take(1) != b"\xff":
        raise Damaged
    while (marker := reader.number(1)) == 0xFF:
        pass
    return marker


def coded(reader: Reader) -> bytes:
    """The picture's own data, up to the next marker that is none of its own."""
    begin = at = reader.at
    while True:
        at = reader.content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(reader.content):
            raise Damaged
        following = reader.content[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7:
            break
        at += 2
    return reader.take(at - begin)


# PNG

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {
    *(b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"),
    *(b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"pHYs"),
}


def png(content: bytes) -> bytes:
    return b"".join(png_parts(Reader(content)))


def png_parts(reader: Reader) -> Iterator[bytes]:
    yield reader.take(len(PNG_SIGNATURE))
    kind = b""
    while kind != b"IEND":
        size = reader.take(4)
        kind = reader.take(4)
        data = reader.take(int.from_bytes(size, "big") + 4)
        if kind in PNG_KEPT:
            yield size + kind + data


# WebP

WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
WEBP_NOTES_FLAGS = 0x08 | 0x04


def webp(content: bytes) -> bytes:
    reader = Reader(content)
    if reader.take(4) != b"RIFF":
        raise Damaged
    end = int.from_bytes(reader.take(4), "little") + 8
    kept = reader.take(4) + b"".join(webp_parts(reader, end))
    return b"RIFF" + len(kept).to_bytes(4, "little") + kept


def webp_parts(reader: Reader, end: int) -> Iterator[bytes]:
    while reader.at < end:
        kind, size = reader.take(4), reader.take(4)
        length = int.from_bytes(size, "little")
        data = reader.take(length)
        if length % 2 and not reader.at_end:
            reader.take(1)
        if kind == b"VP8X":
            data = bytes([data[0] & ~WEBP_NOTES_FLAGS]) + data[1:]
        if kind in WEBP_KEPT:
            yield kind + size + data + b"\0" * (length % 2)


# GIF

GIF_EXTENSION, GIF_PICTURE, GIF_END = 0x21, 0x2C, 0x3B
GIF_CONTROL, GIF_APPLICATION = 0xF9, 0xFF
GIF_KEPT = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0", b"\x0bICCRGBG1012")


def gif(content: bytes) -> bytes:
    return b"".join(gif_parts(Reader(content)))


def gif_parts(reader: Reader) -> Iterator[bytes]:
    header = reader.take(13)
    yield header + reader.take(size_of_colours(header[10]))
    while (block := reader.number(1)) != GIF_END:
        if block == GIF_EXTENSION:
            label = reader.number(1)
            data = sub_blocks(reader)
            if label == GIF_CONTROL or (label == GIF_APPLICATION and data.startswith(GIF_KEPT)):
                yield bytes([block, label]) + data
        elif block == GIF_PICTURE:
            place = reader.take(9)
            colours = reader.take(size_of_colours(place[8]))
            yield bytes([block]) + place + colours + reader.take(1) + sub_blocks(reader)
        else:
            raise Damaged
    yield bytes([GIF_END])


def size_of_colours(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def sub_blocks(reader: Reader) -> bytes:
    begin = reader.at
    while size := reader.number(1):
        reader.take(size)
    return reader.content[begin : reader.at]


STRIPPERS: dict[str, Callable[[bytes], bytes]] = {
    "JPEG": jpeg,
    "PNG": png,
    "WEBP": webp,
    "GIF": gif,
}
