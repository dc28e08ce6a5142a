"""A page as it is drawn, taken apart: its words, headings, pictures and questions."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

__all__ = ["DrawnPage", "read"]

NOT_READ = ("style", "script", "title")
ANSWERED = ("input", "select", "textarea")


@dataclass
class DrawnPage(HTMLParser):
    """What a reader finds on a page."""

    words: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    unlabelled: list[str] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self.open: list[str] = []
        self.labels: set[str | None] = set()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        self.open.append(tag)
        if tag == "label":
            self.labels.add(attributes.get("for"))
        is_asked = tag in ANSWERED and attributes.get("type") != "hidden"
        if is_asked and "label" not in self.open and attributes.get("id") not in self.labels:
            self.unlabelled.append(str(attributes))
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if tag in ("img", "input", "br", "meta", "link", "rect"):
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if not set(NOT_READ) & set(self.open):
            self.words.append(data)


def read(response: Any) -> DrawnPage:
    page = DrawnPage()
    page.feed(response.content.decode())
    return page
