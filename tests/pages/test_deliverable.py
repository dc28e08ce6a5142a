import mimetypes
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from wagtail.models import Collection, CollectionViewRestriction

from media.media_types import MEDIA_TYPES
from media.models import Image
from pages.models import DeliverableAuthor, DeliverablePage
from tests import factories
from tests.api_ids import id_beneath, id_of, id_of_row, linked

pytestmark = pytest.mark.usefixtures("home_page")


def test_deliverable_operation_answers_the_document_and_who_made_it(db, run_operation, statements):
    arm = factories.organisation(name="Arm")
    author = factories.person(name="Ada Rossi", title="Prof.", organisation=arm)
    hidden_author = factories.person(name="Hidden", live=False)
    paper = factories.document("The paper", file_size=6, credit="The group", licence="cc_by_4")
    category = factories.deliverable_category_page(title="Papers", slug="papers")
    page = factories.deliverable_page(
        title="State of the field",
        slug="state",
        search_description="Where we stand.",
        kind="whitepaper",
        date=date(2025, 3, 1),
        summary=f'<p>One of the <a linktype="page" id="{category.pk}">papers</a>.</p>',
        document=paper,
        authors=[DeliverableAuthor(person=author), DeliverableAuthor(person=hidden_author)],
    )
    run_operation("deliverable", path="/deliverables/papers/state/")

    with statements(9):
        data = run_operation("deliverable", path="/deliverables/papers/state/")

    first, second = page.authors.order_by("sort_order")
    assert data == {
        "page": {
            "__typename": "DeliverablePage",
            "id": id_of(page),
            "title": "State of the field",
            "path": "/deliverables/papers/state/",
            "locale": "en",
            "direction": "LTR",
            "seo": {
                "title": "State of the field",
                "description": "Where we stand.",
                "image": None,
            },
            "ancestors": [
                linked("Home", "/"),
                linked("Deliverables", "/deliverables/"),
                linked("Papers", "/deliverables/papers/"),
            ],
            "kind": "WHITEPAPER",
            "date": "2025-03-01",
            "summary": {
                "html": '<p>One of the <a href="/deliverables/papers/">papers</a>.</p>',
                "text": "One of the papers.",
            },
            "document": {
                "id": id_of(paper),
                "title": "The paper",
                "url": f"http://testserver/documents/{paper.pk}/document.txt",
                "fileSize": 6,
                "credit": "The group",
                "licence": "CC_BY",
            },
            "linkUrl": None,
            "authors": [
                {
                    "id": id_of_row(first),
                    "person": {
                        "id": id_of(author),
                        "name": "Ada Rossi",
                        "title": "Prof.",
                        "organisation": {"id": id_of(arm), "name": "Arm"},
                    },
                },
                {"id": id_of_row(second), "person": None},
            ],
            "category": linked("Papers", "/deliverables/papers/"),
        }
    }


def test_deliverable_elsewhere_answers_its_address_and_no_document(db, run_operation, statements):
    page = factories.deliverable_page(link_url="https://example.org/repository")
    run_operation("deliverable", path="/deliverables/category/deliverable/")

    with statements(6):
        data = run_operation("deliverable", path="/deliverables/category/deliverable/")

    assert data == {
        "page": {
            "__typename": "DeliverablePage",
            "id": id_of(page),
            "title": "Deliverable",
            "path": "/deliverables/category/deliverable/",
            "locale": "en",
            "direction": "LTR",
            "seo": {"title": "Deliverable", "description": "Summary.", "image": None},
            "ancestors": [
                linked("Home", "/"),
                linked("Deliverables", "/deliverables/"),
                linked("Category", "/deliverables/category/"),
            ],
            "kind": "REPORT",
            "date": "2025-01-31",
            "summary": {"html": "<p>Summary.</p>", "text": "Summary."},
            "document": None,
            "linkUrl": "https://example.org/repository",
            "authors": [],
            "category": linked("Category", "/deliverables/category/"),
        }
    }


def test_deliverable_is_null_where_there_is_no_page(db, run_operation):
    factories.deliverables_page()

    data = run_operation("deliverable", path="/deliverables/nothing/")

    assert data == {"page": None}


def test_document_of_a_deliverable_can_be_fetched_from_its_address(db, client, ask):
    factories.deliverable_page(document=factories.document())

    data = ask("{ deliverables { nodes { document { url } } } }")
    (deliverable,) = data["deliverables"]["nodes"]
    response = client.get(deliverable["document"]["url"].removeprefix("http://testserver"))

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"Words."


@pytest.mark.parametrize("restriction", ["password", "login", "groups"])
def test_document_of_a_private_collection_is_null(db, ask, restriction):
    private = Collection.get_first_root_node().add_child(name="Private")
    inner = private.add_child(name="Inner")
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=restriction, password="open"
    )
    factories.deliverable_page(document=factories.document(collection=private))
    factories.deliverable_page(document=factories.document(collection=inner))

    data = ask("{ deliverables { nodes { title document { id } } } }")

    hidden = {"title": "Deliverable", "document": None}
    assert data == {"deliverables": {"nodes": [hidden, hidden]}}


def test_deliverable_category_operation_answers_what_is_planned_and_what_exists(
    db, run_operation, statements
):
    category = factories.deliverable_category_page(
        title="Papers",
        slug="papers",
        introduction="<p>What we write.</p>",
        planned_items=[
            ("item", {"heading": "Whitepapers", "text": "Long ones."}),
            ("item", {"heading": "Reports", "text": ""}),
        ],
    )
    older = factories.deliverable_page(title="Older", date=date(2025, 1, 1))
    newer = factories.deliverable_page(title="Newer", date=date(2025, 2, 1), kind="webinar")
    factories.deliverable_page(title="Draft", live=False)
    run_operation("deliverable_category", path="/deliverables/papers/")

    with statements(7):
        data = run_operation("deliverable_category", path="/deliverables/papers/")

    assert data["page"]["deliverables"]["pageInfo"].pop("endCursor")
    assert data == {
        "page": {
            "__typename": "DeliverableCategoryPage",
            "id": id_of(category),
            "title": "Papers",
            "path": "/deliverables/papers/",
            "locale": "en",
            "direction": "LTR",
            "seo": {"title": "Papers", "description": "What we write.", "image": None},
            "ancestors": [
                linked("Home", "/"),
                linked("Deliverables", "/deliverables/"),
            ],
            "introduction": {"html": "<p>What we write.</p>"},
            "plannedItems": [
                {
                    "id": id_beneath(category, "planned_items", category.planned_items[0].id),
                    "heading": "Whitepapers",
                    "text": "Long ones.",
                },
                {
                    "id": id_beneath(category, "planned_items", category.planned_items[1].id),
                    "heading": "Reports",
                    "text": None,
                },
            ],
            "deliverables": {
                "totalCount": 2,
                "pageInfo": {"hasNextPage": False},
                "nodes": [
                    {
                        "id": id_of(newer),
                        "title": "Newer",
                        "path": "/deliverables/papers/newer/",
                        "kind": "WEBINAR",
                        "date": "2025-02-01",
                        "summary": {"html": "<p>Summary.</p>", "text": "Summary."},
                    },
                    {
                        "id": id_of(older),
                        "title": "Older",
                        "path": "/deliverables/papers/older/",
                        "kind": "REPORT",
                        "date": "2025-01-01",
                        "summary": {"html": "<p>Summary.</p>", "text": "Summary."},
                    },
                ],
            },
        }
    }


def test_deliverables_operation_answers_the_categories_in_the_order_of_the_tree(
    db, run_operation, statements
):
    parent = factories.deliverables_page(introduction="<p>What we commit to.</p>")
    papers = factories.deliverable_category_page(
        title="Papers", planned_items=[("item", {"heading": "Whitepapers", "text": "Long."})]
    )
    events = factories.deliverable_category_page(
        title="Events", introduction="<p>Where we meet.</p>"
    )
    factories.deliverable_category_page(title="Draft", live=False)
    paper = factories.document("The paper", file_size=6)
    hosted = factories.deliverable_page(
        parent=papers, title="Hosted", document=paper, date=date(2025, 2, 1)
    )
    elsewhere = factories.deliverable_page(
        parent=papers, title="Elsewhere", kind="repository", date=date(2025, 1, 1)
    )
    run_operation("deliverables")

    with statements(7):
        data = run_operation("deliverables")

    assert data == {
        "deliverablesPage": {
            "id": id_of(parent),
            "title": "Deliverables",
            "path": "/deliverables/",
            "locale": "en",
            "direction": "LTR",
            "seo": {"title": "Deliverables", "description": "What we commit to.", "image": None},
            "introduction": {"html": "<p>What we commit to.</p>"},
            "categories": {
                "nodes": [
                    {
                        "id": id_of(papers),
                        "title": "Papers",
                        "path": "/deliverables/papers/",
                        "introduction": None,
                        "plannedItems": [
                            {
                                "id": id_beneath(
                                    papers, "planned_items", papers.planned_items[0].id
                                ),
                                "heading": "Whitepapers",
                                "text": "Long.",
                            }
                        ],
                        "deliverables": {
                            "totalCount": 2,
                            "nodes": [
                                {
                                    "id": id_of(hosted),
                                    "title": "Hosted",
                                    "path": "/deliverables/papers/hosted/",
                                    "kind": "REPORT",
                                    "date": "2025-02-01",
                                    "linkUrl": None,
                                    "document": {
                                        "id": id_of(paper),
                                        "title": "The paper",
                                        "url": f"http://testserver{paper.url}",
                                        "fileSize": 6,
                                    },
                                },
                                {
                                    "id": id_of(elsewhere),
                                    "title": "Elsewhere",
                                    "path": "/deliverables/papers/elsewhere/",
                                    "kind": "REPOSITORY",
                                    "date": "2025-01-01",
                                    "linkUrl": "https://example.org/deliverable",
                                    "document": None,
                                },
                            ],
                        },
                    },
                    {
                        "id": id_of(events),
                        "title": "Events",
                        "path": "/deliverables/events/",
                        "introduction": {"html": "<p>Where we meet.</p>"},
                        "plannedItems": [],
                        "deliverables": {"totalCount": 0, "nodes": []},
                    },
                ]
            },
        }
    }


def test_deliverables_is_null_while_there_is_none(db, run_operation):
    factories.home_page()

    data = run_operation("deliverables")

    assert data == {"deliverablesPage": None}


def test_deliverables_cost_the_same_however_many_there_are(db, run_operation, statements):
    def add(categories, deliverables):
        for _ in range(categories):
            parent = factories.deliverable_category_page()
            for _ in range(deliverables):
                factories.deliverable_page(parent=parent, document=factories.document())

    add(categories=2, deliverables=2)
    run_operation("deliverables")
    with statements(7):
        run_operation("deliverables")

    add(categories=4, deliverables=4)
    with statements(7):
        data = run_operation("deliverables")

    totals = [
        category["deliverables"]["totalCount"]
        for category in data["deliverablesPage"]["categories"]["nodes"]
    ]
    assert totals == [2, 2, 4, 4, 4, 4]


def test_categories_follow_when_editors_rearrange_them(db, ask):
    first = factories.deliverable_category_page(title="First")
    second = factories.deliverable_category_page(title="Second")

    second.move(first, pos="left")
    data = ask("{ deliverablesPage { categories { nodes { title } } } }")

    categories = {"nodes": [{"title": "Second"}, {"title": "First"}]}
    assert data == {"deliverablesPage": {"categories": categories}}


def test_deliverable_is_a_document_or_an_address_and_not_both(db):
    page = DeliverablePage(document=factories.document(), link_url="https://example.org/")

    page.clean()
    problems = page.publication_problems()

    assert problems["link_url"] == [
        "Give a document or an address, not both: readers follow one of them."
    ]


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"date": None}, {"date": ["Say when it came out."]}),
        ({"link_url": ""}, {"link_url": ["Choose a document or give an address."]}),
    ],
)
def test_deliverable_is_not_published_with_a_gap_and_says_which_field_has_it(db, fields, problems):
    page = factories.deliverable_page(live=False, **fields)

    with pytest.raises(ValidationError) as problem:
        page.get_latest_revision().publish()

    assert problem.value.message_dict == problems


def test_author_of_a_deliverable_is_listed_once(db):
    author = factories.person()
    page = factories.deliverable_page(authors=[DeliverableAuthor(person=author)])

    with pytest.raises(IntegrityError), transaction.atomic():
        DeliverableAuthor.objects.create(page=page, person=author)

    assert page.authors.count() == 1


def test_files_tell_what_they_are_and_are_served_as_that(db, client, ask, settings):
    """Whatever the machine's own list of media types says."""
    paper = factories.document()
    paper.file.save("paper.PDF", ContentFile(b"%PDF-1.7"))
    picture = factories.image()
    Image.objects.filter(pk=picture.pk).update(file="images/a.avif")
    factories.deliverable_page(document=paper, social_image=picture, social_image_alt_text="It")

    data = ask(
        "{ deliverables { nodes {"
        " document { mediaType url } seo { image { image { mediaType } } } } } }"
    )
    [deliverable] = data["deliverables"]["nodes"]

    document = deliverable["document"]
    assert document["mediaType"] == "application/pdf"
    assert deliverable["seo"]["image"]["image"]["mediaType"] == "image/avif"
    served = client.get(document["url"].removeprefix("http://testserver"))
    assert served.getvalue() == b"%PDF-1.7"
    assert served["Content-Type"] == "application/pdf"
    uploads = {*settings.WAGTAILIMAGES_EXTENSIONS, *settings.WAGTAILDOCS_EXTENSIONS}
    uploads -= {"heic", "heif"}  # They become JPEGs.
    assert uploads == MEDIA_TYPES.keys()
    assert {mimetypes.guess_type(f"a.{ending}")[0] for ending in uploads} == {*MEDIA_TYPES.values()}


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ul><li>one<ul><li>nested</li><li>two</li></ul></li></ul>", "one\nnested\ntwo"),
        ("<ol><li>one<ol><li>a<ul><li>b</li></ul></li></ol>c</li></ol>", "one\na\nb\nc"),
        ('<p data-block-key="x1">one</p>two<p>three</p>', "one\ntwo\nthree"),
        ('words<h2 data-block-key="y2">heading</h2>', "words\nheading"),
        ("<p>one<br/>two<hr/>three</p>", "one\ntwo\nthree"),
        ("<p>b<b>ol</b>d <i>and</i> <b>so</b>&nbsp;on &lt;br&gt;</p>", "bold and so\xa0on <br>"),
        ("<blockquote>one</blockquote><div>two</div>", "one\ntwo"),
        ("<table><tr><td>one</td><td>two</td></tr></table><span>three</span>", "one | two\nthree"),
        (
            "<table><tr><th><p>a</p><p>b</p></th><th>c</th></tr>"
            "<tr><td><ul><li>d</li><li>e</li></ul></td><td><p>f</p></td></tr></table>",
            "a b | c\nd e | f",
        ),
    ],
)
def test_text_of_rich_text_keeps_words_apart(db, ask, html, text):
    factories.deliverable_page(summary=html)

    [deliverable] = ask("{ deliverables { nodes { summary { text } } } }")["deliverables"]["nodes"]

    assert deliverable["summary"]["text"] == text
