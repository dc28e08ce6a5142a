"""Readers have a site's navigation and settings in their language, or learn in which they are."""

from datetime import timedelta
from typing import Any

import pytest
from wagtail.models import Locale, Site

from pages.clock import now
from pages.models import (
    Navigation,
    NavigationTranslation,
    SiteSettings,
    SiteSettingsTranslation,
)
from tests import factories
from tests.cms.perspective.scheduled_content import schedule
from tests.conftest import statements_of

pytestmark = pytest.mark.django_db

NAVIGATION = """query ($locale: String, $fallback: Boolean! = true) {
  site { navigation(locale: $locale, fallback: $fallback) {
    id locale direction footerText
    header { id text url page { path } children { text page { path } } }
    footer { text page { path } } } } }"""
SETTINGS = """query ($locale: String, $fallback: Boolean! = true) {
  site { settings(locale: $locale, fallback: $fallback) {
    id locale direction name description contactEmail
    parentOrganisation { name } socialImage { alt } socialLinks { text } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { id ... on Navigation { locale footerText } } }"


@pytest.fixture
def charter():
    """Named in the header, and translated into French."""
    charter = factories.charter_page(title="Charter")
    home = charter.get_parent().specific
    Site.objects.update(root_page=home)
    survey = factories.survey_page(title="Survey")
    Navigation.objects.create(
        site=Site.objects.get(),
        header=[
            (
                "item",
                {
                    "text": "Charter",
                    "page": charter,
                    "children": [{"text": "Survey", "page": survey}],
                },
            )
        ],
        footer=[("link", {"text": "Survey", "page": survey})],
        footer_text="© The group",
    )
    factories.translation(home, "fr", title="Accueil")
    factories.translation(charter, "fr", title="Charte", slug="charte")
    return charter


def french_navigation(**fields):
    return factories.setting_translation(
        NavigationTranslation, "fr", **{"footer_text": "© Le groupe", **fields}
    )


def navigation(ask, **asked):
    return ask(NAVIGATION, **asked)["site"]["navigation"]


def settings(ask, **asked):
    return ask(SETTINGS, **asked)["site"]["settings"]


def changes(ask, since=None):
    asked = "query ($since: String) { changes(since: $since) { cursor nodes { type nodeId } } }"
    return ask(asked, since=since)["changes"]


# What is said


def test_navigation_is_had_in_the_language_asked_for(charter, ask):
    french_navigation(header=[("item", {"text": "La charte", "page": charter, "children": []})])

    shown = navigation(ask, locale="fr")

    assert (shown["locale"], shown["direction"]) == ("fr", "LTR")
    assert (shown["footerText"], shown["footer"]) == ("© Le groupe", [])
    (entry,) = shown["header"]
    assert (entry["text"], entry["page"]) == ("La charte", {"path": "/fr/charte/"})
    assert navigation(ask)["footerText"] == "© The group"


def test_what_is_not_translated_says_that_it_is_in_the_sites_own_language(charter, ask):
    shown = navigation(ask, locale="fr")

    assert (shown["locale"], shown["footerText"]) == ("en", "© The group")


def test_without_fallback_an_untranslated_navigation_says_nothing(charter, ask):
    shown = navigation(ask, locale="fr", fallback=False)

    assert (shown["locale"], shown["header"], shown["footer"]) == ("fr", [], [])
    assert shown["footerText"] is None


@pytest.mark.parametrize("language", ["de", "", "no such language", "en.only"])
def test_a_language_that_the_site_does_not_have_is_answered_in_its_own(charter, ask, language):
    factories.setting_translation(NavigationTranslation, "de", footer_text="© Die Gruppe")

    assert navigation(ask, locale=language) == navigation(ask)
    exactly = navigation(ask, locale=language, fallback=False)
    assert (exactly["locale"], exactly["header"], exactly["footerText"]) == ("en", [], None)


def test_arabic_navigation_runs_from_right_to_left(charter, ask):
    factories.translation(charter.get_parent().specific, "ar")
    factories.setting_translation(NavigationTranslation, "ar", footer_text="المجموعة")

    shown = navigation(ask, locale="ar")

    assert (shown["direction"], shown["footerText"]) == ("RTL", "المجموعة")


# Where links lead


def test_links_lead_to_the_page_in_the_language_where_readers_see_it(charter, ask):
    shown = navigation(ask, locale="fr")

    (entry,) = shown["header"]
    assert entry["page"] == {"path": "/fr/charte/"}
    assert entry["children"][0]["page"] == {"path": "/survey/"}
    assert navigation(ask)["header"][0]["page"] == {"path": "/charter/"}


def test_without_fallback_a_link_leads_nowhere_that_is_not_in_the_language(charter, ask):
    survey = charter.get_siblings().get(slug="survey")
    french_navigation(
        header=[
            ("item", {"text": "Charte", "page": charter, "children": []}),
            ("item", {"text": "Enquête", "page": survey, "children": []}),
        ]
    )

    shown = navigation(ask, locale="fr", fallback=False)

    assert [entry["page"] for entry in shown["header"]] == [{"path": "/fr/charte/"}, None]


def test_link_leads_to_a_translation_from_its_second_on(charter, ask, clock):
    french = charter.get_translation(Locale.objects.get(language_code="fr"))
    clock.set("2099-01-15T12:00:00+00:00")
    french.unpublish()
    schedule(french, now() + timedelta(days=1))
    before = navigation(ask, locale="fr")["header"][0]["page"]

    clock.moment += timedelta(days=1)

    assert before == {"path": "/charter/"}
    assert navigation(ask, locale="fr")["header"][0]["page"] == {"path": "/fr/charte/"}


# Settings


def test_texts_of_the_settings_are_translated_and_all_else_stays(charter, ask):
    foundation = factories.organisation(name="Foundation")
    factories.translation(foundation, "fr", name="Fondation")
    SiteSettings.objects.create(
        site=Site.objects.get(),
        name="The group",
        description="What it is for.",
        contact_email="someone@example.org",
        parent_organisation=foundation,
        social_image=factories.image(),
        social_image_alt_text="The name",
        social_links=[("link", {"text": "Videos", "url": "https://example.org/"})],
    )
    factories.setting_translation(
        SiteSettingsTranslation,
        "fr",
        name="Le groupe",
        social_links=[("link", {"text": "Vidéos", "url": "https://example.org/fr"})],
    )

    shown = settings(ask, locale="fr")

    assert (shown["locale"], shown["name"], shown["description"]) == ("fr", "Le groupe", None)
    assert shown["contactEmail"] == "someone@example.org"
    assert shown["parentOrganisation"] == {"name": "Fondation"}
    assert shown["socialLinks"] == [{"text": "Vidéos"}]
    # A picture without a description would be worse than one in another language.
    assert shown["socialImage"] == {"alt": "The name"}


def test_a_page_is_shared_under_the_name_that_the_site_has_in_its_language(charter, ask):
    SiteSettings.objects.create(site=Site.objects.get(), name="The group")
    factories.setting_translation(SiteSettingsTranslation, "fr", name="Le groupe")
    asked = "query ($p: String!) { page(path: $p) { seo { openGraph { siteName } } } }"

    names = [
        ask(asked, p=path)["page"]["seo"]["openGraph"]["siteName"]
        for path in ("/charter/", "/fr/charte/")
    ]

    assert names == ["The group", "Le groupe"]


# Ids and events


def test_each_language_has_an_id_by_which_it_is_found_again(charter, ask):
    french_navigation(header=[("item", {"text": "Charte", "page": charter, "children": []})])
    asked: list[dict[str, Any]] = [
        {},
        {"locale": "fr"},
        {"locale": "fr", "fallback": False},
        {"locale": "en"},
    ]
    shown = [navigation(ask, **each) for each in asked]

    ids = [each["id"] for each in shown]
    found = [ask(NODE, id=each)["node"] for each in ids]

    assert len(set(ids)) == 3
    assert ids[0] == ids[3]
    assert [each["id"] for each in found] == ids
    assert [each["locale"] for each in found] == ["en", "fr", "fr", "en"]
    entry = shown[1]["header"][0]["id"]
    assert ask(NODE, id=entry)["node"] == {"id": entry}
    assert shown[0]["header"][0]["id"] != entry


@pytest.mark.parametrize("has_own", [True, False])
def test_whoever_keeps_answers_hears_of_each_language(charter, ask, has_own):
    if not has_own:
        Navigation.objects.all().delete()
    told = [changes(ask)]
    translation = french_navigation()
    told.append(changes(ask, told[-1]["cursor"]))
    translation.footer_text = "Le groupe"
    translation.save()
    told.append(changes(ask, told[-1]["cursor"]))
    translation.delete()
    told.append(changes(ask, told[-1]["cursor"]))

    own = {"type": "Navigation", "nodeId": navigation(ask)["id"]}
    assert [each["nodes"] for each in told] == [[], [own], [own], [own]]


def test_a_site_goes_with_what_its_settings_say_in_other_languages(charter):
    french_navigation()

    Site.objects.all().delete()

    assert not NavigationTranslation.objects.exists()
    assert not Navigation.objects.exists()


# What it costs


@pytest.mark.decided_in_python  # How many statements run, that is.
@pytest.mark.parametrize("asked", [{}, {"locale": "fr"}])
def test_a_navigation_costs_the_same_however_long_it_is(charter, ask, asked: dict[str, str]):
    links = [{"text": "Charter", "page": charter}]
    short = french_navigation(header=[("item", {**each, "children": links}) for each in links])
    navigation(ask, **asked)
    few = len(statements_of(lambda: navigation(ask, **asked)))
    pages = [
        factories.form_page(title=f"Form {number}", parent=charter.get_parent())
        for number in range(20)
    ]
    for page in pages[:10]:
        factories.translation(page, "fr")
    short.header = [
        ("item", {"text": page.title, "page": page, "children": links}) for page in pages
    ]
    short.save()

    assert len(statements_of(lambda: navigation(ask, **asked))) == few
