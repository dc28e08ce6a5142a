"""Who may reads answers to forms, exports them and deletes them; nobody else learns of them."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import GroupPagePermission, Page, PageLogEntry

from cms.submissions.models import Submission
from pages.models import FormField, FormPage
from tests import factories

QUESTIONS = [("Your name", "singleline"), ("E-mail", "email"), ("Interests", "checkboxes")]


@pytest.fixture
def form(db, clock) -> FormPage:
    asked = [
        FormField(label=label, field_type=kind, choices="Models\nHardware" * (kind == "checkboxes"))
        for label, kind in QUESTIONS
    ]
    return factories.form_page(title="Join", is_open=True, form_fields=asked)


@pytest.fixture
def answers(form, clock) -> list[Submission]:
    ada = factories.submission(
        form, your_name="Ada Rossi", e_mail="ada@example.org", interests=["Models", "Hardware"]
    )
    clock.moment += timedelta(days=1)
    emil = factories.submission(form, your_name="ÉMILE =1+1", e_mail="emile@example.org")
    return [ada, emil]


def listing(form: FormPage) -> str:
    return reverse("wagtailforms:list_submissions", args=[form.pk])


def test_answers_are_listed_the_newest_first(form, answers, editor, sign_in):
    shown = sign_in(editor).get(listing(form)).content.decode()

    assert shown.index("ÉMILE") < shown.index("Ada Rossi")
    assert "Models, Hardware" in shown
    assert "no longer asked" not in shown


@pytest.mark.parametrize(
    ("words", "found"),
    [("émile", {"ÉMILE"}), ("ADA@", {"Ada"}), ("example", {"Ada", "ÉMILE"}), ("hardw", {"Ada"})],
)
def test_answers_are_found_by_words_whatever_their_case(
    form, answers, editor, sign_in, words, found
):
    shown = sign_in(editor).get(listing(form), {"words": words}).content.decode()

    assert {name for name in ("Ada", "ÉMILE") if name in shown} == found


def test_answers_are_found_by_their_day(form, answers, editor, sign_in):
    shown = sign_in(editor).get(listing(form), {"date_from": "2026-01-16"}).content.decode()

    assert "ÉMILE" in shown
    assert "Ada" not in shown


def test_export_has_what_is_listed_and_no_formula(form, answers, editor, sign_in):
    asked = {"export": "csv", "words": "example"}
    response = sign_in(editor).get(listing(form), asked)
    rows = list(csv.reader(StringIO(b"".join(response).decode())))
    workbook = b"".join(sign_in(editor).get(listing(form), {"export": "xlsx"}))

    assert rows[0] == ["Answered", "Your name", "E-mail", "Interests", "Reference"]
    assert [row[1:4] for row in rows[1:]] == [
        ["Ada Rossi", "ada@example.org", "Models, Hardware"],
        ["ÉMILE =1+1", "emile@example.org", ""],
    ]
    assert "no-store" in response["Cache-Control"]
    cells = [cell.value for row in load_workbook(BytesIO(workbook)).active for cell in row]
    assert {"Ada Rossi", "Models, Hardware"} <= set(cells)


def test_answer_to_a_question_that_is_no_longer_asked_is_not_lost(
    form, run_operation, clock, editor, sign_in
):
    token = run_operation("start_form", path="/join/")["startForm"]["token"]
    clock.moment += timedelta(minutes=1)
    given = {"your_name": ["Ada"], "e_mail": ["ada@example.org"], "interests": ["Models"]}
    answers = [{"cleanName": name, "values": values} for name, values in given.items()]
    run_operation(
        "submit_form", path="/join/", answers=answers, idempotencyKey="x" * 16, token=token
    )
    form.form_fields = [FormField(label="Only this", field_type="singleline")]
    form.save_revision().publish()

    shown = sign_in(editor).get(listing(form)).content.decode()
    one = sign_in(editor).get(reverse("answer", args=[Submission.objects.get().pk]))

    assert "Your name (no longer asked)" in shown
    assert "Ada" in shown
    assert "Your name" in one.content.decode()


def test_one_answer_is_shown_with_what_was_consented_to(form, answers, editor, sign_in):
    Submission.objects.filter(pk=answers[0].pk).update(
        questions=[{"name": "your_name", "label": "Your <name>", "type": "singleline"}],
        consents=[{"name": "agreed", "label": "Agreed", "text": "That it is kept."}],
    )

    shown = sign_in(editor).get(reverse("answer", args=[answers[0].pk])).content.decode()

    for words in (
        "Ada Rossi",
        "Your &lt;name&gt;",
        "Agreed",
        "That it is kept.",
        "15 January 2027",
    ):
        assert words in shown


def test_answer_whose_time_is_over_is_gone_at_its_second(form, answers, editor, sign_in, clock):
    clock.moment = answers[0].kept_until - timedelta(seconds=1)
    before = sign_in(editor).get(listing(form)).content.decode()
    clock.moment = answers[0].kept_until
    after = sign_in(editor).get(listing(form)).content.decode()
    one = sign_in(editor).get(reverse("answer", args=[answers[0].pk]))
    call_command("prune_submissions", verbosity=0)

    assert "Ada" in before
    assert "Ada" not in after
    assert one.status_code == 404
    assert [each.pk for each in Submission.objects.all()] == [answers[1].pk]


def test_retention_is_that_of_the_day_of_the_answer(form, answers, clock):
    FormPage.objects.update(retention_days=10)
    short = factories.submission(FormPage.objects.get(), your_name="Ben")

    assert [(each.kept_until - each.submit_time).days for each in [*answers, short]] == [
        365,
        365,
        10,
    ]


# Who may


@pytest.fixture
def addresses(form, answers) -> dict[str, str]:
    return {
        "list": listing(form),
        "answer": reverse("answer", args=[answers[0].pk]),
        "delete": reverse("delete_answers", args=[form.pk])
        + f"?selected-submissions={answers[0].pk}",
        "person": reverse("answers_of_person"),
    }


def statuses(browser, addresses: dict[str, str]) -> dict[str, int]:
    return {name: browser.get(address).status_code for name, address in addresses.items()}


def test_staff_who_edit_may_not_read_answers(addresses, staff, sign_in):
    browser = sign_in(staff)

    assert statuses(browser, addresses) == {
        "list": 302,
        "answer": 404,
        "delete": 302,
        "person": 302,
    }
    browser.post(addresses["delete"])
    assert Submission.objects.count() == 2


def test_who_may_read_and_not_delete_deletes_nothing(addresses, answers, staff, sign_in):
    staff.user_permissions.add(Permission.objects.get(codename="view_formsubmission"))
    browser = sign_in(staff)

    shown = statuses(browser, addresses)
    browser.post(addresses["delete"])
    browser.post(addresses["person"], {"selected-submissions": answers[0].pk})

    assert shown == {"list": 200, "answer": 200, "delete": 302, "person": 302}
    assert "Delete</a>" not in browser.get(addresses["answer"]).content.decode()
    assert Submission.objects.count() == 2


def test_editor_of_another_form_reads_and_deletes_none_of_this(addresses, answers, sign_in):
    other = factories.form_page(title="Other", slug="other")
    user = factories.user("otto")
    for name in ("view_formsubmission", "delete_formsubmission", "access_admin"):
        user.user_permissions.add(Permission.objects.get(codename=name))
    group = user.groups.create(name="Others")
    change = Permission.objects.get(codename="change_page", content_type__model="page")
    GroupPagePermission.objects.create(group=group, page=Page(pk=other.pk), permission=change)
    browser = sign_in(user)

    shown = statuses(browser, addresses)
    searched = browser.get(addresses["person"], {"words": "example"}).content.decode()
    browser.post(addresses["delete"])
    browser.post(addresses["person"], {"selected-submissions": answers[0].pk})

    assert shown == {"list": 302, "answer": 404, "delete": 302, "person": 200}
    assert "No answer contains that." in searched
    assert Submission.objects.count() == 2


def test_editor_deletes_what_is_ticked_once_that_is_confirmed(
    addresses, form, answers, editor, sign_in
):
    browser = sign_in(editor)

    asked = browser.get(addresses["delete"]).content.decode()
    kept = Submission.objects.count()
    browser.post(addresses["delete"])

    assert "This answer is deleted for good" in asked
    assert kept == 2
    assert [each.pk for each in Submission.objects.all()] == [answers[1].pk]
    entry = PageLogEntry.objects.get(action="submissions.deleted")
    assert (entry.page_id, entry.user, entry.data) == (form.pk, editor, {"count": 1})
    history = browser.get(reverse("wagtailadmin_pages:history", args=[form.pk])).content.decode()
    assert "Deleted 1 answer of this form" in history


def test_one_persons_answers_are_found_in_all_forms_and_deleted(form, answers, editor, sign_in):
    other = factories.form_page(title="Survey", slug="survey")
    second = factories.submission(other, mail="ada@example.org")
    browser, address = sign_in(editor), reverse("answers_of_person")

    found = browser.get(address, {"words": "Ada@example.org"}).content.decode()
    short = browser.get(address, {"words": "a"}).content.decode()
    keys = [answers[0].pk, second.pk]
    browser.post(address, {"selected-submissions": [*map(str, keys), "x", "9" * 40]})

    assert "2 answers found" in found
    assert "Survey" in found
    assert "at least 3 characters" in short
    assert [each.pk for each in Submission.objects.all()] == [answers[1].pk]


def test_page_that_is_deleted_takes_its_answers_along(form, answers):
    form.delete()

    assert not Submission.objects.exists()
