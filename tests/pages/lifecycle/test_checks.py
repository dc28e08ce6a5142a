"""Drafts may have gaps, what goes live may not: through the forms that editors fill in."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text

from pages.models import ArticlePage, FormPage, ForumPage, HomePage, LeadershipPage, SurveyPage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import stream, submission
from tests.factories import PAGE_FACTORIES, SNIPPET_FACTORIES

pytestmark = [pytest.mark.usefixtures("home_page"), pytest.mark.decided_in_python]

FACTORIES = {**PAGE_FACTORIES, **SNIPPET_FACTORIES}
PUBLISH = {"action-publish": "action-publish"}
LINK_TO_NOWHERE = '<p>Read <a href="#">more of it</a>.</p>'


def name_of(model):
    return model.__name__


def refusals(response: Any) -> dict[str, str]:
    """What the form says beside each field, block and row; empty when it was accepted."""
    if response.status_code == 302:
        return {}
    assert response.status_code == 200
    form = response.context["form"]
    said = {name: " ".join(map(in_words, errors)) for name, errors in form.errors.as_data().items()}
    for name, formset in form.formsets.items():
        rows = [*formset.non_form_errors(), *(str(row) for row in formset.errors if row)]
        if rows:
            said[name] = " ".join(rows)
    return said


def in_words(error: Any) -> str:
    if hasattr(error, "as_json_data"):
        return json.dumps(error.as_json_data(), ensure_ascii=False)
    return " ".join(error.messages)


@pytest.fixture
def publish(editor, sign_in):
    """Send an object's form as an editor who publishes; returns what the form refuses, and why."""
    client = sign_in(editor)

    def publish(subject: Any, **changes: Any) -> dict[str, str]:
        data = submission(subject, **changes, **PUBLISH)
        return refusals(client.post(admin_url(subject, "edit"), data))

    return publish


# Every type


@pytest.mark.parametrize("model", PAGE_FACTORIES, ids=name_of)
def test_draft_with_only_a_title_is_saved(model, staff, administrator, sign_in):
    example = PAGE_FACTORIES[model]()
    parent = Page.objects.parent_of(example).get()
    example.delete()  # of some types a parent may have only one
    address = reverse("wagtailadmin_pages:add", args=["pages", model._meta.model_name, parent.pk])

    writer = administrator if model is HomePage else staff
    response = sign_in(writer).post(address, submission(model(), title="Title", slug="title"))

    assert refusals(response) == {}
    assert not model.objects.get(title="Title").live


@pytest.mark.parametrize("model", SNIPPET_FACTORIES, ids=name_of)
def test_draft_with_only_a_name_is_saved(model, staff, sign_in):
    address = reverse(model.snippet_viewset.get_url_name("add"))

    response = sign_in(staff).post(address, submission(model(), name="Name"))

    assert refusals(response) == {}
    assert not model.objects.get(name="Name").live


@pytest.mark.parametrize("model", SNIPPET_FACTORIES, ids=name_of)
def test_draft_without_a_name_is_refused(model, staff, sign_in):
    address = reverse(model.snippet_viewset.get_url_name("add"))

    response = sign_in(staff).post(address, submission(model(), name=""))

    assert refusals(response) == {"name": "This field is required."}


WHAT_IS_MISSING = {
    "ArticlePage": {"body"},
    "ArticlesPage": set(),
    "CharterPage": {
        "statement",
        "efficiency_scale",
        "efficiency_unit",
        "definition",
        "mission",
        "objectives",
    },
    "DeliverableCategoryPage": set(),
    "DeliverablePage": {"kind", "date", "summary", "link_url"},
    "DeliverablesPage": set(),
    "FormPage": {"introduction"},
    "ForumPage": {"edition", "summary"},
    "ForumsPage": set(),
    "HomePage": {"tagline", "introduction"},
    "LeadershipPage": {"leaders"},
    "NewsletterPage": {"body"},
    "NewslettersPage": {"consent_text"},
    "SurveyPage": {"introduction"},
}


@pytest.mark.parametrize("model", PAGE_FACTORIES, ids=name_of)
def test_page_with_only_a_title_is_published_unless_something_is_missing(model, publish):
    example = PAGE_FACTORIES[model]()
    parent = Page.objects.parent_of(example).get()
    example.delete()
    draft = model(title="Title", live=False)
    Page.objects.get(pk=parent.pk).add_child(instance=draft)
    draft.save_revision(clean=False)

    refused = publish(draft)

    assert set(refused) == WHAT_IS_MISSING[model.__name__]
    assert model.objects.get(pk=draft.pk).live is (not refused)


@pytest.mark.parametrize("model", FACTORIES, ids=name_of)
def test_what_is_complete_is_published(model, publish):
    draft = FACTORIES[model](live=False)

    refused = publish(draft)

    assert refused == {}
    assert model.objects.get(pk=draft.pk).live


RICH_TEXTS = [
    (model, field.name)
    for model in FACTORIES
    for field in model._meta.get_fields()
    if isinstance(field, RichTextField)
]


@pytest.mark.parametrize(("model", "field"), RICH_TEXTS)
def test_link_to_nowhere_is_refused_beside_its_field(model, field, publish):
    draft = FACTORIES[model](live=False)

    refused = publish(draft, **{field: rich_text(LINK_TO_NOWHERE)})

    assert refused == {
        field: "The link “more of it” leads nowhere. Give it an address or remove the link."
    }


@pytest.mark.parametrize(("model", "field"), RICH_TEXTS)
def test_link_to_nowhere_may_stand_in_a_draft(model, field, staff, sign_in):
    draft = FACTORIES[model](live=False)

    response = sign_in(staff).post(
        admin_url(draft, "edit"), submission(draft, **{field: rich_text(LINK_TO_NOWHERE)})
    )

    assert refusals(response) == {}


def test_link_to_nowhere_inside_a_block_is_refused(publish):
    draft = factories.article_page(live=False)
    block = ("paragraphs", {"text": rich_text(LINK_TO_NOWHERE)})

    refused = publish(draft, **stream(block, field="body"))

    assert "“more of it” leads nowhere" in refused["body"]


def test_text_that_was_opened_and_left_empty_counts_as_empty(publish):
    draft = factories.article_page(live=False)
    block = ("paragraphs", {"text": rich_text("")})

    refused = publish(draft, **stream(block, field="body"))

    assert "This field is required." in refused["body"]


PICTURES = [
    (model, field.name)
    for model in FACTORIES
    for field in model._meta.get_fields()
    if hasattr(model, f"{field.name}_alt_text")
]


@pytest.mark.parametrize(("model", "picture"), PICTURES)
def test_picture_needs_an_alternative_text(model, picture, publish):
    draft = FACTORIES[model](live=False)

    refused = publish(draft, **{picture: factories.image().pk})
    accepted = publish(
        draft, **{picture: factories.image().pk, f"{picture}_alt_text": "A bridge at night"}
    )

    assert list(refused) == [f"{picture}_alt_text"]
    assert "Describe the picture" in refused[f"{picture}_alt_text"]
    assert accepted == {}


@pytest.mark.parametrize(
    ("model", "picture"),
    [(model, name) for model, name in PICTURES if hasattr(model, f"{name}_decorative")],
)
def test_decorative_picture_needs_none(model, picture, publish):
    draft = FACTORIES[model](live=False)

    refused = publish(draft, **{picture: factories.image().pk, f"{picture}_decorative": "on"})

    assert refused == {}


@pytest.mark.parametrize(
    ("said", "accepted"),
    [({}, False), ({"alt_text": "A bridge"}, True), ({"decorative": "on"}, True)],
)
def test_picture_in_a_text_needs_an_alternative_text(said, accepted, publish):
    draft = factories.article_page(live=False)
    picture = {"image": factories.image().pk, **said}
    block = ("picture", {f"picture-{name}": value for name, value in picture.items()})

    refused = publish(draft, **stream((*block,), field="body"), **{"body-0-value-caption": ""})

    assert (refused == {}) is accepted


# The survey


def question(*options: dict[str, Any], answer_type: str = "multiple") -> dict[str, Any]:
    """The fields of a survey with one question."""
    values: dict[str, Any] = {
        "heading": "Topic",
        "question": "",
        "answer_type": answer_type,
        "base_size": "",
        "interpretation": rich_text(""),
        "options-count": str(len(options)),
    }
    for position, option in enumerate(options):
        prefix = f"options-{position}"
        values |= {f"{prefix}-deleted": "", f"{prefix}-order": str(position), f"{prefix}-id": ""}
        defaults = {"text": "Answer", "basis": "measured", "qualifier": "", "note": ""}
        for name, value in {**defaults, "percentage": "", **option}.items():
            values[f"{prefix}-value-{name}"] = value
    return stream(("question", values), field="questions")


@pytest.mark.parametrize("percentage", ["-1", "100.01", "101"])
def test_share_lies_between_0_and_100(percentage, publish):
    refused = publish(factories.survey_page(live=False), **question({"percentage": percentage}))

    assert "than or equal to" in refused["questions"]


@pytest.mark.parametrize("percentage", ["0", "82.4", "100"])
def test_share_from_0_to_100_is_accepted(percentage, publish):
    refused = publish(factories.survey_page(live=False), **question({"percentage": percentage}))

    assert refused == {}


def test_share_that_is_no_number_is_refused(publish):
    refused = publish(factories.survey_page(live=False), **question({"percentage": "most"}))

    assert "Enter a number." in refused["questions"]


def test_figure_that_is_only_ranked_has_no_number(publish):
    refused = publish(
        factories.survey_page(live=False), **question({"basis": "ranked", "percentage": "40"})
    )

    assert "Only ranked, so there is no number" in refused["questions"]


def test_measured_figure_has_a_number(publish):
    refused = publish(factories.survey_page(live=False), **question({"basis": "measured"}))

    assert "Give the share" in refused["questions"]


@pytest.mark.parametrize(("answer_type", "accepted"), [("exclusive", False), ("multiple", True)])
def test_shares_of_exclusive_options_do_not_pass_100(answer_type, accepted, publish):
    options = [{"percentage": "60"}, {"percentage": "41"}]

    refused = publish(
        factories.survey_page(live=False), **question(*options, answer_type=answer_type)
    )

    assert (refused == {}) is accepted
    assert accepted or "add up to 101" in refused["questions"]


# Dates


def test_survey_ends_after_it_began(publish):
    refused = publish(
        factories.survey_page(live=False), fieldwork_from="2025-03-02", fieldwork_to="2025-03-01"
    )

    assert refused == {"fieldwork_to": "The last day is before the first day."}


def test_forum_ends_after_it_starts(publish):
    refused = publish(
        factories.forum_page(live=False),
        date_precision="time",
        starts_at="2025-03-01 10:00",
        ends_at="2025-03-01 09:00",
    )

    assert refused == {"ends_at": "The forum has to end after it starts."}


def test_forum_with_a_known_date_says_it(publish):
    refused = publish(factories.forum_page(live=False), date_precision="day")

    assert refused == {"starts_at": "Give the date, or choose “No date yet” above."}


def test_forum_number_is_taken_once(publish):
    factories.forum_page(edition=7)

    refused = publish(factories.forum_page(live=False, edition=7))

    assert refused == {"edition": "Another published forum has this number already."}


# Rows and names that may stand only once

ROWS = {
    "leaders": (
        lambda: factories.leadership_page(people=[factories.person(), factories.person()]),
        "This person is listed already: one role for each leader.",
    ),
    "article authors": (
        lambda: with_authors(factories.article_page()),
        "This author is listed already.",
    ),
    "deliverable authors": (
        lambda: with_authors(factories.deliverable_page()),
        "This author is listed already.",
    ),
}


def with_authors(page: Any) -> Any:
    for position in range(2):
        page.authors.create(person=factories.person(), sort_order=position)
    return page


def row_names(page: Any) -> tuple[str, Any]:
    name = "leaders" if isinstance(page, LeadershipPage) else "authors"
    return name, list(getattr(page, name).all())


@pytest.mark.parametrize("rows", ROWS)
def test_person_stands_once_in_a_list(rows, publish):
    make, sentence = ROWS[rows]
    page = make()
    name, (first, _second) = row_names(page)

    refused = publish(page, **{f"{name}-1-person": first.person_id})

    assert sentence in refused[name]


@pytest.mark.parametrize("rows", ROWS)
def test_people_in_a_list_change_places(rows, publish):
    make, _sentence = ROWS[rows]
    page = make()
    name, (first, second) = row_names(page)

    refused = publish(
        page, **{f"{name}-0-person": second.person_id, f"{name}-1-person": first.person_id}
    )

    assert refused == {}
    published = type(page).objects.get(pk=page.pk)
    assert [row.person_id for row in row_names(published)[1]] == [second.person_id, first.person_id]


def test_organisation_has_a_name_of_its_own(publish):
    factories.organisation(name="NXP")

    refused = publish(factories.organisation(live=False), name="NXP")

    assert refused["name"] == "An organisation of this name exists: use that one."


def test_deliverable_is_in_one_place(publish):
    draft = factories.deliverable_page(live=False, link_url="https://example.org/report")

    refused = publish(draft, document=factories.document().pk)

    assert refused == {
        "link_url": "Give a document or an address, not both: readers follow one of them."
    }


# What a draft may say that nobody could publish


CONTRADICTIONS = {
    "survey": (
        factories.survey_page,
        {"fieldwork_from": "2025-03-02", "fieldwork_to": "2025-03-01"},
        ("fieldwork_to", "The last day is before the first day."),
    ),
    "forum that ends before it starts": (
        factories.forum_page,
        {"date_precision": "time", "starts_at": "2025-03-02 10:00", "ends_at": "2025-03-01 09:00"},
        ("ends_at", "The forum has to end after it starts."),
    ),
    "forum of days that end before they begin": (
        factories.forum_page,
        {"date_precision": "day", "starts_at": "2025-03-02 10:00", "ends_at": "2025-03-01 09:00"},
        ("ends_at", "The forum has to end after it starts."),
    ),
    "forum that ends alone": (
        factories.forum_page,
        {"date_precision": "unknown", "ends_at": "2025-03-01 09:00"},
        ("starts_at", "Say when it starts, as you say when it ends."),
    ),
    "deliverable in two places": (
        factories.deliverable_page,
        {"link_url": "https://example.org/report", "document": "a document"},
        ("link_url", "Give a document or an address, not both"),
    ),
}


def contradicting(case: str, **fields: Any) -> tuple[Any, dict[str, Any], tuple[str, str]]:
    """The page, what its form is sent, and what is wrong with it."""
    make, changes, wrong = CONTRADICTIONS[case]
    if "document" in changes:
        changes = {**changes, "document": factories.document().pk}
    page = make(**fields)
    return page, submission(page, **changes), wrong


def values_of(page: Any, case: str) -> dict[str, Any]:
    return {name: getattr(page, name) for name in CONTRADICTIONS[case][1]}


@pytest.mark.parametrize("live", [True, False], ids=["live", "never published"])
@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_draft_keeps_what_cannot_go_together_and_says_so(case, live, staff, sign_in):
    page, sent, (name, sentence) = contradicting(case, live=live)
    client, address = sign_in(staff), admin_url(page, "edit")

    answer = client.post(address, sent, headers={"Accept": "application/json"}).json()

    assert answer["success"], answer
    assert f"#problems-of-{name}" in answer["html"]
    assert sentence in answer["html"]
    assert sentence in client.get(address).content.decode()
    kept = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    assert all(values_of(kept, case).values())


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_what_cannot_go_together_is_published_in_no_way(case, editor, sign_in):
    page, sent, (name, sentence) = contradicting(case, live=False)
    client, address = sign_in(editor), admin_url(page, "edit")

    refused = refusals(client.post(address, {**sent, **PUBLISH}))
    client.post(address, sent)
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{bulk}?id={page.pk}")

    assert sentence in refused[name]
    page.refresh_from_db()
    assert not page.live


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_draft_of_what_cannot_go_together_is_drawn(case, editor, sign_in):
    page, sent, _wrong = contradicting(case, live=False)
    window = sign_in(editor)
    window.post(admin_url(page, "edit"), sent)

    drawn = window.get(admin_url(page, "view_draft"))
    calendar = window.get(reverse("calendar"), {"view": "day", "date": "2025-03-02"})

    assert drawn.status_code == 200
    assert calendar.status_code == 200
    starts_then = "starts_at" in CONTRADICTIONS[case][1]
    assert (admin_url(page, "edit") in calendar.content.decode()) is starts_then


# Forms


def form_question(**values: str) -> dict[str, str]:
    fields = {"label": "Your name", "field_type": "singleline", "help_text": "", "choices": ""}
    row = {**fields, "default_value": "", "id": "", "ORDER": "1", **values}
    return {"form_fields-TOTAL_FORMS": "1"} | {
        f"form_fields-0-{name}": value for name, value in row.items()
    }


def test_form_is_not_opened_without_a_question(publish):
    refused = publish(factories.form_page(live=False), is_open="on")

    assert refused == {"is_open": "Add at least one question before you open the form."}


def test_form_is_opened_together_with_its_first_question(publish):
    page = factories.form_page(live=False)

    refused = publish(page, is_open="on", **form_question())

    assert refused == {}
    assert FormPage.objects.get(pk=page.pk).form_fields.get().label == "Your name"


# The same rules where there is no form


def incomplete_article():
    return factories.article_page(live=False, body=[])


def list_twice(page):
    page = page.get_latest_revision_as_object()
    first, second = page.leaders.all()
    second.person = first.person
    page.leaders = [first, second]
    return page


def leader_twice():
    return list_twice(factories.leadership_page(people=[factories.person(), factories.person()]))


def forum_that_ends_before_it_starts():
    page = factories.forum_page()
    page.starts_at = datetime(2025, 3, 2, tzinfo=UTC)
    page.ends_at = datetime(2025, 3, 1, tzinfo=UTC)
    page.date_precision = "day"
    return page


def survey_that_ends_before_it_began():
    page = factories.survey_page()
    page.fieldwork_from, page.fieldwork_to = date(2025, 3, 2), date(2025, 3, 1)
    return page


def open_form_without_questions():
    page = factories.form_page()
    page.is_open = True
    return page


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (incomplete_article, "Body: This field is required."),
        (leader_twice, "Leaders: This person is listed already: one role for each leader."),
        (forum_that_ends_before_it_starts, "Ends: The forum has to end after it starts."),
        (survey_that_ends_before_it_began, "Answers to: The last day is before the first day."),
        (open_form_without_questions, "Add at least one question before you open the form."),
    ],
)
def test_approval_refuses_what_the_form_would_refuse(make, sentence, staff, editor, sign_in):
    page = make()
    page.save_revision(user=staff, clean=False)
    before = type(page).objects.get(pk=page.pk)
    step = page.get_workflow().start(page, staff).current_task_state

    response = sign_in(editor).post(
        admin_url(page, "workflow_action", "approve", step.pk), follow=True
    )

    assert response.status_code == 200
    assert sentence in response.content.decode()
    after = type(page).objects.get(pk=page.pk)
    assert (after.live, after.live_revision) == (before.live, before.live_revision)


def test_every_type_with_a_rule_of_its_own_is_tried_here():
    assert {ArticlePage, ForumPage, SurveyPage, LeadershipPage, FormPage} < set(PAGE_FACTORIES)
