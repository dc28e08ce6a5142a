"""What readers are shown of a picture until it is there: a blur of it, and its dominant colour."""

from __future__ import annotations

from base64 import b64decode
from io import StringIO
from typing import Any
from unittest.mock import Mock

import pytest
import thash
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image as Picture

from media.models import Image
from media.pictures import reading
from tests import factories
from tests.media.doors import DOORS, refusal, single, upload
from tests.media.made import camera_notes, picture, written

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

LOOKS = """query article($path: String!) { page(path: $path) {
  ... on ArticlePage { headerImage { image { placeholder dominantColour width height } } } } }"""
GREEN = (10, 200, 30)


def looks_of_upload(client: Any, name: str, content: bytes, door: Any = single) -> Image:
    assert refusal(upload(door, client, "image", name, content)) == ""
    return Image.objects.latest("pk")


def average(image: Image) -> list[int]:
    """Of the blur: red, green, blue and opacity, of 255."""
    parts = thash.thumb_hash_to_average_rgba([*b64decode(image.placeholder)])
    assert parts is not None
    return [round(255 * part) for part in parts]


def close_to(colour: tuple[int, ...]) -> Any:
    return pytest.approx(colour, abs=6)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_each_screen_notes_how_a_picture_looks(admin_client, door):
    image = looks_of_upload(admin_client, "photo.jpg", picture(), door)

    assert image.dominant_colour == "#ffffff"
    # An eighth is red.
    assert average(image) == close_to((255, 224, 224, 255))


def test_an_upload_is_opened_in_a_process_once(admin_client, monkeypatch):
    asked = Mock(wraps=reading.ask)
    monkeypatch.setattr(reading, "ask", asked)

    looks_of_upload(admin_client, "photo.jpg", picture())

    asked.assert_called_once()


def test_another_file_looks_otherwise(admin_client):
    image = looks_of_upload(admin_client, "photo.jpg", picture())
    green = written("PNG", Picture.new("RGB", (60, 40), GREEN))
    file = SimpleUploadedFile("green.png", green)
    sent = {"title": "New", "collection": 1, "file": file}

    admin_client.post(reverse("wagtailimages:edit", args=[image.pk]), sent)

    image.refresh_from_db()
    assert image.dominant_colour == "#0ac81e"
    assert average(image) == close_to((*GREEN, 255))


def test_another_title_leaves_how_it_looks(admin_client):
    image = looks_of_upload(admin_client, "photo.jpg", picture())
    before = image.placeholder

    address = reverse("wagtailimages:edit", args=[image.pk])
    admin_client.post(address, {"title": "Other", "collection": 1})

    image.refresh_from_db()
    assert (image.title, image.placeholder) == ("Other", before)


def test_photo_of_a_telephone_is_blurred_upright(admin_client):
    photo = picture(exif=camera_notes(orientation=6))

    image = looks_of_upload(admin_client, "photo.jpg", photo)

    hashed = [*b64decode(image.placeholder)]
    assert thash.thumb_hash_to_approximate_aspect_ratio(hashed) == pytest.approx(2 / 3, abs=0.2)


@pytest.mark.parametrize(
    ("name", "drawn", "colour"),
    [
        ("grey.png", Picture.new("L", (60, 40), 120), (120, 120, 120)),
        ("sixteen-bits.png", Picture.new("I;16", (60, 40), 120 * 256), (120, 120, 120)),
        ("print.jpg", Picture.new("CMYK", (60, 40), (0, 255, 255, 0)), (255, 0, 0)),
        ("palette.gif", Picture.new("RGB", (60, 40), GREEN).quantize(4), GREEN),
        ("black-and-white.png", Picture.new("1", (60, 40), 1), (255, 255, 255)),
        ("one-pixel.png", Picture.new("RGB", (1, 1), GREEN), GREEN),
        ("line.png", Picture.new("RGB", (1, 5_000), GREEN), GREEN),
        ("small.avif", Picture.new("RGB", (60, 40), GREEN), GREEN),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_each_kind_of_picture_has_its_colour(admin_client, name, drawn, colour):
    kind = {"jpg": "JPEG"}.get(name[-3:], name.rpartition(".")[2].upper())

    image = looks_of_upload(admin_client, name, written(kind, drawn))

    assert tuple(bytes.fromhex(image.dominant_colour[1:])) == close_to(colour)
    assert average(image)[:3] == close_to(colour)


def test_colour_is_of_what_is_not_transparent(admin_client):
    logo = Picture.new("RGBA", (60, 40), (255, 0, 0, 0))
    logo.paste((*GREEN, 255), (0, 0, 20, 20))

    image = looks_of_upload(admin_client, "logo.png", written("PNG", logo))

    assert image.dominant_colour == "#0ac81e"
    assert average(image)[3] < 100


@pytest.mark.parametrize(("opacity", "colour"), [(0, ""), (127, ""), (128, "#0ac81e")])
def test_colour_is_of_what_is_at_least_half_opaque(admin_client, opacity, colour):
    veil = Picture.new("RGBA", (60, 40), (*GREEN, opacity))

    image = looks_of_upload(admin_client, "veil.png", written("PNG", veil))

    assert image.dominant_colour == colour


@pytest.mark.parametrize("mode", ["1", "P"])
def test_blur_of_stripes_is_their_mean(admin_client, mode):
    stripes = Picture.new("RGB", (640, 400), "black")
    for x in range(0, 640, 2):
        stripes.paste("white", (x, 0, x + 1, 400))

    image = looks_of_upload(admin_client, "stripes.png", written("PNG", stripes.convert(mode)))

    assert average(image)[:3] == close_to((128, 128, 128))


def test_colour_is_the_most_frequent_and_not_the_mean(admin_client):
    halves = Picture.new("RGB", (60, 40), "white")
    halves.paste(GREEN, (0, 0, 40, 40))

    image = looks_of_upload(admin_client, "halves.png", written("PNG", halves))

    assert image.dominant_colour == "#0ac81e"


def test_title_that_was_refused_leaves_how_it_looks_for_the_next(admin_client):
    sent = {"title": "x" * 300, "collection": 1}
    sent["files[]"] = SimpleUploadedFile("photo.jpg", picture())
    answer = admin_client.post(reverse("wagtailimages:add_multiple"), sent).json()
    key = answer["uploaded_file_id"]

    row = f"uploaded-image-{key}"
    admin_client.post(
        reverse("wagtailimages:create_multiple_from_uploaded_image", args=[key]),
        {f"{row}-title": "Photo", f"{row}-collection": 1},
    )

    assert Image.objects.get(title="Photo").dominant_colour == "#ffffff"


def test_readers_get_both(admin_client, ask):
    image = looks_of_upload(admin_client, "photo.jpg", picture())
    page = factories.article_page(header_image=image, header_image_decorative=True)

    answer = ask(LOOKS, path=f"/articles/{page.slug}/")

    assert answer["page"]["headerImage"]["image"] == {
        "placeholder": image.placeholder,
        "dominantColour": "#ffffff",
        "width": 60,
        "height": 40,
    }


def test_nothing_is_said_of_a_picture_that_nobody_looked_at_until_a_command_does(ask):
    image = Image.objects.create(title="Old", file=ContentFile(picture("PNG"), "old.png"))
    page = factories.article_page(header_image=image, header_image_decorative=True)

    def answered() -> dict[str, Any]:
        path = f"/articles/{page.slug}/"
        return ask(LOOKS, path=path)["page"]["headerImage"]["image"]

    assert [answered()[name] for name in ("placeholder", "dominantColour")] == [None, None]

    said = StringIO()
    call_command("clean_pictures", stdout=said)
    call_command("clean_pictures", stdout=said)

    assert answered()["dominantColour"] == "#ffffff"
    assert "1 of 1 pictures, 1 of them changed" in said.getvalue()
    assert said.getvalue().endswith("1 of 1 pictures, 0 of them changed\n")


def test_pictures_of_a_new_site_have_both():
    call_command("load_starter_content", stdout=StringIO())

    assert Image.objects.exists()
    assert not Image.objects.filter(placeholder="").exists()
    assert not Image.objects.filter(dominant_colour="").exists()
