"""Pages as Markdown by the API: what the answer would hold, in the words of the plain page."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page

from pages.models import ArticlePage, DeliverablePage, ForumPage
from tests import factories
from tests.conftest import answer_of, post_graphql, statements_of
from tests.markdown_read import blocks_in, file_of, words_in

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

PAGE = "query ($path: String!) { page(path: $path) { markdown } }"
REST = {
    DeliverablePage: "- **Kind:** Report\n- **Category:** [Category](http://testserver/deliverables/category/)\n\n"
    "Summary.",
    ForumPage: "Summary.",
}
ALL = "{ pages(first: 50) { nodes { __typename title markdown } } }"


@pytest.fixture
def markdown_of(ask):
    return lambda path: ask(PAGE, path=path)["page"]["markdown"]


def picture_use(image: Any, words: str) -> Any:
    image.contextual_alt_text, image.decorative = words, not words
    return image


def test_article_has_all_of_its_text_in_order(markdown_of):
    people = [
        factories.person(
            name="Ada Rossi",
            title="Prof.",
            distinction="Fellow",
            job_title="Chair",
            organisation=factories.organisation(name="ETH [Zurich]", website="https://ethz.ch"),
        ),
        factories.person(name="Bo_b"),
    ]
    image = factories.image(credit="A. Photographer", licence="cc_by_4")
    page = factories.article_page(
        title="1. An article *of* ours #",
        date=date(2025, 3, 1),
        standfirst="# Not a heading\nSecond line\n\nSecond paragraph",
        header_image=image,
        header_image_alt_text="A [wide] picture",
        body=[
            ("paragraphs", {"text": "<h3>Early</h3><p>Text.</p>"}),
            ("heading", {"heading": "Section <b>"}),
            ("paragraphs", {"text": "<h3>Late</h3><ul><li>One</li></ul>"}),
            ("quotation", {"quotation": "- Said\n> so", "attribution": "Ada"}),
            ("picture", {"picture": picture_use(image, ""), "caption": "1) Caption"}),
        ],
    )
    page.tags.add("edge", "llm")
    page.save()
    for order, person in enumerate(people):
        page.authors.model.objects.create(page=page, person=person, sort_order=order)

    found = markdown_of(f"/articles/{page.slug}/")

    address = f"http://testserver{image.file.url}"
    assert found.split("\n\n") == [
        "# 1. An article \\*of\\* ours \\#",
        "- **Kind:** Article\n- **Date:** 2025-03-01\n- **Authors:** Prof. Ada Rossi, Fellow"
        " (Chair, [ETH \\[Zurich\\]](https://ethz.ch)); Bo_b\n- **Tags:** edge, llm",
        "\\# Not a heading\\\nSecond line",
        "Second paragraph",
        f"![A \\[wide\\] picture]({address})",
        "Picture: A. Photographer. CC BY 4.0.",
        "## Early",
        "Text.",
        "## Section \\<b>",
        "### Late",
        "- One",
        "> \\- Said\\\n> \\> so\n>\n> — Ada",
        f"![]({address})",
        "1\\) Caption Picture: A. Photographer. CC BY 4.0.",
    ]


def test_findings_are_a_table(markdown_of):
    options = [
        {"text": "Yes | no", "basis": "measured", "percentage": 70, "qualifier": "over"},
        {"text": "Later", "basis": "ranked", "note": "A *note*"},
    ]
    question = {
        "heading": "Timing",
        "question": "When?",
        "answer_type": "exclusive",
        "base_size": 12,
        "options": options,
        "interpretation": "<p>Soon.</p>",
    }
    factories.survey_page(questions=[("question", question)])

    found = list(blocks_in(markdown_of("/survey/")))

    cells = [each.words for each in found if each.kind in {"th", "td"}]
    columns = ["Rank", "Answer", "Share of respondents", "Note"]
    rows = [["1", "Yes | no", "over 70%", ""], ["2", "Later", "not measured", "A *note*"]]
    assert cells == [*columns, *rows[0], *rows[1]]
    assert [(each.level, each.words) for each in found if each.level] == [
        (1, "Survey"),
        (2, "Question by question"),
        (3, "Timing"),
    ]


def test_forum_has_its_times_with_their_offset(markdown_of):
    factories.forum_page(
        title="Forum",
        date_precision="time",
        time_zone="Europe/Rome",
        starts_at=datetime(2026, 7, 1, 12, tzinfo=UTC),
        ends_at=datetime(2026, 7, 2, 16, 30, tzinfo=UTC),
        venue="Milan",
        format="hybrid",
        talks=[("talk", {"heading": "Talk", "recording_url": "https://example.org/v"})],
    )

    found = words_in(markdown_of("/forums/forum/"))

    for told in (
        "Starts: 2026-07-01T14:00+02:00",
        "Ends: 2026-07-02T18:30+02:00",
        "Venue: Milan",
        "Taking part: In person and livestream",
        "Watch this talk",
    ):
        assert told in found
    assert "Over" not in found


def test_value_that_readers_do_not_see_is_not_asked(markdown_of):
    page = factories.form_page(is_open=False, introduction="<p>Why.</p>")
    for order, (label, kind) in enumerate((("Your name", "singleline"), ("Source", "hidden"))):
        page.form_fields.model.objects.create(
            page=page, label=label, field_type=kind, sort_order=order, clean_name=f"n{order}"
        )
    page.is_open = True
    page.save()

    found = markdown_of("/form/")

    assert "**Your name** (A line of text, needed)." in found
    assert "Source" not in found
    Page.objects.get(pk=page.pk).specific.__class__.objects.update(is_open=False)
    assert "closed" in markdown_of("/form/")


def test_every_starter_page_is_read_back_with_its_words(ask):
    call_command("load_starter_content", verbosity=0)

    told = ask(ALL)["pages"]["nodes"]

    assert {each["__typename"] for each in told} >= {"HomePage", "ArticlePage", "SurveyPage"}
    for page in told:
        first, *_ = blocks_in(page["markdown"])
        assert (first.level, first.words) == (1, " ".join(page["title"].split()))
    texts = """{
      charter { markdown statement { text } mission { text } objectives { heading text } }
      survey { markdown introduction { text } summary { text } questions { heading } }
      leadership { markdown leaders { person { name biography { text } } } }
      home { markdown tagline introduction { text } joinText { text } }
    }"""
    for page in ask(texts).values():
        words = " ".join(words_in(page.pop("markdown")).split())
        for text in strings_in(page):
            assert " ".join(text.split()) in words


def strings_in(value: Any):
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value or ():
        if not isinstance(value, str):
            yield from strings_in(each)


def test_front_matter_is_there_for_who_wants_it(ask):
    factories.charter_page(title='A "quoted" title: yes')
    both = "{ charter { markdown whole: markdown(frontMatter: true) } }"

    charter = ask(both)["charter"]

    told, text = file_of(charter["whole"])
    assert told["title"] == 'A "quoted" title: yes'
    assert text.strip() == charter["markdown"]


def test_token_shows_drafts_with_their_gaps(client):
    page = factories.charter_page(mission="<p>Now.</p>")
    page.mission = "<p>Draft.</p>"
    page.save_revision()
    unfinished = factories.deliverable_page(live=False, date=None, link_url="")
    forum = factories.forum_page(live=False, edition=None, title="Forum")
    token = {"Authorization": f"Bearer {factories.preview_token(sees='drafts')}"}

    def told(path: str, **headers: str) -> Any:
        body = {"query": PAGE, "variables": {"path": path}}
        answer = client.post("/graphql", body, content_type="application/json", headers=headers)
        return answer_of(answer)["page"]

    assert "Draft." in told("/charter/", **token)["markdown"]
    for draft in (unfinished, forum):
        path = "/" + draft.url_path.split("/", 2)[2]
        assert told(path, **token)["markdown"] == f"# {draft.title}\n\n{REST[type(draft)]}"
        assert told(path) is None
    assert "Draft." not in told("/charter/")["markdown"]


def test_release_is_read_from_its_perspective(client):
    page = factories.charter_page(mission="<p>Now.</p>")
    page.mission = "<p>Then.</p>"
    page.save_revision()
    release = factories.release(publish=[page])
    token = factories.preview_token(sees="release", release=release)

    response = client.post(
        "/graphql",
        {"query": "{ charter { markdown } }"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )

    assert "Then." in answer_of(response)["charter"]["markdown"]


def test_fifty_pages_take_as_many_statements_as_five(client):
    factories.articles_page()
    query = "{ articles(first: 50) { nodes { markdown } } }"
    costs = []

    for more in (5, 45):
        for number in range(more):
            person = factories.person()
            page = factories.article_page(slug=f"a-{more}-{number}")
            page.authors.model.objects.create(page=page, person=person)
        post_graphql(client, query)
        ran = statements_of(partial(post_graphql, client, query))
        costs.append(len(ran))

    assert costs[0] == costs[1] <= 15
    assert ArticlePage.objects.count() == 50


def test_texts_that_a_list_did_not_load_are_there(ask):
    factories.article_page(body=[("paragraphs", {"text": "<p>The body.</p>"})])

    (article,) = ask("{ articles { nodes { title markdown } } }")["articles"]["nodes"]

    assert "The body." in article["markdown"]


def test_markdown_costs_what_is_asked_for_it(client):
    factories.articles_page()

    def cost_of(query: str) -> int:
        return post_graphql(client, query).json()["extensions"]["cost"]["requested"]

    alone = cost_of("{ articles(first: 10) { nodes { title } } }")
    written = cost_of("{ articles(first: 10) { nodes { markdown } } }")
    of_any_type = cost_of("{ pages(first: 10) { nodes { markdown } } }")

    assert alone + 100 < written < of_any_type
    refused = Client().post(
        "/graphql",
        {"query": "{ pages(first: 100) { nodes { markdown } } }"},
        content_type="application/json",
    )
    assert refused.json()["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


def test_page_that_cannot_be_written_spoils_no_other(client):
    """Its error stands in its own place, as that of a field of its own would."""
    factories.article_page(slug="whole")
    spoilt = factories.article_page(slug="spoilt")
    body = [{"type": "heading", "value": {"heading": None}, "id": "a"}]
    ArticlePage.objects.filter(pk=spoilt.pk).update(body=body)
    query = """{
      a: page(path: "/articles/spoilt/") { markdown }
      b: page(path: "/articles/whole/") { markdown }
    }"""

    answer = post_graphql(client, query).json()

    assert answer["data"]["a"] is None
    assert "Text." in answer["data"]["b"]["markdown"]
    (error,) = answer["errors"]
    assert error["path"] == ["a", "markdown"]
    assert client.get("/articles/spoilt/index.md").status_code == 404
