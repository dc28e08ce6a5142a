from copy import copy
from datetime import date

import pytest

from tests import factories
from tests.api_ids import id_beneath, id_of, linked

pytestmark = pytest.mark.usefixtures("home_page")


def test_newsletter_operation_answers_what_it_tells_of(db, run_operation, statements):
    article = factories.article_page(title="On the edge", standfirst="Why.", kind="news")
    deliverable = factories.deliverable_page(title="Report", date=date(2025, 2, 14))
    forum = factories.forum_page(title="Third forum", edition=3)
    draft = factories.article_page(title="Draft", slug="draft", live=False)
    picture = copy(factories.image())
    picture.contextual_alt_text, picture.decorative = "A chart", False
    page = factories.newsletter_page(
        title="May",
        slug="may",
        preview_text="Three forums on.",
        opening="<p>Dear reader,</p>",
        body=[
            ("heading", {"heading": "New"}),
            ("paragraphs", {"text": "<p>Text.</p>"}),
            ("item", {"page": article, "note": "Read this."}),
            ("item", {"page": deliverable, "note": ""}),
            ("item", {"page": forum, "note": ""}),
            ("item", {"page": draft, "note": "To come."}),
            ("picture", {"picture": picture, "caption": "From the survey"}),
        ],
    )
    run_operation("newsletter", path="/newsletters/may/")

    with statements(9):
        answered = run_operation("newsletter", path="/newsletters/may/")["page"]

    assert answered["title"] == "May"
    assert answered["seo"]["description"] == "Three forums on."
    assert answered["ancestors"] == [linked("Home", "/"), linked("Newsletters", "/newsletters/")]
    assert answered["previewText"] == "Three forums on."
    assert answered["opening"] == {"html": "<p>Dear reader,</p>"}
    heading, paragraphs, first, second, third, hidden, shown = answered["body"]
    assert heading == {
        "__typename": "NewsletterHeading",
        "id": id_beneath(page, "body", page.body[0].id),
        "heading": "New",
    }
    assert paragraphs["text"] == {"html": "<p>Text.</p>"}
    assert (first["note"], first["page"]) == (
        "Read this.",
        {
            "__typename": "ArticlePage",
            "id": id_of(article),
            "title": "On the edge",
            "path": article.url,
            "kind": "NEWS",
            "date": None,
            "standfirst": "Why.",
        },
    )
    assert second["note"] is None
    assert second["page"]["deliverableKind"] == "REPORT"
    assert second["page"]["deliverableDate"] == "2025-02-14"
    assert second["page"]["summary"] == {"html": "<p>Summary.</p>", "text": "Summary."}
    assert third["page"]["title"] == "Third forum"
    assert hidden["page"] is None
    assert shown["picture"]["alt"] == "A chart"


def test_newsletters_operation_lists_the_editions_that_readers_see(db, run_operation, statements):
    page = factories.newsletters_page(introduction="<p>Each month.</p>", consent_text="I agree.")
    older, newer = (factories.newsletter_page(title=title) for title in ("March", "April"))
    factories.newsletter_page(title="May", live=False)
    run_operation("newsletters")

    with statements(5):
        answered = run_operation("newsletters")["newslettersPage"]

    assert (answered["id"], answered["consentText"]) == (id_of(page), "I agree.")
    assert answered["introduction"] == {"html": "<p>Each month.</p>"}
    assert answered["newsletters"]["totalCount"] == 2
    assert [each["id"] for each in answered["newsletters"]["nodes"]] == [id_of(newer), id_of(older)]


def test_newsletters_are_listed_by_when_they_were_published(db, ask):
    for title in ("March", "April"):
        factories.newsletter_page(title=title)

    listed = ask("{ newsletters(orderBy: OLDEST_FIRST) { nodes { title } } }")
    later = ask('{ newsletters(filter: { publishedFrom: "2999-01-01" }) { totalCount } }')

    assert [each["title"] for each in listed["newsletters"]["nodes"]] == ["March", "April"]
    assert later["newsletters"]["totalCount"] == 0
