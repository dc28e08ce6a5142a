"""A stored picture that is damaged, as by a disk, does not keep editors from its screen."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


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
