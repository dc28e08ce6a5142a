"""Articles by the thousand, beneath the starter content."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Page

from media.models import Image
from pages.models import ArticleAuthor, ArticlePage, ArticlesPage, CharterPage, Person

__all__ = ["top_up"]

ROWS_AT_A_TIME = 1000
PEOPLE = 40
AUTHORS = 2
FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
SENTENCE = (
    "Small language models reached embedded devices once compilers, runtimes and accelerators "
    "learned to work together. "
)


def top_up(wanted: int) -> None:
    """Add articles until there are as many as wanted.

    As rows, not page by page: saving twenty thousand pages would take most of an hour.
    """
    index = ArticlesPage.objects.get()
    people = authors()
    body = text(CharterPage.objects.get(), index, Image.objects.first())
    for first in range(index.numchild + 1, wanted + 1, ROWS_AT_A_TIME):
        numbers = range(first, min(first + ROWS_AT_A_TIME, wanted + 1))
        pages = Page.objects.bulk_create([page(index, number) for number in numbers])
        articles = [article(row, body) for row in pages]
        # A page's row in a second table: Django's `bulk_create` refuses it, for it might have to
        # make the first. It is there.
        ArticlePage._base_manager.all()._insert(
            articles, fields=ArticlePage._meta.local_concrete_fields, using="default"
        )
        ArticleAuthor.objects.bulk_create(
            ArticleAuthor(page=row, person=people[(row.pk + place) % PEOPLE], sort_order=place)
            for row in articles
            for place in range(AUTHORS)
        )
    Page.objects.filter(pk=index.pk).update(numchild=max(wanted, index.numchild))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("ANALYZE")


def authors() -> list[Person]:
    """The people of the starter content and others like them, who work and look the same."""
    known = list(Person.objects.order_by("pk"))
    others = []
    for number in range(len(known), PEOPLE):
        like = known[number % len(known)]
        fields = {
            field.attname: getattr(like, field.attname)
            for field in Person._meta.concrete_fields
            if not field.primary_key
        }
        name = f"{like.name} {number}"
        others.append(
            Person(**fields | {"name": name, "translation_key": uuid5(NAMESPACE_URL, name)})
        )
    return known + Person.objects.bulk_create(others)


def page(index: ArticlesPage, number: int) -> Page:
    slug = f"article-{number}"
    moment = FIRST_DAY + timedelta(hours=number)
    title = f"Article {number} on generative AI at the edge"
    return Page(
        title=title,
        draft_title=title,
        slug=slug,
        content_type=ContentType.objects.get_for_model(ArticlePage),
        locale_id=index.locale_id,
        path=Page._get_path(index.path, index.depth + 1, number),
        depth=index.depth + 1,
        url_path=f"{index.url_path}{slug}/",
        search_description=SENTENCE,
        first_published_at=moment,
        last_published_at=moment,
        live=True,
    )


def article(row: Page, body: list[dict[str, Any]]) -> ArticlePage:
    picture = body[-1]["value"]["picture"]
    return ArticlePage(
        page_ptr=row,
        kind="news",
        date=row.first_published_at.date(),
        standfirst=SENTENCE * 2,
        header_image_id=picture["image"],
        header_image_alt_text=picture["alt_text"],
        body=body,
        related_content=[stored("page", 0, {"page": row.pk - 1})],
    )


def text(charter: CharterPage, index: ArticlesPage, image: Image) -> list[dict[str, Any]]:
    """Three sections with links in the text, a quotation and a picture, in their stored form."""
    paragraphs = (
        f'<p>{SENTENCE * 3}The <a linktype="page" id="{charter.pk}">charter</a> says more.</p>'
        f'<p>{SENTENCE * 3}Read <a linktype="page" id="{index.pk}">other articles</a> or look at'
        ' <a href="https://example.org/edge">another site</a>.</p><ul><li>Latency</li>'
        "<li>Energy</li><li><b>Privacy</b></li></ul>"
    )
    sections = [("heading", {"heading": "What changed"}), ("paragraphs", {"text": paragraphs})] * 3
    quotation = {"quotation": SENTENCE.strip(), "attribution": "A member of the group"}
    picture = {"image": image.pk, "alt_text": "A board with a chip", "decorative": False}
    blocks: list[tuple[str, dict[str, Any]]] = [
        *sections,
        ("quotation", quotation),
        ("picture", {"picture": picture, "caption": "The board that was shown"}),
    ]
    return [stored(kind, place, value) for place, (kind, value) in enumerate(blocks)]


def stored(kind: str, place: int, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid5(NAMESPACE_URL, f"{kind} {place}")), "value": value}
