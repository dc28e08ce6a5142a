"""Deliverables as Markdown: all of them, a category, one."""

from collections.abc import Iterator

from django.template.defaultfilters import filesizeformat

from pages.markdown.document import Answer, Document, Markdown, joined, label, link, terms_of
from pages.markdown.parts import LISTED, PERSON, TARGET, authors, link_to, points
from pages.markdown.writers import writes
from pages.models.deliverable import (
    DeliverableCategoryPage,
    DeliverableKind,
    DeliverablePage,
    DeliverablesPage,
)

__all__ = ["deliverable", "deliverable_category", "deliverables"]

# Of each category, where all of them are shown.
FEW, MOST_CATEGORIES = 5, 10

FILE = "document { title url mediaType fileSize pageCount credit licence } linkUrl"
LINE = f"{TARGET} kind date summary {{ text }}"
CATEGORY = "introduction { markdown } plannedItems { heading text }"


@writes(
    DeliverablesPage,
    asks=f"""
    introduction {{ markdown(firstHeading: 2) }}
    categories(first: {MOST_CATEGORIES}) {{
      totalCount
      nodes {{
        {TARGET} {CATEGORY}
        deliverables(first: {FEW}) {{ totalCount nodes {{ {TARGET} kind date }} }}
      }}
    }}
    """,
)
def deliverables(page: Document, found: Answer) -> None:
    page.text(found["introduction"])
    for category in filter(None, found["categories"]["nodes"]):
        section = page.section(link_to(category))
        section.text(category["introduction"])
        show_what_it_holds(section, category)
    page.listed(found["categories"], ())


@writes(
    DeliverableCategoryPage,
    asks=f"""
    introduction {{ markdown(firstHeading: 2) }}
    plannedItems {{ heading text }}
    deliverables(first: {LISTED}) {{ totalCount nodes {{ {LINE} }} }}
    """,
)
def deliverable_category(page: Document, found: Answer) -> None:
    page.text(found["introduction"])
    show_what_it_holds(page, found)


def show_what_it_holds(section: Document, category: Answer) -> None:
    published = category["deliverables"]
    section.section("Published").listed(published, lines_about(published))
    section.section("Planned").items(points(category["plannedItems"]))


def lines_about(listed: Answer) -> Iterator[Markdown]:
    for each in filter(None, listed["nodes"]):
        facts = joined([label(DeliverableKind, each["kind"]), each["date"]], ", ")
        summary = (each.get("summary") or {}).get("text")
        yield joined([link_to(each), joined([facts, summary], ". ")], ": ")


@writes(
    DeliverablePage,
    asks=f"""
    kind date tags {FILE}
    summary {{ markdown(firstHeading: 2) }}
    authors {{ person {{ {PERSON} }} }}
    category {{ {TARGET} }}
    """,
)
def deliverable(page: Document, found: Answer) -> None:
    page.facts(
        kind=label(DeliverableKind, found["kind"]),
        date=found["date"],
        authors=authors(found["authors"]),
        category=link_to(found["category"]),
        tags=", ".join(found["tags"]),
    )
    page.text(found["summary"])
    section = page.section("Where to find it")
    if found["document"]:
        section.paragraph(about_file(found["document"]))
    if found["linkUrl"]:
        section.paragraph(link(found["linkUrl"], found["linkUrl"]))


def about_file(file: Answer) -> Markdown:
    size = filesizeformat(file["fileSize"]) if file["fileSize"] else None
    pages = f"{file['pageCount']} pages" if file["pageCount"] else None
    facts = joined([file["mediaType"], size, pages], ", ")
    made_by = f"By {file['credit']}." if file["credit"] else None
    name = Markdown(f"{link(file['title'], file['url'])} ({facts}).")
    return joined([name, made_by, terms_of(file)], " ")
