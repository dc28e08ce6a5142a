"""Formatted text: one reading of it, from which every form of it is made."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from pages.models import CharterPage
from pages.rich_text import parsing
from tests import factories
from tests.api_ids import id_of
from tests.conftest import post_graphql

ALL = "html text portableText wordCount readingMinutes headings { text level anchor }"


@pytest.fixture
def statement(db, ask):
    """What readers get of a text, as it is stored."""

    def answered(source, fields=ALL):
        page = CharterPage.objects.first() or factories.charter_page()
        CharterPage.objects.filter(pk=page.pk).update(statement=source)
        return ask(f"{{ charter {{ statement {{ {fields} }} }} }}")["charter"]["statement"]

    return answered


def block(key, *children, style="normal", links=(), **list_item):
    return {
        "_type": "block",
        "_key": key,
        "style": style,
        "markDefs": [*links],
        "children": [*children],
        **list_item,
    }


def span(key, text, *marks):
    return {"_type": "span", "_key": key, "text": text, "marks": [*marks]}


def test_portable_text_has_blocks_marks_and_lists(statement):
    source = (
        '<h3 data-block-key="k1">Why</h3><p data-block-key="k2">It is <b>not <i>yet</i></b><br/>'
        'done.</p><ul><li data-block-key="k3">One<ol><li data-block-key="k4">Two</li></ol></li>'
        "</ul>"
    )

    assert statement(source)["portableText"] == [
        block("k1", span("k1-0", "Why"), style="h3"),
        block(
            "k2",
            span("k2-0", "It is "),
            span("k2-1", "not ", "strong"),
            span("k2-2", "yet", "strong", "em"),
            span("k2-3", "\ndone."),
        ),
        block("k3", span("k3-0", "One"), listItem="bullet", level=1),
        block("k4", span("k4-0", "Two"), listItem="number", level=2),
    ]


def test_portable_text_says_where_links_lead(statement):
    home, document = factories.home_page(), factories.document()
    source = (
        f'<p data-block-key="k1"><a linktype="page" id="{home.pk}">Home</a>, '
        f'<a linktype="document" id="{document.pk}">paper</a>, '
        f'<a href="https://example.org/?a=1&amp;b=2">more</a>, '
        f'<a linktype="page" id="{home.pk}">home</a></p>'
    )

    [found] = statement(source)["portableText"]

    assert found["markDefs"] == [
        {
            "_type": "link",
            "_key": "k1-link0",
            "href": "/",
            "target": {"id": id_of(home), "type": "HomePage", "path": "/"},
        },
        {
            "_type": "link",
            "_key": "k1-link1",
            "href": f"http://testserver{document.url}",
            "target": {"id": id_of(document), "type": "Document", "path": None},
        },
        {"_type": "link", "_key": "k1-link2", "href": "https://example.org/?a=1&b=2"},
    ]
    marks = [child["marks"] for child in found["children"]]
    assert marks == [["k1-link0"], [], ["k1-link1"], [], ["k1-link2"], [], ["k1-link0"]]


def test_link_to_what_is_hidden_is_words_in_every_form(statement):
    hidden = factories.articles_page(slug="secret-place")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")

    answer = statement(f'<p data-block-key="k1">A <a linktype="page" id="{hidden.pk}">page</a></p>')

    assert answer["html"] == "<p>A page</p>"
    assert answer["portableText"] == [block("k1", span("k1-0", "A "), span("k1-1", "page"))]
    assert "secret-place" not in json.dumps(answer)
    assert id_of(hidden) not in json.dumps(answer)


HEADINGS = (
    '<h4 data-block-key="k1">A</h4><p>Words</p><h3 data-block-key="k2">B</h3>'
    '<h4 data-block-key="k3">C</h4><h4 data-block-key="k4">D</h4><h3 data-block-key="k5">E</h3>'
)


@pytest.mark.parametrize(
    ("first", "levels"), [(None, [3, 3, 4, 4, 3]), (2, [2, 2, 3, 3, 2]), (6, [6, 6, 6, 6, 6])]
)
def test_headings_leave_no_level_out_and_begin_where_they_are_asked_to(statement, first, levels):
    given = f"(firstHeading: {first})" if first else ""
    fields = f"html{given} portableText{given} headings{given} {{ text level anchor }}"

    answer = statement(HEADINGS, fields)

    assert [each["level"] for each in answer["headings"]] == levels
    assert [each["text"] for each in answer["headings"]] == ["A", "B", "C", "D", "E"]
    styles = [each["style"] for each in answer["portableText"] if each["style"] != "normal"]
    assert styles == [f"h{level}" for level in levels]
    for each in answer["headings"]:
        level = each["level"]
        assert f'<h{level} id="{each["anchor"]}">{each["text"]}</h{level}>' in answer["html"]


@pytest.mark.parametrize("first", [0, 7, -1])
def test_heading_of_a_level_that_html_has_not_is_refused(statement, ask, first):
    statement("<p>Words</p>")

    asked = f"{{ charter {{ statement {{ html(firstHeading: {first}) }} }} }}"
    [error] = post_graphql(Client(), asked).json()["errors"]

    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "levels 1 to 6" in error["message"]


def anchors(answer):
    return [each["anchor"] for each in answer["headings"]]


def test_anchor_stays_when_its_heading_is_reworded_or_another_comes_before(statement):
    before = anchors(statement('<h3 data-block-key="k1">Why</h3>'))
    after = anchors(
        statement('<h3 data-block-key="k2">Who</h3><h3 data-block-key="k1">Why so</h3>')
    )

    assert after[1:] == before


def test_anchor_of_what_was_imported_stays_when_another_comes_before(statement):
    before = anchors(statement("<h3>Why</h3>"))
    after = anchors(statement("<h3>Who</h3><h3>Why</h3>"))

    assert after[1:] == before


@pytest.mark.parametrize("key", ["k1", "", 'k"><script>', "ä" * 50])
def test_no_two_blocks_have_one_key(statement, key):
    again = f"<h3 data-block-key='{key}'>Why</h3>"

    answer = statement(again * 3)

    assert len({*anchors(answer)}) == 3
    assert len({each["_key"] for each in answer["portableText"]}) == 3
    assert "<script" not in answer["html"]


@pytest.mark.parametrize(
    ("source", "words", "minutes"),
    [
        ("", 0, 0),
        ("<p>One</p><ul><li>two, three</li></ul>", 3, 1),
        ("<p>It's the edge-AI group’s 82.4% – over 1,000 people.</p>", 8, 1),
        ("<p>生成AI</p>", 3, 1),
        ("<p>" + "word " * 238 + "</p>", 238, 1),
        ("<p>" + "word " * 239 + "</p>", 239, 2),
    ],
)
def test_length_is_told_in_words_and_minutes(statement, source, words, minutes):
    answer = statement(source)

    assert (answer["wordCount"], answer["readingMinutes"]) == (words, minutes)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<p>one</p><p></p><p> <br/> </p><p>&nbsp;</p><p>two</p>", "<p>one</p><p>two</p>"),
        ("<p><br/>  one\n two <b> three</b> <br/> four <br/></p>",
         "<p>one two <strong>three</strong><br />four</p>"),
        ("<ul><li>one</li></ul><ul><li>two</li></ul>", "<ul><li>one</li><li>two</li></ul>"),
        ("<ul><li>one</li></ul><ol><li>two</li></ol>",
         "<ul><li>one</li></ul><ol><li>two</li></ol>"),
        ("<p>one&nbsp;two</p>", "<p>one\xa0two</p>"),
    ],
)  # fmt: skip
def test_what_readers_would_not_see_is_left_out(statement, source, html):
    assert statement(source)["html"] == html


def test_links_of_all_texts_are_found_together(db, ask):
    """However many texts an answer has, and in however many forms."""
    home, charter, leadership = (
        factories.home_page(), factories.charter_page(), factories.leadership_page()
    )  # fmt: skip
    pages, document = (charter, leadership, home), factories.document()

    def statements(count):
        paragraphs = [
            f'<p><a linktype="page" id="{pages[index % 3].pk}">A</a> '
            f'<a linktype="document" id="{document.pk}">B</a></p>'
            for index in range(count)
        ]
        page = factories.article_page(body=[("paragraphs", {"text": each}) for each in paragraphs])
        asked = (
            f'{{ page(id: "{id_of(page)}") {{ ... on ArticlePage {{'
            f" body {{ ... on ArticleParagraphs {{ text {{ {ALL} }} }} }} }} }} }}"
        )
        with CaptureQueriesContext(connection) as captured:
            body = ask(asked)["page"]["body"]
        assert all(each["text"]["html"].count("<a ") == 2 for each in body)
        return len(captured)

    statements(1)  # What a process asks once.
    assert statements(1) == statements(20)


def test_portable_text_counts_among_the_bytes_of_an_answer(statement, settings):
    source = "<p>" + "word " * 2_000 + "</p>"
    settings.GRAPHQL_LIMITS = {**settings.GRAPHQL_LIMITS, "bytes": 9_000}

    asked = "{ charter { statement { portableText } } }"
    statement("<p>Words</p>")
    CharterPage.objects.update(statement=source)
    [error] = post_graphql(Client(), asked).json()["errors"]

    assert error["extensions"] == {
        "code": "LIMIT_EXCEEDED", "limit": "bytes", "allowed": 9_000
    }  # fmt: skip


def test_texts_that_were_read_take_no_more_memory_than_they_may(monkeypatch):
    kept: Any = parsing.LRUCache(100_000, parsing._kept.getsizeof)
    monkeypatch.setattr(parsing, "_kept", kept)
    monkeypatch.setattr(parsing, "MAX_BYTES_KEPT", 100_000)

    for number in range(300):
        parsing.parse(f"<p>{number} {'word ' * 100}</p>")
    assert 10 < len(kept) < 100
    assert kept.currsize <= 100_000

    long = "<p>" + "word " * 50_000 + "</p>"
    assert parsing.parse(long).text.startswith("word")
    assert long not in kept


SOUP = [
    *("<p>", "</p>", "<h3>", "</h3>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>"),
    *("<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "<div>", "</div>", "<br>"),
    *("<b>", "</b>", "<i>", "</i>", '<a href="https://a.org/">', '<a href="#">', "</a>", "<hr>"),
    *("<script>", "</script>", "<svg>", "<select>", "<template>", "</template>", "<x>", "<!--"),
    *("word", "word ", " ", "&nbsp;", "&lt;", "<", "\n"),
]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_stored_is_answered_and_says_the_same_when_it_is_read_again(statement, seed):
    random = Random(seed)

    for _ in range(40):
        source = "".join(random.choices(SOUP, k=random.randint(1, 30)))
        answer = statement(source, "html text")
        again = statement(answer["html"], "html text")

        assert answer["text"] == again["text"], source
        assert without_anchors(answer["html"]) == without_anchors(again["html"]), source
        assert "<script" not in answer["html"]


@pytest.mark.parametrize(
    "source",
    ["<p>x</p>" * 20_000, "<ul><li>x" * 3_000, '<p data-block-key="k1">x</p>' * 20_000],
    ids=["blocks", "lists within lists", "one key"],
)
def test_blocks_of_a_long_text_that_are_alike_have_keys_of_their_own(source):
    """Without trying all keys before it for each of them, which takes minutes."""
    alike, half = parsing.parse(source), parsing.parse(source[: len(source) // 2])

    assert len(alike.blocks) == 2 * len(half.blocks)
    assert len({block.key for block in alike.blocks}) == len(alike.blocks)


def test_halves_of_characters_do_not_keep_a_text_from_being_stored(db):
    page = factories.charter_page(statement="<p>One \ud83d\ude00 two \ud800 three</p>")

    page.refresh_from_db()
    assert page.statement == "<p>One \U0001f600 two \ufffd three</p>"


def without_anchors(html):
    return re.sub(r' id="h-[^"]*"', "", html)


# What is stored


STORED = [
    ("<p>Words<script>alert(1)</script></p>", "<p>Words</p>"),
    ('<p onclick="alert(1)">Words</p>', "<p>Words</p>"),
    ('<p style="color: red">Words</p>', "<p>Words</p>"),
    ('<p><a href="javascript:alert(1)">Words</a></p>', "<p><a>Words</a></p>"),
    ('<p><a href=" jAvA&#115;cript:alert(1)">Words</a></p>', "<p><a>Words</a></p>"),
    ('<p>Words<img src="x" onerror="alert(1)"></p>', "<p>Words</p>"),
    ("<p>Words<!-- and more --></p>", "<p>Words</p>"),
    # What the editor writes stays as it is, also how it is spelt.
    *(
        (text, text)
        for text in (
            '<p data-block-key="k1">It&#x27;s &amp; &quot;so&quot;<br/>on</p>',
            '<p><a linktype="page" id="3">A</a> <a href="#b">B</a> <a href="tel:+1">C</a></p>',
            '<ul><li data-block-key="k1">One<ul><li>Two</li></ul></li></ul>',
        )
    ),
]


@pytest.mark.parametrize(("given", "stored"), STORED)
def test_only_what_is_allowed_is_stored(db, given, stored):
    charter = factories.charter_page(statement=given)
    body = [("paragraphs", {"text": given})]
    article = factories.article_page(body=body)

    for page in (charter, article):
        page.refresh_from_db()
    assert charter.statement == charter.latest_revision.content["statement"] == stored
    for kept in (article.body.raw_data, json.loads(article.latest_revision.content["body"])):
        assert kept[0]["value"]["text"] == stored
