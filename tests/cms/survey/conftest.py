"""A survey with its form, and what editors do with its results."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from pages.models import FormField, FormPage, SurveyPage
from tests import factories

WHEN = "When will it be there?"
WHAT = "What for?"
USES = ["Speech, and text", "Vision", "Robots"]


@pytest.fixture
def form(db, clock) -> FormPage:
    return factories.form_page(
        title="Take part",
        slug="take-part",
        is_open=True,
        form_fields=[
            FormField(label=WHEN, field_type="radio", choices="2025\n2026\nLater"),
            FormField(label=WHAT, field_type="checkboxes", choices="\n".join(USES)),
            FormField(label="Your name", field_type="singleline"),
        ],
    )


@pytest.fixture
def survey(form) -> SurveyPage:
    timing = {
        "heading": "Market timing",
        "question": WHEN,
        "options": [
            {
                "text": "2025",
                "basis": "measured",
                "qualifier": "over",
                "percentage": "70",
                "note": "As the group published it.",
            },
            {"text": "Never", "basis": "ranked"},
        ],
        "interpretation": "<p>Soon.</p>",
    }
    other = {"heading": "Something else", "options": [{"text": "Yes", "basis": "ranked"}]}
    return factories.survey_page(
        form_page=form,
        wave="Initial wave",
        questions=[("question", timing), ("question", other)],
    )


@pytest.fixture
def answers(form, clock) -> None:
    for number in range(6):
        answer: dict[str, Any] = {"when_will_it_be_there": "2025" if number < 4 else "Later"}
        if number < 5:
            answer["what_for"] = USES[: 1 + number % 2]
        factories.submission(form, your_name="Ada", **answer)


class Results:
    """The screen of one page, as somebody uses it."""

    def __init__(self, client: Any, page: SurveyPage):
        self.client = client
        self.page = page
        self.address = reverse("survey_results", args=[page.pk])

    def choose(self, **chosen: Any) -> Any:
        return self.client.post(self.address, {"source": "answers", "figures": "whole", **chosen})

    def look(self, **chosen: Any) -> Any:
        response = self.choose(**chosen)
        assert response.status_code == 200
        assert "changes" in response.context, response.context["form"].errors
        return response

    def send(self, preview: Any, **changed: Any) -> Any:
        """What a browser sends of the preview as it stands, but for what is changed."""
        return self.client.post(self.address, {**sent(preview), **changed})

    def apply(self, preview: Any, **changed: Any) -> Any:
        return self.send(preview, apply="1", **changed)

    @property
    def draft(self) -> Any:
        return SurveyPage.objects.get(pk=self.page.pk).get_latest_revision_as_object()


def sent(response: Any) -> dict[str, str]:
    seen = re.search(r'name="seen" value="([^"]+)"', response.content.decode())
    assert seen
    changes = response.context["changes"]
    targets = {f"target-{each.tally.key}": each.target for each in changes.of_questions}
    facts = {"with_facts": "on"} if response.context["with_facts"] else {}
    return {"seen": seen[1], **targets, **facts}


@pytest.fixture
def results(survey, editor, sign_in) -> Results:
    return Results(sign_in(editor), survey)


@pytest.fixture
def results_for(sign_in):
    return lambda user, page: Results(sign_in(user), page)
