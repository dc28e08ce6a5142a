"""Placeholders of pictures are ThumbHashes as others decode them."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image as Picture

from media.pictures.looks import looks_of
from tests.frontend_clients.running import run
from tests.media.made import written

SIZES = [(60, 40), (40, 60), (640, 640), (300, 10)]
COLOURS = [(10, 200, 30), (250, 240, 20), (20, 30, 90)]


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_placeholders_are_decoded_to_what_the_picture_shows(node, mode):
    tries = [(size, colour) for size in SIZES for colour in COLOURS]
    pictures = [Picture.new(mode, size, colour) for size, colour in tries]
    placeholders = [looks_of(written("PNG", each)).placeholder for each in pictures]

    shown = run("thumbhash", node, {"placeholders": placeholders})["shown"]

    for ((width, height), colour), decoded in zip(tries, shown, strict=True):
        assert decoded["average"] == pytest.approx(colour, abs=6)
        # It has seven steps for each side.
        nearest = max(1 / 7, min(7, width / height))
        assert decoded["ratio"] == pytest.approx(nearest, rel=0.25)
        drawn = Picture.open(BytesIO(b64decode(decoded["url"].partition(",")[2])))
        assert max(drawn.size) == 32
