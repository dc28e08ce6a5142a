"""What pages of other sites may read from a browser, and with which headers."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as django_settings

from genedge_site.settings.environment import Environment
from tests import factories
from tests.genedge_site.commands import run

SITE = "https://www.example.org"
# What Apollo, urql, OpenTelemetry and Sentry send without being asked.
SENT_BY_CLIENTS = {
    "apollo-require-preflight",
    "apollographql-client-name",
    "apollographql-client-version",
    "baggage",
    "content-type",
    "sentry-trace",
    "traceparent",
    "tracestate",
    "x-request-id",
}


@pytest.fixture(autouse=True)
def _allowed(settings):
    settings.CORS_ALLOWED_ORIGINS = [SITE]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/graphql",
        "/graphql/",
        "/uploads/images/a.png",
        "/documents/1/a",
        "/feeds/updates.atom",
        "/sitemap.xml",
    ],
)
def test_a_browser_may_send_what_clients_send_by_themselves(client, path):
    asked = {"origin": SITE, "access-control-request-method": "POST"}

    allowed = client.options(path, headers=asked)

    assert (allowed.status_code, allowed["Access-Control-Allow-Origin"]) == (200, SITE)
    assert {*allowed["Access-Control-Allow-Headers"].split(", ")} >= SENT_BY_CLIENTS
    assert "Access-Control-Allow-Credentials" not in allowed


@pytest.mark.django_db
def test_a_picture_may_be_read_by_a_page_of_an_allowed_site(client):
    picture = factories.image().file

    allowed = client.get(picture.url, headers={"origin": SITE})
    other = client.get(picture.url, headers={"origin": "https://other.example.org"})

    assert allowed["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Origin" not in other
    assert allowed["Vary"] == other["Vary"] == "origin"
    with picture.storage.open(picture.name) as kept:
        assert b"".join(allowed) == b"".join(other) == kept.read()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/login/", "/health", "/graphql/explorer", "/"])
def test_nothing_else_is_read_across_sites(client, path):
    answer = client.get(path, headers={"origin": SITE})

    assert "Access-Control-Allow-Origin" not in answer


def test_a_frontend_at_any_port_of_ones_own_machine_may_ask(tmp_path):
    code = (
        "from genedge_site.settings import dev, base;"
        "print(*dev.CORS_ALLOWED_ORIGIN_REGEXES);"
        "print(*base.CORS_ALLOW_HEADERS)"
    )
    given = {"VAR_DIR": str(tmp_path), "CORS_ALLOW_HEADERS": "X-Mine"}

    allowed, headers = run("-c", code, given=given).stdout.splitlines()

    for origin in ("http://localhost:3000", "http://127.0.0.1:5173", "http://[::1]:1"):
        assert re.match(allowed, origin)
    for origin in ("http://localhost.example.org", "http://localhost:3000.org", "null"):
        assert not re.match(allowed, origin)
    assert "x-mine" in headers.split()
    # A site on a server names them.
    assert not getattr(django_settings, "CORS_ALLOWED_ORIGIN_REGEXES", [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CORS_ALLOW_HEADERS", "x request id"),
        ("CORS_ALLOW_HEADERS", "x-request-id:"),
        ("CORS_ALLOW_HEADERS", "*"),
        ("CORS_ALLOWED_ORIGINS", "*"),
        ("CORS_ALLOWED_ORIGINS", "www.example.org"),
        ("CORS_ALLOWED_ORIGINS", "https://www.example.org/"),
        ("CORS_ALLOWED_ORIGINS", "https://www.example.org?a"),
        ("CORS_ALLOWED_ORIGINS", "https://www.example.org:443"),
        ("CORS_ALLOWED_ORIGINS", "https://ada@www.example.org"),
        ("CORS_ALLOWED_ORIGINS", "https://*.example.org"),
    ],
)
def test_what_no_browser_would_send_is_one_sentence(name, value):
    environment = Environment({name: value})

    read = environment.header_names if name == "CORS_ALLOW_HEADERS" else environment.origins
    read(name)

    [problem] = environment.problems
    assert problem.startswith(f"{name} has {value!r}: name ")


def test_origins_are_compared_as_browsers_write_them():
    environment = Environment({"CORS_ALLOWED_ORIGINS": "https://WWW.Example.org"})

    assert environment.origins("CORS_ALLOWED_ORIGINS") == [SITE]
    assert environment.problems == []
