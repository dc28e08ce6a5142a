"""How much a request may bring: by its address, and at some by who sends it."""

from __future__ import annotations

import json

import pytest
from django.conf import settings as django_settings
from django.urls import URLPattern, URLResolver, get_resolver

from genedge_site import body_limits
from genedge_site.body_limits import UPLOADS, AddressLimits

FORM = "application/x-www-form-urlencoded"
UPLOAD = "multipart/form-data; boundary=x"
MEGABYTE = 1_000_000
ADD_PICTURE = "/admin/images/add/"


@pytest.fixture(autouse=True)
def _keep_the_connection_of_the_test(monkeypatch):
    """As Django's test client does: asking who sends something ends with closing connections."""
    monkeypatch.setattr(body_limits, "close_old_connections", lambda: None)


class Unread:
    """A body that nobody is to read."""

    def read(self, *_):
        pytest.fail("It was read, though it was to be refused.")

    readline = read


def send(client, path, size, content_type=FORM, **headers):
    return client.generic(
        "POST",
        path,
        **{
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(size),
            "wsgi.input": Unread(),
            **headers,
        },
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/admin/login/", "/admin/password_reset/", ADD_PICTURE, "/", "/nowhere/", "/health"]
)
def test_who_is_not_signed_in_sends_no_more_than_a_form(client, path):
    answer = send(client, path, 300 * MEGABYTE, UPLOAD)

    assert answer.status_code == 413
    assert "This is too large: send at most 200 kB at once." in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/admin/images/add/", 51),
        ("/admin/images/multiple/add/", 51),
        ("/admin/documents/multiple/add/", 51),
        ("/admin/redirects/import/", 51),
        ("/admin/account/", 51),
        ("/admin/pages/1/edit/", 10),
        ("/admin/logout/", 10),
        ("/", 0.2),
        ("/nowhere/", 0.2),
    ],
)
def test_files_are_sent_where_files_are_taken_by_who_is_signed_in(admin_client, path, most):
    cookies = "; ".join(f"{each.key}={each.value}" for each in admin_client.cookies.values())
    before_it_is_read = AddressLimits().for_sender({"PATH_INFO": path, "HTTP_COOKIE": cookies})
    largest = (
        most * MEGABYTE if most < 51 else MEGABYTE + django_settings.WAGTAILDOCS_MAX_UPLOAD_SIZE
    )

    answer = send(admin_client, path, int(largest) + 1)

    assert answer.status_code == 413
    assert before_it_is_read == largest


@pytest.mark.django_db
def test_a_cookie_that_is_made_up_is_no_sign_in():
    limit = AddressLimits().for_sender({"PATH_INFO": ADD_PICTURE, "HTTP_COOKIE": "sessionid=x"})

    assert limit == 200_000


@pytest.mark.django_db
def test_a_program_reads_why_it_was_refused(client):
    answer = send(client, "/admin/login/", MEGABYTE, HTTP_ACCEPT="application/json")

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]) == (413, {"code": "REQUEST_TOO_LARGE"})


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/graphql", "/graphql/"])
def test_the_api_has_its_own_limit(client, settings, path):
    settings.GRAPHQL_MAX_BODY_SIZE = 300_000

    answer = send(client, path, 300_001, "application/json")

    assert (answer.status_code, json.loads(answer.content)["errors"][0]["extensions"]) == (
        413,
        {"code": "REQUEST_TOO_LARGE"},
    )
    assert AddressLimits().for_anyone({"PATH_INFO": path}) == 300_000


def test_every_view_that_takes_files_is_named():
    """What is named here exists, so that a new Wagtail's names are noticed."""
    resolver = get_resolver()
    namespaces = {name for name, _ in namespaced(resolver)}
    views = {name for _, name in namespaced(resolver)}

    assert UPLOADS - namespaces - views == set()


def namespaced(resolver, within=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from namespaced(pattern, pattern.namespace or within)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield within, f"{within}:{pattern.name}" if within else pattern.name
