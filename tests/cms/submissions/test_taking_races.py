"""Answers that come at once: none is taken twice, none beyond the most, none once it is closed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from cms.submissions.models import Submission, SubmissionFile
from cms.submissions.tokens import token_for
from pages.models import FormField, FormPage
from tests import factories
from tests.cms.rivals import being_run
from tests.cms.scheduling.process.scheduler_processes import Site
from tests.genedge_site.commands import start

PROCESSES, EACH = 3, 5
SEND = """
import json
from django.test import Client

def send(key):
    variables = {{
        "path": "/join/", "token": {token!r}, "idempotencyKey": key.rjust(16, "0"),
        "answers": {answers!r},
    }}
    sent = Client().post(
        "/graphql", {{"query": {operation!r}, "variables": variables}},
        content_type="application/json", headers={{"Host": "localhost"}},
    ).json()["data"]["submitForm"]
    return sent["reference"] or sent["errors"][0]["code"]

print(json.dumps([send(key) for key in {keys!r}]))
"""


@pytest.fixture
def form(committed) -> FormPage:
    asked = [FormField(label="Name", field_type="singleline")]
    return factories.form_page(slug="join", is_open=True, form_fields=asked)


NAME = {"cleanName": "name", "values": ["Ada"]}


def sent_at_once(
    site: Site, form: FormPage, keys_of: list[list[str]], answers: list[dict[str, Any]]
) -> list[str]:
    """What each of several processes is answered, one answer a key."""
    token = token_for(form.pk, at=datetime.now(UTC) - timedelta(minutes=1))
    running = [
        start(
            "manage.py",
            "shell",
            "--no-imports",
            "-c",
            SEND.format(token=token, operation=SUBMIT, keys=keys, answers=answers),
            given=site.environment,
        )
        for keys in keys_of
    ]
    answered: list[str] = []
    for process in running:
        output, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        answered += json.loads(output.splitlines()[-1])
    return answered


def references(site: Site) -> set[str]:
    rows = site.execute("SELECT reference FROM submissions_submission")
    return {str(row[0]).replace("-", "") for row in rows}


SUBMIT = """
mutation ($path: String!, $answers: [FormAnswer!]!, $idempotencyKey: String!, $token: String!) {
  submitForm(path: $path, answers: $answers, idempotencyKey: $idempotencyKey, token: $token) {
    reference errors { code }
  }
}
"""


def test_same_answer_sent_by_several_at_once_is_taken_once(form, tmp_path):
    site = Site(tmp_path)
    answered = sent_at_once(site, form, [["same"] * EACH] * PROCESSES, [NAME])

    assert len(answered) == PROCESSES * EACH
    assert len(set(answered)) == 1
    assert references(site) == {answered[0].replace("-", "")}


def test_form_takes_no_more_than_its_most_however_many_come_at_once(form, tmp_path):
    FormPage.objects.update(max_submissions=4)
    keys = [[f"{number}-{turn}" for turn in range(EACH)] for number in range(PROCESSES)]

    site = Site(tmp_path)
    answered = Counter(
        each if each.isupper() else "taken" for each in sent_at_once(site, form, keys, [NAME])
    )

    assert answered == {"taken": 4, "FORM_NOT_OPEN": PROCESSES * EACH - 4}
    assert len(references(site)) == 4


def test_file_belongs_to_one_answer_however_many_name_it_at_once(form, tmp_path):
    asked = FormField(label="Paper", field_type="file", required=False)
    form.form_fields = [*form.form_fields.all(), asked]
    form.save()
    file = factories.submission_file(factories.submission(form), name="paper.txt")
    SubmissionFile.objects.update(submission=None, question="paper", sent_at=datetime.now(UTC))
    Submission.objects.all().delete()
    keys = [[f"{number}-{turn}" for turn in range(EACH)] for number in range(PROCESSES)]

    site = Site(tmp_path)
    named = {"cleanName": "paper", "values": [str(file.key)]}
    answered = Counter(
        each if each.isupper() else "taken"
        for each in sent_at_once(site, form, keys, [NAME, named])
    )

    assert answered == {"taken": 1, "FILE_NOT_FOUND": PROCESSES * EACH - 1}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time.")
def test_answer_that_waits_for_who_closes_the_form_is_not_taken(form, client):
    token = token_for(form.pk, at=datetime.now(UTC) - timedelta(minutes=1))
    held = "SELECT FROM wagtailcore_page WHERE id = %s FOR NO KEY UPDATE"
    variables = {
        "path": "/join/",
        "token": token,
        "idempotencyKey": "x" * 16,
        "answers": [{"cleanName": "name", "values": ["Ada"]}],
    }

    with being_run((held, form.pk), ("UPDATE pages_formpage SET is_open = false",)):
        answer = client.post(
            "/graphql", {"query": SUBMIT, "variables": variables}, content_type="application/json"
        )

    codes = [error["code"] for error in answer.json()["data"]["submitForm"]["errors"]]
    assert codes == ["FORM_NOT_OPEN"]
    assert not Submission.objects.exists()
