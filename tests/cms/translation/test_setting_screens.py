"""Whoever may edit a site's navigation and settings says them in its other languages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, ModelLogEntry, Site

from pages.models import Navigation, NavigationTranslation, SiteSettings, SiteSettingsTranslation
from tests import factories
from tests.cms import html_forms
from tests.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]


@pytest.fixture
def site():
    """With a home page and a charter in English and French."""
    charter = factories.charter_page(title="Charter")
    home = charter.get_parent().specific
    Site.objects.update(root_page=home)
    factories.translation(home, "fr", title="Accueil")
    factories.translation(charter, "fr", title="Charte", slug="charte")
    site = Site.objects.get()
    link = {"text": "Charter", "page": charter, "children": [{"text": "Again", "page": charter}]}
    Navigation.objects.create(site=site, header=[("item", link)], footer_text="© The group")
    return site


@pytest.fixture
def client() -> Client:
    return signed_in(factories.user("editor", group="Editors"))


def own(site, model="navigation"):
    return reverse("wagtailsettings:edit", args=["pages", model, site.pk])


def address(site, language="fr", model="navigation"):
    return reverse("setting_in_language", args=["pages", model, site.pk, language])


def write(client, site, model="navigation", **changes):
    shown = client.get(address(site, model=model))
    entered = html_forms.posted(shown) | changes
    return client.post(address(site, model=model), entered, follow=True)


def said(response):
    return [str(message).strip() for message in response.context["messages"]]


def test_it_begins_with_what_the_site_says_and_leads_to_the_pages_in_the_language(client, site):
    response = write(client, site, footer_text="© Le groupe")

    assert "The navigation in français was saved." in " ".join(said(response))
    made = NavigationTranslation.objects.get()
    (entry,) = made.header.raw_data
    french = Site.objects.get().root_page.get_translation(made.locale).get_children().get()
    assert (entry["value"]["text"], entry["value"]["page"]) == ("Charter", french.pk)
    assert entry["value"]["children"][0]["value"]["page"] == french.pk
    assert made.footer_text == "© Le groupe"
    assert Navigation.objects.get().footer_text == "© The group"


def test_what_is_there_is_edited(client, site, ask):
    write(client, site, footer_text="© Le groupe")

    write(client, site, footer_text="Autre chose")

    asked = '{ site { navigation(locale: "fr") { locale footerText } } }'
    assert ask(asked)["site"]["navigation"] == {"locale": "fr", "footerText": "Autre chose"}
    assert NavigationTranslation.objects.count() == 1


def test_settings_want_their_picture_described_in_each_language(client, site):
    SiteSettings.objects.create(
        site=site, name="Group", social_image=factories.image(), social_image_alt_text="A name"
    )

    refused = write(client, site, "sitesettings", social_image_alt_text=" ").content.decode()
    none = SiteSettingsTranslation.objects.exists()
    write(client, site, "sitesettings", name="Groupe", social_image_alt_text="Un nom")

    assert "Describe the picture for social networks that the settings have." in refused
    assert not none
    assert SiteSettingsTranslation.objects.get().name == "Groupe"


def original_beside(client, site):
    shown = client.get(address(site)).content.decode()
    return shown.partition('<aside aria-label="In English">')[2].partition("</aside>")[0]


def test_what_the_site_says_stands_beside_it(client, site):
    write(client, site, footer_text="© Le groupe")

    beside = original_beside(client, site)

    assert 'lang="en" dir="ltr"' in beside
    for words in ("Header", "Charter", "Again", "Footer text", "© The group"):
        assert words in beside, words
    assert "Le groupe" not in beside


def test_it_says_when_the_site_says_something_else_since_until_it_is_saved(client, site, clock):
    warning = "after it was written in français"
    never_written = warning in client.get(address(site)).content.decode()
    write(client, site, footer_text="© Le groupe")
    up_to_date = warning in client.get(address(site)).content.decode()

    clock.moment += timedelta(hours=1)
    entered = html_forms.posted(client.get(own(site)))
    client.post(own(site), entered | {"footer_text": "© Another group"})
    changed = warning in client.get(address(site)).content.decode()
    beside = original_beside(client, site)
    clock.moment += timedelta(hours=1)
    write(client, site)
    saved = warning in client.get(address(site)).content.decode()

    assert [never_written, up_to_date, changed, saved] == [False, False, True, False]
    assert "© Another group" in beside


def test_two_who_begin_it_at_once_do_not_overwrite_each_other(client, site):
    first, second = (html_forms.posted(client.get(address(site))) for _ in range(2))
    client.post(address(site), first | {"footer_text": "First"})

    response = client.post(address(site), second | {"footer_text": "Second"}, follow=True)

    assert NavigationTranslation.objects.get().footer_text == "First"
    assert "Somebody else has just begun the navigation in français" in " ".join(said(response))


def test_deleted_it_is_in_the_sites_own_language_again(client, site, ask):
    write(client, site, footer_text="© Le groupe")
    delete = reverse("delete_setting_in_language", args=["pages", "navigation", site.pk, "fr"])

    assert delete in client.get(address(site)).content.decode()
    assert "It is deleted for good." in client.get(delete).content.decode()
    response = client.post(delete, follow=True)

    assert said(response) == ["The navigation in français was deleted."]
    assert not NavigationTranslation.objects.exists()
    asked = '{ site { navigation(locale: "fr") { locale } } }'
    assert ask(asked)["site"]["navigation"] == {"locale": "en"}


def test_history_says_who_wrote_it_in_which_language(client, site, admin_client):
    write(client, site, footer_text="© Le groupe")
    client.post(reverse("delete_setting_in_language", args=["pages", "navigation", site.pk, "fr"]))

    report = admin_client.get(reverse("wagtailadmin_reports:site_history")).content.decode()

    assert {entry.user.username for entry in ModelLogEntry.objects.all()} == {"editor"}
    assert "Written in français" in report
    assert "Deleted in français" in report


@pytest.mark.parametrize("model", ["navigation", "sitesettings"])
def test_screens_speak_of_languages_once_the_site_has_a_second(client, site, model):
    shown = client.get(own(site, model)).content.decode()
    Locale.objects.create(language_code="de")
    site.root_page.get_translations().delete()

    assert address(site, model=model) in shown
    assert "In français" not in client.get(own(site, model)).content.decode()


@pytest.mark.parametrize("language", ["en", "de", "nonsense"])
def test_there_is_no_screen_for_a_language_that_the_site_does_not_have(client, site, language):
    Locale.objects.create(language_code="de")

    assert client.get(address(site, language)).status_code == 404
    assert client.post(address(site, language), {}).status_code == 404


def test_whoever_may_not_edit_the_setting_may_not_in_any_language(site):
    write(signed_in(factories.user("editor", group="Editors")), site)
    client = signed_in(factories.user("staff", group="Communications staff"))
    delete = reverse("delete_setting_in_language", args=["pages", "navigation", site.pk, "fr"])

    for each in (address(site), delete):
        assert client.get(each).status_code == 302
        assert client.post(each, {}).status_code == 302
    assert NavigationTranslation.objects.exists()


def test_whoever_unpublishes_a_page_hears_that_a_navigation_in_another_language_names_it(
    client, site
):
    write(client, site, footer_text="© Le groupe")
    Navigation.objects.all().delete()
    french = NavigationTranslation.objects.get().locale
    page = site.root_page.get_translation(french).get_children().get()

    shown = client.get(reverse("wagtailadmin_pages:unpublish", args=[page.pk])).content.decode()

    assert "navigation in français" in shown
    assert address(site) in shown
