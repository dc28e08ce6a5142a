"""A further kind of scheduled change is one class: everything else follows from registering it."""

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, IntegerField, QuerySet, Value
from django.urls import reverse
from wagtail.models import Page

from cms.database.statements import forget_statements
from cms.perspective import sources
from cms.perspective.audience import Audience
from cms.perspective.changes import Change
from cms.perspective.objects import base_type_of
from cms.perspective.sources import PendingChange
from cms.scheduling.kinds import DueChange, ScheduledKind, WatchedTable, Words, with_ready_at
from cms.scheduling.kinds import kind as registry
from cms.scheduling.models import LONGEST_NAME, CompletedChange, FailedChange
from cms.scheduling.permanent import unpublish
from cms.scheduling.triggers import watch_tables
from pages.models import FormPage
from tests import factories
from tests.cms.addresses import home_url

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
FORM = '{ page(path: "/form/") { title } nextChangeAt }'


class FormCloses(ScheduledKind):
    """A form leaves the site at the moment in its ``go_live_at``, which nothing else reads here."""

    name = "close"
    slug = "closing"
    icon = "lock"
    words = Words(
        does="close",
        announced="Closes: nobody can answer any more",
        goes="Closes",
        went="Closed",
        did_not_go="Did not close",
        plural="Closings",
        when_failed="Nobody can answer it any more.",
    )
    log_action = "wagtail.unpublish.scheduled"

    def __init__(self, user: AbstractBaseUser):
        self.user = user

    def due(self, moment: datetime) -> Iterator[PendingChange]:
        for key, content_type, at in closing().values_list("pk", "content_type", "go_live_at"):
            if at <= moment:
                yield at, (base_type_of(Page), str(key)), Change(content_type, str(key), live=False)

    def go_live_moments(self) -> QuerySet:
        return closing().order_by("go_live_at").values("go_live_at")

    def past_moments(self, until: datetime, audience: Audience) -> Iterable[datetime]:
        return self.moments(until, audience)

    def moments(self, after: datetime, audience: Audience) -> Iterable[datetime]:
        return closing().values_list("go_live_at", flat=True)

    def scheduled(self) -> Iterator[QuerySet]:
        rows = closing().annotate(
            type_id=Value(ContentType.objects.get_for_model(FormPage).pk, IntegerField()),
            key=F("pk"),
            due_at=F("go_live_at"),
            version_id=Value(None, IntegerField()),
        )
        yield with_ready_at(self, rows).order_by("go_live_at")

    def is_scheduled(self, change: DueChange, row: Any) -> bool:
        return row.live and row.go_live_at == change.due_at and not self.waits_for_retry(change)

    def make_permanent(self, change: DueChange, row: Any, preparation: Any) -> None:
        if row.title == "Spoilt":
            raise RuntimeError("A secret of the system")
        unpublish(row.specific, expired=False)

    def who_scheduled(self, change: DueChange, subject: Any) -> AbstractBaseUser:
        return self.user

    def watched_tables(self) -> Iterator[WatchedTable]:
        yield WatchedTable("pages_formpage", ("is_open",), "NEW.is_open")


def closing() -> QuerySet:
    return FormPage.objects.filter(live=True, go_live_at__isnull=False)


@pytest.fixture(autouse=True)
def _forms_close(db, editor, clock, monkeypatch):
    monkeypatch.setattr(registry, "registered", dict(registry.registered))
    monkeypatch.setattr(sources, "registered", list(sources.registered))
    registry.register_kind(FormCloses(editor))
    forget_statements()
    clock.moment = NINE - timedelta(hours=1)
    yield
    forget_statements()


@pytest.fixture
def form(db):
    page = factories.form_page(title="Form", slug="form")
    FormPage.objects.update(go_live_at=NINE)
    return page


def test_readers_see_it_at_its_moment_while_no_scheduler_runs(form, ask, clock):
    before = ask(FORM)
    clock.moment = NINE
    after = ask(FORM)

    assert before == {"page": {"title": "Form"}, "nextChangeAt": "2099-06-02T09:00:00+00:00"}
    assert after == {"page": None, "nextChangeAt": None}


def test_scheduler_makes_it_permanent(form, clock):
    clock.moment = NINE
    call_command("run_scheduler", once=True)

    assert not FormPage.objects.get().live
    assert CompletedChange.objects.get().action == "close"


def test_failure_is_kept_and_whoever_scheduled_it_gets_a_mail(form, clock, editor):
    Page.objects.filter(pk=form.pk).update(title="Spoilt")

    for moment in (NINE, NINE + timedelta(seconds=5)):
        clock.moment = moment
        with pytest.raises(CommandError):
            call_command("run_scheduler", once=True)

    assert FailedChange.objects.get().attempts == 2
    [message] = mail.outbox
    assert (message.subject, message.to) == ("“Spoilt” did not close", [editor.email])
    assert "It was scheduled to close then" in message.body
    assert "secret" not in message.body


def test_calendar_and_first_page_show_it_in_its_own_words(form, editor, clock, sign_in):
    browser = sign_in(editor)
    month = {"date": "2099-06-02", "view": "list", "kind": "closing"}

    planned = browser.get(reverse("calendar"), month).content.decode()
    home = browser.get(home_url()).content.decode()
    clock.moment = NINE
    call_command("run_scheduler", once=True)
    done = browser.get(reverse("calendar"), month).content.decode()

    assert "Closings" in planned
    assert "Closes" in planned
    assert "Closes: nobody can answer any more" in home
    assert "Closed" in done


@pytest.mark.parametrize(("days", "shown"), [(-731, 0), (-729, 1), (89, 1), (91, 0)])
def test_calendar_of_ones_own_has_it_from_two_years_before_until_90_days_after(
    form, editor, sign_in, clock, days, shown
):
    clock.moment = NINE + timedelta(days=days)
    made = sign_in(editor).post(reverse("calendar_link"), {"do": "renew"}, follow=True)
    address = made.content.decode().partition("<code>")[2].partition("</code>")[0]

    calendar = sign_in(editor).get(urlsplit(address).path).content.decode()

    assert calendar.count("Closes: Form") == shown


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is asked every second")
def test_schedulers_are_told_when_a_row_that_it_watches_changes(form):
    watch_tables("default")

    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'pages_formpage'::regclass")
        assert {"genedge_tell_schedulers_insert", "genedge_tell_schedulers_update"} <= {
            name for (name,) in cursor.fetchall()
        }


def test_two_kinds_of_one_name_are_refused(editor):
    with pytest.raises(ValueError, match="named 'close' already"):
        registry.register_kind(FormCloses(editor))


@pytest.mark.parametrize(("letters", "fits"), [(LONGEST_NAME, True), (LONGEST_NAME + 1, False)])
def test_name_that_its_column_does_not_hold_is_refused(editor, letters, fits):
    kind = FormCloses(editor)
    kind.name = "c" * letters

    with nullcontext() if fits else pytest.raises(ValueError, match="is longer than 10 letters"):
        registry.register_kind(kind)
