"""Editors see what is not translated, and what has changed since it was."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import Locale, Page, Site

from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return signed_in(factories.user("editor", group="Editors"))


@pytest.fixture
def charter():
    charter = factories.charter_page(title="Charter")
    Site.objects.update(root_page=charter.get_parent())
    return charter


@pytest.fixture
def french(charter):
    factories.translation(charter.get_parent().specific, "fr", title="Accueil")
    return factories.translation(charter, "fr", title="Charte")


def states(client, things="pages", **asked):
    """What the list says of each original."""
    response = client.get(reverse(f"translations_of_{things}"), asked)
    table = response.context["table"]
    state = next(each for each in table.columns.values() if each.name == "state")
    return {str(row): state.get_value(row) for row in response.context["object_list"]}


def published_again(page):
    page.save_revision().publish()
    page.refresh_from_db()
    assert Page.objects.filter(pk=page.pk).update(
        last_published_at=page.last_published_at + timedelta(seconds=1)
    )


def test_list_says_of_each_page_how_far_its_translation_is(client, charter, french):
    factories.survey_page(title="Survey")
    survey = factories.form_page(title="Form")
    survey.copy_for_translation(french.locale)
    published_again(charter)

    assert states(client) == {
        "Home": "Up to date",
        "Charter": "Original changed since",
        "Survey": "Not translated",
        "Form": "Not published",
    }


def test_translation_is_up_to_date_once_it_is_published_after_the_original(client, charter, french):
    published_again(charter)
    before = states(client)["Charter"]
    french.save_revision().publish()
    Page.objects.filter(pk=french.pk).update(
        last_published_at=Page.objects.get(pk=charter.pk).last_published_at
    )

    assert (before, states(client)["Charter"]) == ("Original changed since", "Up to date")


def test_each_language_has_a_list_of_its_own(client, charter, french):
    factories.translation(charter.get_parent().specific, "ar")

    assert states(client, language="fr")["Charter"] == "Up to date"
    assert states(client, language="ar")["Charter"] == "Not translated"
    assert states(client, language="nonsense").keys() == states(client, language="ar").keys()


@pytest.mark.parametrize("state", ["missing", "draft", "outdated", "current"])
def test_list_is_narrowed_to_a_state(client, charter, french, state):
    factories.survey_page(title="Survey")
    every = states(client)

    found = states(client, state=state)

    names = {"missing": "Not translated", "current": "Up to date"}
    assert found == {name: told for name, told in every.items() if told == names.get(state)}


def test_drafts_mirrors_and_other_languages_are_no_originals(client, charter, french):
    factories.form_page(title="Draft", live=False)
    charter.create_alias(update_slug="mirror")

    assert states(client).keys() == {"Home", "Charter"}


@pytest.mark.parametrize("things", ["people", "organisations"])
def test_people_and_organisations_have_lists_as_well(client, charter, things):
    make = {"people": factories.person, "organisations": factories.organisation}[things]
    factories.translation(make(name="Both"), "fr")
    make(name="Own")

    assert states(client, things=things) == {"Both": "Up to date", "Own": "Not translated"}


@pytest.mark.parametrize("things", ["pages", "people", "organisations"])
def test_nothing_to_translate_into_is_no_error(client, charter, things):
    answer = client.get(reverse(f"translations_of_{things}"))

    assert answer.status_code == 200


@pytest.mark.parametrize("languages", [1, 2])
def test_menu_leads_there_where_there_are_several_languages(client, charter, languages):
    if languages > 1:
        Locale.objects.create(language_code="fr")

    home = client.get("/admin/").content.decode()

    assert (reverse("translations_of_pages") in home) == (languages > 1)


def test_who_may_begin_a_translation_is_led_to_it(client, charter):
    Locale.objects.create(language_code="fr")
    begin = reverse("simple_translation:submit_page_translation", args=[charter.pk])
    report = reverse("translations_of_pages")
    shown = client.get(report).content.decode()

    Group.objects.get(name="Editors").permissions.remove(
        Permission.objects.get(codename="submit_translation")
    )

    assert begin in shown
    assert begin not in client.get(report).content.decode()


def test_list_leads_to_the_translation(client, charter, french):
    told = client.get(reverse("translations_of_pages")).content.decode()

    assert reverse("wagtailadmin_pages:edit", args=[french.pk]) in told


@pytest.mark.parametrize("things", ["pages", "people", "organisations"])
def test_who_may_not_enter_is_led_to_sign_in(things, client, charter):
    client.logout()

    assert client.get(reverse(f"translations_of_{things}")).status_code == 302


def test_list_is_exported_with_its_words(client, charter, french):
    response = client.get(reverse("translations_of_pages"), {"export": "csv"})
    lines = b"".join(response.streaming_content).decode().splitlines()

    assert lines[0] == "Original,State,Original published,Translation published"
    assert any(line.startswith("Charter,Up to date,") for line in lines[1:])
