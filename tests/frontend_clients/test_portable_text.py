"""Portable Text is drawn by a renderer of others, without our help, as our own HTML is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from random import Random
from subprocess import run as run_process
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.api_ids import id_of
from tests.conftest import answer_of, post_graphql
from tests.frontend_clients.running import CONTRACT, HERE, run

SCHEMA = json.loads((CONTRACT / "portable_text.schema.json").read_text())
BLOCK = {
    "_type": "block",
    "_key": "a",
    "style": "normal",
    "markDefs": [],
    "children": [{"_type": "span", "_key": "b", "text": "Words", "marks": []}],
}
OF_AN_ARTICLE = """query article($id: ID!) { page(id: $id) { ... on ArticlePage {
  body { ... on ArticleParagraphs { text { html portableText } } } } } }"""

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]


@pytest.fixture(scope="module")
def texts(operations) -> list[dict[str, Any]]:
    """Each text of the starter content in both forms."""
    asked = [{**each, "text": with_portable_text(each["text"])} for each in operations]
    answers = (answer_of(post_graphql(Client(), each["text"], each["variables"])) for each in asked)
    return [text for answer in answers for text in texts_in(answer)]


def with_portable_text(operation: str) -> str:
    return re.sub(r"\bhtml\b", "html portableText", operation)


def texts_in(answer: Any) -> Iterator[dict[str, Any]]:
    if isinstance(answer, dict) and "portableText" in answer:
        yield answer
    elif isinstance(answer, dict | list):
        for each in answer.values() if isinstance(answer, dict) else answer:
            yield from texts_in(each)


class Drawn(HTMLParser):
    """What a browser makes of HTML, but for the anchors, of which Portable Text has none."""

    def __init__(self, html: str):
        super().__init__()
        self.events: list[Any] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.events.append((tag, [pair for pair in attrs if pair[0] != "id"]))

    def handle_endtag(self, tag):
        self.events.append(tag)

    def handle_data(self, data):
        is_text = self.events and isinstance(self.events[-1], list)
        if is_text:
            self.events[-1][0] += data
        else:
            self.events.append([data])


def drawn(texts: list[dict[str, Any]], node: str) -> list[str]:
    answer = run("portable_text", node, {"texts": [text["portableText"] for text in texts]})
    assert answer["said"] == []
    return answer["shown"]


def test_every_starter_text_is_drawn_as_its_html(texts, node):
    shown = drawn(texts, node)

    assert len(shown) > 40
    for text, html in zip(texts, shown, strict=True):
        assert Drawn(html).events == Drawn(text["html"]).events


def test_any_text_is_drawn_as_its_html(undone, node):
    """Marks across each other, links within them, lists within lists, breaks, odd characters."""
    random = Random(12)
    with undone():
        charter = factories.charter_page()
        body = [("paragraphs", {"text": text_by_chance(random, charter.pk)}) for _ in range(250)]
        page = factories.article_page(body=body)
        article = answer_of(post_graphql(Client(), OF_AN_ARTICLE, {"id": id_of(page)}))
    texts = [*texts_in(article)]

    shown = drawn(texts, node)

    assert len(shown) > 200
    for text, html in zip(texts, shown, strict=True):
        assert Drawn(html).events == Drawn(text["html"]).events, text["html"]


def text_by_chance(random: Random, page: int, depth: int = 0) -> str:
    blocks = []
    for _ in range(random.randint(1, 4)):
        kind = random.choice(["p", "p", "h3", "h4", "ul", "ol"])
        if kind in ("ul", "ol") and depth < 3:
            items = [words_by_chance(random, page) for _ in range(random.randint(1, 3))]
            if random.random() < 0.5:
                items[-1] += list_by_chance(random, page, depth + 1)
            blocks.append(f"<{kind}>{''.join(f'<li>{item}</li>' for item in items)}</{kind}>")
        elif kind in ("p", "h3", "h4"):
            blocks.append(f"<{kind}>{words_by_chance(random, page)}</{kind}>")
    return "".join(blocks) or "<p>Words</p>"


def list_by_chance(random: Random, page: int, depth: int) -> str:
    kind = random.choice(["ul", "ol"])
    inner = list_by_chance(random, page, depth + 1) if depth < 3 and random.random() < 0.4 else ""
    return f"<{kind}><li>{words_by_chance(random, page)}{inner}</li></{kind}>"


def words_by_chance(random: Random, page: int, outside: frozenset[str] = frozenset()) -> str:
    parts = []
    for _ in range(random.randint(1, 4)):
        tag = random.choice(["", "", "b", "i", "a", "br"])
        if tag == "br" and not outside:
            parts.append("one<br/>two")
        elif tag in ("", "br") or tag in outside:
            parts.append(random.choice(["words ", " and", "&amp;", "&lt;b&gt;", "“é”", "it's "]))
        else:
            inner = words_by_chance(random, page, outside | {tag})
            to = random.choice(
                [
                    f'linktype="page" id="{page}"',
                    'linktype="page" id="999999"',  # There is none: its words alone are shown.
                    'href="https://example.org/?a=1&amp;b"',
                ]
            )
            parts.append(f"<{tag}{f' {to}' if tag == 'a' else ''}>{inner}</{tag}>")
    return "".join(parts)


@pytest.fixture(scope="module")
def validator() -> Any:
    """Loading it takes over a second, and every process of the tests loads what is here."""
    validators = import_module("jsonschema").Draft202012Validator
    validators.check_schema(SCHEMA)
    return validators(SCHEMA)


def test_every_starter_text_is_what_the_json_schema_says(texts, validator):
    for text in texts:
        assert [*validator.iter_errors(text["portableText"])] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"style": "h7"},
        {"listItem": "bullet"},
        {"markDefs": [{"_type": "link", "_key": "c"}]},
        {"children": []},
        {"html": "<p>Words</p>"},
    ],
)
def test_json_schema_refuses_what_is_none(wrong, validator):
    assert validator.is_valid([BLOCK])
    assert not validator.is_valid([{**BLOCK, **wrong}])


def problems_of_types(node: str, folder, program: str) -> str:
    """What TypeScript has against a program that has the types of the contract and of renderers."""
    types = {"contract": CONTRACT / "portable_text", "renderers": HERE / "node_modules"}
    (folder / "program.ts").write_text(
        f"import type {{ PortableText }} from '{types['contract']}';\n"
        "import type { PortableTextBlock }"
        f" from '{types['renderers']}/@portabletext/types/dist/index.js';\n" + program
    )
    compiler = HERE / "node_modules/typescript/bin/tsc"
    options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"]
    done = run_process(
        [node, str(compiler), *options, "program.ts"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_every_starter_text_has_the_type_that_the_contract_says(texts, node, tmp_path):
    written = json.dumps([text["portableText"] for text in texts], ensure_ascii=False)

    problems = problems_of_types(
        node,
        tmp_path,
        f"const texts: PortableText[] = {written};\n"
        "export const drawable: PortableTextBlock[][] = texts;\n",
    )

    assert problems == ""


def test_type_refuses_what_is_none(node, tmp_path):
    wrong = json.dumps([{**BLOCK, "listItem": "bullet"}])

    problems = problems_of_types(node, tmp_path, f"export const text: PortableText = {wrong};\n")

    assert "not assignable" in problems
