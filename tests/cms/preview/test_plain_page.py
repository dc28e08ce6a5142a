"""What the plain page says, and how: in the words of those who read it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from graphql import GraphQLEnumType, GraphQLInterfaceType, GraphQLObjectType
from taggit.models import Tag
from wagtail.models import Page

from cms.api.schema.public import public_schema
from cms.preview import rendering
from media.models import Document, Image
from pages.models import ArticleAuthor, ArticlesPage, FormField, FormPage, Organisation, Person
from pages.questions.kinds import FormFieldType
from tests import factories
from tests.cms.preview.drawn_page import DrawnPage, read
from tests.factories import PAGE_FACTORIES, SNIPPET_FACTORIES
from tests.filling import Filling

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

FACTORIES: dict[type[models.Model], Callable[..., Any]] = PAGE_FACTORIES | SNIPPET_FACTORIES
# A name of the starter content that holds the name of a choice.
NAMES = ("EDGE AI FOUNDATION",)
# What an operation answers and no reader is told in so many words, each with the reason.
NOT_DRAWN = {
    "vegaLite": "is drawn as a whole",
    "count": "is in a column of the table, which is drawn",
    "note": "is in a column of the table of a survey; of a newsletter see its previews",
    "svgUrl": "the chart is drawn into the page: that of a draft has no address",
    "darkSvgUrl": "as that",
    "alternative": "the chart is drawn with it: see tests/cms/feeds/test_charts.py",
    "id": "names it for programs",
    "honeypot": "nobody is to see it",
    "__typename": "is what the page itself is",
    "focalPoint": "says how a frontend may cut the picture",
    "decorative": "then the alternative text is empty",
    "dateText": "is written anew from the moments, as dates",
    "basis": "follows from the share",
    "qualifier": "is within the share",
    "figure": "is in the table of the answers",
    "text": "is the same as the formatted text, or as a cell of the table",
    "cleanName": "is the name of an input",
    "seo": "stands in the head of the page",
    "timeZone": "is told with times",
    "datePrecision": "says how much of the date is drawn",
    "joinPage": "is drawn as a link",
    "pageInfo": "is asked when a list is longer",
    "totalCount": "is asked when a list is longer",
    "choices": "are those of a question that offers some",
}


@pytest.fixture
def targets(db) -> dict[Any, list]:
    return {
        Page: [factories.form_page(title="Target page", slug="target")],
        Image: [factories.image(credit="A photographer", licence="cc_by")],
        Document: [factories.document("Target document", credit="A writer", licence="cc_by_nc")],
        Organisation: [factories.organisation(name="Target organisation")],
        Person: [factories.person(name="Target person", job_title="Reader")],
        Tag: [Tag.objects.create(name="Target tag")],
    }


@pytest.fixture
def filled(targets) -> Callable[[type[models.Model]], Any]:
    """An object of a type with a word in every field and a block of every kind."""

    def filled(model: type[models.Model]) -> Any:
        made = FACTORIES[model]()
        Filling("Words", targets).fill(made)
        if model is FormPage:
            model.objects.update(is_open=True)
        made.refresh_from_db()
        return made

    return filled


def preview_of(made: Any) -> DrawnPage:
    return read(made.make_preview_request())


# Words


def schema_words() -> Iterator[str]:
    """Names of fields, as they are and spelled apart, and names of choices."""
    for kind in public_schema().type_map.values():
        if isinstance(kind, GraphQLEnumType):
            yield from (
                name for name, value in kind.values.items() if name not in (value.description or "")
            )
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name in kind.fields:
                if apart := re.sub(r"(?<!^)([A-Z])", r" \1", name):
                    yield from {name, apart.capitalize()} if apart != name else ()


def names_in(text: str) -> list[str]:
    for name in NAMES:
        text = text.replace(name, "")
    return [word for word in set(schema_words()) if re.search(rf"\b{re.escape(word)}\b", text)]


@pytest.mark.parametrize("model", FACTORIES)
def test_page_with_every_field_and_block_says_no_name_of_a_field_or_choice(filled, model):
    assert names_in(preview_of(filled(model)).text) == []


def test_names_would_be_found():
    assert set(names_in("Is open yes, CASE_STUDY, startsAt")) == {
        "Is open",
        "CASE_STUDY",
        "startsAt",
    }


@dataclass
class Seen:
    """Which fields of an answer have been looked at."""

    fields: set[str]

    def watch(self, value: Any, path: str = "") -> Any:
        if isinstance(value, list):
            return [self.watch(item, path) for item in value]
        if isinstance(value, dict):
            inside = {key: self.watch(item, f"{path}.{key}") for key, item in value.items()}
            return Watched(inside, path=path, seen=self)
        return value

    def passed_over(self, value: Any, path: str = "") -> Iterator[str]:
        for item in value if isinstance(value, list) else ():
            yield from self.passed_over(item, path)
        for key, inside in value.items() if isinstance(value, dict) else ():
            if key in NOT_DRAWN or inside in (None, "", []):
                continue
            if f"{path}.{key}" not in self.fields:
                yield f"{path}.{key}"
            else:
                yield from self.passed_over(inside, f"{path}.{key}")


class Watched(dict):
    def __init__(self, *arguments: Any, path: str, seen: Seen):
        super().__init__(*arguments)
        self.path, self.seen = path, seen

    def __getitem__(self, key):
        self.seen.fields.add(f"{self.path}.{key}")
        return super().__getitem__(key)

    def get(self, key, default=None):
        self.seen.fields.add(f"{self.path}.{key}")
        return super().get(key, default)


@pytest.mark.parametrize("model", FACTORIES)
def test_all_that_the_operation_answers_is_drawn(filled, monkeypatch, model):
    made, seen = filled(model), Seen(set())
    answers: list[dict[str, Any]] = []
    if issubclass(model, Page):
        for child in model.allowed_subpage_models():
            FACTORIES[child](parent=made)

    def watched(text: str, **options: Any) -> Any:
        body = run_operation(text, **options).body
        answers.append(body["data"])
        return SimpleNamespace(body={"data": seen.watch(body["data"])})

    run_operation = rendering.run_operation
    monkeypatch.setattr(rendering, "run_operation", watched)
    made.make_preview_request()

    (found,) = answers[0].values()
    (name,) = answers[0]
    found.pop("path", None)  # Where we are.
    passed_over = sorted(set(seen.passed_over(found, f".{name}")))
    assert passed_over == [], f"Draw these in preview/types/{model.operation}.html."


# Structure


def check_structure(page: DrawnPage) -> None:
    assert page.headings.count(1) == 1
    assert page.headings[0] == 1
    for above, below in zip(page.headings, page.headings[1:], strict=False):
        assert below <= above + 1, page.headings
    for picture in page.all("img"):
        assert "alt" in picture
        assert picture["width"]
        assert picture["height"]
    for moment in page.all("time"):
        assert re.fullmatch(r"\d{4}-\d\d(-\d\d(T.+)?)?", moment["datetime"] or "")
    assert page.unlabelled == []
    assert not [attributes for _, attributes in page.elements if "style" in attributes]


@pytest.mark.parametrize("model", FACTORIES)
def test_page_with_every_field_and_block_is_well_made(filled, model):
    check_structure(preview_of(filled(model)))


@pytest.mark.parametrize("model", FACTORIES)
def test_empty_page_says_nothing_of_what_it_has_not(db, model):
    shown = preview_of(FACTORIES[model]())

    check_structure(shown)
    assert not re.search(r"None|\(\)|: ?\.|\bnull\b", shown.text)


def test_headings_of_texts_continue_those_around_them(db):
    headings = "<h4>First</h4><h3>Second</h3><h4>Third</h4>"
    page = factories.article_page(
        body=[
            ("quotation", {"quotation": "Small models win."}),
            ("paragraphs", {"text": headings}),
            ("heading", {"heading": "Section"}),
            ("paragraphs", {"text": headings}),
        ]
    )

    assert preview_of(page).headings[:8] == [1, 2, 2, 3, 2, 3, 3, 4]


def test_quotation_is_one_with_who_said_it(db):
    page = factories.article_page(
        body=[("quotation", {"quotation": "Small models win.", "attribution": "Ada Rossi"})]
    )

    shown = page.make_preview_request().content.decode()

    assert "<blockquote><p>Small models win.</p></blockquote>" in shown
    assert "<figcaption>Ada Rossi</figcaption>" in shown


def test_person_is_named_as_people_name_them(db):
    person = factories.person(name="Ada Rossi", title="Prof.", distinction="Fellow, IEEE")
    leadership = factories.leadership_page(people=[person])
    article = factories.article_page(authors=[ArticleAuthor(person=person)])

    assert "Prof. Ada Rossi, Fellow, IEEE Chair" in preview_of(leadership).text
    assert "Prof. Ada Rossi" in preview_of(article).text


@pytest.mark.parametrize(
    ("website", "links"), [("https://lab.example.org/", 1), ("javascript:alert(1)", 0), ("", 0)]
)
def test_only_the_address_of_a_website_is_a_link(db, website, links):
    """An import can leave others, which could run a script."""
    lab = factories.organisation(name="Lab")
    Organisation.objects.update(website=website)

    shown = preview_of(factories.person(organisation=lab))

    assert "Lab" in shown.text
    assert [link.get("href") for link in shown.all("a")].count(website) == links


# Dates


@pytest.mark.parametrize(
    ("precision", "ends", "words", "machine"),
    [
        ("month", None, "January 2026", ["2026-01"]),
        ("day", None, "20 January 2026", ["2026-01-20"]),
        ("day", 20, "20 January 2026", ["2026-01-20"]),
        ("day", 22, "20 January 2026 to 22 January 2026", ["2026-01-20", "2026-01-22"]),
        ("time", None, "20 January 2026, 09:00 (New York time)", ["2026-01-20T14:00:00+00:00"]),
        (
            "time",
            20,
            "20 January 2026, 09:00 to 11:00 (New York time)",
            ["2026-01-20T14:00:00+00:00", "2026-01-20T16:00:00+00:00"],
        ),
        (
            "time",
            22,
            "20 January 2026, 09:00 to 22 January 2026, 11:00 (New York time)",
            ["2026-01-20T14:00:00+00:00", "2026-01-22T16:00:00+00:00"],
        ),
    ],
)
def test_forum_is_when_it_is_where_it_is_held(db, clock, precision, ends, words, machine):
    page = factories.forum_page(
        date_precision=precision,
        starts_at=datetime(2026, 1, 20, 14, tzinfo=UTC),
        ends_at=datetime(2026, 1, ends, 16, tzinfo=UTC) if ends else None,
        time_zone="America/New_York",
    )

    shown = preview_of(page)

    assert f"When {words}" in shown.text
    assert [moment["datetime"] for moment in shown.all("time")] == machine


def test_forum_that_is_held_nowhere_in_particular_is_in_utc(db, clock):
    page = factories.forum_page(
        date_precision="time",
        starts_at=datetime(2026, 1, 20, 14, tzinfo=UTC),
        ends_at=datetime(2026, 1, 20, 16, tzinfo=UTC),
    )

    assert "When 20 January 2026, 14:00 to 16:00 (UTC)" in preview_of(page).text


def test_forum_without_a_date_says_so(db):
    assert "When No date is known." in preview_of(factories.forum_page()).text


def test_dates_are_written_out(db):
    page = factories.article_page(date=date(2026, 7, 1))

    shown = page.make_preview_request().content.decode()

    assert '<time datetime="2026-07-01">1 July 2026</time>' in shown


# Findings


def question(*options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    listed = [{"basis": "ranked", "qualifier": "", **option} for option in options]
    return "question", {"heading": "Timing", "question": "When?", "options": listed}


def test_shares_are_a_table_with_bars(db):
    page = factories.survey_page(
        questions=[
            question(
                {"text": "Soon", "basis": "measured", "qualifier": "over", "percentage": 70},
                {"text": "Later", "note": "A guess."},
            )
        ]
    )

    shown = preview_of(page)

    assert "When? Rank Answer Share of respondents Note 1 Soon over 70% 2 Later" in shown.text
    assert "not measured A guess." in shown.text
    # Those of the chart above the table are as wide as they are.
    bars = [bar["width"] for bar in shown.all("rect")]
    assert [width for width in bars if width and width.endswith("%")] == ["70.0%"]


def test_answers_that_are_only_ranked_are_a_list_without_numbers(db):
    page = factories.survey_page(
        questions=[
            question(
                {"text": "First"}, {"text": "Level", "tied_with_previous": True}, {"text": "Third"}
            )
        ]
    )

    shown = preview_of(page)

    assert "%" not in shown.text
    assert "how often is not known" in shown.text
    assert "Level (It is not known whether this or the answer above leads.)" in shown.text
    assert [item.get("value") for item in shown.all("li")][:3] == ["1", "1", "3"]


# Forms


def test_open_form_asks_its_questions_as_forms_do(db):
    page = factories.form_page(
        is_open=True,
        form_fields=[
            FormField(label=f"About {kind}", field_type=kind, choices="One,Two", help_text="Help.")
            for kind in FormFieldType.values
        ],
    )

    shown = preview_of(page)

    check_structure(shown)
    kinds = [each.get("type") for each in shown.all("input")]
    assert {"text", "email", "number", "url", "checkbox", "radio", "date", "hidden"} <= set(kinds)
    assert "datetime-local" in kinds
    assert len(shown.all("select")) == 2
    assert len(shown.all("textarea")) == 1
    assert "About singleline (needed)" in shown.text
    assert "About hidden" not in shown.text
    assert shown.all("fieldset")[0] == {"class": "form", "disabled": None}


def test_choices_that_are_made_to_begin_with_are_made_on_the_plain_page(db):
    choices = "Yes, within a year\nYes\nNo"
    page = factories.form_page(
        is_open=True,
        form_fields=[
            FormField(
                label=f"About {kind}",
                field_type=kind,
                choices=choices,
                default_value="Yes, within a year" + "\nNo" * (kind == "checkboxes"),
            )
            for kind in ("radio", "dropdown", "checkboxes")
        ],
    )

    shown = preview_of(page)

    ticked = [each["value"] for each in shown.all("input") if "checked" in each]
    assert ticked == ["Yes, within a year", "Yes, within a year", "No"]
    assert ["selected" in each for each in shown.all("option")] == [True, False, False]


def test_closed_form_says_so_in_a_sentence(db):
    assert "This form is closed at the moment." in preview_of(factories.form_page()).text


# Where to go from here


def test_plain_page_leads_to_the_admin_and_to_the_explorer_where_the_schema_is_told(
    db, client, settings
):
    factories.home_page()
    addresses = [reverse("wagtailadmin_home"), reverse("graphql_explorer")]

    with_both = client.get("/").content.decode()
    settings.GRAPHQL_INTROSPECTION = False
    with_one = client.get("/").content.decode()

    assert [f'href="{address}"' in with_both for address in addresses] == [True, True]
    assert [f'href="{address}"' in with_one for address in addresses] == [True, False]


def test_site_as_of_keeps_links_to_the_explorer_as_they_are(db, sign_in, editor):
    factories.home_page()

    shown = sign_in(editor).get(reverse("as_of_show", kwargs={"key": "drafts", "path": ""}))

    assert f'href="{reverse("graphql_explorer")}"' in shown.content.decode()


def test_long_list_leads_on_to_the_rest(db, client: Client):
    index = ArticlesPage.objects.get()
    for number in range(21):
        factories.article_page(title=f"Article {number}", slug=f"article-{number}")

    first = client.get(index.url)
    (link,) = re.findall(r'<a href="(\?after=[^"]+)">Show more</a>', first.content.decode())
    second = read(client.get(index.url + link))

    assert "20 of 21 are shown here." in read(first).text
    assert second.headings == [1, 2, 3]


def test_address_with_a_place_in_a_list_that_there_is_not_is_not_found(db, client: Client):
    index = ArticlesPage.objects.get()

    assert client.get(f"{index.url}?after=nowhere").status_code == 404
