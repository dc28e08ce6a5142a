"""The forms of a page, and what a browser would send that fills in all of them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.forms import BaseForm

from tests.cms.submission import fields_of

__all__ = ["posted"]

# What is typed into a field that has to be filled.
TYPED = {
    "email": "someone@example.org",
    "number": "1",
    "url": "https://example.org/",
    "password": "a long and quiet river",
}


class FormReader(HTMLParser):
    """Fields with their values, each box ticked and each button pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.within = False
        self.select = ""
        self.options: list[tuple[str, bool]] = []
        self.many = False
        self.text: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.within = given.get("method", "").lower() == "post"
        elif not self.within and not given.get("form"):
            return
        elif tag == "option":
            self.options.append((given.get("value", ""), "selected" in given))
        elif "disabled" in given or not given.get("name"):
            return
        elif tag == "select":
            self.select, self.options, self.many = given["name"], [], "multiple" in given
        elif tag == "textarea":
            self.text = (given["name"], [])
        elif tag == "input":
            self.input(given)
        elif tag == "button":
            self.fields[given["name"]] = [given.get("value") or "on"]

    def input(self, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text"), given["name"]
        value = given.get("value") or TYPED.get(kind, "")
        if kind == "checkbox":
            self.fields.setdefault(name, []).append(given.get("value") or "on")
        elif kind == "radio":
            if "checked" in given or name not in self.fields:
                self.fields[name] = [given.get("value", "")]
        elif kind != "file":
            if "required" in given and kind == "text":
                value = value or "Filled"
            self.fields[name] = [value]

    def handle_data(self, data):
        if self.text:
            self.text[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.within = False
        elif tag == "textarea" and self.text:
            name, parts = self.text
            self.fields[name] = ["".join(parts).removeprefix("\n")]
            self.text = None
        elif tag == "select" and self.select:
            self.fields[self.select] = self.chosen()
            self.select = ""

    def chosen(self) -> list[str]:
        if self.many:
            return [value for value, _ in self.options]
        selected = [value for value, selected in self.options if selected]
        filled = [value for value, _ in self.options if value]
        return (selected if any(selected) else filled)[:1]


def posted(response: Any) -> dict[str, Any]:
    """What a browser would send, with the blocks, which JavaScript draws there."""
    reader = FormReader()
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("application/json"):
        answer = response.json()
        reader.feed(answer.get("html") or "" if isinstance(answer, dict) else "")
    elif kind.startswith("text/html") and not response.streaming:
        reader.feed(response.content.decode(errors="replace"))
    form = (response.context or {}).get("form")
    drawn = fields_of(form) if isinstance(form, BaseForm) else {}
    return {name: value for name, value in {**drawn, **reader.fields}.items() if value is not None}
