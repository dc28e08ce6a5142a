"""Forms that came to be by another way than being made: each takes answers of its own, or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.models import Page

from cms.releases import steps as release_steps
from cms.scheduling.durable import make_due_changes
from cms.submissions.models import Submission, SubmissionFile
from pages.models import FormField, FormPage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(clock) -> FormPage:
    return factories.form_page(
        title="Join",
        slug="join",
        is_open=True,
        max_submissions=1,
        form_fields=[
            FormField(label="Name", field_type="singleline"),
            FormField(label="Paper", field_type="file", required=False),
        ],
    )


@pytest.fixture
def submit(run_operation, clock) -> Callable[..., Any]:
    """What became of an answer: its reference, or the first code."""

    def submit(path: str, **answers: str) -> str:
        token = run_operation("start_form", path=path)["startForm"]["token"] or "none"
        clock.moment += timedelta(minutes=1)
        given = answers or {"name": "Ada"}
        outcome = run_operation(
            "submit_form",
            path=path,
            answers=[{"cleanName": name, "values": [value]} for name, value in given.items()],
            idempotencyKey=uuid4().hex,
            token=token,
        )["submitForm"]
        return outcome["reference"] or outcome["errors"][0]["code"]

    return submit


def is_taken(outcome: str) -> bool:
    return outcome.islower() or outcome[0].isdigit()


def bulk(window: Any, action: str, *pages: Page) -> Any:
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", action))
    keys = "&".join(f"id={page.pk}" for page in pages)
    return window.post(f"{address}?{keys}&next=/admin/", {"include_descendants": "on"})


def test_copy_has_no_answers_and_takes_its_own(form, submit, editor, sign_in):
    submit("/join/")
    window = sign_in(editor)
    sent = {
        "new_title": "Join again",
        "new_slug": "again",
        "new_parent_page": form.get_parent().pk,
        "publish_copies": "on",
    }
    window.post(reverse("wagtailadmin_pages:copy", args=[form.pk]), sent)
    copy = FormPage.objects.get(slug="again")

    assert submit("/join/") == "FORM_NOT_OPEN"
    assert is_taken(submit("/again/"))
    assert submit("/again/") == "FORM_NOT_OPEN"
    assert [each.page_id for each in Submission.objects.order_by("pk")] == [form.pk, copy.pk]
    assert [each.label for each in copy.form_fields.all()] == ["Name", "Paper"]


def test_mirror_takes_answers_of_its_own_and_closes_with_its_original(form, submit):
    mirror = form.create_alias(update_slug="mirror", parent=form.get_parent())

    assert is_taken(submit("/mirror/"))
    assert is_taken(submit("/join/"))
    assert Submission.objects.filter(page=mirror).count() == 1
    form.refresh_from_db()
    form.is_open, form.max_submissions = False, None
    form.save_revision().publish()
    assert submit("/mirror/") == "FORM_NOT_OPEN"


def test_mirror_that_becomes_a_page_of_its_own_keeps_its_answers(form, submit, editor, sign_in):
    mirror = form.create_alias(update_slug="mirror", parent=form.get_parent())
    submit("/mirror/")
    ConvertAliasPageAction(mirror, user=editor).execute()
    form.delete()

    listed = sign_in(editor).get(reverse("wagtailforms:list_submissions", args=[mirror.pk]))

    assert "Ada" in listed.content.decode()
    assert submit("/mirror/") == "FORM_NOT_OPEN"


def test_forms_unpublished_together_take_nothing(form, submit, editor, sign_in):
    other = factories.form_page(
        slug="other", is_open=True, form_fields=[FormField(label="Name", field_type="singleline")]
    )
    assert is_taken(submit("/other/"))

    bulk(sign_in(editor), "unpublish", form, other)

    assert [submit("/join/"), submit("/other/")] == ["FORM_NOT_OPEN", "FORM_NOT_OPEN"]


def test_forms_deleted_together_take_answers_and_files_along(form, submit, administrator, sign_in):
    factories.submission_file(factories.submission(form, name="Ada"))
    other = factories.form_page(slug="other")
    factories.submission(other)

    bulk(sign_in(administrator), "delete", form, other)

    assert not FormPage.objects.exists()
    assert not Submission.objects.exists()
    assert not SubmissionFile.objects.exists()


def test_release_changes_what_is_asked_at_its_second(form, submit, clock, administrator):
    form.max_submissions = None
    form.save_revision().publish()
    form.form_fields = [FormField(label="Why", field_type="singleline")]
    form.save_revision()
    due = clock.moment + timedelta(hours=1)
    release = factories.release([form], go_live_at=due)
    release_steps.approve(release, administrator)

    before = submit("/join/")
    clock.moment = due
    seen = [submit("/join/"), submit("/join/", why="To help")]
    make_due_changes()
    after = submit("/join/", why="To help")

    assert is_taken(before)
    assert seen[0] == "UNKNOWN_QUESTION"
    assert is_taken(seen[1])
    assert is_taken(after)
    assert [each.label for each in FormPage.objects.get().form_fields.all()] == ["Why"]


def test_form_brought_back_to_an_earlier_version_asks_what_it_asked(
    form, submit, editor, sign_in, clock
):
    form.max_submissions = None
    earlier = form.save_revision()
    earlier.publish()
    form.form_fields = [FormField(label="Why", field_type="singleline")]
    form.save_revision().publish()
    asked_now = submit("/join/")

    FormPage.objects.get().save_revision()
    earlier.as_object().save_revision().publish()

    assert asked_now == "UNKNOWN_QUESTION"
    assert is_taken(submit("/join/"))
    assert submit("/join/", why="To help") == "UNKNOWN_QUESTION"
