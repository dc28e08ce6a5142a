"""Files as they come from telephones, other programs, and people who try things."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from PIL import Image, ImageCms, ImageDraw
from PIL.TiffImagePlugin import IFDRational

__all__ = [
    "PLACE",
    "archive",
    "camera_notes",
    "crowded_archive",
    "huge_png",
    "picture",
    "png_chunk",
    "profile",
    "written",
]

# What must be found nowhere in a file that readers get.
PLACE = b"Kungsgatan 12"


def picture(kind: str = "JPEG", *, size=(60, 40), mode="RGB", frames=1, **saved: Any) -> bytes:
    """Red at its upper left corner, white elsewhere; each further frame has another red."""
    drawn = []
    for number in range(frames):
        one = Image.new("RGB", size, "white")
        ImageDraw.Draw(one).rectangle((0, 0, 19, 14), fill=(255 - 20 * number, 0, 0))
        drawn.append(one.convert(mode))
    if frames > 1:
        saved |= {"save_all": True, "append_images": drawn[1:], "duration": 80}
    return written(kind, drawn[0], **saved)


def written(kind: str, drawn: Image.Image, **saved: Any) -> bytes:
    content = BytesIO()
    drawn.save(content, kind, **saved)
    return content.getvalue()


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def camera_notes(*, orientation: int = 1) -> Image.Exif:
    notes = Image.Exif()
    notes[0x0110] = "Telephone 7"
    notes[0x0112] = orientation
    notes[0x010E] = PLACE.decode()
    degrees = tuple(IFDRational(each) for each in (59, 20, 7))
    notes.get_ifd(0x8825).update({1: "N", 2: degrees, 3: "E", 4: degrees})
    return notes


def png_chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def huge_png(width: int, height: int) -> bytes:
    """Of one colour, a few kilobytes at most: only its head says how large it is."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


def archive(**files: str) -> bytes:
    """A ZIP archive, as office programs write their documents."""
    content = BytesIO()
    with ZipFile(content, "w") as written:
        for name, text in files.items():
            written.writestr(name, text)
    return content.getvalue()


def crowded_archive(size: int, *names: str, wide: bool = False) -> bytes:
    """Little but the list of what is in it, of so many bytes at most: names, then many of one.

    The end of a ``wide`` one has its size in 64 bits (ZIP64).
    """
    entries = b"".join(archive_entry(name) for name in names)
    more = archive_entry("a")
    entries += more * ((size - len(entries)) // len(more))
    count, length = len(entries) // len(more), len(entries)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count % 65_536, count % 65_536, length, 0, 0)
    if wide:
        end = (
            struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, 0)
            + struct.pack("<4sLQL", b"PK\6\7", 0, length, 1)
            + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65_535, 65_535, 2**32 - 1, 2**32 - 1, 0)
        )
    return entries + end


def archive_entry(name: str) -> bytes:
    fields = (20, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0)
    return struct.pack("<4s6H3L5H2L", b"PK\1\2", *fields) + name.encode()
