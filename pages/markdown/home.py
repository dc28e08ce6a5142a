"""The home page as Markdown."""

from pages.markdown.document import Answer, Document
from pages.markdown.parts import PICTURE, TARGET, link_to
from pages.markdown.writers import writes
from pages.models.home import HomePage

__all__ = ["home"]


@writes(
    HomePage,
    asks=f"""
    tagline
    headerImage {{ {PICTURE} }}
    introduction {{ markdown(firstHeading: 2) }}
    joinHeading joinLinkText
    joinText {{ markdown }}
    joinPage {{ {TARGET} }}
    """,
)
def home(page: Document, found: Answer) -> None:
    page.paragraph(found["tagline"])
    page.picture(found["headerImage"])
    page.text(found["introduction"])
    section = page.section(found["joinHeading"] or "Take part")
    section.text(found["joinText"])
    section.paragraph(link_to(found["joinPage"], found["joinLinkText"]))
