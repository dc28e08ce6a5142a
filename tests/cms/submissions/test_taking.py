"""Answers to forms: taken whole and once, or refused with a code for each question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from wagtail.models import PageViewRestriction

from cms.submissions.models import Submission
from pages.models import FormField, FormPage
from tests import factories
from tests.conftest import statements_of

KEY = "5f0c9c1e-6c1b-4a53-8d7e-0f7a3b8a1c11"
CONSENT = "I agree that my answers are kept for a year."


@pytest.fixture
def form(db) -> FormPage:
    return factories.form_page(
        slug="join",
        is_open=True,
        form_fields=[
            FormField(label="Your name", field_type="singleline"),
            FormField(label="E-mail", field_type="email", required=False),
            FormField(
                label="Interests",
                field_type="checkboxes",
                required=False,
                choices="Models\nHardware",
            ),
            FormField(label="Agreed", field_type="consent", consent_text=CONSENT),
        ],
    )


@pytest.fixture
def start(run_operation, clock) -> Callable[..., str]:
    """A token that is old enough."""

    def start(path: str = "/join/") -> str:
        began = run_operation("start_form", path=path)["startForm"]
        assert began["errors"] == []
        clock.moment += timedelta(minutes=1)
        return began["token"]

    return start


@pytest.fixture
def submit(run_operation, start) -> Callable[..., Any]:
    """Send answers, by the keys of their questions, as the contract's operation does."""

    def submit(answers: dict[str, str | list[str]], **given: Any) -> Any:
        variables = {"path": "/join/", "idempotencyKey": KEY, **given}
        if "token" not in variables:
            variables["token"] = start(variables["path"])
        variables["answers"] = [
            {"cleanName": name, "values": [value] if isinstance(value, str) else value}
            for name, value in answers.items()
        ]
        return run_operation("submit_form", **variables)["submitForm"]

    return submit


def codes(outcome: Any) -> list[tuple[str | None, str]]:
    assert outcome["reference"] is None
    return [(error["cleanName"], error["code"]) for error in outcome["errors"]]


WHOLE: dict[str, Any] = {"your_name": "Ada Rossi", "agreed": "true"}


def test_answer_is_taken_with_what_was_asked_and_consented_to(form, submit, clock):
    outcome = submit({**WHOLE, "e_mail": "ada@example.org", "interests": ["Models", "Hardware"]})

    taken = Submission.objects.get()
    assert outcome == {"reference": str(taken.reference), "errors": []}
    assert taken.page_id == form.pk
    assert taken.form_data == {
        "your_name": "Ada Rossi",
        "e_mail": "ada@example.org",
        "interests": ["Models", "Hardware"],
        "agreed": True,
    }
    assert [question["label"] for question in taken.questions] == [
        "Your name",
        "E-mail",
        "Interests",
        "Agreed",
    ]
    assert taken.consents == [{"name": "agreed", "label": "Agreed", "text": CONSENT}]
    assert (taken.submit_time, taken.language) == (clock.moment, "en")
    assert (taken.kept_until - taken.submit_time).days == 365


def test_each_question_says_what_is_wrong_and_nothing_is_taken(form, submit):
    outcome = submit({"e_mail": "ada", "interests": ["Ethics"], "agreed": "false", "shoe": "42"})

    assert codes(outcome) == [
        ("shoe", "UNKNOWN_QUESTION"),
        ("your_name", "REQUIRED"),
        ("e_mail", "INVALID"),
        ("interests", "NOT_A_CHOICE"),
        ("agreed", "CONSENT_REQUIRED"),
    ]
    assert all(error["message"].endswith((".", "org")) for error in outcome["errors"])
    assert not Submission.objects.exists()


def question(kind: str, **fields: Any) -> FormField:
    return FormField(label="Question", field_type=kind, **{"required": False, **fields})


CHOICES = {"choices": "One\nTwo\nThree"}
OFFERING = ("radio", "dropdown", "checkboxes", "multiselect")


@pytest.mark.parametrize(
    ("asked", "answer", "stored"),
    [
        (question("singleline"), "  A line  ", "A line"),
        (question("singleline", minimum=2, maximum=4), "a", "TOO_SHORT"),
        (question("singleline", minimum=2, maximum=4), "abcde", "TOO_LONG"),
        (question("singleline", minimum=2, maximum=4), "abcd", "abcd"),
        (question("singleline"), "x" * 256, "TOO_LONG"),
        (question("singleline"), "a\0b", "INVALID"),
        (question("multiline"), "One\nTwo", "One\nTwo"),
        (question("multiline"), "x" * 10_001, "TOO_LONG"),
        (question("hidden"), "newsletter", "newsletter"),
        (question("email"), "ada@example.org", "ada@example.org"),
        (question("email"), "ada@example.org\nbcc: x@example.org", "INVALID"),
        (question("email"), "ada@", "INVALID"),
        (question("url"), "https://example.org/a", "https://example.org/a"),
        (question("url"), "example.org", "https://example.org"),
        (question("url"), "javascript:alert(1)", "INVALID"),
        (question("number"), "12.50", "12.50"),
        (question("number"), "0", "0"),
        (question("number"), "1e3", "1000"),
        (question("number"), "twelve", "INVALID"),
        (question("number"), "NaN", "INVALID"),
        (question("number"), "Infinity", "INVALID"),
        (question("number", minimum=1, maximum=10), "0.9", "TOO_SMALL"),
        (question("number", minimum=1, maximum=10), "10", "10"),
        (question("number", minimum=1, maximum=10), "10.1", "TOO_LARGE"),
        (question("number"), "9" * 31, "TOO_LARGE"),
        (question("checkbox"), "true", True),
        (question("checkbox"), "false", False),
        (question("checkbox"), "yes", "INVALID"),
        (question("radio", **CHOICES), "Two", "Two"),
        (question("radio", **CHOICES), "two", "NOT_A_CHOICE"),
        (question("dropdown", **CHOICES), "Three", "Three"),
        (question("checkboxes", **CHOICES), ["One", "Three"], ["One", "Three"]),
        (question("checkboxes", **CHOICES, minimum=2), ["One"], "TOO_FEW_CHOICES"),
        (
            question("multiselect", **CHOICES, maximum=2),
            ["One", "Two", "Three"],
            "TOO_MANY_CHOICES",
        ),
        (question("multiselect", **CHOICES), ["Four"], "NOT_A_CHOICE"),
        (question("date"), "2026-07-01", "2026-07-01"),
        (question("date"), "01/07/2026", "INVALID"),
        (question("date"), "2026-02-30", "INVALID"),
        (question("date", earliest="2026-07-01"), "2026-06-30", "TOO_EARLY"),
        (question("date", latest="2026-07-01"), "2026-07-02", "TOO_LATE"),
        (question("date", latest="2026-07-01"), "2026-07-01", "2026-07-01"),
        (question("datetime"), "2026-07-01T09:00Z", "2026-07-01T09:00:00+00:00"),
        (question("datetime", latest="2026-07-01"), "2026-07-01T23:30-05:00", "TOO_LATE"),
        (question("datetime"), "tomorrow", "INVALID"),
        (question("radio", **CHOICES), ["One", "Two"], "ANSWERED_TWICE"),
        (question("singleline"), ["One", "Two"], "ANSWERED_TWICE"),
    ],
)
def test_each_kind_of_question_takes_its_kind_of_answer(db, submit, asked, answer, stored):
    factories.form_page(slug="join", is_open=True, form_fields=[asked])

    outcome = submit({"question": answer})

    if (isinstance(stored, str) and stored.isupper() and "_" in stored) or stored == "INVALID":
        assert codes(outcome) == [("question", stored)]
    else:
        assert outcome["errors"] == []
        assert Submission.objects.get().form_data == {"question": stored}


@pytest.mark.parametrize("kind", ["singleline", "checkbox", "consent", "date", *OFFERING])
@pytest.mark.parametrize("answers", [{}, {"question": []}, {"question": ""}], ids=str)
def test_what_is_needed_cannot_be_left_out(db, submit, kind, answers):
    asked = question(kind, **(CHOICES if kind in OFFERING else {}), required=True)
    factories.form_page(slug="join", is_open=True, form_fields=[asked])

    code = "CONSENT_REQUIRED" if kind == "consent" else "REQUIRED"
    assert codes(submit(answers)) == [("question", code)]


def test_spaces_are_no_answer(db, submit):
    asked = question("singleline", required=True)
    factories.form_page(slug="join", is_open=True, form_fields=[asked])

    assert codes(submit({"question": "   "})) == [("question", "REQUIRED")]


def test_question_is_asked_only_once_its_condition_holds(db, submit):
    asked = [
        FormField(label="How", field_type="radio", choices="Build\nWrite\nFund"),
        FormField(
            label="What with",
            field_type="singleline",
            condition_question="how",
            condition_answers="Build\nWrite",
        ),
        FormField(label="Since when", field_type="date", condition_question="what_with"),
    ]
    factories.form_page(slug="join", is_open=True, form_fields=asked)

    missing = submit({"how": "Build"})
    left_out = submit({"how": "Fund", "what_with": "Nothing", "since_when": "2026-01-01"})
    beneath = submit({"how": "Write", "what_with": "A pen"}, idempotencyKey=KEY + "2")

    assert codes(missing) == [("what_with", "REQUIRED")]
    assert left_out["errors"] == []
    assert Submission.objects.get().form_data == {"how": "Fund"}
    assert [each["name"] for each in Submission.objects.get().questions] == ["how"]
    assert codes(beneath) == [("since_when", "REQUIRED")]


def test_question_is_asked_after_a_choice_with_a_comma(db, submit):
    asked = [
        FormField(label="When", field_type="radio", choices="Yes, within a year\nYes\nNo"),
        FormField(
            label="What with",
            field_type="singleline",
            condition_question="when",
            condition_answers="Yes, within a year",
        ),
    ]
    factories.form_page(slug="join", is_open=True, form_fields=asked)

    assert codes(submit({"when": "Yes, within a year"})) == [("what_with", "REQUIRED")]
    assert submit({"when": "Yes"})["errors"] == []


def test_same_key_and_answers_are_taken_once(form, submit):
    first = submit(WHOLE)
    again = submit(WHOLE)
    others = submit({**WHOLE, "your_name": "Ben"})
    new = submit({**WHOLE, "your_name": "Ben"}, idempotencyKey=KEY + "2")

    assert first["reference"] == again["reference"] != new["reference"]
    assert codes(others) == [(None, "KEY_REUSED")]
    assert Submission.objects.count() == 2


def test_who_sends_again_is_answered_alike_although_the_form_has_closed(form, submit, start):
    token = start()
    first = submit(WHOLE, token=token)
    form.is_open = False
    form.save_revision().publish()

    assert submit(WHOLE, token=token) == first
    assert codes(submit(WHOLE, token=token, idempotencyKey=KEY + "2")) == [(None, "FORM_NOT_OPEN")]


@pytest.mark.parametrize("key", ["", "short", "x" * 201])
def test_key_has_to_be_long_enough_to_be_one_of_its_own(form, submit, key):
    assert codes(submit(WHOLE, idempotencyKey=key)) == [(None, "KEY_REFUSED")]


def closed(page: FormPage) -> None:
    page.is_open = False
    page.save_revision().publish()


def expired(page: FormPage) -> None:
    FormPage.objects.update(expire_at="2026-01-15T12:00:00Z")


def private(page: FormPage) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def clock_closed(page: FormPage) -> None:
    FormPage.objects.update(closes_at="2026-01-15T12:00:30Z")


@pytest.mark.parametrize(
    "end",
    [
        closed,
        expired,
        private,
        clock_closed,
        lambda page: page.unpublish(),
        lambda page: page.delete(),
        lambda page: FormPage.objects.update(opens_at="2026-01-16T00:00:00Z"),
    ],
    ids=["closed", "expired", "private", "over", "unpublished", "deleted", "to come"],
)
def test_form_that_takes_nothing_tells_nothing(form, submit, start, run_operation, end):
    token = start()
    end(form)

    refused = submit(WHOLE, token=token)
    elsewhere = submit(WHOLE, token=token, path="/nowhere/")
    begun = run_operation("start_form", path="/join/")["startForm"]

    assert refused == elsewhere
    assert codes(refused) == [(None, "FORM_NOT_OPEN")]
    assert [error["code"] for error in begun["errors"]] == ["FORM_NOT_OPEN"]
    assert begun["token"] is None
    assert not Submission.objects.exists()


def test_form_opens_and_closes_at_its_second(form, submit, clock, run_operation, ask):
    FormPage.objects.update(opens_at="2026-01-15T13:00:00Z", closes_at="2026-01-15T14:00:00Z")

    def state():
        form = run_operation("form", path="/join/")["page"]
        return form["isOpen"], bool(form["formFields"]), bool(form["honeypot"])

    states = {}
    for at in ("12:59:59", "13:00:00", "13:59:59", "14:00:00"):
        clock.set(f"2026-01-15T{at}+00:00")
        states[at] = state()
    clock.set("2026-01-15T13:30:00+00:00")
    asked = ask('{ nextChangeAt page(path: "/join/") { ... on FormPage { isOpen } } }')

    assert states == {
        "12:59:59": (False, False, False),
        "13:00:00": (True, True, True),
        "13:59:59": (True, True, True),
        "14:00:00": (False, False, False),
    }
    assert asked["nextChangeAt"] == "2026-01-15T14:00:00+00:00"


def test_form_closes_with_its_last_answer(form, submit, run_operation):
    FormPage.objects.update(max_submissions=2)

    outcomes = [submit(WHOLE, idempotencyKey=f"{KEY}{number}") for number in range(2)]
    token = run_operation("start_form", path="/join/")["startForm"]
    shown = run_operation("form", path="/join/")["page"]

    assert [outcome["errors"] for outcome in outcomes] == [[], []]
    assert token["errors"][0]["code"] == "FORM_NOT_OPEN"
    assert (shown["isOpen"], shown["formFields"]) == (False, [])


def test_version_that_is_due_is_the_one_that_is_answered(form, submit, clock):
    form.form_fields = [FormField(label="Only this", field_type="singleline")]
    form.go_live_at = "2026-01-15T12:00:30Z"
    form.save_revision(approved_go_live_at=clock.moment + timedelta(seconds=30)).publish()

    outcome = submit({"only_this": "Seen"})

    assert outcome["errors"] == []
    assert Submission.objects.get().form_data == {"only_this": "Seen"}


def test_token_is_of_one_form_and_of_someone_who_took_time(form, submit, clock, run_operation):
    factories.form_page(
        slug="other", is_open=True, form_fields=[FormField(label="Name", field_type="singleline")]
    )
    at_once = run_operation("start_form", path="/join/")["startForm"]["token"]
    other = run_operation("start_form", path="/other/")["startForm"]["token"]

    too_fast = submit(WHOLE, token=at_once)
    clock.moment += timedelta(minutes=1)
    of_other = submit(WHOLE, token=other)
    forged = submit(WHOLE, token=at_once.rpartition(":")[0] + ":" + 43 * "A")
    clock.moment += timedelta(days=1)
    too_old = submit(WHOLE, token=at_once)

    assert codes(too_fast) == [(None, "TOO_FAST")]
    assert [codes(each) for each in (of_other, forged, too_old)] == 3 * [[(None, "START_AGAIN")]]


def test_whoever_fills_in_what_people_do_not_see_is_refused(form, submit, run_operation):
    honeypot = run_operation("form", path="/join/")["page"]["honeypot"]

    assert codes(submit({**WHOLE, honeypot: "https://spam.example"})) == [(None, "LOOKS_AUTOMATED")]
    assert submit({**WHOLE, honeypot: ""})["errors"] == []


def test_honeypot_has_a_name_that_no_question_has(db, run_operation):
    asked = [
        FormField(label="Website", field_type="url"),
        FormField(label="Website 2", field_type="url"),
    ]
    factories.form_page(slug="join", is_open=True, form_fields=asked)

    page = run_operation("form", path="/join/")["page"]

    assert page["honeypot"] == "website_3"


def test_one_address_and_one_form_have_so_many_answers_an_hour(
    form, client, submit, settings, clock
):
    settings.FORM_ANSWERS_PER_ADDRESS_PER_HOUR, settings.FORM_ANSWERS_PER_HOUR = 2, 3

    def send(number: int, address: str) -> Any:
        client.defaults["REMOTE_ADDR"] = address
        return submit(WHOLE, idempotencyKey=f"{KEY}{number}")

    taken = [send(1, "192.0.2.1"), send(2, "192.0.2.1")]
    same_address = send(3, "192.0.2.1")
    other_address = send(4, "192.0.2.2")
    whole_form = send(5, "192.0.2.3")
    clock.moment += timedelta(hours=1)
    later = send(6, "192.0.2.1")

    assert [outcome["errors"] for outcome in [*taken, other_address, later]] == 4 * [[]]
    for refused in (same_address, whole_form):
        assert codes(refused) == [(None, "RATE_LIMITED")]
        assert 0 < refused["errors"][0]["retryAfter"] <= 3_600


def test_nothing_tells_where_an_answer_came_from(form, client, submit):
    client.defaults["REMOTE_ADDR"] = "192.0.2.77"
    submit(WHOLE)

    stored = StringIO()
    call_command("dumpdata", "submissions", stdout=stored)

    assert "Ada Rossi" in stored.getvalue()
    assert "192.0.2" not in stored.getvalue()


def test_preview_sends_nothing(form, client, editor):
    made = StringIO()
    call_command("create_preview_token", "For a test", "--by", editor.username, stdout=made)
    token = made.getvalue().strip()
    file = Path(settings.FRONTEND_CONTRACT) / "operations" / "start_form.graphql"

    answer = client.post(
        "/graphql",
        {"query": file.read_text(), "variables": {"path": "/join/"}},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    ).json()

    assert answer["data"] == {"startForm": None}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


def test_mutation_is_not_sent_by_what_any_page_may_make_a_browser_send(form, client):
    text = 'mutation { startForm(path: "/join/") { token } }'

    got = client.get("/graphql", {"query": text})
    posted = [
        client.post("/graphql", {"query": text}, **given)
        for given in ({}, {"content_type": "text/plain"})
    ]

    assert got.status_code == 405
    assert [each.status_code for each in posted] == [415, 415]


def test_answers_are_not_as_many_as_one_likes(form, submit):
    outcome = submit({f"question_{number}": "x" for number in range(499)})

    assert len(outcome["errors"]) == 50


def test_costs_the_same_however_many_questions_there_are(db, submit, start):
    counted = []
    for number in (3, 9):
        FormPage.objects.all().delete()
        asked = [FormField(label=f"Question {n}", field_type="singleline") for n in range(number)]
        factories.form_page(slug="join", is_open=True, form_fields=asked)
        send = partial(submit, {f"question_{n}": "x" for n in range(number)}, token=start())
        send(idempotencyKey=f"{KEY}{number}")
        counted.append(len(statements_of(partial(send, idempotencyKey=f"{KEY}again{number}"))))

    assert counted[0] == counted[1]
