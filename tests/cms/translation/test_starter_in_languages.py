"""The starter charter, an article and the navigation in French and Arabic, from the admin to the
reader. The starter content itself is in one language."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, Revision, Site

from cms.releases import steps
from pages.clock import now
from pages.models import ArticlePage, ArticlesPage, CharterPage, HomePage
from tests import factories
from tests.cms import html_forms
from tests.cms.submission import submission
from tests.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

WORDS = {
    "fr": {
        HomePage: ("Accueil", ""),
        CharterPage: ("La charte", "charte"),
        ArticlesPage: ("Les articles", "articles"),
        ArticlePage: ("Intelligence embarquée", "intelligence-embarquee"),
    },
    "ar": {
        HomePage: ("الرئيسية", ""),
        CharterPage: ("الميثاق", "الميثاق"),
        ArticlesPage: ("مقالات", "مقالات"),
        ArticlePage: ("الذكاء على الحافة", "الذكاء"),
    },
}
PAGE = """query ($path: String!, $locale: String, $fallback: Boolean! = true) {
  page(path: $path, locale: $locale, fallback: $fallback) { title path locale direction } }"""
MENU = """query ($locale: String) { site { navigation(locale: $locale) {
  locale direction footerText header { text page { path } } } } }"""
SEARCH = "query ($q: String!, $l: String) { search(query: $q, locale: $l) { totalCount } }"


@pytest.fixture
def client() -> Client:
    call_command("load_starter_content", verbosity=0)
    for language in WORDS:
        Locale.objects.create(language_code=language)
    return signed_in(factories.user("admin", group="Administrators"))


def translate(client: Client, model: Any, language: str, *, publish: bool = True) -> Any:
    """As somebody does in the admin: begin it, write it, publish it."""
    locale = Locale.objects.get(language_code=language)
    original = model.objects.filter(locale__language_code="en").order_by("path").first()
    begin = reverse("simple_translation:submit_page_translation", args=[original.pk])
    client.post(begin, {"locales": [locale.pk]})
    made = original.get_translation(locale)
    title, slug = WORDS[language][model]
    changes = {"title": title, "slug": slug or made.slug}
    sent = submission(made.get_latest_revision_as_object(), **changes)
    if publish:
        sent["action-publish"] = "1"
    response = client.post(reverse("wagtailadmin_pages:edit", args=[made.pk]), sent)
    assert response.status_code == 302, response.context["form"].errors
    made.refresh_from_db()
    return made


def translate_navigation(client: Client, language: str, closing: str) -> None:
    address = reverse(
        "setting_in_language", args=["pages", "navigation", Site.objects.get().pk, language]
    )
    client.post(address, html_forms.posted(client.get(address)) | {"footer_text": closing})


def test_starter_content_is_in_one_language(db):
    call_command("load_starter_content", verbosity=0)

    assert Locale.objects.count() == 1


@pytest.mark.parametrize(("language", "direction"), [("fr", "LTR"), ("ar", "RTL")])
def test_charter_article_and_navigation_are_translated_in_the_admin(
    client, ask, language, direction
):
    for model in WORDS[language]:
        translate(client, model, language)
    translate_navigation(client, language, "© 2026")

    title, slug = WORDS[language][CharterPage]
    path = f"/{language}/{slug}/"
    charter = {"title": title, "path": path, "locale": language, "direction": direction}
    assert ask(PAGE, path="/charter/", locale=language)["page"] == charter
    menu = ask(MENU, locale=language)["site"]["navigation"]
    assert (menu["locale"], menu["direction"]) == (language, direction)
    assert menu["footerText"] == "© 2026"
    assert path in [entry["page"]["path"] for entry in menu["header"]]
    assert "/survey/" in [entry["page"]["path"] for entry in menu["header"]]
    plain = Client().get(path).content.decode()
    assert f'<html lang="{language}" dir="{direction.lower()}">' in plain
    assert f'<nav aria-label="Site" lang="{language}">' in plain
    article, _ = WORDS[language][ArticlePage]
    assert ask(SEARCH, q=article, l=language)["search"]["totalCount"] >= 1


def test_each_language_is_published_by_itself_and_falls_back_until_then(client, ask):
    translate(client, HomePage, "fr")
    translate(client, HomePage, "ar")
    arabic = translate(client, CharterPage, "ar", publish=False)
    french = translate(client, CharterPage, "fr")

    charter = CharterPage.objects.get(locale__language_code="en")
    in_arabic = ask(PAGE, path="/charter/", locale="ar")["page"]
    exactly = ask(PAGE, path="/charter/", locale="ar", fallback=False)["page"]
    preview = client.get(reverse("wagtailadmin_pages:view_draft", args=[arabic.pk]))

    assert ask(PAGE, path="/charter/", locale="fr")["page"]["title"] == french.title
    assert (in_arabic["title"], in_arabic["locale"]) == (charter.title, "en")
    assert exactly is None
    assert '<html lang="ar" dir="rtl">' in preview.content.decode()
    assert Page.objects.get(pk=charter.pk).live


def test_a_translation_is_scheduled_and_released_by_itself(client, ask, clock):
    clock.set("2099-01-15T12:00:00+00:00")
    translate(client, HomePage, "fr")
    french = translate(client, CharterPage, "fr")
    versions = {1: "La charte de demain", 2: "La charte d’après-demain"}
    for days, title in versions.items():
        draft = french.get_latest_revision_as_object()
        draft.title, draft.go_live_at = title, now() + timedelta(days=days)
        draft.save_revision().publish()
    articles = translate(client, ArticlesPage, "fr", publish=False)
    release = factories.release(
        publish=[articles],
        go_live_at=now() + timedelta(days=3),
        by=factories.user("boss", group="Editors"),
    )
    steps.approve(release, release.created_by)

    seen = []
    for _ in range(4):
        charter = ask(PAGE, path="/charter/", locale="fr")["page"]["title"]
        seen.append((charter, ask(PAGE, path="/articles/", locale="fr")["page"]["locale"]))
        clock.moment += timedelta(days=1)

    assert Revision.objects.filter(approved_go_live_at__isnull=False).count() >= 2
    assert seen == [
        ("La charte", "en"),
        (versions[1], "en"),
        (versions[2], "en"),
        (versions[2], "fr"),
    ]
    assert ask(PAGE, path="/charter/")["page"]["locale"] == "en"
