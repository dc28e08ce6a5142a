"""Atom feeds: what they hold, in which order, and under which lasting identity."""

import re

import pytest
from django.test import Client
from wagtail.models import Page, Site

from cms.feeds import atom
from pages.models import ArticleAuthor, DeliverableAuthor, SiteSettings
from tests import factories
from tests.cms.feeds.atom_rules import ATOM, LANG, check_feed, entries_of, link_of, text_of
from tests.cms.feeds.reading import xml_at
from tests.cms.perspective.scheduled_content import at, schedule, scheduled

pytestmark = pytest.mark.django_db

ARTICLES, DELIVERABLES, UPDATES = (
    f"/feeds/{name}.atom" for name in ("articles", "deliverables", "updates")
)
FRONTEND = "https://www.example.org"


@pytest.fixture
def frontend(settings):
    settings.FRONTENDS = {"": FRONTEND}


def feed_at(client, path):
    feed = xml_at(client, path)
    check_feed(feed)
    return feed


def titles(feed):
    return [text_of(entry, "title") for entry in entries_of(feed)]


def test_feed_says_whose_it_is_and_where(client, frontend):
    home = factories.home_page()
    SiteSettings.objects.create(site=Site.objects.get(), name="Group")

    response = client.get(ARTICLES)
    feed = feed_at(client, ARTICLES)

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert text_of(feed, "title") == "Group: Articles"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Group"
    assert feed.get(LANG) == home.locale.language_code
    assert link_of(feed, "alternate") == f"{FRONTEND}/"
    assert link_of(feed, "self") == "http://testserver/feeds/articles.atom"
    assert entries_of(feed) == []


def test_feed_without_entries_is_the_same_whenever_it_is_asked_for(client, clock):
    factories.home_page()
    first = client.get(ARTICLES)

    clock.set("2026-01-16T12:00:00+00:00")

    assert client.get(ARTICLES)["ETag"] == first["ETag"]


def test_entry_of_an_article(client, frontend):
    ada, ben = factories.person(name="Ada Rossi"), factories.person(name="Ben Roth")
    hidden = factories.person(name="Hidden", live=False)
    article = factories.article_page(
        title="Fish & chips",
        slug="fish",
        standfirst="Why <b> is\nworth it.",
        authors=[ArticleAuthor(person=person) for person in (ada, ben, hidden)],
        body=[
            ("heading", {"heading": "Part <1>"}),
            ("paragraphs", {"text": "<h3>Within</h3><p>Text.</p>"}),
            ("quotation", {"quotation": "So & so.", "attribution": "Ada"}),
        ],
    )
    article.tags.add("edge", "ai")
    article.save_revision().publish()
    Page.objects.filter(pk=article.pk).update(
        first_published_at="2026-01-05T07:00:00.5+00:00",
        last_published_at="2026-01-06T07:00:00+00:00",
    )

    (entry,) = entries_of(feed_at(client, ARTICLES))

    assert text_of(entry, "title") == "Fish & chips"
    assert link_of(entry, "alternate") == f"{FRONTEND}/articles/fish/"
    assert text_of(entry, "published") == "2026-01-05T07:00:00+00:00"
    assert text_of(entry, "updated") == "2026-01-06T07:00:00+00:00"
    assert [each.text for each in entry.iter(f"{ATOM}name")] == ["Ada Rossi", "Ben Roth"]
    assert [each.get("term") for each in entry.iter(f"{ATOM}category")] == ["ai", "edge"]
    assert text_of(entry, "summary") == "Why &lt;b&gt; is\nworth it."
    content = text_of(entry, "content")
    assert content.startswith("<h2>Part &lt;1&gt;</h2>\n<h3 id=")
    assert ">Within</h3><p>Text.</p>" in content
    assert content.endswith("<blockquote><p>So &amp; so.</p><p>Ada</p></blockquote>")
    assert entry.find(f"{ATOM}content").get("type") == "html"


def test_links_and_pictures_of_a_text_are_found_from_anywhere(client, frontend):
    charter = factories.charter_page(slug="charter")
    document = factories.document()
    hidden = factories.survey_page(live=False)
    links = "".join(
        f'<a linktype="{kind}" id="{each.pk}">words</a> '
        for kind, each in (("page", charter), ("document", document), ("page", hidden))
    )
    picture = factories.image(credit="Ben", licence="cc_by_4")
    use = {"picture": {"image": picture.pk, "alt_text": "A “dog”", "decorative": False}}
    page = factories.article_page(body=[("paragraphs", {"text": f"<p>{links}</p>"})])
    page.body = page.body.stream_block.to_python(
        [
            {"type": "paragraphs", "value": {"text": f"<p>{links}</p>"}},
            {"type": "picture", "value": {**use, "caption": "On a walk."}},
        ]
    )
    page.save_revision(clean=False).publish()

    content = text_of(entries_of(feed_at(client, ARTICLES))[0], "content")

    assert f'<a href="{FRONTEND}/charter/">words</a>' in content
    assert f'<a href="http://testserver{document.url}">words</a>' in content
    assert content.count("<a ") == 2
    assert '<img src="http://testserver/uploads/' in content
    assert 'alt="A “dog”"' in content
    assert "<figcaption>On a walk. Picture: Ben. CC BY 4.0.</figcaption>" in content


def test_entry_of_a_deliverable_has_what_it_leads_to(client):
    document = factories.document(title="Paper")
    ada = factories.person(name="Ada")
    factories.deliverable_page(
        title="Hosted", document=document, authors=[DeliverableAuthor(person=ada)]
    )
    factories.deliverable_page(title="Linked", link_url="https://example.org/a?b=1&c=2")

    linked, hosted = entries_of(feed_at(client, DELIVERABLES))

    assert text_of(linked, "content") == (
        '<p>Summary.</p>\n<p><a href="https://example.org/a?b=1&amp;c=2">'
        "https://example.org/a?b=1&amp;c=2</a></p>"
    )
    assert hosted.findtext(f"{ATOM}author/{ATOM}name") == "Ada"
    assert link_of(hosted, "enclosure") == f"http://testserver{document.url}"
    assert f'<a href="http://testserver{document.url}">Paper</a>' in text_of(hosted, "content")


def test_address_that_runs_a_script_is_no_link(client):
    page = factories.deliverable_page()
    type(page).objects.filter(pk=page.pk).update(link_url="javascript:alert(1)")

    (entry,) = entries_of(feed_at(client, DELIVERABLES))

    assert text_of(entry, "content") == "<p>Summary.</p>"


def test_articles_come_the_newest_first_and_updates_the_last_changed(client, clock):
    for number in (1, 2, 3):
        clock.set(f"2026-01-15T12:00:0{number}+00:00")
        article = factories.article_page(title=f"Article {number}")
        Page.objects.filter(pk=article.pk).update(
            first_published_at=clock.moment, last_published_at=clock.moment
        )
    Page.objects.filter(title="Article 2").update(last_published_at="2099-01-01T00:00:00+00:00")

    assert titles(feed_at(client, ARTICLES)) == ["Article 3", "Article 2", "Article 1"]
    assert titles(feed_at(client, UPDATES))[0] == "Article 2"


def test_all_updates_has_pages_of_all_types(client):
    factories.forum_page(title="Forum 1", venue="Rome")
    factories.deliverable_page(title="Paper")
    factories.article_page(title="News", search_description="What is new.")

    feed = feed_at(client, UPDATES)

    assert set(titles(feed)) == {
        *("Home", "Forums", "Forum 1", "Deliverables", "Category", "Paper", "Articles", "News")
    }
    summaries = {text_of(entry, "title"): text_of(entry, "summary") for entry in entries_of(feed)}
    assert summaries["News"] == "What is new."
    contents = {text_of(entry, "title"): text_of(entry, "content") for entry in entries_of(feed)}
    assert contents["Forum 1"] == "<p>Rome</p>\n<p>Summary.</p>"


def test_entry_keeps_its_id_when_page_site_and_cms_move(client, settings):
    page = factories.article_page(slug="before")
    (before,) = entries_of(feed_at(client, ARTICLES))
    feed_id = text_of(feed_at(client, ARTICLES), "id")

    page.slug = "after"
    page.save_revision().publish()
    settings.SITE_URL = "https://elsewhere.example.org"
    settings.FRONTENDS = {"": FRONTEND}
    feed = feed_at(client, ARTICLES)

    (after,) = entries_of(feed)
    assert link_of(after, "alternate") == f"{FRONTEND}/articles/after/"
    assert link_of(feed, "self") == "https://elsewhere.example.org/feeds/articles.atom"
    assert text_of(after, "id") == text_of(before, "id")
    assert text_of(feed, "id") == feed_id
    assert text_of(after, "id").startswith("urn:uuid:")


def test_entry_has_one_id_in_all_feeds_and_copies_have_their_own(client):
    page = factories.article_page(slug="first", title="One")
    page.copy(update_attrs={"title": "Copy", "slug": "copy"})

    def ids(path):
        feed = feed_at(client, path)
        return {text_of(each, "title"): text_of(each, "id") for each in entries_of(feed)}

    assert ids(ARTICLES).items() <= ids(UPDATES).items()
    assert len(set(ids(ARTICLES).values())) == 2


def test_feeds_of_two_sites_have_nothing_in_common(client, settings):
    own = factories.home_page(slug="own")
    there = factories.home_page(slug="there")
    Site.objects.update(root_page=own)
    Site.objects.create(hostname="second.example.org", root_page=there, site_name="Second")
    factories.article_page(parent=factories.articles_page(parent=own), title="Here")
    factories.article_page(parent=factories.articles_page(parent=there), title="There")

    here = feed_at(client, ARTICLES)
    other = feed_at(Client(SERVER_NAME="second.example.org"), ARTICLES)

    assert (titles(here), titles(other)) == (["Here"], ["There"])
    assert text_of(here, "id") != text_of(other, "id")
    assert text_of(other, "title") == "Second: Articles"
    assert link_of(other, "self") == "http://second.example.org/feeds/articles.atom"


def test_what_is_due_is_told_from_its_second_on(client, clock):
    """A new article appears, one that is there changes, one goes, and no scheduler runs."""
    old = factories.article_page(title="Old", slug="old")
    schedule(old, at(2), title="Older")
    scheduled(factories.article_page, at(2), title="Brief", slug="brief", expires=at(3))
    told = []

    for moment in ("02T08:59:59", "02T09:00:00", "03T08:59:59", "03T09:00:00"):
        clock.set(f"2099-06-{moment}+00:00")
        feed = feed_at(client, ARTICLES)
        told.append([(text_of(e, "title"), text_of(e, "updated")[:10]) for e in entries_of(feed)])

    today = told[0][0][1]
    both = [("Brief", "2099-06-02"), ("Older", "2099-06-02")]
    assert told == [[("Old", today)], both, both, both[1:]]


def test_feed_comes_in_pages(client, monkeypatch):
    monkeypatch.setattr(atom, "ENTRIES", 2)
    for number in range(5):
        factories.article_page(title=f"Article {number}")
    own = "http://testserver/feeds/articles.atom"
    found = []
    around = []

    path = ARTICLES
    while path:
        feed = feed_at(client, path)
        found += titles(feed)
        relations = ("self", "first", "previous", "next")
        around.append([(link_of(feed, each) or "").removeprefix(own) for each in relations])
        path = (link_of(feed, "next") or "").removeprefix("http://testserver")

    assert found == [f"Article {number}" for number in (4, 3, 2, 1, 0)]
    assert around == [
        ["", "", "", "?page=2"],
        ["?page=2", "", "", "?page=3"],
        ["?page=3", "", "?page=2", ""],
    ]


@pytest.mark.parametrize("page", ["2", "0", "-1", "51", "x", "", "1.5", "²", "9" * 400])
def test_page_that_is_not_there(client, page):
    factories.article_page()

    assert client.get(ARTICLES, {"page": page}).status_code == 404


def test_feed_ends_where_it_has_the_most_pages(client, monkeypatch):
    monkeypatch.setattr(atom, "ENTRIES", 1)
    monkeypatch.setattr(atom, "MOST_PAGES", 2)
    for _ in range(3):
        factories.article_page()

    assert link_of(feed_at(client, f"{ARTICLES}?page=2"), "next") is None
    assert client.get(ARTICLES, {"page": "3"}).status_code == 404


def test_there_are_no_other_feeds(client):
    factories.home_page()

    for name in ("people.atom", "articles.rss", "Articles.atom", ".atom", "articles.atom/"):
        assert client.get(f"/feeds/{name}").status_code == 404


def test_contents_that_are_too_long_are_left_to_the_pages(client, monkeypatch):
    factories.article_page(body=[("paragraphs", {"text": f"<p>{'long ' * 1000}</p>"})])
    monkeypatch.setattr(atom, "MOST_BYTES", 4_000)

    (entry,) = entries_of(feed_at(client, ARTICLES))

    assert entry.find(f"{ATOM}content") is None
    assert link_of(entry, "alternate")


def test_contents_that_take_more_than_an_answer_may_are_too(client, settings):
    factories.article_page(body=[("paragraphs", {"text": f"<p>{'long ' * 1000}</p>"})])
    settings.GRAPHQL_LIMITS = {**settings.GRAPHQL_LIMITS, "characters_read": 4_000}

    (entry,) = entries_of(feed_at(client, ARTICLES))

    assert entry.find(f"{ATOM}content") is None
    assert text_of(entry, "title") == "Article"


def test_characters_that_xml_does_not_have_are_left_out(client):
    factories.article_page(title="A\x0btab\ufffe", standfirst="x\x1by")

    (entry,) = entries_of(feed_at(client, ARTICLES))

    assert (text_of(entry, "title"), text_of(entry, "summary")) == ("Atab", "xy")


def test_plain_pages_name_feeds(client):
    factories.home_page()

    page = client.get("/").content.decode()

    named = re.findall(r'<link rel="alternate" type="application/atom\+xml".* href="(.+)">', page)
    assert named == [ARTICLES, UPDATES]
