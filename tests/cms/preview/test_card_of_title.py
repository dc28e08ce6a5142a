"""The card that a title will have, for those who write it."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def test_editor_sees_the_card_of_what_is_typed(client):
    client.force_login(factories.user(is_superuser=True))

    response = client.get(reverse("card_of_title"), {"title": "Words", "name": "The group"})

    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"].startswith("private")


@pytest.mark.parametrize("title", ["", "中文", "\0"])
def test_title_that_cannot_be_drawn_has_none(client, title):
    client.force_login(factories.user(is_superuser=True))

    assert client.get(reverse("card_of_title"), {"title": title}).status_code == 204


def test_readers_get_none(client):
    assert client.get(reverse("card_of_title"), {"title": "Words"}).status_code == 302
