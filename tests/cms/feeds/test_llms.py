"""``/llms.txt`` names the pages that programs should read, in the form of llmstxt.org."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from wagtail.models import Locale, PageViewRestriction, Site

from pages.models import SiteSettings
from tests import factories
from tests.cms.perspective.scheduled_content import at, scheduled
from tests.markdown_read import ReadBlock, blocks_in

pytestmark = pytest.mark.django_db


def told_by(client: Client, **headers: str) -> list[ReadBlock]:
    response = client.get("/llms.txt", headers=headers)
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return list(blocks_in(response.content.decode()))


def sections_of(client: Client, **headers: str) -> dict[str, list[str]]:
    """The addresses in each section."""
    sections: dict[str, list[str]] = {}
    title = ""
    for block in told_by(client, **headers):
        if block.level == 2:
            title = block.words
            sections[title] = []
        elif title:
            assert "list_item" in block.around
            (address,) = {link for *_, link in block.characters if link}
            assert block.characters[0][2] == address, "Each begins with its link."
            sections[title].append(address)
    return sections


def test_site_is_told_and_its_pages_by_type(client, settings):
    settings.FRONTENDS = {"": "https://www.example.org"}
    home = factories.home_page(search_description="Who: we [are]")
    SiteSettings.objects.create(
        site=Site.objects.get(), name="The *group*", description="Generative\n# AI"
    )
    factories.charter_page()
    factories.article_page(title="News [1]")
    factories.forum_page(title="Third")

    title, quotation, how, *_ = told_by(client)

    assert (title.kind, title.level, title.words) == ("heading", 1, "The *group*")
    assert (quotation.words, quotation.around[0]) == ("Generative # AI", "blockquote")
    assert (how.kind, how.around) == ("paragraph", ())
    assert sections_of(client) == {
        "About": [
            "https://www.example.org/index.md",
            "https://www.example.org/articles/index.md",
            "https://www.example.org/charter/index.md",
            "https://www.example.org/forums/index.md",
        ],
        "Articles": ["https://www.example.org/articles/news-1/index.md"],
        "Forums": ["https://www.example.org/forums/third/index.md"],
    }
    lines = [block.words for block in told_by(client)]
    assert f"{home.title}: Who: we [are]" in lines
    assert "News [1]" in lines


def test_each_address_answers(client):
    factories.charter_page()
    factories.article_page()

    for addresses in sections_of(client).values():
        for address in addresses:
            assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_older_pages_are_optional_and_the_oldest_left_out(client):
    factories.articles_page()
    for day in range(70):
        published = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day)
        factories.article_page(slug=f"a{day}", first_published_at=published)

    found = sections_of(client)

    assert list(found)[-1] == "Optional"
    named = [each.rsplit("/", 2)[1] for each in (*found["Articles"], *found["Optional"])]
    assert named == [f"a{day}" for day in range(69, 9, -1)]
    assert len(found["Articles"]) == 20


def test_only_what_readers_see_is_told_to_the_second(client, clock):
    factories.articles_page()
    factories.article_page(slug="draft", live=False)
    private = factories.form_page(slug="private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    scheduled(factories.article_page, at(2), expires=at(3), slug="due")
    told = []

    for moment in (at(2) - timedelta(seconds=1), at(2), at(3)):
        clock.moment = moment
        text = client.get("/llms.txt").content.decode()
        told.append("/due/" in text)
        assert "/draft/" not in text
        assert "/private/" not in text

    assert told == [False, True, False]


def test_each_site_has_its_own(client):
    own = factories.home_page(slug="own")
    factories.charter_page(parent=own)
    other = factories.home_page(slug="other")
    Site.objects.update(root_page=own)
    Site.objects.create(hostname="other.example.org", root_page=other)
    factories.survey_page(parent=other)

    assert sections_of(client)["About"] == [
        "http://testserver/index.md",
        "http://testserver/charter/index.md",
    ]
    assert sections_of(client, host="other.example.org")["About"] == [
        "http://other.example.org/index.md",
        "http://other.example.org/survey/index.md",
    ]


def test_own_language_comes_first(client, settings):
    languages = [("en", "English"), ("ar", "Arabic")]
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = languages
    arabic = Locale.objects.create(language_code="ar")
    home = factories.home_page()
    translated = home.copy_for_translation(arabic)
    translated.save_revision().publish()
    Site.objects.update(root_page=home)

    assert list(sections_of(client)) == ["About", "About (ar)"]


def test_site_without_pages_and_settings_has_one_too(client):
    home = factories.home_page()
    home.unpublish()

    title, how = told_by(client)

    assert title.level == 1
    assert how.kind == "paragraph"
