"""Staff see the name of what they work with, and nothing that leads to a manual of another."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize("name", ["wagtailadmin_home", "wagtailadmin_account"])
def test_name_in_titles_and_links_is_our_own(staff, sign_in, name):
    page = sign_in(staff).get(reverse(name)).content.decode()

    assert " - GenEdge CMS</title>" in page
    assert "admin/logo.svg" in page
    assert "wagtail.org" not in page
    assert "editor guide" not in page.lower()


def test_who_signs_in_sees_the_name(db, client):
    page = client.get(reverse("wagtailadmin_login")).content.decode()

    assert "Sign in - GenEdge CMS</title>" in page
    assert "Wagtail" not in page.partition("<body")[2].partition("<script")[0]


def test_language_is_no_column_where_there_is_one(staff, sign_in):
    page = sign_in(staff).get(reverse("wagtailsnippets_pages_person:list")).content.decode()

    assert "Locale" not in page
