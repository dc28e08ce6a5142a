"""The guide for editors, `docs/editors.md`, as a screen of the admin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

__all__ = ["GUIDE", "Guide", "guide", "guide_picture", "read_guide"]

PICTURE = re.compile(r"images/([\w-]+\.png)")


@dataclass(frozen=True)
class Guide:
    """What the document says, and what it consists of."""

    html: SafeString
    sections: dict[str, str]
    pictures: frozenset[str]


def anchor_of(heading: str) -> str:
    """As where the document is read elsewhere, for its own links to lead on."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def read_guide(file: Path) -> Guide:
    """Markup that is no markdown is shown as text: nothing in the document can run."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    text = without_title_and_contents(file.read_text(encoding="utf-8"))
    tokens = markdown.parse(text)
    sections = dict(name_headings(tokens))
    pictures = frozenset(show_pictures(tokens, folder=file.parent))
    html = markdown.renderer.render(tokens, markdown.options, {})
    return Guide(
        html=mark_safe(in_frames(html)),  # noqa: S308 - made of markdown alone
        sections=sections,
        pictures=pictures,
    )


def without_title_and_contents(text: str) -> str:
    """The screen has a title of its own, and the contents beside the text."""
    introduction, sections_begin, sections = text.partition("\n## ")
    kept = [line for line in introduction.splitlines() if not line.startswith(("# ", "- ["))]
    return "\n".join(kept) + sections_begin + sections


def name_headings(tokens: list[Token]) -> Iterable[tuple[str, str]]:
    """Give each heading its anchor; yields those of the sections, each with its words."""
    for opens, words in pairwise(tokens):
        if opens.type == "heading_open":
            anchor = anchor_of(words.content)
            opens.attrSet("id", anchor)
            if opens.tag == "h2":
                yield anchor, words.content


def show_pictures(tokens: list[Token], *, folder: Path) -> Iterable[str]:
    """Have pictures come from beneath the screen's own address; yields their names."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "image" and (found := PICTURE.fullmatch(str(child.attrs["src"]))):
                child.attrSet("src", f"pictures/{found[1]}")
                # What stands beneath is where it stays when they are loaded.
                with Image.open(folder / found[0]) as picture:
                    child.attrSet("width", str(picture.width))
                    child.attrSet("height", str(picture.height))
                yield found[1]


def in_frames(html: str) -> str:
    """Tables scroll by themselves where they are wider than the screen, by keys as well."""
    opened = html.replace("<table>", '<div class="genedge-guide__table" tabindex="0"><table>')
    return opened.replace("</table>", "</table></div>")


# Once, at the start: it changes with the code.
GUIDE = read_guide(settings.EDITORS_GUIDE)


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    return render(request, "admin/guide.html", {"guide": GUIDE})


@require_safe
def guide_picture(request: HttpRequest, name: str) -> FileResponse:
    if name not in GUIDE.pictures:
        raise Http404
    response = FileResponse((settings.EDITORS_GUIDE.parent / "images" / name).open("rb"))
    response["Cache-Control"] = "private, max-age=3600"
    return response
