"""One site has one home page: others are made by who makes sites, whichever way is tried."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import Locale, Page

from pages.models import HomePage
from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.submission import submission

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]


@pytest.fixture
def home():
    return factories.home_page()


def root():
    return Page.get_first_root_node()


def add(client, home):
    made = HomePage(title="Second", tagline="Words", introduction="<p>Words</p>")
    return client.post(
        reverse("wagtailadmin_pages:add", args=["pages", "homepage", root().pk]),
        submission(made, slug="second"),
    )


def copy(client, home, **choices):
    return client.post(
        reverse("wagtailadmin_pages:copy", args=[home.pk]),
        {
            "new_title": "Second",
            "new_slug": "second",
            "new_parent_page": root().pk,
            **choices,
        },
    )


def mirror(client, home):
    return copy(client, home, alias="on")


def copy_by_the_api(client, home):
    address = reverse("wagtailadmin_api:pages:action", args=[home.pk, "copy"])
    return client.post(address, {"destination_page_id": root().pk, "slug": "second"})


def mirror_by_the_api(client, home):
    address = reverse("wagtailadmin_api:pages:action", args=[home.pk, "create_alias"])
    return client.post(address, {"destination_page_id": root().pk, "slug": "second"})


def translate(client, home):
    french = Locale.objects.get_or_create(language_code="fr")[0]
    address = reverse("simple_translation:submit_page_translation", args=[home.pk])
    return client.post(address, {"locales": [french.pk]})


def translate_by_the_api(client, home):
    Locale.objects.get_or_create(language_code="fr")
    address = reverse("wagtailadmin_api:pages:action", args=[home.pk, "copy_for_translation"])
    return client.post(address, {"locale": "fr"})


def move_from_elsewhere(client, home):
    article = factories.article_page()
    address = reverse("wagtailadmin_pages:move_confirm", args=[article.pk, root().pk])
    return client.post(address)


def move_in_bulk(client, home):
    article = factories.article_page()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    return client.post(f"{address}?id={article.pk}", {"chooser": root().pk})


MAKING = [add, copy, mirror, copy_by_the_api, mirror_by_the_api, translate, translate_by_the_api]
MOVING = [move_from_elsewhere, move_in_bulk]


@pytest.mark.parametrize("way", [*MAKING, *MOVING], ids=lambda way: way.__name__)
@pytest.mark.parametrize("group", ["Communications staff", "Editors"])
def test_who_makes_no_sites_makes_no_second_home_page(way, group, home, sign_in):
    before = set(root().get_children().values_list("pk", flat=True))

    way(sign_in(factories.user(group=group)), home)

    assert set(root().get_children().values_list("pk", flat=True)) == before


@pytest.mark.parametrize("way", [add, copy, copy_by_the_api], ids=lambda way: way.__name__)
def test_who_makes_sites_makes_their_home_pages(way, home, administrator, sign_in):
    way(sign_in(administrator), home)

    assert HomePage.objects.exclude(pk=home.pk).count() == 1


def test_permission_to_make_sites_is_what_counts(home, staff, sign_in):
    add_site = Permission.objects.get(codename="add_site")
    staff.user_permissions.add(add_site)

    add(sign_in(staff), home)

    assert HomePage.objects.count() == 2


def test_nobody_is_offered_what_they_may_not_do(home, staff, administrator, sign_in):
    address = reverse("wagtailadmin_pages:add_subpage", args=[root().pk])
    explorer = reverse("wagtailadmin_explore", args=[root().pk])

    assert address not in sign_in(staff).get(explorer).content.decode()
    refused = sign_in(staff).get(address)
    assert (refused.status_code, refused.headers.get("Location")) == (302, home_url())
    assert address in sign_in(administrator).get(explorer).content.decode()


def test_staff_write_beneath_the_home_page_and_change_it_as_before(home, staff, sign_in):
    client = sign_in(staff)

    client.post(admin_url(home, "edit"), submission(home, title="Anew"))

    assert HomePage.objects.get(pk=home.pk).get_latest_revision().object_str == "Anew"
    beneath = reverse("wagtailadmin_pages:add_subpage", args=[home.pk])
    assert client.get(beneath).status_code == 200
