"""Articles as Markdown."""

from collections.abc import Iterator

from pages.markdown.document import Answer, Document, Markdown, joined, label
from pages.markdown.parts import LISTED, PERSON, PICTURE, TARGET, authors, link_to
from pages.markdown.writers import writes
from pages.models.article import ArticleKind, ArticlePage, ArticlesPage

__all__ = ["article", "articles"]


@writes(
    ArticlesPage,
    asks=f"""
    introduction {{ markdown(firstHeading: 2) }}
    articles(first: {LISTED}) {{ totalCount nodes {{ {TARGET} kind date standfirst }} }}
    """,
)
def articles(page: Document, found: Answer) -> None:
    page.text(found["introduction"])
    section = page.section("All articles")
    section.listed(found["articles"], lines_about(found["articles"]))


def lines_about(listed: Answer) -> Iterator[Markdown]:
    for article in filter(None, listed["nodes"]):
        facts = joined([label(ArticleKind, article["kind"]), article["date"]], ", ")
        yield joined([link_to(article), joined([facts, article["standfirst"]], ". ")], ": ")


@writes(
    ArticlePage,
    asks=f"""
    kind date standfirst tags
    authors {{ person {{ {PERSON} }} }}
    headerImage {{ {PICTURE} }}
    body {{
      ... on ArticleHeading {{ heading }}
      ... on ArticleParagraphs {{
        text {{ atTheTop: markdown(firstHeading: 2) markdown(firstHeading: 3) }}
      }}
      ... on ArticleQuotation {{ quotation attribution }}
      ... on ArticlePicture {{ picture {{ {PICTURE} }} caption }}
    }}
    relatedContent {{ page {{ {TARGET} }} }}
    """,
)
def article(page: Document, found: Answer) -> None:
    page.facts(
        kind=label(ArticleKind, found["kind"]),
        date=found["date"],
        authors=authors(found["authors"]),
        tags=", ".join(found["tags"]),
    )
    page.paragraph(found["standfirst"])
    page.picture(found["headerImage"])
    section = page
    for block in filter(None, found["body"]):
        if "heading" in block:
            section = page.section(block["heading"])
        elif "text" in block:
            section.text(block["text"], of="atTheTop" if section is page else "markdown")
        elif "quotation" in block:
            section.quotation(block["quotation"], block["attribution"])
        else:
            section.picture(block["picture"], block["caption"])
    page.section("Read next").items(link_to(link["page"]) for link in found["relatedContent"])
