from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from pages.models import SurveyPage
from tests import factories
from tests.api_ids import id_beneath, id_of, linked
from tests.cms.addresses import admin_url
from tests.cms.submission import submission

pytestmark = pytest.mark.decided_in_python


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
    charts = [each.pop("chart") for each in data["survey"]["questions"]]
    assert [each["alternative"] for each in charts] == [
        "Market timing: over 70% answered “Within two years”. Then comes “Later” (17.6%)."
        " 110 people answered.",
        "Drivers: “Privacy” and “Latency” were named most often (in an order that is not known)."
        " How often is not known.",
    ]
    assert data == {
        "survey": {
            "id": id_of(page),
            "title": "Survey",
            "path": "/survey/",
            "locale": "en",
            "direction": "LTR",
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
                    "id": id_beneath(page, "questions", timing.id),
                    "heading": "Market timing",
                    "question": "When will the market be there?",
                    "answerType": "EXCLUSIVE",
                    "baseSize": 110,
                    "options": [
                        {
                            "id": option_id(page, timing, 0),
                            "text": "Within two years",
                            "basis": "MEASURED",
                            "qualifier": "OVER",
                            "percentage": 70,
                            "figure": "over 70%",
                            "count": None,
                            "tiedWithPrevious": False,
                            "note": "Of those who answered.",
                        },
                        {
                            "id": option_id(page, timing, 1),
                            "text": "Later",
                            "basis": "MEASURED",
                            "qualifier": None,
                            "percentage": 17.6,
                            "figure": "17.6%",
                            "count": None,
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
                    "id": id_beneath(page, "questions", drivers.id),
                    "heading": "Drivers",
                    "question": None,
                    "answerType": None,
                    "baseSize": None,
                    "options": [
                        {
                            "id": option_id(page, drivers, 0),
                            "text": "Privacy",
                            "basis": "RANKED",
                            "qualifier": None,
                            "percentage": None,
                            "figure": None,
                            "count": None,
                            "tiedWithPrevious": False,
                            "note": None,
                        },
                        {
                            "id": option_id(page, drivers, 1),
                            "text": "Latency",
                            "basis": "RANKED",
                            "qualifier": None,
                            "percentage": None,
                            "figure": None,
                            "count": None,
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
            "formPage": linked("Take part", "/take-part/"),
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

    problems = page.publication_problems()

    assert problems == {"fieldwork_to": ["The last day is before the first day."]}


def option_id(page, question, place):
    option = question.value["options"].bound_blocks[place]
    return id_beneath(page, "questions", question.id, "options", option.id)


# What a draft may say


WRONG = {
    "more than everyone": ({"basis": "measured", "percentage": "140"}, "less than or equal to 100"),
    "less than nobody": ({"basis": "measured", "percentage": "-5"}, "greater than or equal to 0"),
    "too exact": ({"basis": "measured", "percentage": "12.345"}, "2 decimal places"),
    "a number of a rank": ({"basis": "ranked", "percentage": "70"}, "Only ranked"),
    "a qualifier of a rank": ({"basis": "ranked", "qualifier": "over"}, "Only a measured share"),
    "no number": ({"basis": "measured"}, "Give the share"),
    "more than all": (
        [{"basis": "measured", "percentage": "70"}, {"basis": "measured", "percentage": "31"}],
        "The shares add up to 101%",
    ),
}


def sent(page, options, **buttons):
    options = options if isinstance(options, list) else [options]
    asked = question(*({"text": "Soon", **each} for each in options), answer_type="exclusive")
    return submission(
        SurveyPage(title=page.title, slug=page.slug, introduction="<p>Why.</p>", questions=[asked]),
        **buttons,
    )


@pytest.mark.parametrize(("options", "says"), WRONG.values(), ids=WRONG)
def test_draft_keeps_wrong_shares_and_shows_what_is_wrong(options, says, staff, sign_in):
    page = factories.survey_page(live=False)
    client, address = sign_in(staff), admin_url(page, "edit")

    answer = client.post(
        address, sent(page, options), headers={"Accept": "application/json"}
    ).json()

    assert answer["success"], answer
    assert "#problems-of-questions" in answer["html"]
    assert says in answer["html"]
    kept = SurveyPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    shares = [each["percentage"] for each in kept.questions[0].value["options"]]
    given = options if isinstance(options, list) else [options]
    assert shares == [
        Decimal(each["percentage"]) if "percentage" in each else None for each in given
    ]
    assert says in client.get(address).content.decode()


@pytest.mark.parametrize(("options", "says"), WRONG.values(), ids=WRONG)
def test_wrong_shares_are_not_published(options, says, editor, sign_in):
    page = factories.survey_page(live=False)
    client, address = sign_in(editor), admin_url(page, "edit")
    refused = client.post(address, sent(page, options, **{"action-publish": "1"}))
    client.post(address, sent(page, options))
    by_itself = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    client.post(f"{by_itself}?id={page.pk}")

    assert refused.status_code == 200
    assert says in refused.content.decode()
    page.refresh_from_db()
    assert not page.live


def test_nothing_is_said_of_what_has_been_put_right(staff, sign_in):
    page = factories.survey_page(live=False)
    client, address = sign_in(staff), admin_url(page, "edit")
    client.post(address, sent(page, {"basis": "measured", "percentage": "140"}))

    answer = client.post(
        address,
        sent(page, {"basis": "measured", "percentage": "14"}),
        headers={"Accept": "application/json"},
    ).json()

    assert "#problems-of-questions" in answer["html"]  # It takes the place of what was said.
    assert "help-warning" not in answer["html"]
    assert "Before it can be published" not in client.get(address).content.decode()


@pytest.mark.parametrize("percentage", ["1e999999", "1e-999999", "NaN", "a lot"])
def test_what_nobody_can_have_meant_is_refused_in_a_draft_too(percentage, staff, sign_in):
    page = factories.survey_page(live=False)
    wrong = sent(page, {"basis": "measured", "percentage": "7"})
    wrong["questions-0-value-options-0-value-percentage"] = percentage

    answer = sign_in(staff).post(
        admin_url(page, "edit"), wrong, headers={"Accept": "application/json"}
    )

    assert answer.json()["error_code"] == "validation_error"


def test_draft_with_wrong_shares_is_previewed(editor, sign_in, client):
    page = factories.survey_page(live=False)
    wrong = {"basis": "measured", "percentage": "140"}
    sign_in(editor).post(admin_url(page, "edit"), sent(page, wrong))
    token = factories.preview_token()

    answer = client.get(
        "/graphql",
        {"query": "{ survey { questions { options { percentage figure } } } }"},
        headers={"Authorization": f"Bearer {token}"},
    ).json()

    (asked,) = answer["data"]["survey"]["questions"]
    assert asked["options"] == [{"percentage": 140, "figure": "140%"}]
