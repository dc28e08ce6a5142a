"""A picture in the sizes of the settings: made in the background, answered with what there is."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pillow_heif
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Picture
from PIL import ImageCms, ImageDraw
from wagtail.models import Collection, CollectionViewRestriction

from cms.worker.process import work_off
from media.models import Image, PresetRendition
from media.renditions.presets import presets
from tests import factories
from tests.conftest import post_graphql
from tests.media.made import PLACE, camera_notes, picture, profile, written

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

MEDIA_TYPES = {
    "AVIF": "image/avif",
    "WEBP": "image/webp",
    "JPEG": "image/jpeg",
    "PNG": "image/png",
}
RED = (255, 0, 0)


def in_srcset(source: dict[str, Any]) -> list[tuple[str, int]]:
    found = [each.split(" ") for each in source["srcset"].split(", ")]
    return [(url, int(width.removesuffix("w"))) for url, width in found]


def file_at(url: str, client: Client | None = None) -> bytes:
    response = (client or Client()).get(urlsplit(url).path)
    assert response.status_code == 200
    return response.getvalue()


def opened(url: str) -> Any:
    return Picture.open(BytesIO(file_at(url)))


def addresses(card: dict[str, Any]) -> list[str]:
    return [url for source in card["sources"] for url, _ in in_srcset(source)]


def like(colour: Any) -> Any:
    return pytest.approx(colour, abs=12)


def test_files_of_each_format_and_width_are_what_the_answer_says(uploaded, answer):
    image = uploaded(picture(size=(1600, 1000)))
    work_off()

    card = answer(image)["card"]

    assert [each["format"] for each in card["sources"]] == ["AVIF", "WEBP", "JPEG"]
    for source in card["sources"]:
        assert source["mediaType"] == MEDIA_TYPES[source["format"]]
        assert source["sizes"] == settings.IMAGE_PRESETS["card"]["sizes"]
        assert [width for _, width in in_srcset(source)] == [320, 800]
        for url, width in in_srcset(source):
            file = opened(url)
            assert (file.format, *file.size) == (source["format"], width, width * 9 // 16)
    assert (card["width"], card["height"]) == (800, 450)
    largest = in_srcset(card["sources"][-1])[-1][0]
    assert card["fallback"] == {"url": largest, "width": 800, "height": 450}


def test_until_they_are_made_the_upload_is_answered_in_the_same_size(uploaded, answer):
    image = uploaded(picture(size=(1600, 1000)))

    before = answer(image)
    work_off()
    after = answer(image)

    upload = {"url": before["url"], "width": 1600, "height": 1000}
    assert before["card"]["sources"] == []
    assert before["card"]["fallback"] == upload
    assert after["card"]["fallback"] != upload
    for side in ("width", "height"):
        assert before["card"][side] == after["card"][side]


@pytest.mark.parametrize("corner", ["left", "right"])
def test_the_focal_point_stays_in_view(uploaded, edited, answer, corner):
    drawn = Picture.new("RGB", (2000, 450), "white")
    at = {"left": (0, 0, 99, 99), "right": (1900, 350, 1999, 449)}[corner]
    ImageDraw.Draw(drawn).rectangle(at, fill=RED)
    image = uploaded(written("PNG", drawn), "strip.png")
    middle = {"focal_point_x": (at[0] + at[2]) // 2, "focal_point_y": (at[1] + at[3]) // 2}

    edited(image, **middle, focal_point_width=100, focal_point_height=100)
    work_off()

    for source in answer(image)["card"]["sources"]:
        file = opened(in_srcset(source)[-1][0]).convert("RGB")
        seen = {"left": (40, 40), "right": (file.width - 40, file.height - 40)}[corner]
        assert file.getpixel(seen) == like(RED)


def test_when_the_focal_point_moves_the_files_of_before_are_answered_until_there_are_new_ones(
    uploaded, edited, answer
):
    image = uploaded()
    work_off()
    before = answer(image)["card"]

    edited(image, focal_point_x=20, focal_point_y=20, focal_point_width=9, focal_point_height=9)

    assert answer(image)["card"] == before
    work_off()
    assert set(addresses(answer(image)["card"])).isdisjoint(addresses(before))
    # A page that a reader has open names them still.
    assert all(file_at(url) for url in addresses(before))


def test_of_what_came_before_the_last_files_alone_are_kept(
    uploaded, edited, answer, django_capture_on_commit_callbacks
):
    image = uploaded()
    seen = []
    for number in (1, 2, 3):
        with django_capture_on_commit_callbacks(execute=True):
            edited(image, credit=f"Photographer {number}")
            work_off()
        seen.append(addresses(answer(image)["card"]))

    assert [Client().get(urlsplit(urls[0]).path).status_code for urls in seen] == [404, 200, 200]
    assert stored_files() == {*map(name_of, seen[1]), *map(name_of, seen[2])}


def stored_files() -> set[str]:
    root = settings.MEDIA_ROOT / "renditions"
    return {str(each.relative_to(settings.MEDIA_ROOT)) for each in root.rglob("*.*")}


def name_of(url: str) -> str:
    return urlsplit(url).path.removeprefix(settings.MEDIA_URL)


def test_another_file_is_never_shown_as_the_one_before(
    uploaded, edited, answer, django_capture_on_commit_callbacks
):
    image = uploaded(picture(size=(900, 600)))
    work_off()
    before = addresses(answer(image)["card"])

    with django_capture_on_commit_callbacks(execute=True):
        another = written("JPEG", Picture.new("RGB", (900, 600), "blue"))
        edited(image, file=SimpleUploadedFile("photo.jpg", another))

    card = answer(image)["card"]
    assert card["sources"] == []
    assert card["fallback"]["url"].endswith(image.file.name)
    assert stored_files() == set()
    work_off()
    assert set(addresses(answer(image)["card"])).isdisjoint(before)
    assert opened(answer(image)["card"]["fallback"]["url"]).getpixel((9, 9)) == like((0, 0, 254))


def test_nothing_is_made_larger_than_it_was_uploaded(uploaded, answer):
    image = uploaded(picture(size=(200, 160)))
    work_off()

    card = answer(image)["card"]

    assert (card["width"], card["height"]) == (200, pytest.approx(200 * 9 / 16, abs=2))
    assert [width for source in card["sources"] for _, width in in_srcset(source)] == [200] * 3


def alpha() -> Picture.Image:
    drawn = Picture.new("RGBA", (400, 225), (0, 0, 0, 0))
    ImageDraw.Draw(drawn).rectangle((0, 0, 199, 224), fill=(*RED, 255))
    return drawn


def heic() -> bytes:
    content = BytesIO()
    pillow_heif.from_pillow(Picture.new("RGB", (400, 226), RED)).save(content, quality=90)
    return content.getvalue()


def plain(kind: str, mode: str, colour: Any) -> Callable[[], bytes]:
    return lambda: written(kind, Picture.new(mode, (400, 225), colour))


def many_colours() -> Picture.Image:
    falling = Picture.linear_gradient("L").resize((400, 225))
    parts = (falling, falling.transpose(Picture.Transpose.ROTATE_90).resize((400, 225)))
    return Picture.merge("RGB", (*parts, Picture.radial_gradient("L").resize((400, 225))))


# A name, the file, and as what it is offered besides AVIF and WebP.
UPLOADS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "CMYK": ("photo.jpg", plain("JPEG", "CMYK", (0, 255, 255, 0)), "JPEG"),
    "grey": ("photo.jpg", plain("JPEG", "L", 200), "JPEG"),
    "16 bits": ("scan.png", plain("PNG", "I;16", 51400), "PNG"),
    "black and white": ("plan.png", plain("PNG", "1", 1), "PNG"),
    "photograph as PNG": ("photo.png", lambda: written("PNG", many_colours()), "JPEG"),
    "AVIF": ("photo.avif", plain("AVIF", "RGB", RED), "JPEG"),
    "HEIC": ("photo.heic", heic, "JPEG"),
    "transparent PNG": ("logo.png", lambda: written("PNG", alpha()), "PNG"),
    "transparent palette": ("logo.png", lambda: written("PNG", alpha().quantize(16)), "PNG"),
    "transparent WebP": ("logo.webp", lambda: written("WEBP", alpha(), lossless=True), "PNG"),
    "transparent GIF": ("logo.gif", lambda: written("GIF", alpha()), "PNG"),
}


@pytest.mark.parametrize("kind", UPLOADS)
def test_whatever_is_taken_is_offered_in_formats_that_suit_it(uploaded, answer, kind):
    name, content, fallback = UPLOADS[kind]
    mode = "RGBA" if "transparent" in kind else "RGB"
    image = uploaded(content(), name)
    work_off()

    card = answer(image)["card"]

    assert [each["format"] for each in card["sources"]] == ["AVIF", "WEBP", fallback]
    with image.file.open() as file:
        whole = Picture.open(BytesIO(file.read()))
        drawn = whole if whole.mode != "I;16" else Picture.new("L", whole.size, 200)
        colour = drawn.convert("RGBA").getpixel((100, 112))
    for source in card["sources"]:
        made = opened(in_srcset(source)[-1][0])
        assert made.convert("RGBA").getpixel((made.width // 4, made.height // 2)) == like(colour)
        # Where it is not transparent a file says nothing of it.
        assert made.mode == mode
    if mode == "RGBA":
        assert made.getpixel((made.width - 9, 9))[3] == 0


def test_what_moves_moves_as_webp_and_stands_still_elsewhere(uploaded, answer):
    image = uploaded(picture("GIF", size=(900, 506), frames=4, loop=0), "moving.gif")
    work_off()

    card = answer(image)["card"]

    assert [each["format"] for each in card["sources"]] == ["WEBP", "PNG"]
    for url, _ in in_srcset(card["sources"][0]):
        moving = opened(url)
        moving.load()
        assert (moving.n_frames, moving.info["duration"], moving.info["loop"]) == (4, 80, 0)
    assert getattr(opened(card["fallback"]["url"]), "n_frames", 1) == 1


def test_colours_of_another_space_become_those_of_the_web(uploaded, answer):
    """In the profile's space this is a blue; whoever passes over the profile sees another."""
    lab_like = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = lab_like.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    red = Picture.new("RGB", (400, 225), RED)
    image = uploaded(written("JPEG", red, icc_profile=swapped), "photo.jpg")
    work_off()

    for source in answer(image)["card"]["sources"]:
        made = opened(in_srcset(source)[-1][0])
        assert made.convert("RGB").getpixel((99, 99)) == like((0, 0, 255))
        assert "icc_profile" not in made.info


def test_neither_place_nor_device_is_in_any_file(uploaded, answer):
    content = picture(size=(900, 600), exif=camera_notes(), icc_profile=profile())
    image = uploaded(content)
    work_off()

    assert PLACE in content
    for url in addresses(answer(image)["card"]):
        file = file_at(url)
        assert PLACE not in file
        assert b"Telephone 7" not in file
        assert not Picture.open(BytesIO(file)).getexif()


def test_readers_cause_no_file(uploaded, client):
    image = uploaded()
    factories.article_page(header_image=image, header_image_alt_text="A chip")
    query = """{ articles { nodes { headerImage { image {
      preset(name: %s) { sources { srcset } } } } } } }"""

    unknown = post_graphql(client, query % "ENORMOUS")
    known = post_graphql(client, query % "CARD")

    assert unknown.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert known.json()["data"]["articles"]["nodes"][0]["headerImage"]["image"]
    assert client.get("/uploads/renditions/1/0/photo-640.avif").status_code == 404
    assert not PresetRendition.objects.exists()
    assert not image.renditions.exists()
    assert stored_files() == set()


def test_many_pictures_cost_as_many_statements_as_one(ask, statements):
    query = """{ articles(first: 50) { nodes { headerImage { image {
      card: preset(name: CARD) { width sources { srcset } fallback { url } } } } } } }"""

    def add_articles(number: int) -> None:
        for _ in range(number):
            image = factories.image()
            factories.article_page(header_image=image, header_image_alt_text="A chip")

    add_articles(1)
    work_off()
    ask(query)
    with statements(STATEMENTS_OF_LIST):
        ask(query)
    add_articles(8)
    work_off()

    with statements(STATEMENTS_OF_LIST):
        found = ask(query)["articles"]["nodes"]

    assert all(each["headerImage"]["image"]["card"]["sources"] for each in found)


# Site and moments; the list; its pictures; their files.
STATEMENTS_OF_LIST = 4


@pytest.mark.parametrize("moment", ["before", "after"])
def test_of_a_private_collection_no_file_is_there_for_readers(
    uploaded, answer, client, admin_client, moment
):
    above = Collection.get_first_root_node().add_child(name="Not yet")
    image = uploaded(collection=above.add_child(name="Beneath").pk)

    def make_private():
        CollectionViewRestriction.objects.create(collection=above, restriction_type="login")

    work_off()
    urls = addresses(answer(image)["card"])
    if moment == "before":
        assert file_at(urls[0])
    make_private()

    for url in urls:
        assert client.get(urlsplit(url).path).status_code == 404
    response = admin_client.get(urlsplit(urls[0]).path)
    assert response["Cache-Control"] == "private, no-store"
    assert response.getvalue()


def test_browsers_keep_a_file_for_ever_and_shared_caches_ask_again(uploaded, answer, client):
    image = uploaded()
    work_off()

    response = client.get(urlsplit(addresses(answer(image)["card"])[0]).path)

    assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=600, immutable"
    assert response["Content-Type"] == "image/avif"


def test_a_file_that_nobody_knows_of_is_not_there(uploaded, answer, client):
    """As one that is left behind when the machine stops before its row is written."""
    image = uploaded()
    work_off()
    url = addresses(answer(image)["card"])[0]
    assert file_at(url)
    PresetRendition.objects.filter(image=image).delete()

    assert (settings.MEDIA_ROOT / name_of(url)).exists()
    assert client.get(urlsplit(url).path).status_code == 404


def test_with_a_picture_its_files_go(uploaded, django_capture_on_commit_callbacks):
    image = uploaded()
    work_off()
    assert stored_files()

    with django_capture_on_commit_callbacks(execute=True):
        Image.objects.get(pk=image.pk).delete()

    assert stored_files() == set()


def test_the_schema_names_the_presets_of_the_settings_and_says_what_they_are(client):
    query = '{ __type(name: "ImagePreset") { enumValues { name description } } }'

    values = post_graphql(client, query).json()["data"]["__type"]["enumValues"]

    told = {each["name"]: each["description"] for each in values}
    assert told["CARD"] == "Cropped to 800 by 450 pixels."
    assert told["LOGO"] == "Within 480 by 240 pixels."
    assert told["TEXT"] == "At most 1280 pixels wide."
    assert set(presets()) <= {name.lower() for name in told}
