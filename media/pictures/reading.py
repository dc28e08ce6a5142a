"""Has a picture looked at before anybody else opens it, and says what is wrong with it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError

from media.pictures import process
from media.pictures.looks import Looks

__all__ = ["Kept", "PictureRefused", "as_kept"]

# What a picture of as many pixels as are taken needs at most, whatever its kind.
MEMORY = 1_000_000_000
SECONDS = 30

SENTENCES = {
    "damaged": (
        "This is not a picture, or it is damaged or incomplete. Open it in a program for pictures, "
        "save it anew and upload that."
    ),
    "animated": (
        "Animated {0} pictures are not taken. Save it as an animated WebP or GIF, or as a picture "
        "that does not move."
    ),
    "too_many_pixels": (
        "This picture is {0:,} pixels wide and {1:,} high, and may have {most:,} in all. Make it "
        "smaller and upload that."
    ),
    "too_many_frames": (
        "This animation has {2:,} frames of {0:,} by {1:,} pixels, and may have {most:,} pixels in "
        "all. Make it shorter or smaller and upload that."
    ),
    "too_costly": (
        "This picture takes too much memory or time to open. Save it anew, smaller or as a JPEG, "
        "and upload that."
    ),
}

# Several at once would take several times the memory.
one_at_a_time = Lock()


class PictureRefused(ValidationError):
    def __init__(self, reason: str, details: Sequence[Any] = ()):
        most = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
        super().__init__(SENTENCES[reason].format(*details, most=most), code=reason)


class Kept(NamedTuple):
    """A file upright, and without what its camera noted."""

    content: bytes
    looks: Looks


def as_kept(content: bytes) -> Kept:
    """Raises ``PictureRefused``."""
    limits = {
        "pixels": settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS,
        "memory": MEMORY,
        "seconds": SECONDS,
    }
    with one_at_a_time:
        answer, kept = ask_process(json.dumps(limits).encode() + b"\n" + content)
    if "reason" in answer:
        raise PictureRefused(answer["reason"], answer.get("details", []))
    return Kept(kept, Looks(*answer["looks"]))


def ask_process(sent: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        ended = subprocess.run(
            [sys.executable, "-m", process.__name__],
            input=sent,
            capture_output=True,
            cwd=Path(__file__).parents[2],
            timeout=2 * SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        # Killed at one of its limits, or by a fault of a decoder.
        return {"reason": "too_costly"}, b""
    answer, _, kept = ended.stdout.partition(b"\n")
    return json.loads(answer), kept
