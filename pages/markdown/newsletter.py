"""Newsletters as Markdown, which is also the text part of their mails."""

from collections.abc import Iterator

from pages.markdown.document import Answer, Document, Markdown, joined, label
from pages.markdown.parts import LISTED, PICTURE_IN_MAIL, TARGET, link_to
from pages.markdown.writers import writes
from pages.models.article import ArticleKind
from pages.models.deliverable import DeliverableKind
from pages.models.newsletter import NewsletterPage, NewslettersPage

__all__ = ["newsletter", "newsletters"]


@writes(
    NewslettersPage,
    asks=f"""
    introduction {{ markdown(firstHeading: 2) }}
    consentText
    newsletters(first: {LISTED}) {{
      totalCount
      nodes {{ {TARGET} previewText firstPublishedAt }}
    }}
    """,
)
def newsletters(page: Document, found: Answer) -> None:
    page.text(found["introduction"])
    section = page.section("All newsletters")
    section.listed(found["newsletters"], lines_about(found["newsletters"]))
    page.section("What subscribers agree to").paragraph(found["consentText"])


def lines_about(listed: Answer) -> Iterator[Markdown]:
    for edition in filter(None, listed["nodes"]):
        day = (edition["firstPublishedAt"] or "")[:10]
        facts = joined([day, edition["previewText"]], ". ")
        yield joined([link_to(edition), facts], ": ")


@writes(
    NewsletterPage,
    asks=f"""
    previewText
    opening {{ markdown(firstHeading: 2) }}
    body {{
      ... on NewsletterHeading {{ heading }}
      ... on NewsletterParagraphs {{
        text {{ atTheTop: markdown(firstHeading: 2) markdown(firstHeading: 3) }}
      }}
      ... on NewsletterItem {{
        note
        page {{
          {TARGET}
          ... on ArticlePage {{ kind date standfirst }}
          ... on DeliverablePage {{
            deliverableKind: kind
            deliverableDate: date
            summary {{ markdown }}
          }}
          ... on ForumPage {{ dateText summary {{ markdown }} }}
        }}
      }}
      ... on NewsletterPicture {{ picture {{ {PICTURE_IN_MAIL} }} caption }}
    }}
    """,
)
def newsletter(page: Document, found: Answer) -> None:
    page.paragraph(found["previewText"])
    page.text(found["opening"])
    section = page
    for block in filter(None, found["body"]):
        if "heading" in block:
            section = page.section(block["heading"])
        elif "text" in block:
            section.text(block["text"], of="atTheTop" if section is page else "markdown")
        elif "note" in block:
            told_of(section, block["page"], block["note"])
        else:
            section.picture(block["picture"], block["caption"])


def told_of(section: Document, shown: Answer | None, note: str | None) -> None:
    if shown is None:
        return
    section.paragraph(joined([link_to(shown), facts_of(shown)], ": "))
    if note or "standfirst" in shown:
        section.paragraph(note or shown["standfirst"])
    else:
        section.text(shown.get("summary"))


def facts_of(shown: Answer) -> Markdown:
    if "deliverableKind" in shown:
        kind = label(DeliverableKind, shown["deliverableKind"])
        return joined([kind, shown["deliverableDate"]], ", ")
    if "kind" in shown:
        return joined([label(ArticleKind, shown["kind"]), shown["date"]], ", ")
    return joined([shown.get("dateText")], ", ")
