"""What a page's Markdown is put together from: sections, paragraphs, facts, lists, tables.

Whatever is not ``Markdown`` already is words, and is escaped. What is missing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import TextChoices

from media.licences import Licence
from pages.rich_text.escaping import as_destination, escaped_at_start
from pages.rich_text.markdown import as_heading, plain_paragraphs, plain_words

__all__ = [
    "Answer",
    "Document",
    "Markdown",
    "joined",
    "label",
    "link",
    "strong",
    "terms_of",
]

# An object as the API answers it.
Answer = dict[str, Any]

WEB = ("https://", "http://")


class Markdown(str):
    """Written as Markdown already, on one line."""

    __slots__ = ()


def as_markdown(words: str) -> Markdown:
    return words if isinstance(words, Markdown) else Markdown(plain_words(words))


def joined(parts: Iterable[str | None], between: str) -> Markdown:
    """With what has no meaning in Markdown between them."""
    return Markdown(between.join(as_markdown(part) for part in parts if part))


def strong(words: str | None) -> Markdown:
    """To stand between spaces or punctuation, where it is told from the words around it."""
    written = as_markdown(words or "")
    return Markdown(f"**{written}**") if written else written


def link(words: str | None, address: str | None) -> Markdown:
    """Words that lead to a page or file of the web, if they do."""
    written = as_markdown(words or address or "")
    if not written or not (address or "").startswith(WEB):
        return written
    return Markdown(f"[{written}]({as_destination(address or '')})")


class Document:
    """A page, or a section of one. Of a section in which nothing stands there is no heading."""

    def __init__(self, title: str | None = None, level: int = 1):
        self.title = as_markdown(title or "")
        self.level = level
        self.parts: list[str | Document] = []

    def section(self, title: str | None) -> Document:
        beneath = Document(title, self.level + 1)
        self.parts.append(beneath)
        return beneath

    def paragraph(self, words: str | None) -> None:
        """Words with their line breaks, and several paragraphs if they have empty lines."""
        if isinstance(words, Markdown):
            self.add(escaped_at_start(words))
        elif words:
            self.add(plain_paragraphs(words))

    def text(self, formatted: Answer | None, of: str = "markdown") -> None:
        self.add((formatted or {}).get(of))

    def items(self, items: Iterable[str | None], *, numbered: bool = False) -> None:
        words = [escaped_at_start(as_markdown(item)) for item in items if item]
        signs = (f"{number}." if numbered else "-" for number in range(1, len(words) + 1))
        self.add("\n".join(f"{sign} {item}" for sign, item in zip(signs, words, strict=True)))

    def facts(self, **facts: str | int | None) -> None:
        """Each with its name, as ``date`` or ``taking_part``."""
        self.items(
            Markdown(f"{strong(name.replace('_', ' ').capitalize() + ':')} {as_markdown(told)}")
            for name, told in ((name, words_of(fact)) for name, fact in facts.items())
            if told
        )

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
        lines = [columns, ["---"] * len(columns), *rows]
        self.add("\n".join(row_of(line) for line in lines))

    def quotation(self, words: str | None, said_by: str | None) -> None:
        parts = [plain_paragraphs(words or ""), as_markdown(f"— {said_by}" if said_by else "")]
        lines = "\n\n".join(filter(None, parts)).split("\n")
        self.add("\n".join(f"> {line}".rstrip() for line in lines) if any(parts) else None)

    def picture(self, use: Answer | None, caption: str | None = None) -> None:
        image = (use or {}).get("image")
        if not use or not image:
            return
        shown = image["preset"]["fallback"] if "preset" in image else image
        self.add(f"![{as_markdown(use['alt'] or '')}]({as_destination(shown['url'])})")
        made_by = f"Picture: {image['credit']}." if image["credit"] else None
        self.paragraph(joined([caption, made_by, image["copyrightNotice"], terms_of(image)], " "))

    def listed(self, connection: Answer, items: Iterable[str | None]) -> None:
        """A page of a list, and that there is more."""
        self.items(items)
        shown, total = len(connection["nodes"]), connection["totalCount"]
        if total > shown:
            self.paragraph(f"{shown} of {total} are listed here.")

    def add(self, part: str | None) -> None:
        if part:
            self.parts.append(part)

    def written(self) -> str:
        parts = [part.written() if isinstance(part, Document) else part for part in self.parts]
        said = [part for part in parts if part]
        is_page = self.level == 1
        if self.title and (said or is_page):
            said.insert(0, as_heading(min(self.level, 6), self.title))
        return "\n\n".join(said)


def words_of(fact: str | int | None) -> str | None:
    return str(fact) if isinstance(fact, int) else fact


def label(choices: type[TextChoices], name: str | None) -> str | None:
    """What one of an enum of the API is called among people."""
    return str(choices[name].label) if name else None


def row_of(cells: Sequence[str | None]) -> str:
    return f"| {' | '.join(as_markdown(cell or '') for cell in cells)} |"


def terms_of(file: Answer) -> str | None:
    terms = label(Licence, file["licence"])
    return f"{terms}." if terms else None
