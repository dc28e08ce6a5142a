"""Whoever approves sees what changes by it, is asked once, and reads what happened."""

from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape

import pytest
from django.urls import reverse
from wagtail.models import Page, TaskState

from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.approving import answer, asked, seen_in
from tests.cms.submission import submission
from tests.conftest import check_number, statements_of

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)


@pytest.fixture
def now(clock, db):
    clock.moment = NINE - timedelta(hours=1)
    return clock


def text_of(response):
    return " ".join(unescape(response.content.decode()).split())


def submitted(subject, by):
    subject.save_revision(user=by)
    return subject.get_workflow().start(subject, by).current_task_state


def messages_on(response):
    return [str(message).strip() for message in response.context["messages"]]


@pytest.mark.parametrize("make", [factories.article_page, factories.person])
def test_only_what_changes_is_shown_and_what_happened_is_said(make, now, staff, editor, sign_in):
    subject = make()
    name = "title" if isinstance(subject, Page) else "name"
    before = getattr(subject, name)
    setattr(subject, name, "Quite another name")
    step = submitted(subject, staff)
    client = sign_in(editor)

    shown = asked(client, step)
    table = text_of(shown).partition("genedge-differences")[2].partition("</table>")[0]
    done = answer(client, step, shown, approve="1")

    assert len(shown.context["differences"]) == 1
    assert "Quite another name" in table
    assert before in table
    assert messages_on(done) == ["“Quite another name” is approved, and readers see it."]
    assert done.redirect_chain == [(home_url(), 302)]
    subject.refresh_from_db()
    assert getattr(subject, name) == "Quite another name"
    assert subject.live


def test_what_is_new_is_said_to_be_new(now, staff, editor, sign_in):
    page = factories.article_page(title="News", live=False)

    assert "All of it is new" in text_of(asked(sign_in(editor), submitted(page, staff)))


def test_moment_is_said_before_and_after(now, staff, editor, sign_in):
    page = factories.article_page(title="News", live=False, go_live_at=NINE)
    step = submitted(page, staff)
    client = sign_in(editor)

    assert "goes live on" in text_of(asked(client, step))
    done = answer(client, step, approve="1")

    moment = "Tue 2 June 2099, 09:00 UTC+00:00"
    assert messages_on(done) == [f"“News” is approved, and goes live on {moment}."]


def test_release_that_it_waits_for_is_said_before_and_after(now, staff, editor, sign_in):
    page = factories.article_page(title="News", live=False)
    step = submitted(page, staff)
    factories.release([page], name="Spring")
    client = sign_in(editor)

    assert "goes live with the release" in text_of(asked(client, step))
    done = answer(client, step, approve="1")

    assert messages_on(done) == ["“News” is approved, and goes live with the release “Spring”."]
    page.refresh_from_db()
    assert not page.live


def test_what_is_incomplete_is_named_by_its_field_and_not_approved(now, staff, editor, sign_in):
    page = factories.article_page(title="Half", live=False, body=[])
    step = submitted(page, staff)
    client = sign_in(editor)

    shown = asked(client, step)
    refused = answer(client, step, shown, approve="1", comment="Typed words")

    assert "Typed words" in text_of(refused)
    assert refused.status_code == 409
    for response in (shown, refused):
        assert "Body: This field is required." in text_of(response)
    assert 'name="approve"' not in shown.content.decode()
    page.refresh_from_db()
    assert not page.live


def test_what_was_edited_meanwhile_is_shown_again_before_it_is_approved(
    now, staff, editor, sign_in
):
    page = factories.article_page(title="As it is")
    page.title = "As it was sent"
    step = submitted(page, staff)
    client = sign_in(editor)
    shown = asked(client, step)
    # As a window saves that stays open: one version, written to again.
    revision = page.get_latest_revision()
    page.title = "As nobody has seen it"
    now.moment += timedelta(seconds=1)
    page.save_revision(user=staff, overwrite_revision=revision)

    again = answer(client, step, shown, approve="1")

    assert again.status_code == 409
    assert "was edited while you looked at it" in text_of(again)
    assert "As nobody has seen it" in text_of(again)
    page.refresh_from_db()
    assert page.title == "As it is"
    answer(client, step, again, approve="1")
    page.refresh_from_db()
    assert page.title == "As nobody has seen it"


def test_it_is_sent_back_only_with_a_word_which_is_on_the_page_that_came_back(
    now, staff, editor, sign_in
):
    for subject in (factories.article_page(title="News"), factories.person(name="Ada")):
        step = submitted(subject, staff)
        client = sign_in(editor)

        silent = answer(client, step, reject="1")
        done = answer(client, step, reject="1", comment="Add a date.\n<b>Please</b>.")
        page = text_of(sign_in(staff).get(admin_url(subject, "edit")))

        assert silent.status_code == 409
        assert "Say what should change." in text_of(silent)
        assert messages_on(done) == [f"“{subject}” was sent back to carla, with what you wrote."]
        assert "Sent back by edith on" in page
        assert "Add a date.<br>" in page
        sign_in(staff).post(
            admin_url(subject, "edit"), submission(subject, **{"action-submit": "1"})
        )
        assert "Sent back by" not in text_of(sign_in(staff).get(admin_url(subject, "edit")))


def test_comment_is_shown_as_text(now, staff, editor, sign_in):
    page = factories.article_page(title="News")
    answer(sign_in(editor), submitted(page, staff), reject="1", comment="<b>Bold</b>")

    shown = sign_in(staff).get(admin_url(page, "edit")).content.decode()

    assert "<b>Bold</b>" not in shown
    assert "&lt;b&gt;Bold&lt;/b&gt;" in shown


def test_only_who_may_approve_is_asked_or_heard(now, staff, editor, sign_in):
    page = factories.article_page(title="News", live=False)
    step = submitted(page, staff)
    shown = asked(sign_in(editor), step)

    for client in (sign_in(staff), sign_in(factories.user("olga"))):
        assert asked(client, step).status_code in (302, 403)
        sent = {"seen": seen_in(shown), "approve": "1"}
        client.post(reverse("review", args=[step.pk]), sent)

    step.refresh_from_db()
    assert step.status == TaskState.STATUS_IN_PROGRESS


def test_what_somebody_else_decided_is_said(now, staff, editor, sign_in):
    page = factories.article_page(title="News", live=False)
    step = submitted(page, staff)
    client = sign_in(editor)
    shown = asked(client, step)
    other = sign_in(factories.user("emil", group="Editors", email="emil@example.org"))
    answer(other, step, shown, approve="1")

    late = answer(client, step, shown, approve="1")
    later = answer(client, step, shown, reject="1", comment="No <b>news</b>.\nSorry.")

    said = "“News” no longer waits for an approval: emil approved it."
    assert messages_on(late) == [said]
    words = "No &lt;b&gt;news&lt;/b&gt;.<br>Sorry."
    assert messages_on(later) == [f"{said} You had written:<br>{words}"]
    page.refresh_from_db()
    assert page.live


WAYS_OF_WAGTAIL = {
    "its address": lambda subject, step: (
        admin_url(subject, "workflow_action", "approve", step.pk),
        {},
    ),
    "the form, while it saves": lambda subject, step: (
        admin_url(subject, "edit"),
        submission(
            subject, **{"action-workflow-action": "true", "workflow-action-name": "approve"}
        ),
    ),
}


@pytest.mark.parametrize("way", WAYS_OF_WAGTAIL)
@pytest.mark.parametrize("make", [factories.article_page, factories.person])
def test_nothing_is_approved_unseen_whichever_view_is_asked(way, make, now, staff, editor, sign_in):
    subject = make()
    before = str(subject)
    setattr(subject, "title" if isinstance(subject, Page) else "name", "Quite another name")
    step = submitted(subject, staff)
    address, data = WAYS_OF_WAGTAIL[way](subject, step)
    client = sign_in(editor)

    led = client.post(address, data, follow=True)
    by_script = client.post(address, data, headers={"X-Requested-With": "XMLHttpRequest"})

    review = reverse("review", args=[step.pk])
    assert led.redirect_chain == [(review, 302)]
    assert messages_on(led) == ["Nothing was approved yet: look at what changes, and decide."]
    assert by_script.json() == {"step": "success", "redirect": review}
    step.refresh_from_db()
    assert step.status == TaskState.STATUS_IN_PROGRESS
    assert str(type(subject).objects.get(pk=subject.pk)) == before


@pytest.mark.parametrize("make", [factories.article_page, factories.person])
def test_form_leads_to_it_in_the_place_of_approving_unseen(make, now, staff, editor, sign_in):
    subject = make()
    step = submitted(subject, staff)

    form = sign_in(editor).get(admin_url(subject, "edit")).content.decode()

    assert reverse("review", args=[step.pk]) in form
    assert 'data-workflow-action-name="approve"' not in form
    assert 'data-workflow-action-name="reject"' in form
    assert "Review and approve" not in text_of(sign_in(staff).get(home_url()))


def test_newest_draft_is_compared_with_live_from_its_menus(now, staff, sign_in):
    for subject in (factories.article_page(), factories.person()):
        subject.save_revision(user=staff, log_action=True)
        client = sign_in(staff)
        newest = admin_url(subject, "revisions_compare", "live", subject.latest_revision_id)

        assert newest in client.get(admin_url(subject, "history")).content.decode()
        compare = admin_url(subject, "revisions_compare", "live", "latest")
        assert compare in client.get(admin_url(subject, "edit")).content.decode()
        assert client.get(compare).status_code == 200


def test_it_is_answered_on_another_page_of_the_admin_only(now, staff, editor, sign_in):
    page = factories.article_page(title="News")
    step = submitted(page, staff)

    done = answer(sign_in(editor), step, approve="1", next="https://elsewhere.example/")

    assert done.redirect_chain == [(home_url(), 302)]


def test_statements_do_not_grow_with_the_fields_that_changed(now, staff, editor, sign_in):
    client = sign_in(editor)
    counts = []
    for fields in (
        {"title": "New"},
        {"title": "Newer", "seo_title": "S", "search_description": "D"},
    ):
        page = factories.article_page()
        for name, value in fields.items():
            setattr(page, name, value)
        step = submitted(page, staff)
        asked(client, step)
        counts.append(statements_of(partial(asked, client, step)))

    check_number(len(counts[0]), counts[1])
