"""Every title makes an address, also one without a letter."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from pages.models import ArticlePage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission

pytestmark = pytest.mark.usefixtures("pages_above")

MADE = {
    "🎉": "party-popper",
    "🎉 News": "news",
    "👩🏽‍💻": "woman-personal-computer",
    "🇩🇪": "d-e",
    "→": "rightwards-arrow",
    "!?": "article",
    "日本語": "日本語",
}


def add(client, title, **fields):
    parent = Page.objects.get(slug="articles")
    made = ArticlePage(title=title)
    return client.post(
        reverse("wagtailadmin_pages:add", args=["pages", "articlepage", parent.pk]),
        submission(made, **{"slug": "", **fields}),
        headers={"Accept": "application/json"} if fields.pop("autosaved", False) else {},
    )


@pytest.mark.parametrize(("title", "slug"), MADE.items(), ids=MADE.values())
def test_page_is_saved_under_an_address_made_from_its_title(title, slug, staff, sign_in):
    assert add(sign_in(staff), title).status_code == 302

    page = ArticlePage.objects.get(title=title)
    assert page.slug == slug
    assert page.url_path.endswith(f"/articles/{slug}/")


@pytest.mark.parametrize(("title", "slug"), MADE.items(), ids=MADE.values())
def test_page_that_is_made_without_a_form_has_the_same_address(title, slug):
    assert factories.article_page(title=title, slug="").slug == slug


def test_second_title_of_the_same_signs_is_numbered(staff, sign_in):
    client = sign_in(staff)
    for _ in range(3):
        add(client, "🎉")

    slugs = ArticlePage.objects.filter(title="🎉").order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["party-popper", "party-popper-2", "party-popper-3"]


def test_form_that_saves_by_itself_is_told_the_address(staff, sign_in):
    page = factories.article_page(title="Words", slug="words", live=False)

    answer = (
        sign_in(staff)
        .post(
            admin_url(page, "edit"),
            submission(page, title="🎉", slug=""),
            headers={"Accept": "application/json"},
        )
        .json()
    )

    assert answer["success"]
    assert answer["field_updates"]["slug"] == "words"  # Links lead there.


def test_page_named_by_a_sign_is_copied_and_published(editor, sign_in, run_operation):
    page = factories.article_page(title="🎉", slug="")

    sign_in(editor).post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {
            "new_title": "🎉🎉",
            "new_slug": "party-popper-again",
            "new_parent_page": page.get_parent().pk,
            "publish_copies": "on",
        },
    )

    found = run_operation("article", path="/articles/party-popper-again/")["page"]
    assert found["title"] == "🎉🎉"


def test_signs_are_names_of_releases_people_organisations_tags_and_questions(editor, sign_in):
    client = sign_in(editor)
    client.post(reverse("releases:add"), {"name": "🎉", "note": "🎉"})
    for made in (factories.person(name="🎉"), factories.organisation(name="🎉")):
        assert client.get(admin_url(made, "edit")).status_code == 200
        client.post(admin_url(made, "edit"), submission(made, name="🎉🎉"))
        made.refresh_from_db()
        assert made.get_latest_revision().object_str == "🎉🎉"
    first, second = factories.article_page(), factories.article_page()
    for page, tag in ((first, "🎉"), (second, "🚀")):
        client.post(admin_url(page, "edit"), submission(page, tags=tag, **{"action-publish": "1"}))
        page.refresh_from_db()
        assert [str(each) for each in ArticlePage.objects.get(pk=page.pk).tags.all()] == [tag]

    assert "🎉" in client.get(reverse("releases:index")).content.decode()
