"""Whoever reads the log can trust that each line of it was written by the site."""

import io
import logging

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.signals import published

from cms.calendar import feed
from cms.calendar.models import CalendarLink
from tests import factories

FORGED = "Ada\n2026-01-15 12:00:00,000 WARNING root: forged\r\x1b[2K\u2028\x85forged"


@pytest.fixture
def log():
    """What the site's own handlers write."""
    written = io.StringIO()
    ours = [each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler]
    assert ours
    before = [handler.setStream(written) for handler in ours]
    yield written
    for handler, stream in zip(ours, before, strict=True):
        handler.setStream(stream)


def test_title_with_line_breaks_cannot_begin_a_line_of_the_log(db, clock, log):
    def fail(sender, instance, **kwargs):
        raise RuntimeError(instance.name)

    person = factories.person(name=FORGED, live=False)
    person.latest_revision.approved_go_live_at = clock.moment
    person.latest_revision.save()
    published.connect(fail)

    try:
        with pytest.raises(CommandError):
            call_command("run_scheduler", once=True)
    finally:
        published.disconnect(fail)

    lines = log.getvalue().splitlines()
    assert "Ada\\n2026-01-15" in lines[0]
    assert lines[1] == "  Traceback (most recent call last):"
    assert [line for line in lines[1:] if not line.startswith("  ")] == []
    assert not set("\r\x1b\u2028\x85") & set(log.getvalue())


def test_no_other_handler_writes_what_is_logged():
    loggers = [logging.getLogger(name) for name in logging.Logger.manager.loggerDict]
    django = [each for each in loggers if each.name.split(".")[0] in ("django", "cms", "wagtail")]

    assert [each.name for each in django if each.handlers or not each.propagate] == []


# Secrets


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PROPFIND", "DELETE"])
@pytest.mark.parametrize(
    "address", ["/calendar/{}.ics", "/calendar/{}.ics/", "/calendar/{}", "/{}"]
)
def test_no_request_leaves_the_address_of_a_calendar_in_the_log(
    staff, log, monkeypatch, method, address
):
    def fail(*given):
        raise RuntimeError(f"while {given} was read")

    monkeypatch.setattr(feed, "entries_between", fail)
    secret = CalendarLink.objects.renew(staff)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    client.generic(method, address.format(secret))

    assert secret not in log.getvalue()
    if address == "/calendar/{}.ics":
        assert "/calendar/…" in log.getvalue()


@pytest.mark.parametrize("enforces", [True, False])
def test_no_link_for_a_new_password_is_in_the_log(staff, log, enforces):
    token = default_token_generator.make_token(staff)
    client = Client(enforce_csrf_checks=enforces, raise_request_exception=False)

    client.post(f"/admin/password_reset/confirm/Mg/{token}/")
    logging.getLogger("django.request").error(
        "Not Found: /admin/password_reset/confirm/Mg/%s", token
    )

    assert token not in log.getvalue()
    assert "password_reset/confirm/Mg/…" in log.getvalue()


def test_names_and_hashes_that_are_no_secrets_stay_in_the_log(log):
    kept = ["test_no_request_leaves_the_address_of_a_calendar_in_the_log", "0a" * 32, "/calendar/"]

    logging.getLogger("cms").error(" ".join(kept))

    assert " ".join(kept) in log.getvalue()
