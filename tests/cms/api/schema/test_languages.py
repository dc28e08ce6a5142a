"""A site in several languages: where its pages are, and what takes the place of what is not
translated."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from graphql import build_schema
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction, Site

from tests import factories
from tests.api_ids import id_of
from tests.cms import html_forms
from tests.cms.perspective.scheduled_content import schedule
from tests.conftest import answer_of, signed_in, statements_of

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

ROUTE = """query ($path: String!, $locale: String, $fallback: Boolean! = true) {
  route(path: $path, locale: $locale, fallback: $fallback) {
    status page { title path url locale direction } redirect { target } } }"""
ARABIC = "ميثاق"


@pytest.fixture
def charter():
    """In English, French and Arabic."""
    charter = factories.charter_page(title="Charter")
    home = charter.get_parent().specific
    Site.objects.update(root_page=home)
    for language, name, title in (("fr", "Accueil", "Charte"), ("ar", "الرئيسية", ARABIC)):
        factories.translation(home, language, title=name)
        factories.translation(charter, language, title=title, slug=title.lower())
    return charter


def in_french(page):
    return page.get_translation(Locale.objects.get(language_code="fr"))


# Addresses


@pytest.mark.parametrize(
    ("path", "locale", "direction"),
    [
        ("/charter/", "en", "LTR"),
        ("/fr/charte/", "fr", "LTR"),
        (f"/ar/{ARABIC}/", "ar", "RTL"),
        ("/fr/", "fr", "LTR"),
    ],
)
def test_a_path_begins_with_the_language_but_for_the_sites_own(
    charter, ask, path, locale, direction
):
    page = ask(ROUTE, path=path)["route"]["page"]

    assert (page["path"], page["locale"], page["direction"]) == (path, locale, direction)
    assert page["url"] == f"http://testserver{path}"


def test_no_two_pages_have_one_address(charter, ask):
    pages = [
        page
        for locale in ("en", "fr", "ar")
        for page in ask("query ($l: String) { pages(locale: $l) { nodes { url } } }", l=locale)[
            "pages"
        ]["nodes"]
    ]

    assert len({page["url"] for page in pages}) == len(pages) == 6


def test_the_admin_and_the_api_know_a_page_by_one_address(charter, ask, settings):
    french = in_french(charter)

    assert french.full_url == "http://testserver/fr/charte/"
    assert french.url == "/fr/charte/"
    settings.FRONTENDS = {"": "https://www.example.org"}
    assert ask(ROUTE, path="/fr/charte/")["route"]["page"]["url"] == (
        "https://www.example.org/fr/charte/"
    )


def test_plain_page_says_its_language_and_direction(charter, client):
    french = client.get("/fr/charte/").content.decode()
    arabic = client.get(f"/ar/{ARABIC}/").content.decode()

    assert '<html lang="fr" dir="ltr">' in french
    assert '<html lang="ar" dir="rtl">' in arabic


def test_a_page_is_had_as_markdown_in_each_language(charter, client):
    assert client.get("/fr/charte/index.md").content.decode().startswith('---\ntitle: "Charte"\n')


def test_a_page_of_the_own_language_goes_before_a_language_of_that_name(charter, ask):
    before = factories.form_page(title="The state of it", slug="france")
    # As it was before there was that language.
    url_path = f"{before.get_parent().url_path}fr/"
    Page.objects.filter(pk=before.pk).update(slug="fr", url_path=url_path)

    found = [ask(ROUTE, path=path)["route"]["page"]["title"] for path in ("/fr/", "/fr/charte/")]

    assert found == ["The state of it", "Charte"]


def test_a_language_that_is_a_site_of_its_own_has_that_sites_addresses(charter, ask):
    french = in_french(charter)
    Site.objects.create(hostname="fr.example.org", root_page=french.get_parent())

    page = ask(ROUTE, path="/fr/charte/")["route"]["page"]

    assert page["url"] == "http://fr.example.org/charte/"
    assert type(french).objects.get(pk=french.pk).full_url == "http://fr.example.org/charte/"


@pytest.mark.parametrize("action", ["draft", "action-publish"])
def test_no_new_page_takes_the_address_at_which_a_language_begins(charter, action):
    home = charter.get_parent()
    client = signed_in(factories.user("editor", group="Editors"))
    url = reverse("wagtailadmin_pages:add", args=["pages", "formpage", home.pk])
    shown = html_forms.posted(client.get(url)) | {"title": "France", "slug": "fr"}
    entered = {key: value for key, value in shown.items() if not key.startswith("action-")}

    response = client.post(url, entered | {action: "1"})

    assert "“fr” begins the addresses of all pages in français." in response.content.decode()
    assert not home.get_children().filter(slug="fr").exists()
    assert client.post(url, entered | {"slug": "france"}).status_code == 302


# What leads on


def test_a_renamed_translation_leads_on_from_its_own_old_address(charter, ask):
    french = in_french(charter)
    french.slug = "la-charte"
    french.save_revision().publish()

    assert ask(ROUTE, path="/fr/charte/")["route"]["redirect"] == {"target": "/fr/la-charte/"}
    assert ask(ROUTE, path="/charte/")["route"]["status"] == 404
    assert Redirect.objects.filter(old_path="/fr/charte").exists()
    assert not Redirect.objects.filter(old_path="/charte").exists()


def test_a_translation_leads_on_before_its_new_address_is_permanent(charter, ask, clock):
    clock.set("2099-01-15T12:00:00+00:00")
    schedule(
        in_french(charter), datetime.fromisoformat("2099-01-15T11:00:00+00:00"), slug="la-charte"
    )

    assert ask(ROUTE, path="/fr/la-charte/")["route"]["page"]["title"] == "Charte"
    assert ask(ROUTE, path="/fr/charte/")["route"]["redirect"] == {"target": "/fr/la-charte/"}


def test_a_redirect_by_hand_at_the_address_of_a_translation_says_that_a_page_is_there(charter):
    client = signed_in(factories.user("editor", group="Editors"))
    form = {"old_path": "/fr/charte/", "redirect_link": "/elsewhere/", "is_permanent": "on"}

    response = client.post("/admin/redirects/add/", form, follow=True)

    assert "Charte" in response.content.decode()
    assert "nobody" in response.content.decode() or "reader" in response.content.decode()


def test_changes_tell_the_path_with_its_language(charter, ask):
    since = ask("{ changes { cursor } }")["changes"]["cursor"]
    french = in_french(charter)
    french.slug = "la-charte"
    french.save_revision().publish()

    (change,) = ask(
        "query ($since: String!) { changes(since: $since) { nodes { path previousPath } } }",
        since=since,
    )["changes"]["nodes"]

    assert change == {"path": "/fr/la-charte/", "previousPath": "/fr/charte/"}


# What is not translated


def test_what_is_not_translated_is_had_in_the_sites_own_language_and_says_so(charter, ask):
    factories.survey_page(title="Survey")

    found = ask(
        '{ charter(locale: "fr") { title locale } survey(locale: "fr") { title locale }'
        ' none: survey(locale: "fr", fallback: false) { title }'
        ' unknown: survey(locale: "xx") { title locale } }'
    )

    assert found == {
        "charter": {"title": "Charte", "locale": "fr"},
        "survey": {"title": "Survey", "locale": "en"},
        "none": None,
        "unknown": {"title": "Survey", "locale": "en"},
    }


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/charte/", "Charte"),
        ("/fr/charte/", "Charte"),
        ("/charter/", "Charte"),
        ("/survey/", "Survey"),
        ("/nothing/", None),
    ],
)
def test_a_page_is_found_in_a_language_by_any_of_its_paths(charter, ask, path, title):
    factories.survey_page(title="Survey")

    found = ask(ROUTE, path=path, locale="fr")["route"]["page"]

    assert (found and found["title"]) == title


def test_without_fallback_a_path_of_the_own_language_finds_nothing(charter, ask):
    assert ask(ROUTE, path="/charter/", locale="fr", fallback=False)["route"]["status"] == 404


LISTS = """query ($locale: String, $fallback: Boolean! = true) {
  articles(locale: $locale, fallback: $fallback, orderBy: TITLE) {
    totalCount nodes { title locale } }
  people(locale: $locale, fallback: $fallback) { totalCount nodes { name locale } }
  tags(locale: $locale, fallback: $fallback) { nodes { name
    articleCount(locale: $locale, fallback: $fallback) } } }"""


def test_lists_have_each_thing_once_in_the_language_or_else_in_the_own(charter, ask):
    both, own = (factories.article_page(title=title) for title in ("Both", "Own"))
    for article in (both, own):
        article.tags.add("edge")
        article.save_revision().publish()
    factories.translation(both.get_parent().specific, "fr")
    factories.translation(both, "fr", title="Les deux")
    ada = factories.person(name="Ada")
    factories.translation(ada, "fr", name="Ada (fr)")
    factories.person(name="Grace")

    found = ask(LISTS, locale="fr")
    alone = ask(LISTS, locale="fr", fallback=False)

    assert found["articles"] == {
        "totalCount": 2,
        "nodes": [{"title": "Les deux", "locale": "fr"}, {"title": own.title, "locale": "en"}],
    }
    assert [each["name"] for each in found["people"]["nodes"]] == ["Ada (fr)", "Grace"]
    assert alone["articles"]["nodes"] == [{"title": "Les deux", "locale": "fr"}]
    assert alone["people"]["nodes"] == [{"name": "Ada (fr)", "locale": "fr"}]
    assert found["tags"]["nodes"] == [{"name": "edge", "articleCount": 2}]
    assert ask(LISTS, locale="en")["articles"]["totalCount"] == 2


HIDDEN = {
    "a draft": {"live": False},
    "expired": {"expire_at": timezone.now() - timedelta(days=1)},
}


@pytest.mark.parametrize("how", [*HIDDEN, "private"])
def test_a_translation_that_readers_do_not_see_is_as_none(charter, ask, how):
    article = factories.article_page(title="Own")
    factories.translation(article.get_parent().specific, "fr")
    french = factories.translation(article, "fr", title="Caché")
    if how == "private":
        PageViewRestriction.objects.create(page=french, restriction_type="login")
    else:
        type(french).objects.filter(pk=french.pk).update(**HIDDEN[how])

    found = ask(
        """query ($id: ID!, $path: String!) {
          articles(locale: "fr") { totalCount nodes { title } }
          page(id: $id, locale: "fr") { title translations { title } }
          route(path: $path, locale: "fr") { page { title } } }""",
        id=id_of(article),
        path="/articles/own/",
    )

    assert found == {
        "articles": {"totalCount": 1, "nodes": [{"title": "Own"}]},
        "page": {"title": "Own", "translations": []},
        "route": {"page": {"title": "Own"}},
    }


def test_a_translation_takes_its_place_at_its_second(charter, ask, clock):
    clock.set("2099-01-15T12:00:00+00:00")
    article = factories.article_page(title="Own")
    factories.translation(article.get_parent().specific, "fr")
    french = article.copy_for_translation(Locale.objects.get(language_code="fr"))
    schedule(french, datetime.fromisoformat("2099-01-15T12:00:01+00:00"), title="À l’heure")
    titles = '{ articles(locale: "fr") { nodes { title } } }'

    before = ask(titles)["articles"]["nodes"]
    clock.set("2099-01-15T12:00:01+00:00")
    after = ask(titles)["articles"]["nodes"]

    assert (before, after) == ([{"title": "Own"}], [{"title": "À l’heure"}])


@pytest.mark.parametrize("sees", ["drafts", "release"])
def test_a_translation_takes_its_place_for_who_sees_drafts_or_a_release(charter, ask, sees):
    article = factories.article_page(title="Own")
    factories.translation(article.get_parent().specific, "fr")
    french = article.copy_for_translation(Locale.objects.get(language_code="fr"))
    french.title = "À venir"
    french.save_revision()
    fields = {"release": factories.release([french])} if sees == "release" else {}
    token = factories.preview_token(sees=sees, **fields)
    query = """query ($id: ID!) { articles(locale: "fr") { totalCount nodes { title } }
      page(id: $id, locale: "fr") { title translations { title } } }"""

    def titles(**headers):
        answer = Client(headers=headers).post(
            "/graphql",
            {"query": query, "variables": {"id": id_of(article)}},
            content_type="application/json",
        )
        return answer_of(answer)

    assert titles() == {
        "articles": {"totalCount": 1, "nodes": [{"title": "Own"}]},
        "page": {"title": "Own", "translations": []},
    }
    assert titles(authorization=f"Bearer {token}") == {
        "articles": {"totalCount": 1, "nodes": [{"title": "À venir"}]},
        "page": {"title": "À venir", "translations": [{"title": "Own"}]},
    }


# What pages and sites know of their languages


def test_pages_know_their_translations(charter, ask):
    found = ask(
        """query ($id: ID!) { page(id: $id) { translations { title locale path } }
          french: page(id: $id, locale: "fr") { title } }""",
        id=id_of(charter),
    )

    assert found == {
        "page": {
            "translations": [
                {"title": "Charte", "locale": "fr", "path": "/fr/charte/"},
                {"title": ARABIC, "locale": "ar", "path": f"/ar/{ARABIC}/"},
            ]
        },
        "french": {"title": "Charte"},
    }


def test_a_person_is_found_in_a_language(charter, ask):
    ada = factories.person(name="Ada")
    factories.translation(ada, "fr", name="Ada (fr)")
    query = "query ($id: ID!, $l: String) { person(id: $id, locale: $l) { name locale } }"

    found = [ask(query, id=id_of(ada), l=language)["person"] for language in ("fr", "ar")]

    assert found == [{"name": "Ada (fr)", "locale": "fr"}, {"name": "Ada", "locale": "en"}]


def test_a_site_tells_the_languages_in_which_readers_see_its_home_page(charter, ask):
    in_french(charter.get_parent().specific).unpublish()

    found = ask("{ site { languages { locale name direction home { path } } } }")

    assert found["site"]["languages"] == [
        {"locale": "en", "name": "English", "direction": "LTR", "home": {"path": "/"}},
        {"locale": "ar", "name": "العربيّة", "direction": "RTL", "home": {"path": "/ar/"}},
    ]


def test_lists_cost_the_same_however_much_is_translated(charter, ask):
    articles = [factories.article_page(title=f"Article {number}") for number in range(12)]
    factories.translation(articles[0].get_parent().specific, "fr")
    query = '{ articles(locale: "fr") { totalCount nodes { title translations { path } } } }'
    factories.translation(articles[0], "fr")
    ask(query)

    few = statements_of(lambda: ask(query))
    for article in articles[1:8]:
        factories.translation(article, "fr")
    many = statements_of(lambda: ask(query))

    assert len(many) == len(few)


# What translators make


def test_what_is_above_a_translation_is_a_draft_and_mirrors_nothing(admin_client, ask):
    article = factories.article_page()
    Site.objects.update(root_page=article.get_parent().get_parent())
    french = Locale.objects.create(language_code="fr")
    url = reverse("wagtailadmin_api:pages:action", args=[article.pk, "copy_for_translation"])

    response = admin_client.post(url, {"locale": "fr", "copy_parents": True})

    assert response.status_code == 201
    made = Page.objects.filter(locale=french)
    assert list(made.values_list("live", "alias_of")) == [(False, None)] * 3
    found = ask("""{ site { languages { locale } }
        pages(locale: "fr", fallback: false) { totalCount } }""")
    assert found == {"site": {"languages": [{"locale": "en"}]}, "pages": {"totalCount": 0}}


def test_the_api_of_the_admin_makes_no_mirror_in_another_language(admin_client):
    home = factories.home_page()
    Locale.objects.create(language_code="fr")
    url = reverse("wagtailadmin_api:pages:action", args=[home.pk, "copy_for_translation"])

    response = admin_client.post(url, {"locale": "fr", "alias": True})

    assert response.status_code == 400
    assert "mirrors none in another language" in response.content.decode()
    assert not Page.objects.filter(locale__language_code="fr").exists()


@pytest.mark.parametrize("languages", [1, 2])
def test_screens_say_the_language_where_there_are_several(admin_client, languages):
    person = factories.person()
    if languages > 1:
        Locale.objects.create(language_code="fr")

    index = admin_client.get(reverse("wagtailsnippets_pages_person:list")).content.decode()
    edit = admin_client.get(
        reverse("wagtailsnippets_pages_person:edit", args=[person.pk])
    ).content.decode()

    told = [bool(re.search(r"Language(?!s)", text)) for text in (index, edit)]
    assert told == [languages > 1] * 2


# What takes a language


DECISION = Path(settings.BASE_DIR, "docs/decisions/0046-what-takes-no-language.md")
# In one language whatever is found: what falls back would be found by words of another.
WITHOUT_FALLBACK = {"search", "searchSuggestions"}


def named_in_table_of(decision):
    rows = [line for line in decision.read_text().splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}


@pytest.fixture
def schema():
    return build_schema(Path(settings.FRONTEND_CONTRACT, "schema.graphql").read_text())


def test_each_field_at_the_root_takes_a_language_but_for_those_that_are_said_to_take_none(schema):
    fields = {**schema.query_type.fields, **schema.mutation_type.fields}

    without = {name for name, field in fields.items() if "locale" not in field.args}

    assert without == named_in_table_of(DECISION)


def test_what_takes_a_language_says_whether_it_falls_back(schema):
    fields = {**schema.query_type.fields, **schema.type_map["Site"].fields}

    taking = {
        argument: {name for name, field in fields.items() if argument in field.args}
        for argument in ("locale", "fallback")
    }

    assert taking["locale"] - taking["fallback"] == WITHOUT_FALLBACK
    assert {"settings", "navigation"} <= taking["fallback"] <= taking["locale"]
