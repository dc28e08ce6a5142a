"""A picture as iPhones take it becomes one that every browser shows."""

from __future__ import annotations

from io import BytesIO

import pillow_heif
import pytest
from PIL import Image as Picture
from PIL import ImageDraw

from media.models import Image
from tests.media.doors import DOORS, refusal, single, upload
from tests.media.made import PLACE, camera_notes, picture, profile

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]


def heic(*, mode: str = "RGB", size: tuple[int, int] = (64, 48), **saved) -> bytes:
    """Red at its upper left corner, white elsewhere, and transparent below if it can be."""
    drawn = Picture.new(mode, size, "white")
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 0, 23, 15), fill="red")
    if mode == "RGBA":
        pen.rectangle((0, 32, size[0], size[1]), fill=(0, 0, 0, 0))
    content = BytesIO()
    pillow_heif.from_pillow(drawn).save(content, quality=90, **saved)
    return content.getvalue()


def stored(client, name: str, content: bytes, door=single) -> tuple[Image, Picture.Image]:
    assert refusal(upload(door, client, "image", name, content)) == ""
    image = Image.objects.latest("pk")
    with image.file.open() as file:
        return image, Picture.open(BytesIO(file.read()))


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("name", ["photo.heic", "PHOTO.HEIC", "photo.heif"])
def test_each_screen_takes_it_as_a_jpeg(admin_client, door, name):
    image, kept = stored(admin_client, name, heic(), door)

    assert image.file.name.lower().endswith(".jpg")
    assert (kept.format, kept.size) == ("JPEG", (image.width, image.height)) == ("JPEG", (64, 48))
    assert image.dominant_colour == "#ffffff"


def test_it_is_upright_and_without_what_the_telephone_noted(admin_client):
    notes = camera_notes(orientation=6).tobytes()
    content = heic(exif=notes)

    image, kept = stored(admin_client, "photo.heic", content)

    assert PLACE in content
    with image.file.open() as file:
        assert PLACE not in file.read()
    assert not kept.getexif()
    assert (image.width, image.height) == kept.size == (48, 64)


def test_its_colour_profile_stays(admin_client):
    colours = profile()  # It notes the second at which it was made.
    content = BytesIO()
    drawn = Picture.open(BytesIO(picture(icc_profile=colours)))
    pillow_heif.from_pillow(drawn).save(content)

    _, kept = stored(admin_client, "photo.heic", content.getvalue())

    assert kept.info["icc_profile"] == colours


def test_what_is_transparent_becomes_white(admin_client):
    _, kept = stored(admin_client, "photo.heic", heic(mode="RGBA"))

    assert min(kept.convert("RGB").crop((30, 42, 34, 46)).tobytes()) > 240


def test_file_that_has_the_name_of_the_other_kind_is_taken_as_what_it_is(admin_client):
    """Telephones and mail programs rename them."""
    _, one = stored(admin_client, "photo.jpg", heic())
    other_image, other = stored(admin_client, "photo.heic", picture())

    assert one.format == other.format == "JPEG"
    assert other_image.file.name.endswith(".jpg")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (heic()[:-200], "This is not a picture, or it is damaged or incomplete."),
        (b"hello", "This is not a picture, or it is damaged or incomplete."),
    ],
    ids=["cut", "words"],
)
def test_what_is_wrong_with_it_is_one_sentence(admin_client, content, sentence):
    assert refusal(upload(single, admin_client, "image", "a.heic", content)).startswith(sentence)
    assert not Image.objects.exists()


def test_it_may_have_no_more_pixels_than_others(admin_client, settings):
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1_000

    response = upload(single, admin_client, "image", "photo.heic", heic())

    assert refusal(response).startswith("This picture is 64 pixels wide and 48 high")


def test_others_behind_it_count_for_nothing(admin_client, settings):
    """Telephones keep several of one moment in a file; nobody is shown more than the first."""
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 64 * 48
    several = pillow_heif.from_pillow(Picture.new("RGB", (64, 48), "white"))
    several.add_from_pillow(Picture.new("RGB", (64, 48), "black"))
    content = BytesIO()
    several.save(content, quality=90)

    image, _ = stored(admin_client, "photo.heic", content.getvalue())

    assert image.dominant_colour == "#ffffff"
