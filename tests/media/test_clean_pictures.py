"""Pictures that were stored before anything was taken out of them."""

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from PIL import Image as Picture

from media.models import Image
from tests.media.made import PLACE, camera_notes, picture

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]


def stored(content: bytes, **fields) -> Image:
    return Image.objects.create(title="Photo", file=ContentFile(content, "photo.jpg"), **fields)


def clean() -> str:
    said = StringIO()
    call_command("clean_pictures", stdout=said, stderr=said)
    return said.getvalue()


def read(file) -> bytes:
    with file.open() as opened:
        return opened.read()


def test_stored_pictures_lose_what_cameras_noted_under_the_same_address():
    photo = stored(picture(exif=camera_notes(orientation=6)))
    smaller = photo.get_rendition("max-20x20")
    address = photo.file.url
    before = read(smaller.file)

    said = clean()

    photo.refresh_from_db()
    assert "1 of 1 pictures, 1 of them changed" in said
    assert photo.file.url == address
    assert (photo.width, photo.height) == (40, 60)
    assert Picture.open(BytesIO(read(photo.file))).size == (40, 60)
    assert photo.file_size == len(read(photo.file))
    assert PLACE in before
    assert PLACE not in read(photo.file) + read(smaller.file)


def test_focal_point_stays_on_what_the_editor_marked():
    """It was drawn on the upright picture, with the measures of the one that lay on its side."""
    marked = {"x": 30, "y": 20, "width": 12, "height": 8}
    photo = stored(
        picture(exif=camera_notes(orientation=6)),
        **{f"focal_point_{name}": value for name, value in marked.items()},
    )

    clean()

    photo.refresh_from_db()
    assert [getattr(photo, f"focal_point_{name}") for name in marked] == [20, 30, 8, 12]


def test_running_it_again_changes_nothing():
    stored(picture(exif=camera_notes(orientation=6))).get_rendition("max-20x20")
    clean()

    assert "1 of 1 pictures, 0 of them changed" in clean()


@pytest.mark.parametrize("of", ["picture", "rendition"])
def test_either_file_is_cleaned_where_an_old_one_was_put_back(of):
    photo = stored(picture())
    file = {"picture": photo.file, "rendition": photo.get_rendition("max-20x20").file}[of]
    clean()
    Path(file.path).write_bytes(picture(exif=camera_notes()))

    said = clean()

    assert "1 of 1 pictures, 1 of them changed" in said
    assert PLACE not in read(file)


def test_pictures_that_cannot_be_read_are_named_and_the_others_cleaned():
    gone, photo = stored(picture()), stored(picture(exif=camera_notes()))
    gone.file.storage.delete(gone.file.name)
    said = StringIO()

    with pytest.raises(CommandError, match="1 pictures were left as they were"):
        call_command("clean_pictures", stdout=said, stderr=said)

    assert f"Picture {gone.pk} ('Photo') cannot be read: No such file or directory." in (
        said.getvalue()
    )
    assert PLACE not in read(photo.file)
