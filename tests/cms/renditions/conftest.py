"""Pictures as editors upload them, and the worker that makes their files, in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cms.api.schema.public import public_schema
from media.models import Image
from media.renditions import making
from media.renditions.presets import presets
from tests import factories
from tests.media.made import picture

QUERY = """query article($path: String!) { page(path: $path) {
  ... on ArticlePage { headerImage { image { width height url card: preset(name: CARD) {
    width height
    sources { format mediaType srcset sizes }
    fallback { url width height }
} } } } } }"""


@pytest.fixture(autouse=True)
def one_preset(settings) -> Iterator[None]:
    """Each costs seconds. The schema is that of the site's own settings all the same."""
    public_schema()
    settings.IMAGE_PRESETS = {"card": {**settings.IMAGE_PRESETS["card"]}}
    presets.cache_clear()
    yield
    presets.cache_clear()


@pytest.fixture
def uploaded(admin_client: Any, db: None) -> Callable[..., Image]:
    def uploaded(content: bytes = b"", name: str = "photo.jpg", **fields: Any) -> Image:
        file = SimpleUploadedFile(name, content or picture(size=(1600, 1000)))
        sent = {"title": "New", "collection": 1, "file": file, **fields}
        response = admin_client.post(reverse("wagtailimages:add"), sent)
        assert response.status_code == 302, response.content
        return Image.objects.latest("pk")

    return uploaded


@pytest.fixture
def edited(admin_client: Any) -> Callable[..., Image]:
    """Saves the form of a picture with other values."""

    def edited(image: Image, **fields: Any) -> Image:
        sent = {name: getattr(image, name) or "" for name in SENT}
        sent |= {"collection": image.collection_id, "tags": "", **fields}
        response = admin_client.post(reverse("wagtailimages:edit", args=[image.pk]), sent)
        assert response.status_code == 302, response.content
        image.refresh_from_db()
        return image

    return edited


SENT = (
    *("title", "description", "credit", "copyright_notice", "licence", "digital_source_type"),
    *(f"focal_point_{each}" for each in ("x", "y", "width", "height")),
)


@pytest.fixture
def too_much(monkeypatch) -> Mock:
    """The process that makes files ends at a limit, each time."""
    asked = Mock(return_value=None)
    monkeypatch.setattr(making, "ask", asked)
    return asked


@pytest.fixture
def answer(ask: Callable[..., Any]) -> Callable[[Image], Any]:
    """What the API says of a picture at the head of an article."""

    def answer(image: Image) -> Any:
        article = factories.article_page(header_image=image, header_image_alt_text="A chip")
        found = ask(QUERY, path=f"/articles/{article.slug}/")
        return found["page"]["headerImage"]["image"]

    return answer
