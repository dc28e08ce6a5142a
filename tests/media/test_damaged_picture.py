"""A stored picture that is damaged, as by a disk, does not keep editors from its screen."""

from unittest.mock import Mock

import pytest
from django.urls import reverse
from PIL import Image as Picture

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]


def test_the_screen_of_a_damaged_picture_opens_so_that_another_can_be_uploaded(admin_client):
    image = factories.image()
    with image.file.storage.open(image.file.name, "rb") as file:
        content = file.read()
    with image.file.storage.open(image.file.name, "wb") as file:
        file.write(content[: len(content) // 2])

    for name, arguments in (("wagtailimages:edit", [image.pk]), ("wagtailimages:index", [])):
        response = admin_client.get(reverse(name, args=arguments))
        assert response.status_code == 200
        assert b"not-found" in response.content


def test_a_file_that_stays_is_not_opened_when_its_form_is_saved(admin_client, monkeypatch):
    image = factories.image(title="Before")
    opened = Mock(side_effect=AssertionError)
    monkeypatch.setattr(Picture, "open", opened)
    address = reverse("wagtailimages:edit", args=[image.pk])

    saved = admin_client.post(address, {"title": "After", "collection": 1, "tags": ""})
    monkeypatch.undo()
    refused = admin_client.post(address, {"title": "", "collection": 1, "tags": ""})

    assert saved.status_code == 302
    image.refresh_from_db()
    assert (image.title, image.width, bool(image.file)) == ("After", 640, True)
    # It can be chosen still.
    assert b'name="file"' in refused.content
