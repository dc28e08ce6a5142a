"""Pictures that stand in until there are real ones. Drawn here, and they say what they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont
from wagtail.utils.file import hash_filelike

from media.licences import Licence
from media.models import Image
from media.pictures.looks import looks_of

__all__ = ["Placeholders", "placeholders"]

BACKGROUND = "#e7e9ec"
FRAME = "#b4bac2"
INK = "#4a5460"


class Placeholders:
    """Draws and stores pictures, and remembers which files that made."""

    def __init__(self) -> None:
        self.storage = Image._meta.get_field("file").storage
        self.paths: list[str] = []

    def portrait(self, name: str, initials: str) -> Image:
        return self._store(
            title=f"Placeholder portrait of {name}",
            description=f"Placeholder for a portrait of {name}: the initials {initials}",
            size=(800, 800),
            lines=[(initials, 280), ("Placeholder portrait", 52)],
        )

    def picture(self, title: str, *, size: tuple[int, int], words: list[str]) -> Image:
        return self._store(
            title=f"Placeholder picture: {title}",
            description=f"Placeholder picture with the words: {' '.join(words)}",
            size=size,
            lines=[
                *((text, size[0] // 12) for text in words),
                ("Placeholder picture", size[0] // 26),
            ],
        )

    def _store(
        self, *, title: str, description: str, size: tuple[int, int], lines: list[tuple[str, int]]
    ) -> Image:
        drawn = draw(size, lines)
        content = ContentFile(drawn)
        looks = looks_of(drawn)
        image = Image(
            title=title,
            description=description,
            credit="Generated placeholder",
            licence=Licence.CC0,
            width=size[0],
            height=size[1],
            file_size=content.size,
            file_hash=hash_filelike(content),
            placeholder=looks.placeholder,
            dominant_colour=looks.dominant_colour,
        )
        name = title.lower().replace(":", "").replace(" ", "-")
        path = self.storage.save(image.get_upload_to(f"{name}.png"), content)
        self.paths.append(path)
        image.file = path
        image.save()
        return image

    def remove_files(self) -> None:
        for path in self.paths:
            self.storage.delete(path)


def draw(size: tuple[int, int], lines: list[tuple[str, int]]) -> bytes:
    """A framed PNG with lines of text in its middle, each in a height of its own."""
    picture = Picture.new("RGB", size, BACKGROUND)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=FRAME, width=12)
    middle = size[0] / 2
    top = (size[1] - sum(height * 1.3 for _, height in lines)) / 2
    for text, height in lines:
        font = ImageFont.load_default(height)
        pen.text((middle, top + height * 0.65), text, fill=INK, font=font, anchor="mm")
        top += height * 1.3
    content = BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()


@contextmanager
def placeholders() -> Iterator[Placeholders]:
    """Pictures whose files go again when the block fails, as a transaction undoes their rows."""
    made = Placeholders()
    try:
        yield made
    except BaseException:  # also when someone interrupts it
        made.remove_files()
        raise
