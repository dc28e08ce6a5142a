"""Markdown as a reader of CommonMark has it that is not ours: blocks with their words and marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from markdown_it import MarkdownIt

__all__ = ["Character", "ReadBlock", "blocks_in", "file_of", "links_in", "words_in"]

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# A character, the marks that it bears, and where it leads.
Character = tuple[str, frozenset[str], str | None]
MARKS = {"strong", "em", "s"}


@dataclass
class ReadBlock:
    """``kind`` as markdown-it calls it: ``paragraph``, ``heading``, ``th``; ``around`` the same."""

    kind: str
    level: int = 0
    around: tuple[str, ...] = ()
    characters: list[Character] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def words(self) -> str:
        return " ".join("".join(each for each, *_ in self.characters).split())


def file_of(text: str) -> tuple[dict[str, Any], str]:
    """What stands before a page's Markdown in a file, and the Markdown."""
    _, told, rest = text.split("---\n", 2)
    return yaml.safe_load(told), rest


def blocks_in(markdown: str) -> Iterator[ReadBlock]:
    """Fails for what we never write: HTML, code, lines between paragraphs."""
    open_blocks: list[Any] = []
    for token in READER.parse(markdown):
        if token.nesting == 1:
            open_blocks.append(token)
        elif token.nesting == -1:
            open_blocks.pop()
        else:
            assert token.type == "inline", (token.type, token.content)
            around = tuple(each.type.removesuffix("_open") for each in open_blocks)
            level = int(open_blocks[-1].tag[1]) if around[-1] == "heading" else 0
            yield read(token, ReadBlock(around[-1], level, around[:-1]))


def read(token: Any, block: ReadBlock) -> ReadBlock:
    marks: list[str] = []
    links: list[str] = []

    def add(text: str) -> None:
        link = links[-1] if links else None
        block.characters += [(each, frozenset(marks), link) for each in text]

    for child in token.children:
        name, _, edge = child.type.rpartition("_")
        if child.type in {"text", "text_special"}:
            add(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            add("\n")
        elif child.type == "image":
            block.pictures.append((child.content, child.attrs["src"]))
        elif name == "link":
            links.append(child.attrs["href"]) if edge == "open" else links.pop()
        else:
            assert name in MARKS, (child.type, token.content)
            marks.append(name) if edge == "open" else marks.remove(name)
    return block


def words_in(markdown: str) -> str:
    return "\n".join(block.words for block in blocks_in(markdown))


def links_in(markdown: str) -> list[str]:
    found = (link for block in blocks_in(markdown) for *_, link in block.characters if link)
    return list(dict.fromkeys(found))
