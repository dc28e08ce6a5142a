"""Whoever reads the log can trust that each line of it was written by the site."""

import io
import logging
import re
import uuid

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter
from wagtail.signals import published

from cms.calendar import feed
from cms.calendar.models import CalendarLink
from cms.subscriptions import joining
from tests import factories

FORGED = "Ada\n2026-01-15 12:00:00,000 WARNING root: forged\r\x1b[2K\u2028\x85forged"

# An argument of this name may be a secret; a number is none.
NAMED_LIKE_A_SECRET = re.compile("secret|key|token|signature|password")
# What opens nothing by itself: a file of an answer to who may see that, and a moment.
OPEN_NOTHING = {"answer_file", "as_of_show"}


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


@pytest.mark.parametrize("page", ["confirm", "leave"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_key_of_a_subscriber_is_in_the_log(db, log, monkeypatch, page, method):
    def fail(key):
        raise RuntimeError(f"while {key!r} was looked for")

    for name in ("confirm", "leave", "leaving", "to_confirm"):
        monkeypatch.setattr(joining, name, fail)
    key = str(uuid.uuid4())
    client = Client(raise_request_exception=False)

    client.generic(method, f"/subscriptions/{page}/{key}?List-Unsubscribe=One-Click")
    logging.getLogger("django.request").error("Not Found: /subscriptions/%s/%s/", page, key)

    assert log.getvalue().count(f"/subscriptions/{page}/…") == 2
    assert key not in log.getvalue()


def addresses_with_arguments(resolver, above=()):
    """The name of each address of the site, and its arguments with their converters, if any."""
    for each in resolver.url_patterns:
        named = each.pattern.regex.groupindex
        arguments = {**dict(above), **{name: each.pattern.converters.get(name) for name in named}}
        if isinstance(each, URLResolver):
            namespace = f"{each.namespace}:" if each.namespace else ""
            for name, found in addresses_with_arguments(each, arguments.items()):
                yield f"{namespace}{name}", found
        else:
            yield each.name, arguments


def is_secret(argument, converter):
    return NAMED_LIKE_A_SECRET.search(argument) and not isinstance(converter, IntConverter)


def value_for(argument, converter):
    """As short and plain as a secret may be, so that nothing but its address gives it away."""
    if not is_secret(argument, converter):
        return 1
    return uuid.uuid4() if isinstance(converter, UUIDConverter) else uuid.uuid4().hex[:20]


def addresses_with_secrets():
    """The name of each, with made-up arguments."""
    return {
        name: {each: value_for(each, converter) for each, converter in arguments.items()}
        for name, arguments in addresses_with_arguments(get_resolver())
        if name not in OPEN_NOTHING and any(is_secret(*each) for each in arguments.items())
    }


def fail_on_every_request(get_response):
    def fail(request):
        raise RuntimeError("on every request")

    return fail


def test_no_address_with_a_secret_in_it_reaches_the_log(log, settings):
    settings.MIDDLEWARE = [f"{__name__}.fail_on_every_request"]
    client = Client(raise_request_exception=False)
    addresses = addresses_with_secrets()

    for name, arguments in addresses.items():
        client.post(reverse(name, kwargs=arguments))

    assert {"calendar_feed", "confirm_subscription", "form_files"} < addresses.keys()
    assert log.getvalue().count("Internal Server Error: ") == len(addresses)
    for name, arguments in addresses.items():
        secrets = [str(value) for value in arguments.values() if value != 1]
        assert secrets, name
        assert [each for each in secrets if each in log.getvalue()] == [], name


def test_names_and_hashes_that_are_no_secrets_stay_in_the_log(log):
    kept = ["test_no_request_leaves_the_address_of_a_calendar_in_the_log", "0a" * 32, "/calendar/"]
    kept.append(str(uuid.uuid4()))  # Such as the number of an error.

    logging.getLogger("cms").error(" ".join(kept))

    assert " ".join(kept) in log.getvalue()
