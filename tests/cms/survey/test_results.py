"""Results of a survey: from the answers to its form, by way of a preview, into a draft."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, PageLogEntry

from pages.models import SurveyPage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission
from tests.cms.survey.comparisons import COMPARISONS
from tests.cms.survey.conftest import USES, WHAT, WHEN

LATER = {f"target-{name}": "leave" for name in ("when_will_it_be_there", "what_for")}


def figures(question):
    return [
        (
            each["text"],
            None if each["percentage"] is None else str(each["percentage"]),
            each["count"],
        )
        for each in question.value["options"]
    ]


def kinds(preview):
    return [each.kind for each in preview.context["changes"].of_questions]


# From answers to JSON


def test_answers_become_a_draft_of_the_highlights_and_nothing_is_published(
    results, answers, run_operation
):
    before = run_operation("survey")

    response = results.apply(results.look())

    assert response.status_code == 302
    timing, other, uses = results.draft.questions
    assert figures(timing) == [("2025", "67", 4), ("Later", "33", 2), ("2026", "0", 0)]
    assert timing.value["answer_type"] == "exclusive"
    assert timing.value["base_size"] == 6
    assert other.value["heading"] == "Something else"
    assert figures(uses) == [(USES[0], "100", 5), (USES[1], "40", 2), (USES[2], "0", 0)]
    assert uses.value["answer_type"] == "multiple"
    assert uses.value["base_size"] == 5
    assert results.draft.base_size == 6
    assert results.draft.fieldwork_from == date(2026, 1, 15)
    assert run_operation("survey") == before
    assert PageLogEntry.objects.filter(page=results.page, action="survey.computed").exists()


def test_what_was_computed_is_served_once_it_is_published(results, answers, run_operation):
    results.apply(results.look())

    results.draft.save_revision().publish()

    timing = run_operation("survey")["survey"]["questions"][0]
    first = timing["options"][0]
    assert (first["percentage"], first["count"], timing["baseSize"]) == (67, 4, 6)
    assert timing["table"]["rows"][0] == ["1", "2025", "67%", "4", "As the group published it."]
    assert timing["chart"]["alternative"] == (
        "Market timing: two thirds (67%, 4 of 6) answered “2025”. Then come “Later” (33%, 2 of 6)"
        " and “2026” (0%, 0 of 6)."
    )
    bars = timing["chart"]["vegaLite"]["data"]["values"]
    assert [(bar["answer"], bar["share"]) for bar in bars] == [
        ("2025", 67),
        ("Later", 33),
        ("2026", 0),
    ]


def test_what_an_editor_wrote_beside_the_figures_stays(results, answers):
    results.apply(results.look())

    timing = results.draft.questions[0]
    assert timing.id == results.page.questions[0].id
    assert timing.value["heading"] == "Market timing"
    assert timing.value["interpretation"].source == "<p>Soon.</p>"
    assert timing.value["options"][0]["note"] == "As the group published it."
    kept = timing.value["options"].bound_blocks[0].id
    assert kept == results.page.questions[0].value["options"].bound_blocks[0].id


def test_preview_names_what_is_new_changed_and_left_alone(results, answers):
    preview = results.look()

    shown = preview.content.decode()
    assert kinds(preview) == ["changed", "new"]
    assert preview.context["changes"].of_questions[0].rows() == [
        ("2025", "over 70%", "67% (4)"),
        ("Later", "–", "33% (2)"),
        ("2026", "–", "0% (0)"),
        ("Never", "rank 2", "–"),
    ]
    assert "over 70%" in shown
    assert "67% (4)" in shown
    assert "What you wrote about it stays" in shown
    assert not results.page.revisions.exclude(pk=results.page.live_revision_id).exists()


def test_same_answers_change_nothing_the_second_time(results, answers):
    results.apply(results.look())

    preview = results.look()
    response = results.apply(preview)

    assert kinds(preview) == ["same", "same"]
    assert response.status_code == 409
    assert "Nothing would change" in response.content.decode()


def test_question_finds_its_highlight_again_when_it_is_reworded(results, answers, form):
    results.apply(results.look())
    question = form.form_fields.first()
    question.label = "In which year?"
    question.save()

    preview = results.look()

    assert [each.before is not None for each in preview.context["changes"].of_questions] == [
        True,
        True,
    ]


def test_editor_chooses_which_highlight_is_filled_and_which_is_left_alone(results, answers):
    other = results.page.questions[1].id
    chosen = {"target-when_will_it_be_there": "leave", "target-what_for": other}

    preview = results.send(results.look(), again="1", **chosen)
    results.apply(preview)

    timing, filled = results.draft.questions
    assert figures(timing)[0][:2] == ("2025", "70")
    assert filled.value["heading"] == "Something else"
    assert figures(filled)[0] == (USES[0], "100", 5)


def test_two_questions_are_not_put_into_one_highlight(results, answers):
    other = results.page.questions[1].id
    both = {"target-when_will_it_be_there": other, "target-what_for": other}

    preview = results.send(results.look(), again="1", **both)
    response = results.apply(preview)

    assert response.status_code == 409
    assert "Another question goes to the same highlight" in response.content.decode()
    assert figures(results.draft.questions[1]) == [("Yes", None, None)]


@pytest.mark.parametrize(
    ("fineness", "expected"),
    [
        ("whole", [("2025", "67", "", 4), ("Later", "33", "", 2), ("2026", "0", "", 0)]),
        ("tenths", [("2025", "66.7", "", 4), ("Later", "33.3", "", 2), ("2026", "0", "", 0)]),
        (
            "over",
            [("2025", "65", "over", None), ("Later", "30", "over", None), ("2026", "0", "", None)],
        ),
        (
            "order",
            [("2025", None, "", None), ("Later", None, "", None), ("2026", None, "", None)],
        ),
    ],
)
def test_figures_are_as_fine_as_an_editor_wants_them(results, answers, fineness, expected):
    results.apply(results.look(figures=fineness))

    options = results.draft.questions[0].value["options"]
    found = [
        (
            each["text"],
            None if each["percentage"] is None else str(each["percentage"]),
            "" if each["qualifier"] == "exactly" else each["qualifier"],
            each["count"],
        )
        for each in options
    ]
    assert found == expected
    assert {each["basis"] for each in options} == (
        {"ranked"} if fineness == "order" else {"measured"}
    )


def test_shares_that_add_up_to_more_by_rounding_can_be_published(results, form):
    for year, times in (("2025", 9), ("2026", 9), ("Later", 2)):
        for _ in range(times * 3 + (year == "Later")):
            factories.submission(form, when_will_it_be_there=year)
    results.apply(results.look(figures="tenths"))

    results.draft.check_publishable()

    shares = [each["percentage"] for each in results.draft.questions[0].value["options"]]
    assert sum(shares) >= 100


def test_answers_given_equally_often_share_a_rank(results, form, run_operation):
    for year in ("2025", "2026", "Later") * 2:
        factories.submission(form, when_will_it_be_there=year)
    results.apply(results.look())
    results.draft.save_revision().publish()

    rows = run_operation("survey")["survey"]["questions"][0]["table"]["rows"]

    assert [row[:3] for row in rows] == [
        ["1", "2025", "33%"],
        ["1", "2026", "33%"],
        ["1", "Later", "33%"],
    ]


def test_few_people_are_not_told_of(results, form):
    for _ in range(4):
        factories.submission(form, when_will_it_be_there="2025")

    preview = results.look()
    results.apply(preview)

    assert kinds(preview) == ["left alone", "left alone"]
    assert "Nothing is published of fewer than 5" in preview.content.decode()
    assert figures(results.draft.questions[0])[0][:2] == ("2025", "70")


def test_answers_that_are_over_or_of_other_days_are_not_counted(results, form, clock):
    for _ in range(6):
        factories.submission(form, when_will_it_be_there="2025")
    clock.moment += timedelta(days=10)
    for _ in range(7):
        factories.submission(form, when_will_it_be_there="Later")

    late = results.look(since="2026-01-20")
    early = results.look(until="2026-01-20")
    clock.moment += timedelta(days=form.retention_days - 5)
    kept = results.look()

    assert [each.context["results"].people for each in (late, early, kept)] == [7, 6, 7]


# Between looking and saving


def test_what_was_answered_meanwhile_is_looked_at_first(results, answers, form):
    preview = results.look()
    factories.submission(form, when_will_it_be_there="2026")

    response = results.apply(preview)

    assert response.status_code == 409
    assert "not what you looked at" in response.content.decode()
    assert figures(results.draft.questions[0])[0][:2] == ("2025", "70")
    assert results.apply(response).status_code == 302
    assert results.draft.questions[0].value["base_size"] == 7


def test_what_somebody_wrote_meanwhile_is_not_overwritten(results, answers, survey):
    preview = results.look()
    survey.questions[0].value["options"][0]["percentage"] = 72
    survey.save_revision()

    response = results.apply(preview)

    assert response.status_code == 409
    assert "over 72%" in response.content.decode()
    assert figures(results.draft.questions[0])[0][:2] == ("2025", "72")


def test_text_written_meanwhile_elsewhere_on_the_page_stays(results, answers, survey):
    preview = results.look()
    survey.summary = "<p>Written meanwhile.</p>"
    survey.save_revision()

    assert results.apply(preview).status_code == 302
    assert results.draft.summary == "<p>Written meanwhile.</p>"


def test_choice_changed_without_looking_again_is_looked_at_first(results, answers):
    response = results.apply(results.look(), **LATER)

    assert response.status_code == 409
    assert kinds(response) == ["left alone", "left alone"]


def test_page_deleted_meanwhile_is_not_found(results, answers):
    preview = results.look()
    results.page.delete()

    assert results.apply(preview).status_code == 404


def test_page_locked_meanwhile_is_left_alone(results, answers, survey, db):
    preview = results.look()
    survey.locked, survey.locked_by = True, factories.user("other")
    survey.save()

    response = results.client.post(results.address, {"seen": "x", "apply": "1"}, follow=True)

    assert "No results were put into it" in response.content.decode()
    assert results.apply(preview).status_code == 302
    assert figures(results.draft.questions[0])[0][:2] == ("2025", "70")


def test_staff_put_no_results_into_a_page_that_is_being_approved(survey, results_for, db):
    staff = factories.user("stan", group="Communications staff")
    screen = results_for(staff, survey)
    screen.client.post(admin_url(survey, "edit"), submission(survey, **{"action-submit": "1"}))

    response = screen.client.get(screen.address, follow=True)

    assert "No results were put into it" in response.content.decode()


def test_mirror_of_a_survey_is_filled_at_its_source(results_for, survey, editor, form):
    home = factories.home_page(title="Second", slug="second")
    mirror = survey.create_alias(parent=home)
    screen = results_for(editor, SurveyPage.objects.get(pk=mirror.pk))

    response = screen.client.get(screen.address, follow=True)

    assert "mirrors another page" in response.content.decode()


def test_form_closed_unpublished_or_removed_meanwhile_is_told(results, answers, form, survey):
    preview = results.look()
    form.unpublish()
    assert results.apply(preview).status_code == 302

    preview = results.look(figures="tenths")
    survey.form_page = None
    survey.save_revision()
    response = results.apply(preview)

    assert response.status_code == 302
    assert "choose the results again" in results.client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("seen", ["", "x", "a:b:c"])
def test_what_was_not_signed_is_not_taken(results, answers, seen):
    response = results.apply(results.look(), seen=seen)

    assert response.status_code == 302
    assert response["Location"] == results.address
    assert figures(results.draft.questions[0])[0][:2] == ("2025", "70")


def test_what_another_page_or_person_looked_at_is_not_taken(results, answers, survey, results_for):
    preview = results.look()
    other = factories.user("emma", group="Editors")
    screen = results_for(other, survey)

    response = screen.apply(preview)

    assert response["Location"] == screen.address
    assert figures(screen.draft.questions[0])[0][:2] == ("2025", "70")


# Roles


def test_staff_may_edit_the_page_and_not_see_answers(survey, answers, results_for):
    screen = results_for(factories.user("stan", group="Communications staff"), survey)

    shown = screen.client.get(screen.address).content.decode()
    refused = screen.choose()

    assert "The answers to its form" not in shown
    assert "A table: CSV or XLSX" in shown
    assert "changes" not in (refused.context or {})
    assert "67%" not in refused.content.decode()


def test_whoever_may_not_edit_the_page_sees_nothing(survey, answers, results_for, db):
    group = Group.objects.create(name="Elsewhere")
    other = factories.articles_page()
    GroupPagePermission.objects.create(
        group=group, page=Page.objects.get(pk=other.pk), permission_type="change"
    )
    person = factories.user("else")
    person.groups.add(group, Group.objects.get(name="Communications staff"))
    GroupPagePermission.objects.filter(group__name="Communications staff").delete()
    screen = results_for(person, survey)

    for response in (screen.client.get(screen.address), screen.choose()):
        assert response.status_code == 302
        assert response["Location"] == reverse("wagtailadmin_home")


def test_screen_is_reached_from_the_page(results, survey):
    shown = results.client.get(reverse("wagtailadmin_pages:edit", args=[survey.pk]))
    other = results.client.get(reverse("wagtailadmin_pages:edit", args=[survey.form_page_id]))

    assert results.address in shown.content.decode()
    assert "surveys/" not in other.content.decode()
    assert WHEN in shown.content.decode()
    assert WHAT in other.content.decode()


# Waves


def test_new_wave_keeps_the_one_before_and_compares(
    results, answers, survey, ask, run_operation, clock
):
    results.apply(results.look())
    results.draft.save_revision().publish()
    clock.moment += timedelta(days=100)
    for number in range(10):
        factories.submission(
            survey.form_page.specific, when_will_it_be_there="2025" if number < 9 else "Later"
        )

    preview = results.look(since="2026-03-01", new_wave="on", wave_name="Second wave")
    shown = preview.content.decode()
    assert "A new wave: “Second wave”" in shown
    assert "“Something else”" in shown
    assert results.apply(preview).status_code == 302
    results.draft.save_revision().publish()

    told = run_operation("survey")["survey"]
    assert told["wave"] == "Second wave"
    assert told["baseSize"] == 10
    assert [each["heading"] for each in told["questions"]] == ["Market timing"]
    [compared] = ask(COMPARISONS)["survey"]["comparisons"]
    assert compared["waves"] == [
        {
            "name": "Initial wave",
            "fieldworkFrom": "2026-01-15",
            "fieldworkTo": "2026-01-15",
            "baseSize": 6,
        },
        {
            "name": "Second wave",
            "fieldworkFrom": "2026-04-25",
            "fieldworkTo": "2026-04-25",
            "baseSize": 10,
        },
    ]
    assert compared["answers"][0] == {
        "text": "2025",
        "points": [
            {"wave": "Initial wave", "percentage": 67, "figure": "67%", "count": 4, "rank": 1},
            {"wave": "Second wave", "percentage": 90, "figure": "90%", "count": 9, "rank": 1},
        ],
    }
    assert compared["table"]["rows"][0] == ["2025", "67%", "90%"]
    assert compared["chart"]["alternative"].startswith(
        "Market timing: “2025” rose from 67% (Initial wave) to 90% (Second wave)."
    )
    assert len(results.draft.earlier_waves[0].value["questions"]) == 3


def test_new_wave_needs_a_name(results, answers):
    response = results.choose(new_wave="on")

    assert "Give the new wave a name" in response.content.decode()
