"""Whoever writes begins translations; what cannot be begun is refused with a sentence."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale, Page, Site

from pages.models import Person
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(factories.user("staff", group="Communications staff"))


@pytest.fixture
def french():
    return Locale.objects.create(language_code="fr")


@pytest.fixture
def charter(french):
    """Whose home page is there in French."""
    charter = factories.charter_page(title="Charter")
    Site.objects.update(root_page=charter.get_parent())
    factories.translation(charter.get_parent().specific, "fr", title="Accueil")
    return charter


def address(page):
    return reverse("simple_translation:submit_page_translation", args=[page.pk])


def begin(client, page, *languages, **more):
    sent = {"locales": [each.pk for each in languages], **more}
    return client.post(address(page), sent, follow=True)


def text_of(response):
    return unescape(response.content.decode())


def in_french(original, french):
    return (
        type(original)
        .objects.filter(translation_key=original.translation_key, locale=french)
        .first()
    )


@pytest.mark.parametrize("role", ["Communications staff", "Editors", "Administrators"])
def test_whoever_writes_pages_begins_a_translation_as_a_draft(charter, french, role):
    client = signed_in(factories.user("writer", group=role))

    response = begin(client, charter, french)

    made = in_french(charter, french)
    assert not made.live
    assert made.title == "Charter"
    assert response.request["PATH_INFO"] == reverse("wagtailadmin_pages:edit", args=[made.pk])
    assert "“Charter” was begun in français: readers do not see it yet." in text_of(response)


def test_what_stands_above_is_translated_first(client, charter, french):
    article = factories.article_page(title="Article")
    shown = text_of(client.get(address(article)))

    response = begin(client, article, french)

    told = "“Articles”, which this page stands under, is not in français yet: translate that first."
    assert told in shown
    assert response.status_code == 200
    assert "“Articles”, which “Article” stands under, is not in français yet" in text_of(response)
    assert in_french(article, french) is None


def test_what_is_there_already_is_not_begun_again(client, charter, french):
    begin(client, charter, french)

    response = begin(client, charter, french)

    assert "It is there in that language already" in text_of(response)
    assert Page.objects.filter(translation_key=charter.translation_key).count() == 2


def test_what_mirrors_a_page_is_translated_with_that(client, charter, french):
    alias = charter.create_alias(update_slug="mirror")

    response = begin(client, alias, french)

    assert "“Charter” mirrors “Charter”, and has no text of its own: translate “Charter”." in (
        text_of(response)
    )
    assert Page.objects.filter(slug__startswith="mirror").count() == 1


def test_whoever_may_not_add_pages_where_it_would_stand_is_told(charter, french):
    writers = Group.objects.create(name="Writers of English")
    for codename in ("access_admin", "submit_translation"):
        writers.permissions.add(Permission.objects.get(codename=codename))
    for codename in ("add_page", "change_page"):
        GroupPagePermission.objects.create(
            group=writers,
            page=charter.get_parent(),
            permission=Permission.objects.get(codename=codename),
        )
    writer = factories.user("writer")
    writer.groups.add(writers)

    response = begin(signed_in(writer), charter, french)

    told = "You may not add pages under “Accueil”, where “Charter” would stand in français."
    assert told in text_of(response)
    assert in_french(charter, french) is None


def test_all_beneath_is_begun_but_for_what_is_there_and_what_mirrors(client, charter, french):
    articles = factories.articles_page(title="Articles")
    there, new = (factories.article_page(title=title) for title in ("There", "New"))
    new.create_alias(parent=articles, update_slug="mirror")
    # It was begun elsewhere, and stands there.
    elsewhere = charter.get_parent().specific.get_translation(french)
    before = there.copy(to=elsewhere, update_attrs={"locale": french}, reset_translation_key=False)

    begin(client, articles, french, include_subtree="on")

    made = in_french(articles, french)
    assert [page.title for page in made.get_children()] == ["New"]
    assert Page.objects.get(pk=before.pk).get_parent().pk == elsewhere.pk


@pytest.mark.parametrize("make", [factories.person, factories.organisation])
def test_people_and_organisations_are_begun_as_drafts(client, french, make):
    original = make(name="Ada")
    kind = original._meta.model_name
    begin_at = reverse(
        "simple_translation:submit_snippet_translation", args=["pages", kind, original.pk]
    )

    client.get(begin_at)
    response = client.post(begin_at, {"locales": french.pk}, follow=True)
    again = client.post(begin_at, {"locales": french.pk}, follow=True)

    made = in_french(original, french)
    assert (made.live, made.name, made.first_published_at) == (False, "Ada", None)
    assert "“Ada” was begun in français" in text_of(response)
    assert "It is there in that language already" in text_of(again)


def test_list_offers_to_translate_what_lacks_a_language_to_whoever_may(client, french):
    done, lacking = factories.person(name="Done"), factories.person(name="Lacking")
    done.copy_for_translation(french).save()
    people = reverse(Person.snippet_viewset.get_url_name("list"))

    def offered(client):
        page = client.get(people).content.decode()
        addresses = re.findall(r"translation/submit/snippet/pages/person/(\d+)/", page)
        return [int(each) for each in addresses]

    assert offered(client) == [lacking.pk]
    reads = factories.user("reads")
    group = Group.objects.create(name="Change people alone")
    for codename in ("access_admin", "change_person"):
        group.permissions.add(Permission.objects.get(codename=codename))
    reads.groups.add(group)
    assert offered(signed_in(reads)) == []


def test_snippet_wants_the_right_to_add_one(charter, french):
    person = factories.person(name="Ada")
    writers = Group.objects.create(name="Changes people")
    for codename in ("access_admin", "submit_translation", "change_person"):
        writers.permissions.add(Permission.objects.get(codename=codename))
    writer = factories.user("writer")
    writer.groups.add(writers)
    begin_at = reverse(
        "simple_translation:submit_snippet_translation", args=["pages", "person", person.pk]
    )

    response = signed_in(writer).post(begin_at, {"locales": french.pk})

    assert "You may not add people: ask somebody who may." in text_of(response)
    assert Person.objects.count() == 1


def test_whoever_may_not_begin_translations_does_not(charter, french):
    client = signed_in(factories.user("nobody"))

    assert begin(client, charter, french).redirect_chain
    assert in_french(charter, french) is None


def test_the_admins_api_refuses_with_the_same_sentences(client, charter, french):
    article = factories.article_page(title="Article")
    action = reverse("wagtailadmin_api:pages:action", args=[article.pk, "copy_for_translation"])

    refused = client.post(action, {"locale": "fr"})
    with_all_above = client.post(action, {"locale": "fr", "copy_parents": True})
    again = client.post(action, {"locale": "fr"})

    assert refused.status_code == again.status_code == 400
    assert "is not in français yet" in refused.json()["message"]
    assert with_all_above.status_code == 201
    assert again.json()["message"] == "“Article” is there in français already."
