import json
from copy import copy
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from media.models import Image
from pages.models import ArticleAuthor
from tests import factories
from tests.api_ids import id_beneath, id_of, id_of_row, linked

pytestmark = pytest.mark.usefixtures("home_page")


def used(image: Image, *, alt_text: str = "", decorative: bool = False) -> Image:
    """An image as a picture block holds it, with what it says in that place."""
    use = copy(image)
    use.contextual_alt_text, use.decorative = alt_text, decorative
    return use


def test_article_operation_answers_text_authors_and_what_to_read_next(
    db, run_operation, statements
):
    arm = factories.organisation(name="Arm")
    portrait, header, picture = (factories.image() for _ in range(3))
    header.credit, header.licence = "Ada Rossi", "cc_by_sa_4"
    header.focal_point_x, header.focal_point_y = 100, 120
    header.focal_point_width, header.focal_point_height = 30, 40
    header.save()
    author = factories.person(
        name="Ada Rossi",
        title="Prof.",
        job_title="Full Professor",
        organisation=arm,
        portrait=portrait,
        portrait_alt_text="Portrait of Ada Rossi",
    )
    hidden_author = factories.person(name="Hidden", live=False)
    charter = factories.charter_page()
    draft = factories.survey_page(title="Draft", live=False)
    page = factories.article_page(
        title="On the edge",
        slug="on-the-edge",
        search_description="Why the edge.",
        kind="spotlight",
        date=date(2025, 2, 14),
        standfirst="Two sentences.",
        header_image=header,
        header_image_alt_text="A board on a desk",
        body=[
            ("heading", {"heading": "The beginning"}),
            (
                "paragraphs",
                {
                    "text": f'<p>From the <a linktype="page" id="{charter.pk}">charter</a> to the '
                    f'<a linktype="page" id="{draft.pk}">survey</a>.</p><ul><li>One</li></ul>'
                },
            ),
            ("quotation", {"quotation": "Small is enough.", "attribution": "Ada Rossi"}),
            ("quotation", {"quotation": "Nobody said this.", "attribution": ""}),
            (
                "picture",
                {
                    "picture": used(picture, alt_text="A chart"),
                    "caption": "From the survey",
                },
            ),
            ("picture", {"picture": used(picture, decorative=True)}),
        ],
        related_content=[("page", {"page": charter}), ("page", {"page": draft})],
        authors=[ArticleAuthor(person=author), ArticleAuthor(person=hidden_author)],
    )
    run_operation("article", path="/articles/on-the-edge/")

    with statements(8):
        data = run_operation("article", path="/articles/on-the-edge/")

    body, related = page.body, page.related_content
    first, second = page.authors.order_by("sort_order")
    answered_picture = {
        "id": id_of(picture),
        "url": f"http://testserver{picture.file.url}",
        "width": 640,
        "height": 480,
        "credit": None,
        "licence": None,
    }
    assert data == {
        "page": {
            "__typename": "ArticlePage",
            "id": id_of(page),
            "title": "On the edge",
            "path": "/articles/on-the-edge/",
            "locale": "en",
            "direction": "LTR",
            "firstPublishedAt": page.first_published_at.isoformat(),
            "lastPublishedAt": page.last_published_at.isoformat(),
            "seo": {
                "title": "On the edge",
                "description": "Why the edge.",
                "image": {
                    "alt": "A board on a desk",
                    "decorative": False,
                    "image": {
                        "id": id_of(header),
                        "url": f"http://testserver{header.file.url}",
                        "width": 640,
                        "height": 480,
                    },
                },
            },
            "ancestors": [
                linked("Home", "/"),
                linked("Articles", "/articles/"),
            ],
            "kind": "SPOTLIGHT",
            "date": "2025-02-14",
            "standfirst": "Two sentences.",
            "authors": [
                {
                    "id": id_of_row(first),
                    "person": {
                        "id": id_of(author),
                        "name": "Ada Rossi",
                        "title": "Prof.",
                        "jobTitle": "Full Professor",
                        "organisation": {"id": id_of(arm), "name": "Arm"},
                        "portrait": {
                            "alt": "Portrait of Ada Rossi",
                            "decorative": False,
                            "image": {
                                "id": id_of(portrait),
                                "url": f"http://testserver{portrait.file.url}",
                                "width": 640,
                                "height": 480,
                            },
                        },
                    },
                },
                {"id": id_of_row(second), "person": None},
            ],
            "headerImage": {
                "alt": "A board on a desk",
                "decorative": False,
                "image": {
                    "id": id_of(header),
                    "url": f"http://testserver{header.file.url}",
                    "width": 640,
                    "height": 480,
                    "credit": "Ada Rossi",
                    "licence": "CC_BY_SA",
                    "focalPoint": {"x": 100, "y": 120, "width": 30, "height": 40},
                },
            },
            "body": [
                {
                    "__typename": "ArticleHeading",
                    "id": id_beneath(page, "body", body[0].id),
                    "heading": "The beginning",
                },
                {
                    "__typename": "ArticleParagraphs",
                    "id": id_beneath(page, "body", body[1].id),
                    "text": {
                        "html": '<p>From the <a href="/charter/">charter</a> to the survey.</p>'
                        "<ul><li>One</li></ul>"
                    },
                },
                {
                    "__typename": "ArticleQuotation",
                    "id": id_beneath(page, "body", body[2].id),
                    "quotation": "Small is enough.",
                    "attribution": "Ada Rossi",
                },
                {
                    "__typename": "ArticleQuotation",
                    "id": id_beneath(page, "body", body[3].id),
                    "quotation": "Nobody said this.",
                    "attribution": None,
                },
                {
                    "__typename": "ArticlePicture",
                    "id": id_beneath(page, "body", body[4].id),
                    "caption": "From the survey",
                    "picture": {"alt": "A chart", "decorative": False, "image": answered_picture},
                },
                {
                    "__typename": "ArticlePicture",
                    "id": id_beneath(page, "body", body[5].id),
                    "caption": None,
                    "picture": {"alt": "", "decorative": True, "image": answered_picture},
                },
            ],
            "relatedContent": [
                {
                    "id": id_beneath(page, "related_content", related[0].id),
                    "page": {
                        "__typename": "CharterPage",
                        **linked("Charter", "/charter/"),
                    },
                },
                {"id": id_beneath(page, "related_content", related[1].id), "page": None},
            ],
        }
    }


def test_article_is_null_where_there_is_no_page(db, run_operation):
    factories.articles_page()

    data = run_operation("article", path="/articles/nothing/")

    assert data == {"page": None}


def test_article_operation_at_another_page_answers_what_all_pages_have(
    db, run_operation, statements
):
    page = factories.charter_page()
    run_operation("article", path="/charter/")

    with statements(5):
        data = run_operation("article", path="/charter/")

    assert data == {
        "page": {
            "__typename": "CharterPage",
            "id": id_of(page),
            "title": "Charter",
            "path": "/charter/",
            "locale": "en",
            "direction": "LTR",
            "firstPublishedAt": page.first_published_at.isoformat(),
            "lastPublishedAt": page.last_published_at.isoformat(),
            "seo": {"title": "Charter", "description": "Mission.", "image": None},
            "ancestors": [linked("Home", "/")],
        }
    }


def test_articles_operation_answers_a_page_of_articles_newest_first(db, run_operation, statements):
    parent = factories.articles_page(
        introduction="<p>What we write.</p>", search_description="Read us."
    )
    author = factories.person(name="Ada Rossi")
    older = factories.article_page(
        title="Older",
        kind="news",
        date=date(2025, 1, 31),
        standfirst="Why to read it.",
        header_image=factories.image(),
        header_image_alt_text="A board",
        authors=[ArticleAuthor(person=author)],
    )
    newer = factories.article_page(title="Newer")
    factories.article_page(title="Draft", live=False)
    run_operation("articles")

    with statements(8):
        data = run_operation("articles")

    assert data["articlesPage"]["articles"]["pageInfo"].pop("endCursor")
    assert data == {
        "articlesPage": {
            "id": id_of(parent),
            "title": "Articles",
            "path": "/articles/",
            "locale": "en",
            "direction": "LTR",
            "seo": {"title": "Articles", "description": "Read us.", "image": None},
            "introduction": {"html": "<p>What we write.</p>"},
            "articles": {
                "totalCount": 2,
                "pageInfo": {"hasNextPage": False},
                "nodes": [
                    {
                        "id": id_of(newer),
                        "title": "Newer",
                        "path": "/articles/newer/",
                        "kind": "ARTICLE",
                        "date": None,
                        "standfirst": None,
                        "authors": [],
                        "headerImage": None,
                    },
                    {
                        "id": id_of(older),
                        "title": "Older",
                        "path": "/articles/older/",
                        "kind": "NEWS",
                        "date": "2025-01-31",
                        "standfirst": "Why to read it.",
                        "authors": [
                            {
                                "id": id_of_row(older.authors.get()),
                                "person": {"id": id_of(author), "name": "Ada Rossi"},
                            }
                        ],
                        "headerImage": {
                            "alt": "A board",
                            "decorative": False,
                            "image": {
                                "id": id_of(older.header_image),
                                "url": f"http://testserver{older.header_image.file.url}",
                                "width": 640,
                                "height": 480,
                            },
                        },
                    },
                ],
            },
        }
    }


def test_articles_operation_costs_the_same_however_many_articles_there_are(
    db, run_operation, statements
):
    def write(number):
        for _ in range(number):
            factories.article_page(authors=[ArticleAuthor(person=factories.person())])

    write(2)
    run_operation("articles")
    with statements(7):
        run_operation("articles")

    write(4)
    with statements(7):
        data = run_operation("articles")

    assert data["articlesPage"]["articles"]["totalCount"] == 6


def test_articles_page_is_null_while_there_is_none(db, run_operation):
    factories.home_page()

    data = run_operation("articles")

    assert data == {"articlesPage": None}


def test_block_of_an_article_keeps_its_id_when_editors_rearrange_the_text(db, ask):
    page = factories.article_page(
        body=[("heading", {"heading": "One"}), ("heading", {"heading": "Two"})]
    )
    one, two = (block.id for block in page.body)

    page.body = json.dumps(page.body.get_prep_value()[::-1])
    page.save_revision().publish()
    data = ask("{ articles { nodes { body { ... on ArticleHeading { id heading } } } } }")

    body = [
        {"id": id_beneath(page, "body", two), "heading": "Two"},
        {"id": id_beneath(page, "body", one), "heading": "One"},
    ]
    assert data == {"articles": {"nodes": [{"body": body}]}}


@pytest.mark.parametrize("alt_text", ["", "  "])
def test_picture_in_the_text_needs_an_alternative_text_or_to_be_decorative(alt_text, db):
    picture = used(factories.image(), alt_text=alt_text)
    page = factories.article_page(live=False, body=[("picture", {"picture": picture})])

    with pytest.raises(ValidationError) as problem:
        page.get_latest_revision().publish()

    assert list(problem.value.message_dict) == ["body"]


def test_name_of_a_picture_does_not_describe_it_where_it_was_stored_alone(db):
    """As it is where a block was a picture alone before it could be described."""
    image = factories.image(title="IMG_0815.jpg", description="For those who choose it")
    page = factories.article_page(live=False)
    alone = [{"type": "picture", "value": {"picture": image.pk}}]
    page.body = page.body.stream_block.to_python(alone)
    revision = page.save_revision()

    with pytest.raises(ValidationError) as problem:
        revision.publish()

    assert list(problem.value.message_dict) == ["body"]


def test_browser_is_told_no_words_for_a_picture_that_is_chosen(staff, sign_in):
    image = factories.image(title="IMG_0815.jpg", description="For those who choose it")
    address = reverse("wagtailimages_chooser:chosen", args=(image.pk,))

    chosen = sign_in(staff).get(address).json()["result"]

    assert chosen["title"] == "IMG_0815.jpg"
    assert chosen["default_alt_text"] == ""


def test_article_is_not_published_with_a_link_that_leads_nowhere(db):
    text = '<p>Watch the <a href="#"><b>recording</b></a>.</p>'
    page = factories.article_page(live=False, body=[("paragraphs", {"text": text})])

    with pytest.raises(ValidationError) as problem:
        page.get_latest_revision().publish()

    assert problem.value.message_dict == {
        "body": ["The link “recording” leads nowhere. Give it an address or remove the link."]
    }


def test_author_of_an_article_is_listed_once(db):
    author = factories.person()
    page = factories.article_page(authors=[ArticleAuthor(person=author)])

    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleAuthor.objects.create(page=page, person=author)

    assert page.authors.count() == 1
