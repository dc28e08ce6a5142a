"""What search engines and social networks are told of a page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
    Site,
)

from cms.api.reading import seo as reading
from cms.preview.rendering import HEAD
from media.models import Image
from pages.models import ArticleAuthor, ArticlePage, ForumPage, SiteSettings
from tests import factories
from tests.api_ids import id_of
from tests.cms.feeds.reading import addresses_in
from tests.cms.perspective.scheduled_content import at, scheduled
from tests.conftest import answer_of, post_graphql

pytestmark = pytest.mark.django_db

LANGUAGES = [("en", "English"), ("ar", "Arabic")]
CANONICAL = "query ($path: String!) { page(path: $path) { seo { canonical robots } } }"
SHARED = """query ($path: String!) { page(path: $path) { seo {
  title description twitterCard image { alt image { id } }
  openGraph { title description type url siteName locale image { url width height alt } } } } }"""
LINKED = "query ($path: String!) { page(path: $path) { seo { jsonLd } } }"
WAY = """query ($path: String!) { page(path: $path) { seo {
  breadcrumbs { title path } alternates { locale url } jsonLd } } }"""


@pytest.fixture(autouse=True)
def crawlers(settings):
    settings.CRAWLERS_ALLOWED = True


def seo_at(path: str, text: str, client: Client | None = None) -> dict[str, Any]:
    response = post_graphql(client or Client(), text, {"path": path})
    return answer_of(response)["page"]["seo"]


def things_at(path: str) -> dict[str, dict[str, Any]]:
    """What the linked data of a page tells of, by kind."""
    graph = seo_at(path, LINKED)["jsonLd"]["@graph"]
    return {each["@type"]: each for each in graph}


def site_settings(**fields: Any) -> None:
    SiteSettings.objects.create(site=Site.objects.get(), **fields)


def test_all_that_the_head_of_a_page_has_is_answered_at_once(ask, statements, clock):
    site_settings(name="The group")
    page = factories.charter_page(seo_title="Our charter", search_description="What we are for.")
    Page.objects.update(first_published_at=None, last_published_at=None)
    ask(HEAD.read_text(), path="/charter/")

    with statements(6):
        data = ask(HEAD.read_text(), path="/charter/")

    shared = data["page"]["seo"]["openGraph"]
    assert shared["image"].pop("url").startswith(f"http://testserver/cards/{id_of(page)}/")
    here, home = "http://testserver/charter/", "http://testserver/"
    assert data == {
        "page": {
            "__typename": "CharterPage",
            "id": id_of(page),
            "seo": {
                "title": "Our charter",
                "description": "What we are for.",
                "canonical": here,
                "robots": "index, follow",
                "openGraph": {
                    "title": "Our charter",
                    "description": "What we are for.",
                    "type": "website",
                    "url": here,
                    "siteName": "The group",
                    "locale": "en",
                    "image": {"width": 1200, "height": 630, "alt": "Our charter"},
                    "publishedTime": None,
                    "modifiedTime": None,
                },
                "twitterCard": "summary_large_image",
                "alternates": [],
                "breadcrumbs": [
                    {"title": "Home", "path": "/"},
                    {"title": "Charter", "path": "/charter/"},
                ],
                "jsonLd": {
                    "@context": "https://schema.org",
                    "@graph": [
                        {
                            "@type": "AboutPage",
                            "@id": f"{here}#page",
                            "url": here,
                            "name": "Our charter",
                            "description": "What we are for.",
                            "inLanguage": "en",
                            "isPartOf": {"@id": f"{home}#website"},
                            "breadcrumb": {"@id": f"{here}#breadcrumb"},
                        },
                        {
                            "@type": "BreadcrumbList",
                            "@id": f"{here}#breadcrumb",
                            "itemListElement": [
                                {"@type": "ListItem", "position": 1, "name": "Home", "item": home},
                                {
                                    "@type": "ListItem",
                                    "position": 2,
                                    "name": "Charter",
                                    "item": here,
                                },
                            ],
                        },
                        {
                            "@type": "WebSite",
                            "@id": f"{home}#website",
                            "url": home,
                            "name": "The group",
                        },
                        {
                            "@type": "Organization",
                            "@id": f"{home}#organization",
                            "name": "The group",
                            "url": home,
                        },
                    ],
                },
            },
        }
    }


# Words


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", None),
        ("  ", None),
        ("Why it is\nworth reading.", "Why it is worth reading."),
        ("word " * 40, "word " * 31 + "word…"),
        ("w" * 200, "w" * 159 + "…"),
    ],
)
def test_page_without_a_description_is_described_by_the_beginning_of_what_it_says(written, told):
    page = factories.article_page(standfirst=written)

    seo = seo_at(page.url, SHARED)

    assert seo["description"] == seo["openGraph"]["description"] == told


def test_what_editors_wrote_is_told_as_it_is():
    title, description = 'A "very" <b>long</b> title 🚀 ' * 8, "It's “so” & more 🎉"
    page = factories.article_page(title=title[:255].strip(), search_description=description)

    seo = seo_at(page.url, SHARED)

    assert seo["title"] == seo["openGraph"]["title"] == title[:255].strip()
    assert seo["description"] == description


# Addresses


def test_addresses_are_those_of_the_frontend(settings):
    settings.FRONTENDS = {"": "https://www.example.org"}
    factories.charter_page()

    assert seo_at("/charter/", CANONICAL)["canonical"] == "https://www.example.org/charter/"
    assert things_at("/charter/")["WebSite"]["@id"] == "https://www.example.org/#website"


def mirrored(page: Any, slug: str) -> Any:
    alias = page.create_alias(update_slug=slug)
    return alias.specific


def test_page_that_mirrors_another_leads_search_engines_to_the_other():
    page = factories.article_page(slug="original")
    alias = mirrored(mirrored(page, "mirror"), "mirror-of-mirror")

    assert seo_at(alias.url, CANONICAL)["canonical"] == page.full_url


@pytest.mark.parametrize("how", ["unpublished", "private", "expired"])
def test_page_that_mirrors_what_is_hidden_leads_nowhere_else(how, clock):
    page = factories.article_page(slug="original")
    alias = mirrored(page, "mirror")
    Page.objects.filter(pk=page.pk).update(live=how != "unpublished")
    if how == "expired":
        Page.objects.filter(pk=page.pk).update(expire_at="2020-01-01T00:00Z")
    if how == "private":
        # A page that mirrors what is private is hidden itself.
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        response = post_graphql(Client(), CANONICAL, {"path": alias.url})
        assert answer_of(response) == {"page": None}
    else:
        assert seo_at(alias.url, CANONICAL)["canonical"] == alias.full_url


def test_page_of_another_site_is_told_of_with_the_address_and_name_of_that():
    factories.home_page()
    site_settings(name="The first")
    own = Site.objects.get().root_page
    there = factories.home_page(slug="there", title="There")
    Site.objects.update(root_page=own)
    site = Site.objects.create(hostname="second.example.org", root_page=there)
    SiteSettings.objects.create(site=site, name="The second")
    factories.charter_page(parent=there)

    shared = seo_at("/charter/", SHARED, Client(SERVER_NAME="second.example.org"))["openGraph"]

    assert shared["siteName"] == "The second"
    assert shared["url"] == "http://second.example.org/charter/"


def test_unpublished_page_is_no_step_on_the_way():
    page = factories.article_page(title="Below")
    Page.objects.filter(pk=page.get_parent().pk).update(live=False)

    seo = seo_at(page.url, WAY)

    told = json.dumps(seo["jsonLd"])
    assert [each["title"] for each in seo["breadcrumbs"]] == ["Home", "Below"]
    assert '"position": 2' in told
    assert "Articles" not in told


def test_page_names_each_of_its_languages(settings):
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
    home = factories.home_page()
    arabic = Locale.objects.create(language_code="ar")
    copy = home.copy_for_translation(arabic)
    copy.title = "الذكاء"
    copy.save_revision().publish()

    seo = seo_at("/", WAY)

    assert [each["locale"] for each in seo["alternates"]] == ["en", "ar"]
    type(copy).objects.filter(pk=copy.pk).update(noindex=True)
    assert seo_at("/", WAY)["alternates"] == []


# Kept out of search engines


def test_page_that_is_kept_out_of_search_engines_says_so_and_is_not_in_the_sitemap(client):
    page = factories.article_page(slug="kept")
    kept = page.full_url
    assert kept in addresses_in(client)

    ArticlePage.objects.update(noindex=True)

    assert seo_at(page.url, CANONICAL)["robots"] == "noindex, follow"
    assert kept not in addresses_in(client)
    told = answer_of(post_graphql(client, "{ sitemap(first: 9) { nodes { url } } }"))
    assert kept not in [each["url"] for each in told["sitemap"]["nodes"]]


def test_page_is_in_the_sitemap_again_from_the_second_that_is_scheduled(client, clock):
    scheduled(factories.article_page, at(2), slug="due", noindex=False)
    ArticlePage.objects.update(noindex=True)
    clock.set("2099-06-02T09:00:00+00:00")

    assert seo_at("/articles/due/", CANONICAL)["robots"] == "index, follow"
    assert "http://testserver/articles/due/" in addresses_in(client)


def test_nothing_is_for_search_engines_while_the_site_keeps_them_away(settings):
    settings.CRAWLERS_ALLOWED = False
    factories.charter_page()

    assert seo_at("/charter/", CANONICAL)["robots"] == "noindex, nofollow"


def test_what_a_preview_token_shows_is_not_for_search_engines():
    factories.charter_page()
    token = factories.preview_token()

    seo = seo_at("/charter/", CANONICAL, Client(headers={"authorization": f"Bearer {token}"}))

    assert seo["robots"] == "noindex, nofollow"


# Pictures


def test_picture_is_the_pages_own_else_its_header_else_a_card():
    own, header, of_site = (factories.image(name) for name in ("Own", "Header", "Site"))
    page = factories.article_page(title="Words on edges")
    told = []

    def tell():
        told.append(seo_at(page.url, SHARED)["openGraph"]["image"]["alt"])

    tell()
    SiteSettings.objects.create(
        site=Site.objects.get(), social_image=of_site, social_image_alt_text="The site's"
    )
    tell()
    ArticlePage.objects.update(header_image=header, header_image_alt_text="At the top")
    tell()
    ArticlePage.objects.update(social_image=own, social_image_alt_text="Its own")
    tell()

    assert told == ["Words on edges", "Words on edges", "At the top", "Its own"]


@pytest.mark.parametrize(("title", "alt"), [("Edges", "Edges"), ("中文标题", "The site's")])
def test_picture_of_the_site_is_for_the_home_page_and_titles_that_cannot_be_drawn(title, alt):
    page = factories.article_page(title=title, slug="edges")
    site_settings(social_image=factories.image(), social_image_alt_text="The site's")

    assert seo_at(page.url, SHARED)["openGraph"]["image"]["alt"] == alt
    assert seo_at("/", SHARED)["openGraph"]["image"]["alt"] == "The site's"


def test_picture_is_shared_as_it_was_uploaded_where_the_settings_have_no_size_for_that(monkeypatch):
    image = factories.image()
    page = factories.article_page(social_image=image, social_image_alt_text="Its own")
    monkeypatch.setattr(reading, "presets", dict)

    shared = seo_at(page.url, SHARED)["openGraph"]["image"]

    assert shared == {
        "url": f"http://testserver{image.file.url}",
        "width": image.width,
        "height": image.height,
        "alt": "Its own",
    }


def test_hidden_picture_gives_way_to_the_next():
    own, header = factories.image("Own"), factories.image("Header")
    page = factories.article_page(
        social_image=own,
        social_image_alt_text="Its own",
        header_image=header,
        header_image_alt_text="At the top",
    )
    make_private(own)

    seo = seo_at(page.url, SHARED)

    assert seo["image"]["alt"] == seo["openGraph"]["image"]["alt"] == "At the top"


def make_private(image: Image) -> None:
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    Image.objects.filter(pk=image.pk).update(collection=private)


@pytest.mark.parametrize("title", ["中文标题", "🎉"])
def test_title_that_cannot_be_drawn_has_no_card(title):
    page = factories.article_page(title=title, slug="unwritten")

    seo = seo_at(page.url, SHARED)

    assert seo["openGraph"]["image"] is None
    assert seo["twitterCard"] == "summary"


# What a page is about


def test_hidden_people_organisations_and_documents_are_not_told_of():
    shown, hidden = factories.organisation(name="Shown"), factories.organisation(name="Hidden")
    works = factories.person(name="Works", organisation=hidden)
    gone = factories.person(name="Gone", organisation=shown)
    article = factories.article_page()
    for person in (gone, works):
        ArticleAuthor.objects.create(page=article, person=person)
    talk = {
        "heading": "A talk",
        "text": "",
        "speakers": [works, gone],
        "organisations": [shown, hidden],
        "recording_url": "https://example.org/recording",
    }
    forum = factories.forum_page(talks=[("talk", talk)])
    for each in (hidden, gone):
        type(each).objects.filter(pk=each.pk).update(live=False)

    author = things_at(article.url)["Article"]["author"]
    told = things_at(forum.url)

    assert [each["name"] for each in author] == ["Works"]
    assert "affiliation" not in author[0]
    assert [each["name"] for each in told["Event"]["performer"]] == ["Works"]
    assert [each["name"] for each in told["Event"]["contributor"]] == ["Shown"]
    assert [each["name"] for each in told["VideoObject"]["actor"]] == ["Works"]


@pytest.mark.parametrize(
    ("known", "dates"),
    [
        ({"date_precision": "unknown"}, {}),
        ({"date_precision": "month"}, {"startDate": "2024-03"}),
        ({"date_precision": "day"}, {"startDate": "2024-03-05", "endDate": "2024-03-05"}),
        (
            {"date_precision": "time"},
            {"startDate": "2024-03-05T11:00:00+01:00", "endDate": "2024-03-05T13:00:00+01:00"},
        ),
    ],
)
def test_event_has_its_dates_no_finer_than_known(known, dates):
    page = factories.forum_page(time_zone="Europe/Rome")
    page = ForumPage.objects.get(pk=page.pk)
    page.date_precision = known["date_precision"]
    page.starts_at, page.ends_at = "2024-03-05T10:00Z", "2024-03-05T12:00Z"
    ForumPage.objects.filter(pk=page.pk).update(
        date_precision=page.date_precision, starts_at=page.starts_at, ends_at=page.ends_at
    )

    event = things_at(page.url)["Event"]

    assert {name: event[name] for name in ("startDate", "endDate") if name in event} == dates


def test_home_page_tells_of_the_group_and_the_site():
    parent = factories.organisation(name="The foundation")
    site_settings(
        name="The group",
        contact_email="group@example.org",
        parent_organisation=parent,
        social_links=[
            ("link", {"text": "Elsewhere", "page": None, "url": "https://example.org/group"})
        ],
    )
    factories.home_page()

    group = things_at("/")["Organization"]

    assert group["email"] == "group@example.org"
    assert group["parentOrganization"]["name"] == "The foundation"
    assert group["sameAs"] == ["https://example.org/group"]


# Lists


LIST = "{ %s(first: 100) { nodes { seo { %s } } } }"
EVERYTHING = """title description canonical robots image { alt image { id } } twitterCard
  openGraph { title description siteName url image { url } } alternates { url }
  breadcrumbs { path } jsonLd"""


PARTS = ["description", "jsonLd", EVERYTHING]


@pytest.mark.decided_in_python  # How many statements run, that is.
@pytest.mark.parametrize("make", [factories.article_page, factories.forum_page])
def test_list_takes_no_more_statements_for_twenty_than_for_five(
    make, django_assert_max_num_queries
):
    name = {factories.article_page: "articles", factories.forum_page: "forums"}[make]
    talk = {"heading": "A talk", "text": "", "speakers": [], "organisations": []}
    counts: dict[str, list[int]] = {part: [] for part in PARTS}
    for amount in (5, 15):
        for _ in range(amount):
            person = factories.person(organisation=factories.organisation())
            made = make(social_image=factories.image(), social_image_alt_text="Words")
            if make is factories.article_page:
                ArticleAuthor.objects.create(page=made, person=person)
            else:
                made.talks = [("talk", {**talk, "speakers": [person], "recording_url": ""})]
                made.save()
        for part in PARTS:
            post_graphql(Client(), LIST % (name, part))
            with django_assert_max_num_queries(60) as told:
                nodes = answer_of(post_graphql(Client(), LIST % (name, part)))[name]["nodes"]
            counts[part].append(len(told.captured_queries))

    assert len(nodes) == 20
    for part, (few, many) in counts.items():
        assert few == many, part
