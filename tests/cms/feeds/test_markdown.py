"""Each page is Markdown at its address with ``index.md``, or where its reader prefers that."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction, Site

from pages.models import ArticlePage, Person
from tests import factories
from tests.cms.perspective.scheduled_content import at, scheduled
from tests.conftest import statements_of
from tests.markdown_read import blocks_in, file_of, links_in, words_in

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

MARKDOWN = "text/markdown; charset=utf-8"
SECOND = timedelta(seconds=1)


def text_at(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert (response.status_code, response["Content-Type"]) == (200, MARKDOWN), path
    return response.content.decode()


def test_page_is_a_file_with_what_it_is_before_it(client, settings, clock):
    settings.FRONTENDS = {"": "https://www.example.org"}
    factories.charter_page(
        title='The "charter": #1', search_description="Why we are here — in short."
    )

    told, text = file_of(text_at(client, "/the-charter-1/index.md"))

    address = "https://www.example.org/the-charter-1/"
    assert told == {
        "title": 'The "charter": #1',
        "description": "Why we are here — in short.",
        "url": address,
        "language": "en",
        "published": told["published"],
        "modified": told["modified"],
    }
    first, *_ = blocks_in(text)
    assert (first.kind, first.level, first.words) == ("heading", 1, 'The "charter": #1')


def test_home_page_is_at_the_root(client):
    factories.home_page(title="Home")

    assert "\n# Home\n" in text_at(client, "/index.md")


def test_page_kept_out_of_search_engines_is_so_as_markdown(client, settings):
    settings.CRAWLERS_ALLOWED = True
    factories.charter_page(noindex=True)
    factories.leadership_page()

    assert client.get("/charter/index.md")["X-Robots-Tag"] == "noindex, follow"
    assert client.get("/leadership/index.md")["X-Robots-Tag"] == "index, follow"


def test_headers_tell_what_it_is_of(client, settings):
    settings.CRAWLERS_ALLOWED = True
    settings.FRONTENDS = {"": "https://www.example.org"}
    factories.charter_page(slug="über-uns")

    response = client.get("/über-uns/index.md")

    address = "https://www.example.org/%C3%BCber-uns/"
    assert response["Link"] == f'<{address}>; rel="canonical"'
    assert response["Content-Language"] == "en"
    assert response["X-Robots-Tag"] == "index, follow"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "text/html"),
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/*", "text/html"),
        ("text/html", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/html, text/markdown", "text/html"),
        ("text/markdown, */*", "text/markdown"),
        ("text/markdown; charset=utf-8", "text/markdown"),
        ("text/markdown;q=0.9, text/html", "text/html"),
        ("text/markdown;q=0, */*", "text/html"),
        ("application/json, */*;q=0.1", "text/html"),
        ("text/markdown", "text/markdown"),
        ("TEXT/Markdown", "text/markdown"),
        ("text/markdown, text/html;q=0.9", "text/markdown"),
        ("text/markdown, text/html, */*", "text/markdown"),
        ("text/html;q=0.2, text/*", "text/markdown"),
        ("text/html;q=0, */*", "text/markdown"),
        ("application/json", None),
        ("text/html;q=0, text/markdown;q=0", None),
    ],
)
def test_page_is_had_in_the_form_that_its_reader_prefers(client, accept, form):
    factories.charter_page()

    for ask in (client.get, client.head):
        response = ask("/charter/", headers={} if accept is None else {"Accept": accept})

        assert response.status_code == (200 if form else 406)
        assert response["Content-Type"].startswith(form or "text/plain")
        assert response["Vary"] == "Accept"
        is_markdown = form == "text/markdown"
        assert response.headers.get("Content-Location") == (
            "/charter/index.md" if is_markdown else None
        )


def test_both_addresses_answer_the_same(client):
    factories.charter_page()

    by_name = client.get("/charter/index.md")
    by_form = client.get("/charter/", headers={"Accept": "text/markdown"})

    assert by_form.content == by_name.content
    for name in ("ETag", "Last-Modified", "Cache-Control", "Link"):
        assert by_form[name] == by_name[name]
    again = {"Accept": "text/markdown", "If-None-Match": by_name["ETag"]}
    not_modified = client.get("/charter/", headers=again)
    assert (not_modified.status_code, not_modified["Vary"]) == (304, "Accept")


def test_what_is_named_is_had_whatever_else_is_accepted(client):
    factories.charter_page()

    assert text_at(client, "/charter/index.md", Accept="text/html")


def test_page_for_people_says_where_its_markdown_is(client):
    factories.charter_page()
    link = '<link rel="alternate" type="text/markdown" href="/charter/index.md">'

    assert link in client.get("/charter/").content.decode()


@pytest.mark.parametrize("accept", ["text/markdown", "application/json"])
@pytest.mark.parametrize("path", ["/nothing/", "/draft/", "/private/", "/private/charter/"])
def test_what_is_hidden_is_as_what_is_not_there(client, administrator, path, accept):
    home = factories.home_page()
    factories.form_page(slug="draft", live=False)
    private = factories.form_page(slug="private")
    PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    client.force_login(administrator)

    answers = [
        client.get(f"{path}index.md"),
        client.get(path, headers={"Accept": accept}),
        client.get("/nowhere-at-all/index.md"),
    ]

    assert {each.status_code for each in answers} == {404}
    assert "Link" not in answers[0]
    assert home.title not in answers[0].content.decode()


def test_page_appears_and_goes_at_its_second(client, clock):
    factories.home_page()
    scheduled(factories.charter_page, at(2), expires=at(3))
    told = {}

    for moment in (at(2) - SECOND, at(2), at(3) - 10 * SECOND, at(3)):
        clock.moment = moment
        response = client.get("/charter/index.md")
        told[moment] = (response.status_code, response.headers.get("Cache-Control"))

    assert told == {
        at(2) - SECOND: (404, None),
        at(2): (200, "public, max-age=300, must-revalidate"),
        at(3) - 10 * SECOND: (200, "public, max-age=10, must-revalidate"),
        at(3): (404, None),
    }


def test_change_that_is_due_is_read_before_it_is_made(client, clock):
    page = factories.charter_page(mission="<p>Now.</p>")
    page.mission, page.go_live_at = "<p>Then.</p>", at(2)
    page.save_revision().publish()

    clock.moment = at(2) - SECOND
    before = text_at(client, "/charter/index.md")
    clock.moment = at(2)
    after = text_at(client, "/charter/index.md")

    assert ("Now." in before, "Then." in before) == (True, False)
    assert ("Now." in after, "Then." in after) == (False, True)


def test_who_is_signed_in_or_bears_a_token_reads_what_everyone_does(client, administrator):
    page = factories.charter_page(mission="<p>Now.</p>")
    page.mission = "<p>Draft.</p>"
    page.save_revision()
    token = factories.preview_token(sees="drafts")
    known = Client()
    known.force_login(administrator)

    answered = known.get("/charter/index.md", headers={"Authorization": f"Bearer {token}"})

    assert answered.content == client.get("/charter/index.md").content
    assert b"Draft." not in answered.content


@pytest.mark.parametrize("old", ["/old/index.md", "/old/"])
def test_redirect_to_a_page_leads_on_to_its_markdown(client, old):
    page = factories.charter_page()
    Redirect.objects.create(old_path="/old", redirect_page=page, is_permanent=True)
    Redirect.objects.create(old_path="/older", redirect_link="/old", is_permanent=False)

    headers = {"Accept": "text/markdown"}
    first = client.get(old, headers=headers)
    second = client.get(old.replace("old", "older"), headers=headers)

    assert (first.status_code, first["Location"]) == (301, "/charter/index.md")
    assert (second.status_code, second["Location"]) == (302, "/charter/index.md")


def test_page_that_moved_leads_on(client):
    factories.articles_page()
    page = factories.article_page(slug="before")
    page.slug = "after"
    page.save_revision().publish()

    response = client.get("/articles/before/index.md")

    assert (response.status_code, response["Location"]) == (301, "/articles/after/index.md")


def test_redirect_leads_nowhere_hidden_and_elsewhere_as_it_is(client):
    hidden = factories.charter_page(live=False)
    Redirect.objects.create(old_path="/hidden", redirect_page=hidden)
    Redirect.objects.create(old_path="/out", redirect_link="https://example.org/x")
    Redirect.objects.create(old_path="/query?a=1", redirect_link="https://example.org/y")

    assert client.get("/hidden/index.md").status_code == 404
    assert client.get("/out/index.md")["Location"] == "https://example.org/x"
    assert client.get("/query/index.md?a=1")["Location"] == "https://example.org/y"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_but_reading_is_done_here(method):
    factories.charter_page()

    response = getattr(Client(enforce_csrf_checks=True), method)("/charter/index.md")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_each_site_has_its_own(client):
    own = factories.home_page(slug="own")
    factories.charter_page(parent=own, mission="<p>First.</p>")
    other = factories.home_page(slug="other")
    Site.objects.update(root_page=own)
    Site.objects.create(hostname="other.example.org", root_page=other)
    page = factories.charter_page(parent=other, mission="<p>Second.</p>")
    factories.form_page(
        parent=own,
        slug="form",
        introduction=f'<p><a linktype="page" id="{page.pk}">x</a></p>',
    )

    first = text_at(client, "/charter/index.md")
    second = text_at(client, "/charter/index.md", host="other.example.org")

    assert ("First." in first, "Second." in second) == (True, True)
    assert client.get("/form/index.md", headers={"host": "other.example.org"}).status_code == 404
    _, form = file_of(text_at(client, "/form/index.md"))
    assert links_in(form) == ["http://other.example.org/charter/"]
    unknown = Site.objects.filter(is_default_site=True)
    unknown.update(is_default_site=False)
    assert client.get("/charter/index.md", headers={"host": "third.example.org"}).status_code == 404


def test_links_of_texts_are_whole_and_lead_nowhere_hidden(client, settings):
    settings.FRONTENDS = {"": "https://www.example.org"}
    settings.SITE_URL = "https://cms.example.org"
    shown, hidden = factories.charter_page(), factories.form_page(live=False, title="Quagga")
    file = factories.document()
    factories.survey_page(
        introduction=f'<p><a linktype="page" id="{shown.pk}">a</a> '
        f'<a linktype="page" id="{hidden.pk}">b</a> <a linktype="document" id="{file.pk}">c</a> '
        '<a href="/feeds/">d</a> <a href="#there">e</a> <a href="mailto:a@example.org">f</a></p>'
    )

    text = text_at(client, "/survey/index.md")

    assert links_in(file_of(text)[1]) == [
        "https://www.example.org/charter/",
        f"https://cms.example.org{file.url}",
        "https://www.example.org/feeds/",
        "mailto:a@example.org",
    ]
    assert "a b c d e f" in words_in(file_of(text)[1])
    assert "uagga" not in text


def test_hidden_people_pictures_and_documents_are_not_told(client):
    seen, unseen = factories.person(name="Ada Seen"), factories.person(name="Quagga", live=False)
    picture = factories.image(title="Quagga")
    private = picture.collection.add_child(name="Private")
    private.view_restrictions.create(restriction_type="login")
    picture.collection = private
    picture.save()
    made = factories.article_page(
        header_image=picture,
        header_image_alt_text="A quagga",
        body=[("picture", picture_of(picture, "A quagga"))],
    )
    for order, person in enumerate((seen, unseen)):
        made.authors.model.objects.create(page=made, person=person, sort_order=order)

    text = text_at(client, "/articles/article/index.md")

    assert "- **Authors:** Ada Seen\n" in text
    assert "uagga" not in text


def test_right_to_left_and_signs_are_read_back(client):
    factories.charter_page(
        title="مرحبا 👩‍💻 at 100%",
        mission="<p>مرحبا <b>بكم</b> (م) 👩‍💻️ C# &amp; C++</p>",
    )
    page = Page.objects.get(title__startswith="مرحبا")

    _, text = file_of(text_at(client, f"/{page.slug}/index.md"))

    assert "# مرحبا 👩‍💻 at 100%\n" in text
    assert "مرحبا بكم (م) 👩‍💻️ C# & C++" in words_in(text)


def test_languages_are_told(client, settings):
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    Locale.objects.create(language_code="ar")
    home = factories.home_page()
    Page.objects.filter(pk=home.pk).update(locale=Locale.objects.get(language_code="ar"))

    response = client.get("/index.md")

    assert response["Content-Language"] == "ar"
    assert 'language: "ar"' in response.content.decode()


def test_slug_cannot_be_that_of_a_file(client, sign_in, administrator):
    home = factories.home_page()
    add = f"/admin/pages/add/pages/formpage/{home.pk}/"

    for slug in ("index.md", "llms.txt"):
        response = sign_in(administrator).post(add, {"title": "Form", "slug": slug})

        assert "valid" in response.content.decode()
        assert not Page.objects.filter(slug=slug).exists()


def test_cost_does_not_depend_on_how_much_a_page_holds(client):
    made = factories.article_page(date=date(2025, 1, 1))
    costs = []

    for more in (5, 20):
        for number in range(more):
            person = factories.person(organisation=factories.organisation())
            made.authors.model.objects.create(page=made, person=person, sort_order=number)
            Person.objects.filter(pk=person.pk).update(website="https://example.org/")
            factories.article_page(slug=f"other-{more}-{number}")
        body = [("paragraphs", {"text": link_to(page)}) for page in ArticlePage.objects.all()]
        body += [("picture", picture_of(factories.image())) for _ in range(more)]
        made.body = body
        made.save_revision().publish()
        addresses = ["/articles/article/index.md", "/articles/index.md"]
        for path in addresses:
            client.get(path)
        costs.append([len(statements_of(partial(client.get, path))) for path in addresses])

    assert costs[0] == costs[1]
    assert max(costs[0]) <= 25


def link_to(page: Page) -> str:
    return f'<p><a linktype="page" id="{page.pk}">x</a></p>'


def picture_of(image, words: str = "A picture") -> dict:
    image.contextual_alt_text, image.decorative = words, False
    return {"picture": image}
