"""Pages are where readers are, and files where the CMS is, as the settings say at each start."""

import pytest
from django.core.cache import cache
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from tests import factories
from tests.cms.addresses import admin_url

QUERY = """
query ($path: String!) {
  site { url }
  page(path: $path) {
    url path
    ... on ArticlePage { headerImage { image { url } } body {
      ... on ArticleParagraphs { text { html } } } }
  }
}
"""


@pytest.fixture
def article(db):
    picture, document = factories.image(), factories.document()
    charter = factories.charter_page()
    text = (
        f'<p><a linktype="page" id="{charter.pk}">charter</a>'
        f' <a linktype="document" id="{document.pk}">paper</a></p>'
    )
    return factories.article_page(
        slug="words",
        header_image=picture,
        header_image_alt_text="A picture",
        body=[("paragraphs", {"text": text})],
    )


def addresses_of(answer):
    page = answer["page"]
    picture = page["headerImage"]["image"]["url"]
    return answer["site"]["url"], page["url"], picture.partition("/uploads/")[0], page["path"]


@pytest.mark.parametrize(
    ("cms", "frontends", "expected"),
    [
        ("http://127.0.0.1:8000", {}, "http://127.0.0.1:8000"),
        ("https://cms.example.org:8752", {}, "https://cms.example.org:8752"),
        ("https://cms.example.org", {"": "https://www.example.org"}, "https://www.example.org"),
        ("https://cms.example.org", {"localhost": "https://a.org:81"}, "https://a.org:81"),
    ],
)
def test_pages_are_at_the_frontend_and_files_at_the_cms(
    ask, article, settings, cms, frontends, expected
):
    """Whatever was the address when the site was first started, and is kept in the database."""
    settings.SITE_URL, settings.FRONTENDS = cms, frontends

    answer = ask(QUERY, path="/articles/words/")

    assert addresses_of(answer) == (
        expected,
        f"{expected}/articles/words/",
        cms,
        "/articles/words/",
    )
    html = answer["page"]["body"][0]["text"]["html"]
    assert 'href="/charter/"' in html
    assert f'href="{cms}/documents/' in html


@pytest.mark.parametrize(
    ("cms", "port", "frontends", "expected"),
    [
        ("http://127.0.0.1:8000", 80, {}, "http://blog.example.org:8000"),
        ("https://cms.example.org", 80, {}, "https://blog.example.org"),
        ("https://cms.example.org", 8443, {}, "https://blog.example.org:8443"),
        ("http://cms.example.org", 443, {}, "https://blog.example.org"),
        ("https://cms.example.org", 80, {"": "https://www.org"}, "https://blog.example.org"),
        ("https://cms.example.org", 80, {"blog.example.org": "https://b.org"}, "https://b.org"),
        ("https://cms.example.org", 81, {"blog.example.org:81": "https://b.org"}, "https://b.org"),
    ],
)
def test_each_site_has_its_own_address(
    ask, client, settings, article, cms, port, frontends, expected
):
    settings.SITE_URL, settings.FRONTENDS = cms, frontends
    own = Site.objects.get().root_page
    there = factories.home_page(title="Blog", slug="blog")
    Site.objects.update(root_page=own)
    Site.objects.create(hostname="blog.example.org", port=port, root_page=there)
    factories.articles_page(parent=there, slug="posts")
    Redirect.objects.create(old_path="/posts", redirect_page=there)

    request = {"query": '{ site { url } page(path: "/posts/") { url } }'}
    answer = client.get("/graphql", request, headers={"Host": "blog.example.org"}).json()["data"]
    moved = ask('{ route(path: "/posts") { redirect { target } } }')["route"]["redirect"]

    assert answer == {"site": {"url": expected}, "page": {"url": f"{expected}/posts/"}}
    assert moved == {"target": f"{expected}/"}


def test_the_admin_leads_to_the_page_where_readers_have_it(article, settings, sign_in, editor):
    browser = sign_in(editor)
    assert 'href="/articles/words/"' in browser.get(admin_url(article, "edit")).content.decode()

    cache.clear()  # A process that is started anew remembers nothing.
    settings.FRONTENDS = {"": "https://www.example.org"}
    screen = browser.get(admin_url(article, "edit")).content.decode()

    assert 'href="https://www.example.org/articles/words/"' in screen
    assert 'href="/articles/words/"' not in screen


def test_the_admin_follows_a_site_that_is_changed(article, settings):
    settings.FRONTENDS = {"new.example.org": "https://www.example.org"}
    assert article.full_url == "http://testserver/articles/words/"

    site = Site.objects.get()
    site.hostname = "new.example.org"
    site.save()

    assert article.full_url == article.url == "https://www.example.org/articles/words/"
