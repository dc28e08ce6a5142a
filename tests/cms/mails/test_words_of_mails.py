"""Every mail there is says what it says in the words of those who write."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import resolve, reverse
from wagtail.models import PageSubscription, Revision

from cms.mails import approvals, failures
from cms.mails.models import EXPIRES_SOON, Notification
from cms.mails.steps import (
    APPROVED_FOR,
    CARRIED_OVER,
    HANDED_OVER,
    OF_RELEASES,
    PUBLISHED,
    SCHEDULE,
)
from cms.releases import steps as release_steps
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.admin.words import FOREIGN, texts_of
from tests.cms.approving import answer, approve
from tests.cms.mails.test_approval_mails import comment_on, submit
from tests.cms.submission import submission

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
# What screens may say to administrators, who edit the approval itself, but no mail to anyone.
MORE_FOREIGN = re.compile(r"\b(workflow|task|stage|revision|content type|user)\b", re.IGNORECASE)


@dataclass
class People:
    staff: Any
    editor: Any
    administrator: Any
    clock: Any

    def draft(self, **fields: Any) -> Any:
        page = factories.article_page(title="News", slug="news", live=False)
        for name, value in fields.items():
            setattr(page, name, value)
        page.save_revision(user=self.staff)
        return page

    def submitted(self) -> tuple[Any, Any]:
        page = self.draft()
        return page, submit(signed_in(self.staff), page)[1]

    def scheduled(self) -> Any:
        page = self.draft(go_live_at=NINE)
        page.get_latest_revision().publish(user=self.editor)
        return page

    def release(self) -> Any:
        return factories.release([self.draft()], by=self.staff, go_live_at=NINE)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send_back(people: People) -> None:
    _, step = people.submitted()
    answer(signed_in(people.editor), step, reject="1", comment="Name the speakers.")


def approve_it(people: People) -> None:
    _, step = people.submitted()
    approve(signed_in(people.editor), step)


def comment(people: People) -> None:
    page = people.draft()
    PageSubscription.objects.create(page=page, user=people.staff, comment_notifications=True)
    comment_on(signed_in(people.editor), page, "So?")


def go_live(people: People) -> None:
    people.scheduled()
    people.clock.moment = NINE


def edit_what_is_scheduled(people: People) -> None:
    page = factories.article_page(title="News")
    page.go_live_at, page.title = NINE, "Launched"
    page.save_revision(user=people.administrator).publish(user=people.administrator)
    page.refresh_from_db()
    page.standfirst = "Corrected."
    fields = submission(page, go_live_at="", **{"action-publish": "1"})
    signed_in(people.editor).post(admin_url(page, "edit"), fields)


def approve_for_a_release(people: People) -> None:
    page, step = people.submitted()
    factories.release([page])
    approve(signed_in(people.editor), step)


def expire(people: People) -> None:
    page = factories.article_page(title="News")
    page.expire_at = NINE
    page.save_revision(user=people.staff).publish(user=people.editor)


def fail(people: People) -> None:
    people.scheduled()
    revision = Revision.objects.get(approved_go_live_at=NINE)
    revision.content["body"] = "[]"
    revision.save()
    people.clock.moment = NINE


def hand_over(people: People) -> None:
    release_steps.hand_over(people.release(), people.staff, to=people.editor)


def approve_release(people: People) -> Any:
    release = people.release()
    release_steps.approve(release, people.administrator)
    return release


def move(people: People) -> None:
    release_steps.move(approve_release(people), NINE + HOUR, people.administrator)


def cancel(people: People) -> None:
    release_steps.cancel(approve_release(people), people.administrator)


def release_goes_live(people: People) -> Any:
    release = approve_release(people)
    people.clock.moment = NINE
    return release


def revert(people: People) -> None:
    release = release_goes_live(people)
    call_command("run_scheduler", once=True)
    release.refresh_from_db()
    release_steps.revert(release, people.administrator)


WAYS = {
    approvals.SUBMITTED: People.submitted,
    approvals.APPROVED: approve_it,
    approvals.SENT_BACK: send_back,
    approvals.COMMENTED: comment,
    failures.FAILED: fail,
    SCHEDULE: People.scheduled,
    CARRIED_OVER: edit_what_is_scheduled,
    PUBLISHED: go_live,
    APPROVED_FOR: approve_for_a_release,
    HANDED_OVER: hand_over,
    EXPIRES_SOON: expire,
    **dict(
        zip(OF_RELEASES, (approve_release, move, release_goes_live, cancel, revert), strict=True)
    ),
}


@pytest.fixture
def people(clock, staff, editor, administrator):
    clock.moment = NINE - HOUR
    return People(staff, editor, administrator, clock)


def deliver() -> None:
    cache.clear()  # It looks for expiries once a minute.
    with suppress(CommandError):  # What could not be made is told by a mail.
        call_command("run_scheduler", once=True)


def foreign_words() -> Iterator[str]:
    for message in mail.outbox:
        texts = [message.subject, message.body]
        for content, _type in getattr(message, "alternatives", []):
            texts += texts_of(content)
        for text in texts:
            yield from (
                found[0] for rule in (FOREIGN, MORE_FOREIGN) for found in rule.finditer(text)
            )


def admin_links() -> list[str]:
    text = "\n".join(message.body for message in mail.outbox)
    return re.findall(rf"{re.escape(settings.WAGTAILADMIN_BASE_URL)}(/\S+)", text)


@pytest.mark.parametrize("step", WAYS)
def test_mail_is_in_the_words_of_editors_and_leads_somewhere(step, people):
    WAYS[step](people)
    deliver()

    assert Notification.objects.filter(step=step, sent_at__isnull=False).exists()
    assert list(foreign_words()) == []
    administrator = signed_in(people.administrator)
    shown = [administrator.get(link, follow=True) for link in admin_links()]
    assert {response.status_code for response in shown} == {200}
    assert len(admin_links()) == len(mail.outbox)


def test_mail_for_a_lost_password_is_in_the_words_of_editors(people):
    Client().post(reverse("wagtailadmin_password_reset"), {"email": people.staff.email})
    deliver()

    assert len(mail.outbox) == 1
    assert resolve(admin_links()[0]).url_name == "wagtailadmin_password_reset_confirm"
    assert f"You sign in as {people.staff.username}." in mail.outbox[0].body
    assert "within 3 days" in mail.outbox[0].body
    assert "If it was not you" in mail.outbox[0].body
    assert set(foreign_words()) == set()


# That these are all


def written_in(module: Path) -> Iterator[str]:
    """What the mails that a module writes are about, as their code says it."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "notify":
            yield ast.unparse(node.args[2])


def test_every_mail_that_is_written_is_read_here():
    modules = (Path(settings.BASE_DIR) / "cms").rglob("*.py")

    assert sorted(step for module in modules for step in written_in(module)) == [
        "APPROVED",
        "APPROVED_FOR",
        "CARRIED_OVER",
        "COMMENTED",
        "EXPIRES_SOON",
        "FAILED",
        "HANDED_OVER",
        "PUBLISHED",
        "SCHEDULE",
        "SENT_BACK",
        "SUBMITTED",
        "entry.action",  # Each of OF_RELEASES.
    ]


def test_nothing_else_of_ours_sends_mails():
    rooms = ("cms", "pages", "media", "genedge_site")
    modules = (file for room in rooms for file in (Path(settings.BASE_DIR) / room).rglob("*.py"))
    sending = re.compile(r"\b(send_mail|send_mass_mail|mail_admins|mail_managers|EmailMessage)\b")

    assert sorted(file.name for file in modules if sending.search(file.read_text())) == [
        "lost_passwords.py",
        "mails.py",  # About answers to forms.
        "mails.py",  # That ask to confirm a subscription.
        "sending.py",
    ]
