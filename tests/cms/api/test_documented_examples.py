"""Each example of the guide for frontends is answered, with something, by a new site."""

import json
import re
from pathlib import Path

from django.core.management import call_command

from pages.models import ArticlePage, Person
from tests.api_ids import id_of

GUIDE = Path(__file__).parents[3] / "docs" / "frontend.md"
FENCED = re.compile(r"^```(graphql|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SENT = re.compile(r"-d '(.*)'$", re.MULTILINE)
# Nothing has moved yet on a new site, nothing is scheduled, and nothing changed since now.
EMPTY_AT_FIRST = {"redirects", "nextChangeAt", "changes"}
# A part of a query is shown where it stands.
AROUND = {"body": "{ articles(first: 10) { nodes { %s } } }"}


def examples() -> list[str]:
    found = []
    for language, text in FENCED.findall(GUIDE.read_text()):
        if language == "sh":
            found += [json.loads(sent)["query"] for sent in SENT.findall(text)]
        else:
            found.append(AROUND.get(text.split()[0], "%s") % text)
    return found


def is_something(value) -> bool:
    """A list has nodes, and no object is without all of its fields."""
    if isinstance(value, dict):
        if "nodes" in value:
            return any(is_something(node) for node in value["nodes"])
        return any(is_something(each) for each in value.values())
    return value is not None


def test_guide_has_examples():
    assert len(examples()) >= 9


def test_each_is_answered_with_something(db, ask):
    call_command("load_starter_content", verbosity=0)
    variables = {
        "path": ArticlePage.objects.live().first().get_url_parts()[2],
        "answers": [],
        "idempotencyKey": "x" * 16,
        "token": "none",
        "words": "edge",
        "id": id_of(Person.objects.filter(live=True).first()),
    }

    for example in examples():
        wanted = {name: each for name, each in variables.items() if f"${name}:" in example}
        if "Form" in example:
            wanted["path"] = "/get-involved/"
        answer = ask(example, **wanted)

        empty = {name for name, value in answer.items() if not is_something(value)}
        assert empty <= EMPTY_AT_FIRST, example
