"""The card of a page: at the address that the API gives, for as long as readers see the page so."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site_settings
from PIL import Image as Picture
from wagtail.models import Page, PageViewRestriction, Site

from media.cards import drawing, words
from media.cards.drawing import SIZE, Card, drawn
from pages.models import ArticlePage, SiteSettings
from tests import factories
from tests.api_ids import id_of
from tests.cms.perspective.scheduled_content import at, schedule
from tests.conftest import answer_of, post_graphql

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

CARD = "query ($path: String!) { page(path: $path) { seo { openGraph { image { url } } } } }"
LONG = [
    "W" * 255,
    "Long words on edges " * 12,
    "ميثاق مجموعة عمل الذكاء الاصطناعي التوليدي على الحافة " * 4,
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz " * 3,
]


def card_of(page: Page, client) -> str:
    told = answer_of(post_graphql(client, CARD, {"path": page.url}))["page"]["seo"]["openGraph"]
    return urlsplit(told["image"]["url"]).path


@pytest.fixture
def article() -> ArticlePage:
    return factories.article_page(title="Words on edges", slug="edges")


def test_card_is_a_picture_in_the_size_that_networks_ask_for(client, article):
    response = client.get(card_of(article, client))

    assert response["Content-Type"] == "image/png"
    with Picture.open(BytesIO(response.content)) as picture:
        assert picture.size == (1200, 630)
        assert len(picture.convert("RGB").getcolors() or []) > 3


def test_caches_keep_it_and_ask_again(client, article):
    address = card_of(article, client)
    first = client.get(address)

    again = client.get(address, headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=300, must-revalidate"
    assert again.status_code == 304
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("kind", ["password", "groups", "login"])
def test_card_of_a_private_page_is_not_readable(client, article, kind):
    address = card_of(article, client)
    section = article.get_parent()
    PageViewRestriction.objects.create(page=section, restriction_type=kind, password="word")

    assert client.get(address).status_code == 404


def test_card_is_there_from_the_second_of_its_page_until_it_expires(client, article, clock):
    schedule(article, at(2), expires=at(3), title="Other words")
    before = card_of(article, client)
    clock.set("2099-06-02T08:59:59+00:00")
    assert client.get(before).status_code == 200

    clock.set("2099-06-02T09:00:00+00:00")

    after = card_of(article, client)
    assert after != before
    assert client.get(before).status_code == 404
    assert client.get(after).status_code == 200
    clock.set("2099-06-03T09:00:00+00:00")
    assert client.get(after).status_code == 404


def test_nobody_can_have_another_card_made(client, article):
    """Whoever makes addresses up gets nothing, for nothing is drawn from what they hold."""
    own = card_of(article, client)
    digest = own.rpartition("/")[2]
    other = factories.charter_page()
    made_up = [
        own.replace(digest, "0" * 20 + ".png"),
        own.replace(id_of(article), id_of(other)),
        own.replace(id_of(article), "nothing"),
        own.replace(id_of(article), id_of(factories.person())),
        f"/cards/{id_of(article)}/{Card('Other words', 'A site').digest}.png",
    ]
    drawn.cache_clear()

    assert {client.get(each).status_code for each in made_up} == {404}
    assert drawn.cache_info().currsize == 0


def test_page_that_gets_a_picture_has_no_card_any_more(client, article):
    address = card_of(article, client)
    ArticlePage.objects.update(social_image=factories.image(), social_image_alt_text="Words")

    assert client.get(address).status_code == 404


def test_another_name_of_the_site_makes_another_card(client, article):
    before = card_of(article, client)
    SiteSettings.objects.create(site=Site.objects.get(), name="Another name")

    after = card_of(article, client)

    assert after != before
    assert [client.get(each).status_code for each in (before, after)] == [404, 200]


def test_card_of_a_page_of_another_site_is_at_the_address_that_the_api_gives(client):
    own = factories.home_page(slug="own")
    there = factories.home_page(slug="there")
    Site.objects.update(root_page=own)
    Site.objects.create(hostname="second.example.org", root_page=there, site_name="Second")
    page = factories.charter_page(parent=there)
    client.defaults["SERVER_NAME"] = "second.example.org"
    told = answer_of(post_graphql(client, CARD, {"path": "/charter/"}))["page"]["seo"]
    address = told["openGraph"]["image"]["url"]
    client.defaults["SERVER_NAME"] = "testserver"

    assert address.startswith(site_settings.SITE_URL)
    assert id_of(page) in address
    assert client.get(urlsplit(address).path).status_code == 200


def test_drafts_have_no_card(client, article):
    """Its address would tell of a title to come."""
    article.title = "Secret words"
    article.save_revision()
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {factories.preview_token()}"

    told = answer_of(post_graphql(client, CARD, {"path": article.url}))

    assert told["page"]["seo"]["openGraph"]["image"] is None


# Drawing


def ink_of(card: Card) -> tuple[int, int, int, int]:
    """Within which part of the card there is anything but paper, apart from the stripe."""
    with Picture.open(BytesIO(drawn(card))) as picture:
        grey = picture.convert("L").crop((drawing.STRIPE, 0, SIZE[0] - drawing.STRIPE, SIZE[1]))
    box = grey.point(lambda value: 255 if value < 200 else 0).getbbox()
    assert box
    return box


@pytest.mark.parametrize("title", [*LONG, "Hi", 'A "quote" & <b>', "L’œuvre : été 🚀"])
def test_no_title_leaves_the_card_or_runs_into_the_name(title):
    left, top, right, bottom = ink_of(Card(title, "A name"))

    assert left >= drawing.MARGIN - drawing.STRIPE - 10
    assert right <= SIZE[0] - drawing.MARGIN - drawing.STRIPE + 10
    assert top >= 60
    assert bottom <= SIZE[1] - 30
    font, lines = drawing.laid_out(words.drawable_words(title))
    assert len(lines) <= drawing.most_lines(round(font.size))
    assert drawing.TOP + len(lines) * font.size * drawing.LINE_HEIGHT <= drawing.NAME_AT


def test_title_is_shortened_only_where_there_is_no_room_for_all_of_it():
    _, short = drawing.laid_out("Four forums")
    _, long = drawing.laid_out("W" * 255)

    assert short == ["Four forums"]
    assert long[-1].endswith("…")


@pytest.mark.skipif(not words.joins_letters(), reason="FriBiDi is not installed.")
def test_title_in_arabic_begins_at_the_right():
    left, _, right, _ = ink_of(Card("ميثاق المجموعة", ""))

    assert right > SIZE[0] - drawing.MARGIN - drawing.STRIPE - 20
    assert left > SIZE[0] / 3


def test_title_from_the_right_is_not_drawn_where_its_letters_cannot_be_joined(monkeypatch):
    monkeypatch.setattr(words, "joins_letters", lambda: False)

    assert not Card("ميثاق المجموعة", "").can_be_drawn
    assert Card("Words", "").can_be_drawn


@pytest.mark.parametrize(
    ("title", "is_drawn"),
    [("Words", True), ("Été à Genève", True), ("中文标题", False), ("🎉", False), ("", False)],
)
def test_title_is_drawn_if_the_font_has_all_its_letters(title, is_drawn):
    assert Card(title, "").can_be_drawn is is_drawn


def test_what_decorates_a_title_is_left_out():
    assert words.drawable_words("Words\non 🚀 edges\0") == "Words on edges"
