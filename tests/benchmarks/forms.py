"""What other forms of texts and pictures cost in a list of 20, beside the plainest of each."""

import json

from media.models import Image
from media.renditions.making import made_of
from media.renditions.presets import presets
from pages.models import ArticlePage
from tests.benchmarks.perspectives import cost

__all__ = ["print_costs"]

LIST = "{ articles(first: 20) { nodes { title %s } } }"
BODY = "body { ... on ArticleParagraphs { text { %s } } }"
PICTURE = "headerImage { image { url %s } }"
CARD = "preset(name: CARD) { width height sources { mediaType srcset sizes } fallback { url } }"
FORMS = {
    "titles": "",
    "html": BODY % "html",
    "portable text": BODY % "portableText",
    "pictures": PICTURE % "",
    "presets": PICTURE % CARD,
}


def print_costs() -> None:
    """Statements and milliseconds of each, as JSON."""
    show_pictures()
    print(json.dumps({name: cost(LIST % fields) for name, fields in FORMS.items()}))


def show_pictures() -> None:
    """A picture of its own in each of the last articles, whose files are named, and not made."""
    preset = presets()["card"]
    like = Image.objects.earliest("pk")
    for article in ArticlePage.objects.order_by("-date", "-pk")[:20]:
        image = Image.objects.create(file=like.file.name, title="A picture")
        image.preset_renditions.create(
            preset=preset.name,
            made_of=made_of(image, preset),
            files=[
                {"format": kind, "width": width, "height": 9, "name": f"renditions/{width}.{kind}"}
                for kind in ("avif", "webp", "jpeg")
                for width in (320, 800)
            ],
        )
        ArticlePage.objects.filter(pk=article.pk).update(header_image=image)
