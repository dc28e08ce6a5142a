"""What a page's address and the admin's previews show, through the admin's own views."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from taggit.models import Tag
from wagtail.models import Page, PageViewRestriction, Revision, Site

from cms.api import operations
from media.models import Document, Image
from pages.models import (
    ArticleAuthor,
    FormField,
    FormPage,
    ForumPage,
    Leader,
    LeadershipPage,
    Navigation,
    Organisation,
    Person,
)
from tests import factories
from tests.api_ids import id_of
from tests.cms.submission import stream, submission
from tests.factories import PAGE_FACTORIES, SNIPPET_FACTORIES
from tests.filling import Filling, is_ours

pytestmark = [pytest.mark.usefixtures("home_page"), pytest.mark.decided_in_python]

FACTORIES: dict[type[models.Model], Callable[..., Any]] = PAGE_FACTORIES | SNIPPET_FACTORIES


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(factories.user(is_superuser=True))
    return client


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def named(made: Any, name: str) -> dict[str, str]:
    """The field that names an object, as a form has it."""
    return {"title" if isinstance(made, Page) else "name": name}


# What the admin does when an editor looks at the preview


def preview_of_edit(editor: Client, made: Any, data: dict[str, Any]) -> Any:
    if isinstance(made, Page):
        address = reverse("wagtailadmin_pages:preview_on_edit", args=(made.pk,))
    else:
        address = reverse(made.snippet_viewset.get_url_name("preview_on_edit"), args=(made.pk,))
    return previewed(editor, address, data)


def preview_of_new(editor: Client, model: Any, data: dict[str, Any]) -> Any:
    if issubclass(model, Page):
        parent = Site.objects.get().root_page
        arguments = ("pages", model._meta.model_name, parent.pk)
        address = reverse("wagtailadmin_pages:preview_on_add", args=arguments)
    else:
        address = reverse(model.snippet_viewset.get_url_name("preview_on_add"))
    return previewed(editor, address, data)


def previewed(editor: Client, address: str, data: dict[str, Any]) -> Any:
    accepted = editor.post(address, data)
    assert accepted.json() == {"is_valid": True, "is_available": True}
    response = editor.get(address)
    assert response.status_code == 200
    return response


def as_new(made: Any, **changes: Any) -> dict[str, Any]:
    """What a form for a new object sends, with the content of one that exists."""
    data = submission(made, **changes)
    data = {name: value for name, value in data.items() if not name.endswith("-id")}
    return {name: "0" if name.endswith("-INITIAL_FORMS") else value for name, value in data.items()}


# At the page's own address


@pytest.mark.parametrize("model", PAGE_FACTORIES)
def test_page_is_drawn_at_its_address_and_kept_from_search_engines(db, client, model):
    page = PAGE_FACTORIES[model](title="Words & more")

    response = client.get(page.url)

    assert response.status_code == 200
    assert "<h1>Words &amp; more</h1>" in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"


def test_page_nobody_may_see_is_not_found_at_its_address(db, client):
    draft = factories.charter_page(live=False)

    response = client.get(draft.url)

    assert response.status_code == 404


def test_second_page_of_a_kind_is_not_drawn_as_the_first(db, client):
    first = factories.charter_page(title="The first", slug="first")
    second = factories.charter_page(title="The second", slug="second")

    assert client.get(first.url).status_code == 200
    assert client.get(second.url).status_code == 404


def test_restricted_page_is_not_drawn_even_for_those_who_may_read_it(db, client):
    """The operation answers the public; what it does not answer cannot be drawn."""
    page = factories.charter_page()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    client.force_login(factories.user(is_superuser=True))

    response = client.get(page.url)

    assert response.status_code == 404


# What the preview shows


def texts_in(answer: Any, key: str = "") -> Iterator[str]:
    """Every text of an answer that people should find on the page; a chart is a picture there."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            plain_of_rich = name == "text" and "html" in answer
            if name not in ("id", "__typename", "seo", "chart") and not plain_of_rich:
                yield from texts_in(value, name)
    elif isinstance(answer, list):
        for value in answer:
            yield from texts_in(value, key)
    elif isinstance(answer, str) and not answer.isupper():
        yield answer


@pytest.mark.parametrize("model", FACTORIES)
def test_preview_shows_all_that_the_operation_answers(db, clock, run_operation, model):
    targets: dict[Any, list] = {
        Page: [factories.form_page(title="Target page")],
        Image: [factories.image(credit="A photographer")],
        Document: [factories.document("Target document")],
        Organisation: [factories.organisation(name="Target organisation")],
        Person: [factories.person(name="Target person")],
        Tag: [Tag.objects.create(name="Target tag")],
    }
    made = FACTORIES[model](**named(model(), "A name"))
    Filling("Words", targets).fill(made)
    made.refresh_from_db()
    path = getattr(made, "url", "")

    (answer,) = run_operation(model.operation, id=id_of(made), path=path).values()
    shown = text_of(made.make_preview_request())

    answer.pop("path", None)
    if answer.get("joinLinkText"):
        answer["joinPage"].pop("title")  # The link has words of its own.
    missing = [text for text in texts_in(answer) if text not in shown]
    assert missing == []
    assert re.search(f"<h1>[^<]*{made}[^<]*</h1>", shown)


def test_preview_shows_what_the_choices_of_a_field_are_called(db):
    page = factories.article_page(kind="case_study")

    shown = text_of(page.make_preview_request())

    assert "Case study" in shown
    assert "CASE_STUDY" not in shown


@pytest.mark.parametrize("model", FACTORIES)
def test_preview_of_an_edit_shows_what_is_not_saved_and_saves_nothing(db, editor, model):
    made = FACTORIES[model](**named(model(), "As published"))

    response = preview_of_edit(editor, made, submission(made, **named(made, "Not saved")))

    assert "<h1>Not saved</h1>" in text_of(response)
    assert "Still missing" not in text_of(response)
    assert response["X-Robots-Tag"] == "noindex"
    assert "private" in response["Cache-Control"]
    made.refresh_from_db()
    assert str(made) == "As published"


@pytest.mark.parametrize("model", FACTORIES)
def test_preview_of_something_new_shows_it_and_saves_nothing(db, editor, model):
    made = FACTORIES[model]()
    before = model.objects.count()

    response = preview_of_new(
        editor, model, as_new(made, slug="new", edition="2", **named(made, "Not saved"))
    )

    assert "<h1>Not saved</h1>" in text_of(response)
    assert "Still missing" not in text_of(response)
    assert response["X-Robots-Tag"] == "noindex"
    assert model.objects.count() == before


@pytest.mark.parametrize("model", FACTORIES)
def test_preview_of_an_empty_form_shows_the_name_and_what_is_missing(db, editor, model):
    factories.home_page()
    empty = model(**named(model(), "Barely begun"))

    response = preview_of_new(editor, model, as_new(empty, slug="begun"))

    assert "<h1>Barely begun</h1>" in text_of(response)


def test_preview_lists_each_gap_that_keeps_a_draft_from_being_published(db, editor):
    factories.home_page()
    draft = ForumPage(
        title="Barely begun",
        outlook='<p><a href="#">Join</a></p>',
        social_image=factories.image(),
        date_precision="day",
    )

    response = preview_of_new(editor, ForumPage, as_new(draft, slug="begun"))

    assert response.context["gaps"] == [
        "Summary: This field cannot be blank.",
        "Conclusion: The link “Join” leads nowhere. Give it an address or remove the link.",
        "Edition: Say which forum this is: 1, 2, 3 …",
        "Alternative text of social image: Describe the picture for people who cannot see it, "
        "or mark it as decorative.",
        "Starts: Give the date, or choose “No date yet” above.",
        "Time zone: Choose the time zone in which it takes place.",
    ]
    for gap in response.context["gaps"]:
        assert f"<li>{gap}</li>" in text_of(response)


@pytest.mark.parametrize("model", PAGE_FACTORIES)
def test_page_is_published_once_its_preview_lists_no_gap(db, model):
    page = PAGE_FACTORIES[model](live=False)

    shown = page.get_latest_revision_as_object().make_preview_request()
    page.get_latest_revision().publish()

    assert "Still missing" not in text_of(shown)
    assert model.objects.get(pk=page.pk).live


# Unsaved changes below the page


def test_preview_shows_leaders_that_are_added_moved_and_removed_but_not_saved(db, editor):
    first, second = factories.person(name="Ada Rossi"), factories.person(name="Bo Chen")
    added = factories.person(name="Chi Okafor")
    page = factories.leadership_page(people=[first, second])

    response = preview_of_edit(
        editor,
        page,
        submission(
            page,
            **{
                "leaders-TOTAL_FORMS": "3",
                "leaders-0-DELETE": "on",
                "leaders-1-ORDER": "3",
                "leaders-2-id": "",
                "leaders-2-person": str(added.pk),
                "leaders-2-role": "secretary",
                "leaders-2-ORDER": "2",
                "leaders-2-DELETE": "",
            },
        ),
    )

    shown = text_of(response)
    assert "Ada Rossi" not in shown
    assert shown.index("Chi Okafor") < shown.index("Bo Chen")
    assert "Secretary" in shown
    assert "Still missing" not in shown
    assert [leader.person for leader in page.leaders.all()] == [first, second]


def test_preview_shows_authors_of_a_new_article_that_was_never_saved(db, editor):
    author = factories.person(name="Ada Rossi")
    page = factories.article_page(authors=[ArticleAuthor(person=author)])

    response = preview_of_new(editor, type(page), as_new(page, title="New", slug="new"))

    assert "Ada Rossi" in text_of(response)
    assert "Still missing" not in text_of(response)


def test_preview_shows_questions_of_a_form_that_are_not_saved(db, editor):
    page = factories.form_page(
        is_open=True, form_fields=[FormField(label="Your name", field_type="singleline")]
    )

    response = preview_of_new(editor, FormPage, as_new(page, title="New", slug="new"))

    assert "Your name" in text_of(response)
    assert "Still missing" not in text_of(response)


def test_preview_of_a_closed_form_shows_no_questions_as_readers_see_none(db, editor):
    page = factories.form_page(
        is_open=False, form_fields=[FormField(label="Your name", field_type="singleline")]
    )

    response = preview_of_new(editor, FormPage, as_new(page, title="New", slug="new"))

    assert "Introduction." in text_of(response)
    assert "Your name" not in text_of(response)


def test_preview_shows_blocks_that_are_not_saved(db, editor):
    organisation = factories.organisation(name="Arm")
    page = factories.forum_page(themes=[("theme", {"heading": "As published"})])
    data = submission(page)
    themes = stream(
        (
            "theme",
            {
                "heading": "Not saved",
                "text": "Words.",
                "organisations-count": "1",
                "organisations-0-deleted": "",
                "organisations-0-order": "0",
                "organisations-0-id": "",
                "organisations-0-value": str(organisation.pk),
            },
        ),
        field="themes",
    )

    response = preview_of_edit(editor, page, {**data, **themes})

    shown = text_of(response)
    assert "Not saved" in shown
    assert "Arm" in shown
    assert "As published" not in shown
    assert "Still missing" not in shown


def test_preview_shows_a_block_that_is_half_written(db, editor):
    page = factories.article_page()
    body = stream(("heading", {"heading": ""}), ("quotation", {"quotation": ""}), field="body")

    response = preview_of_edit(editor, page, {**submission(page), **body})

    assert response.status_code == 200


def test_preview_of_a_survey_shows_its_table_while_an_answer_has_no_text_yet(db, editor):
    page = factories.survey_page()
    options = {
        "options-count": "1",
        "options-0-deleted": "",
        "options-0-order": "0",
        "options-0-id": "",
        "options-0-value-text": "",
        "options-0-value-basis": "measured",
        "options-0-value-qualifier": "over",
        "options-0-value-percentage": "70",
        "options-0-value-note": "",
    }
    question = {
        "heading": "Timing",
        "question": "",
        "answer_type": "",
        "base_size": "",
        "interpretation": "null",
        **options,
    }

    response = preview_of_edit(
        editor, page, {**submission(page), **stream(("question", question), field="questions")}
    )

    assert "over 70%" in text_of(response)


# What a preview must not do


def test_preview_does_not_change_what_readers_get(db, editor, run_operation):
    page = factories.charter_page(title="As published")
    published = run_operation("charter")

    preview_of_edit(editor, page, submission(page, title="Not saved"))
    data = run_operation("charter")

    assert data == published


@pytest.mark.parametrize("model", FACTORIES)
def test_draft_is_shown_to_its_editors_only(db, editor, model):
    made = FACTORIES[model](live=False, **named(model(), "Draft"))

    shown = made.get_latest_revision_as_object().make_preview_request()

    assert "<h1>Draft</h1>" in text_of(shown)
    if isinstance(made, Page):
        assert Client().get(made.url).status_code == 404


def test_previews_are_for_those_who_are_logged_in(db, client):
    page, person = factories.charter_page(), factories.person()
    addresses = [
        reverse("wagtailadmin_pages:preview_on_edit", args=(page.pk,)),
        reverse("wagtailadmin_pages:view_draft", args=(page.pk,)),
        reverse(Person.snippet_viewset.get_url_name("preview_on_edit"), args=(person.pk,)),
    ]

    for address in addresses:
        response = client.get(address)

        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


def test_preview_keeps_hidden_what_is_hidden_from_readers(db, editor):
    draft = factories.survey_page(title="Secret title", slug="secret", live=False)
    author = factories.person(name="Secret person", live=False)
    page = factories.article_page(
        body=[
            ("paragraphs", {"text": f'<p>The <a linktype="page" id="{draft.pk}">survey</a>.</p>'})
        ],
        related_content=[("page", {"page": draft})],
        authors=[ArticleAuthor(person=author)],
    )

    response = preview_of_edit(editor, page, submission(page, title="Not saved"))

    assert "The survey." in text_of(response)
    assert "secret" not in text_of(response).lower()


def test_draft_of_a_page_below_a_hidden_one_is_shown_in_a_preview(db, editor):
    category = factories.deliverable_category_page(title="Secret", live=False)
    page = factories.deliverable_page(parent=category, live=False)

    response = preview_of_edit(editor, page, submission(page, title="Not saved"))

    assert "<h1>Not saved</h1>" in text_of(response)
    assert "Secret" not in text_of(response)


def test_preview_of_a_second_home_page_shows_that_one(db, editor):
    second = factories.home_page(title="Second")
    first = factories.home_page(title="First")

    shown = [text_of(home.make_preview_request()) for home in (first, second)]

    assert "<h1>First</h1>" in shown[0]
    assert "<h1>Second</h1>" in shown[1]


def test_earlier_revision_is_shown_as_it_was(db, editor):
    page = factories.charter_page(title="Before")
    before = page.get_latest_revision()
    page.title = "After"
    page.save_revision().publish()

    response = editor.get(reverse("wagtailadmin_pages:revisions_view", args=(page.pk, before.pk)))

    assert "<h1>Before</h1>" in text_of(response)


# Nothing that an editor writes becomes a script

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.mark.parametrize("model", FACTORIES)
def test_markup_in_a_text_is_shown_as_text(db, model):
    made = FACTORIES[model]()
    texts = {
        field.name: ATTACK[: field.max_length]
        for field in made._meta.concrete_fields
        if is_ours(field.model) or field.name in ("title", "seo_title", "search_description")
        if type(field) in (models.CharField, models.TextField) and not field.choices
    }
    model.objects.filter(pk=made.pk).update(**texts)
    made.refresh_from_db()

    shown = made.make_preview_request().content.decode()

    assert "&lt;script&gt;" in shown
    # Linked data is no script: browsers do not run it, and no text in it can end it.
    shown = re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", shown)
    assert "<script" not in shown
    assert "<img src=x" not in shown


LINKED = '<p><a href="https://a.org/">Words</a></p>'


@pytest.mark.parametrize(
    ("attack", "left"),
    [
        ("<script>alert(1)</script>", ""),
        ("<p onclick=alert(1)>Words</p>", "<p>Words</p>"),
        ('<p class="x">Words</p>', "<p>Words</p>"),
        ('<img src=x onerror="alert(1)">', ""),
        ('<iframe src="https://example.org/">Words</iframe>', ""),
        ('<a href="javascript:alert(1)">Words</a>', "<p>Words</p>"),
        ('<a onmouseover="alert(1)" href="https://a.org/">Words</a>', LINKED),
        ('<a href="https://a.org/" onmouseover="alert(1)">Words</a>', LINKED),
        ('<a\nhref="javascript:alert(1)">Words</a>', "<p>Words</p>"),
        ('<a href="javascript:alert(1)">Words', "<p>Words</p>"),
        ('<a href="https://a.org/" onclick="alert(1)">Words', LINKED),
        ("<A HREF='javascript:alert(1)'>Words</A>", "<p>Words</p>"),
        ("<svg/onload=alert(1)>", ""),
        ("<style>p { color: red }</style>", ""),
        ("<!-- Words --><b>More</b>", "<p><strong>More</strong></p>"),
        ('<form action="https://a.org/"><button>Words</button></form>', "<p>Words</p>"),
        ("<scr<script>ipt>Words", "<p>ipt&gt;Words</p>"),
        ("<<script>script>Words", "<p>&lt;</p>"),
        (
            "<<b onclick=alert(1)>img src=x onerror=alert(1)>Words",
            "<p>&lt;<strong>img src=x onerror=alert(1)&gt;Words</strong></p>",
        ),
        ("Words<script", "<p>Words</p>"),
        ("1 < 2", "<p>1 &lt; 2</p>"),
        ("&lt;script>alert(1)&lt;/script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ],
)
def test_rich_text_holds_only_what_the_contract_promises(db, run_operation, attack, left):
    """The editor cannot write these, but an import or a script of someone's could store them."""
    page = factories.charter_page()
    type(page).objects.filter(pk=page.pk).update(statement=f"<p>Before</p>{attack}")
    page.refresh_from_db()

    answered = run_operation("charter")["charter"]["statement"]["html"]
    shown = page.make_preview_request().content.decode()

    assert answered == "<p>Before</p>" + left
    assert answered in shown


def test_address_that_would_run_a_script_is_never_a_link(db):
    address = "javascript:alert(1)"
    page = factories.forum_page()
    type(page).objects.filter(pk=page.pk).update(playlist_url=address, stream_url=address)
    Navigation.objects.create(
        site=Site.objects.get(), header=[("item", {"text": "Words", "url": address})]
    )
    page.refresh_from_db()

    shown = page.make_preview_request().content.decode()

    assert 'href="javascript:' not in shown


# Around the clock and the site


def test_preview_shows_the_state_of_a_forum_at_this_moment(db, clock):
    page = factories.forum_page(
        date_precision="time",
        starts_at=datetime(2026, 1, 15, 11, tzinfo=UTC),
        ends_at=datetime(2026, 1, 15, 13, tzinfo=UTC),
    )

    now = text_of(page.make_preview_request())
    clock.set("2026-01-15T13:00:00+00:00")
    later = text_of(page.make_preview_request())

    assert "Going on now" in now
    assert "Going on now" not in later
    assert "Over" in later


def test_leader_swapped_with_another_can_be_previewed(db, editor):
    first, second = factories.person(name="Ada Rossi"), factories.person(name="Bo Chen")
    page = factories.leadership_page(people=[first, second])
    data = submission(
        page, **{"leaders-0-person": str(second.pk), "leaders-1-person": str(first.pk)}
    )

    response = preview_of_edit(editor, page, data)

    shown = text_of(response)
    assert shown.index("Bo Chen") < shown.index("Ada Rossi")
    assert [leader.person for leader in LeadershipPage.objects.get().leaders.all()] == [
        first,
        second,
    ]
    assert Leader.objects.count() == 2


def test_page_is_made_in_one_snapshot_and_one_perspective(db, clock, client, monkeypatch):
    page = factories.articles_page()
    factories.article_page(title="Due", slug="due", live=False)
    Revision.objects.filter(object_str="Due").update(approved_go_live_at=clock.moment)
    entered: list[str] = []

    def counted(name: str) -> None:
        enter = getattr(operations, name)

        def count(*arguments: Any) -> Any:
            entered.append(name)
            return enter(*arguments)

        monkeypatch.setattr(operations, name, count)

    counted("snapshot")
    counted("projection_of")
    shown = client.get(page.get_url())

    assert "Due" in text_of(shown)
    assert entered == ["snapshot", "projection_of"]
