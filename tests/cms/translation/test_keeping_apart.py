"""Languages are not mixed, and none is deleted with what is written in it."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, Site

from cms.search.models import PromotedTerm
from pages.models import NavigationTranslation
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(factories.user("admin", group="Administrators"))


@pytest.fixture
def charter():
    charter = factories.charter_page(title="Charter")
    Site.objects.update(root_page=charter.get_parent())
    factories.translation(charter.get_parent().specific, "fr", title="Accueil")
    return charter


def french():
    return Locale.objects.get(language_code="fr")


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_a_page_is_not_moved_among_those_of_another_language(client, charter):
    french_home = charter.get_parent().get_translation(french())
    form = factories.form_page(title="Form")

    address = reverse("wagtailadmin_pages:move_confirm", args=[form.pk, french_home.pk])
    response = client.post(address, follow=True)

    assert "“Form” is in English and cannot stand under “Accueil”, which is in français" in (
        said(response)
    )
    assert Page.objects.get(pk=form.pk).get_parent().pk == charter.get_parent().pk


def test_pages_are_not_moved_in_bulk_among_those_of_another_language(client, charter):
    french_home = charter.get_parent().get_translation(french())
    form = factories.form_page(title="Form")

    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    client.post(f"{address}?id={form.pk}", {"chooser": french_home.pk}, follow=True)

    assert Page.objects.get(pk=form.pk).get_parent().pk == charter.get_parent().pk


def test_a_page_is_moved_within_its_language(client, charter):
    article = factories.article_page(title="Article")
    elsewhere = factories.articles_page(title="Others", slug="others")

    address = reverse("wagtailadmin_pages:move_confirm", args=[article.pk, elsewhere.pk])
    client.post(address)

    assert Page.objects.get(pk=article.pk).get_parent().pk == elsewhere.pk


def delete_language(client):
    return client.post(reverse("wagtaillocales:delete", args=[french().pk]), follow=True)


def test_a_language_that_pages_are_in_is_not_deleted(client, charter):
    delete_language(client)

    assert Locale.objects.filter(language_code="fr").exists()


@pytest.mark.parametrize("what", ["navigation in another language", "promoted result"])
def test_a_language_is_not_deleted_with_what_else_is_in_it(client, charter, what):
    if what == "promoted result":
        factories.promoted_term("lumière", charter, locale=french())
    else:
        factories.setting_translation(NavigationTranslation, "fr")
    charter.get_parent().get_translation(french()).delete()

    response = delete_language(client)

    assert f"français cannot be deleted while something is in it: 1 {what}" in said(response)
    assert Locale.objects.filter(language_code="fr").exists()
    assert PromotedTerm.objects.exists() or NavigationTranslation.objects.exists()


def test_a_language_that_nothing_is_in_is_deleted(client, charter):
    charter.get_parent().get_translation(french()).delete()

    delete_language(client)

    assert not Locale.objects.filter(language_code="fr").exists()
