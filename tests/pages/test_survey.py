from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pages.models import SurveyPage
from tests import factories


def question(*options: dict[str, Any], **fields: Any) -> tuple[str, dict[str, Any]]:
    ranked = [{"text": "Answer", "basis": "ranked"}]
    return ("question", {"heading": "Topic", "options": list(options) or ranked, **fields})


def test_survey_operation_answers_questions_with_figures_and_tables(db, run_operation, statements):
    form = factories.form_page(title="Take part", slug="take-part")
    page = factories.survey_page(
        search_description="What partners think.",
        introduction="<p>Why there is a survey.</p>",
        wave="Initial wave",
        audience="Partners of the foundation",
        fieldwork_from=date(2024, 3, 1),
        fieldwork_to=date(2024, 3, 31),
        base_size=120,
        summary="<p>In short.</p>",
        questions=[
            question(
                {
                    "text": "Within two years",
                    "basis": "measured",
                    "qualifier": "over",
                    "percentage": "70",
                    "note": "Of those who answered.",
                },
                {"text": "Later", "basis": "measured", "percentage": "17.60"},
                heading="Market timing",
                question="When will the market be there?",
                answer_type="exclusive",
                base_size=110,
                interpretation="<p>Soon.</p>",
            ),
            question(
                {"text": "Privacy", "basis": "ranked"},
                {"text": "Latency", "basis": "ranked", "tied_with_previous": True},
                heading="Drivers",
            ),
        ],
        conclusion="<p>What follows.</p>",
        invitation=f'<p><a linktype="page" id="{form.pk}">Take part</a>.</p>',
        form_page=form,
    )
    run_operation("survey")

    with statements(4):
        data = run_operation("survey")

    timing, drivers = page.questions
    assert data == {
        "survey": {
            "id": str(page.pk),
            "title": "Survey",
            "path": "/survey/",
            "seo": {"title": "Survey", "description": "What partners think.", "image": None},
            "introduction": {"html": "<p>Why there is a survey.</p>"},
            "wave": "Initial wave",
            "audience": "Partners of the foundation",
            "fieldworkFrom": "2024-03-01",
            "fieldworkTo": "2024-03-31",
            "baseSize": 120,
            "summary": {"html": "<p>In short.</p>"},
            "questions": [
                {
                    "id": timing.id,
                    "heading": "Market timing",
                    "question": "When will the market be there?",
                    "answerType": "EXCLUSIVE",
                    "baseSize": 110,
                    "options": [
                        {
                            "id": timing.value["options"].bound_blocks[0].id,
                            "text": "Within two years",
                            "basis": "MEASURED",
                            "qualifier": "OVER",
                            "percentage": 70,
                            "figure": "over 70%",
                            "tiedWithPrevious": False,
                            "note": "Of those who answered.",
                        },
                        {
                            "id": timing.value["options"].bound_blocks[1].id,
                            "text": "Later",
                            "basis": "MEASURED",
                            "qualifier": None,
                            "percentage": 17.6,
                            "figure": "17.6%",
                            "tiedWithPrevious": False,
                            "note": None,
                        },
                    ],
                    "interpretation": {"html": "<p>Soon.</p>"},
                    "table": {
                        "caption": "When will the market be there?",
                        "columns": ["Rank", "Answer", "Share of respondents", "Note"],
                        "rows": [
                            ["1", "Within two years", "over 70%", "Of those who answered."],
                            ["2", "Later", "17.6%", ""],
                        ],
                    },
                },
                {
                    "id": drivers.id,
                    "heading": "Drivers",
                    "question": None,
                    "answerType": None,
                    "baseSize": None,
                    "options": [
                        {
                            "id": drivers.value["options"].bound_blocks[0].id,
                            "text": "Privacy",
                            "basis": "RANKED",
                            "qualifier": None,
                            "percentage": None,
                            "figure": None,
                            "tiedWithPrevious": False,
                            "note": None,
                        },
                        {
                            "id": drivers.value["options"].bound_blocks[1].id,
                            "text": "Latency",
                            "basis": "RANKED",
                            "qualifier": None,
                            "percentage": None,
                            "figure": None,
                            "tiedWithPrevious": True,
                            "note": None,
                        },
                    ],
                    "interpretation": None,
                    "table": {
                        "caption": "Drivers",
                        "columns": ["Rank", "Answer", "Share of respondents"],
                        "rows": [
                            ["1", "Privacy", "not measured"],
                            ["1", "Latency", "not measured"],
                        ],
                    },
                },
            ],
            "conclusion": {"html": "<p>What follows.</p>"},
            "invitation": {"html": '<p><a href="/take-part/">Take part</a>.</p>'},
            "formPage": {"title": "Take part", "path": "/take-part/"},
        }
    }


def test_survey_is_null_while_there_is_none(db, run_operation):
    factories.home_page()

    data = run_operation("survey")

    assert data == {"survey": None}


def test_survey_costs_the_same_however_many_questions_and_answers_there_are(
    db, run_operation, statements
):
    def questions(number):
        linked = f'<p><a linktype="page" id="{form.pk}">Take part</a></p>'
        options = [{"text": f"Answer {n}", "basis": "ranked"} for n in range(number)]
        return [question(*options, interpretation=linked) for _ in range(number)]

    form = factories.form_page()
    page = factories.survey_page(questions=questions(3))
    run_operation("survey")
    with statements(4):
        run_operation("survey")

    page.questions = questions(9)
    page.save_revision().publish()
    with statements(4):
        data = run_operation("survey")

    assert [len(q["options"]) for q in data["survey"]["questions"]] == [9] * 9


def test_form_of_the_survey_is_null_while_it_is_not_public(db, ask):
    factories.survey_page(form_page=factories.form_page(live=False))

    data = ask("{ survey { title formPage { title } } }")

    assert data == {"survey": {"title": "Survey", "formPage": None}}


@pytest.mark.parametrize(
    ("qualifier", "percentage", "figure", "number"),
    [
        ("over", "70", "over 70%", 70),
        ("under", "5", "under 5%", 5),
        ("about", "33.33", "about 33.33%", 33.33),
        ("exactly", "82.4", "82.4%", 82.4),
        ("", "82.40", "82.4%", 82.4),
        (None, "100", "100%", 100),
        ("", "0", "0%", 0),
        ("", "0.5", "0.5%", 0.5),
        ("over", "10.00", "over 10%", 10),
    ],
)
def test_measured_share_is_a_number_and_a_text_with_its_qualifier(
    db, ask, qualifier, percentage, figure, number
):
    option = {"text": "Yes", "basis": "measured", "percentage": percentage, "qualifier": qualifier}
    factories.survey_page(questions=[question(option)])

    data = ask("{ survey { questions { options { percentage figure } table { rows } } } }")

    answered = {
        "options": [{"percentage": number, "figure": figure}],
        "table": {"rows": [["1", "Yes", figure]]},
    }
    assert data == {"survey": {"questions": [answered]}}


def problems_of(*questions: tuple[str, dict[str, Any]]) -> str | None:
    """The field that keeps a survey with these questions from being published, if any."""
    page = factories.survey_page(live=False, questions=list(questions))
    try:
        page.get_latest_revision().publish()
    except ValidationError as problem:
        return " ".join(problem.message_dict)
    return None


@pytest.mark.parametrize(
    "option",
    [
        {"text": "A", "basis": "ranked", "percentage": "70"},
        {"text": "A", "basis": "ranked", "percentage": "0"},
        {"text": "A", "basis": "ranked", "qualifier": "over"},
        {"text": "A", "basis": "measured"},
        {"text": "A", "basis": "measured", "percentage": "100.01"},
        {"text": "A", "basis": "measured", "percentage": "-0.01"},
        {"text": "A", "basis": "measured", "percentage": "12.345"},
        {"text": "", "basis": "ranked"},
    ],
    ids=[
        "ranked-with-a-share",
        "ranked-with-zero",
        "ranked-with-a-qualifier",
        "measured-without-a-share",
        "more-than-everyone",
        "less-than-nobody",
        "too-precise",
        "no-answer",
    ],
)
def test_survey_is_not_published_with_a_figure_that_cannot_be(db, option):
    problems = problems_of(question(option))

    assert problems == "questions"


def test_shares_of_exclusive_answers_may_not_pass_everyone(db):
    options = [
        {"text": "A", "basis": "measured", "percentage": "60"},
        {"text": "B", "basis": "measured", "percentage": "40.01"},
    ]

    exclusive = problems_of(question(*options, answer_type="exclusive"))
    multiple = problems_of(question(*options, answer_type="multiple"))
    unknown = problems_of(question(*options))

    assert (exclusive, multiple, unknown) == ("questions", None, None)


def test_shares_of_exclusive_answers_may_add_up_to_everyone(db):
    options = [
        {"text": "A", "basis": "measured", "percentage": "82.4"},
        {"text": "B", "basis": "measured", "percentage": "17.6"},
        {"text": "C", "basis": "ranked"},
    ]

    problems = problems_of(question(*options, answer_type="exclusive"))

    assert problems is None


def test_answers_to_a_survey_cannot_end_before_they_start():
    page = SurveyPage(fieldwork_from=date(2024, 3, 2), fieldwork_to=date(2024, 3, 1))

    with pytest.raises(ValidationError) as problem:
        page.clean()

    assert problem.value.message_dict == {"fieldwork_to": ["The last day is before the first day."]}


def test_database_refuses_answers_that_end_before_they_start(db):
    page = factories.survey_page()
    rows = SurveyPage.objects.filter(pk=page.pk)

    rows.update(fieldwork_from=date(2024, 3, 1), fieldwork_to=date(2024, 3, 1))
    with (
        pytest.raises(IntegrityError, match="pages_survey_fieldwork_in_order"),
        transaction.atomic(),
    ):
        rows.update(fieldwork_from=date(2024, 3, 2))

    assert rows.get().fieldwork_from == date(2024, 3, 1)
