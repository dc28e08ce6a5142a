"""The endpoint, as the GraphQL-over-HTTP specification describes it."""

import json
from urllib.parse import urlencode

import pytest
from django.core.exceptions import SuspiciousOperation
from wagtail.models import Page, Site

from tests import factories

pytestmark = pytest.mark.django_db

GRAPHQL_RESPONSE = "application/graphql-response+json"
CHARTER = "{ charter { title } }"


@pytest.fixture(scope="module", autouse=True)
def _charter(undone):
    with undone():
        factories.charter_page()
        yield


def post(client, body, **headers):
    headers = {"content_type": "application/json", "accept": GRAPHQL_RESPONSE, **headers}
    content_type = headers.pop("content_type")
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post("/graphql", data, content_type=content_type, headers=headers)


def code_of(response):
    (error,) = response.json()["errors"]
    assert set(error) >= {"message", "extensions"}
    return error["extensions"]["code"]


def test_post_answers_a_query(client):
    response = post(client, {"query": CHARTER})

    assert response.status_code == 200
    assert response["Content-Type"] == f"{GRAPHQL_RESPONSE}; charset=utf-8"
    assert response.json()["data"] == {"charter": {"title": "Charter"}}
    assert not response.headers.keys() & {"Allow", "Cache-Control", "WWW-Authenticate"}


def test_text_is_sent_as_it_is_written(client):
    Page.objects.filter(slug="charter").update(title="Charté")

    response = post(client, {"query": CHARTER})

    assert "Charté".encode() in response.content


def test_get_answers_a_query_with_variables(client):
    response = client.get(
        "/graphql",
        {
            "query": "query a($p: String!) { page(path: $p) { title } } query b { site { name } }",
            "operationName": "a",
            "variables": '{"p": "/charter"}',
        },
    )

    assert response.status_code == 200
    assert response.json()["data"] == {"page": {"title": "Charter"}}


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "nonsense"])
def test_get_is_read_as_utf_8_whatever_its_body_were(client, charset):
    query = {"query": '{ page(path: "/") { title } a: __typename } # é', "operationName": ""}

    response = client.get(
        "/graphql", query, headers={"content-type": f"text/plain; charset={charset}"}
    )

    assert response.status_code == 200


def test_an_address_with_too_many_parameters_is_refused(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10

    response = client.get("/graphql", {"query": CHARTER, **{f"a{n}": 1 for n in range(10)}})

    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


def test_head_answers_without_a_body(client):
    response = client.head("/graphql", {"query": CHARTER})

    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        ("application/json", "application/json"),
        ("*/*", GRAPHQL_RESPONSE),
        ("application/*", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE};q=0.5, application/json", "application/json"),
        (f"{GRAPHQL_RESPONSE}, application/json;q=0.9", GRAPHQL_RESPONSE),
        ("text/html, application/json;q=0.1", "application/json"),
    ],
)
def test_the_media_type_is_the_one_most_wanted(client, accept, media_type):
    response = post(client, {"query": CHARTER}, accept=accept)

    assert response.status_code == 200
    assert response["Content-Type"] == f"{media_type}; charset=utf-8"
    assert "Accept" in response["Vary"]


def test_without_accept_the_answer_is_a_graphql_response(client):
    response = client.post(
        "/graphql", json.dumps({"query": CHARTER}), content_type="application/json"
    )

    assert response["Content-Type"] == f"{GRAPHQL_RESPONSE}; charset=utf-8"


def test_nothing_acceptable_is_406(client):
    response = post(client, {"query": CHARTER}, accept="text/html")

    assert (response.status_code, code_of(response)) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize("accept", [GRAPHQL_RESPONSE, "application/json"])
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("NONSENSE", 400, "BAD_REQUEST"),
        ('{"query":', 400, "BAD_REQUEST"),
        (b"\xff\xfe", 400, "BAD_REQUEST"),
        ('{"query": "{ site { name } }", "variables": {"a": NaN}}', 400, "BAD_REQUEST"),
        ('{"query": "\\ud800"}', 400, "BAD_REQUEST"),
        ("[" * 20_000, 400, "BAD_REQUEST"),
        ("7", 422, "BAD_REQUEST"),
        ({}, 422, "BAD_REQUEST"),
        ({"qeury": "{__typename}"}, 422, "BAD_REQUEST"),
        ({"query": ""}, 422, "BAD_REQUEST"),
        ({"query": 7}, 422, "BAD_REQUEST"),
        ({"query": CHARTER, "variables": [7]}, 422, "BAD_REQUEST"),
        ({"query": CHARTER, "variables": "{}"}, 422, "BAD_REQUEST"),
        ({"query": CHARTER, "operationName": 7}, 422, "BAD_REQUEST"),
        ({"query": CHARTER, "extensions": "x"}, 422, "BAD_REQUEST"),
        ([{"query": CHARTER}], 422, "BATCH_REFUSED"),
        ({"query": "{"}, 400, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, 422, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": CHARTER, "operationName": "other"}, 422, "OPERATION_RESOLUTION_FAILURE"),
        (
            {"query": "query a {__typename} query b {__typename}"},
            422,
            "OPERATION_RESOLUTION_FAILURE",
        ),
        ({"query": "fragment a on Query { __typename }"}, 422, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "mutation { a }"}, 422, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "subscription { a }"}, 422, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query ($p: String!) { page(path: $p) { id } }"}, 422, "BAD_USER_INPUT"),
        (
            {
                "query": "query ($n: Int) { articles(first: $n) { totalCount } }",
                "variables": {"n": 10**12},
            },
            422,
            "BAD_USER_INPUT",
        ),
    ],
)
def test_what_cannot_be_served_has_a_status_and_a_code(client, body, status, code, accept):
    response = post(client, body, accept=accept)

    assert response.status_code == status
    assert {error["extensions"]["code"] for error in response.json()["errors"]} == {code}
    assert "data" not in response.json()
    assert response["Content-Type"] == f"{GRAPHQL_RESPONSE}; charset=utf-8"


@pytest.mark.parametrize("empty", ["", None])
def test_optional_parameters_may_be_null_or_empty(client, empty):
    response = post(client, {"query": CHARTER, "operationName": empty, "variables": None})

    assert response.status_code == 200

    response = client.get(
        "/graphql", {"query": CHARTER, "operationName": "", "variables": "", "extensions": ""}
    )

    assert response.status_code == 200


def test_unknown_parameters_are_ignored(client):
    response = post(client, {"query": CHARTER, "id": 1, "extensions": {"a": {}}})

    assert response.status_code == 200


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
def test_a_request_a_browser_sends_across_sites_unasked_is_refused(client, content_type):
    response = post(client, {"query": CHARTER}, content_type=content_type)

    assert (response.status_code, code_of(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_another_charset_than_utf_8_is_refused(client):
    response = post(client, {"query": CHARTER}, content_type="application/json; charset=latin-1")

    assert response.status_code == 415


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_405_and_told_what_is_allowed(client, method):
    response = getattr(client, method)("/graphql")

    assert (response.status_code, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
    assert response["Allow"] == "GET, HEAD, POST"


def test_get_runs_nothing_but_queries(client):
    response = client.get("/graphql", {"query": 'mutation { startForm(path: "/") { token } }'})

    assert (response.status_code, code_of(response)) == (405, "OPERATION_RESOLUTION_FAILURE")
    assert response["Allow"] == "GET, HEAD, POST"


def test_a_body_over_the_limit_is_413_and_not_read(client, settings):
    settings.GRAPHQL_MAX_BODY_SIZE = 100

    class Unread:
        def __len__(self):
            return 10**9

        def read(self, *_):
            raise AssertionError("The body was read.")

        readline = read

    response = client.generic(
        "POST",
        "/graphql",
        "",
        CONTENT_TYPE="application/json",
        CONTENT_LENGTH=str(10**9),
        **{"wsgi.input": Unread()},
    )

    assert (response.status_code, code_of(response)) == (413, "REQUEST_TOO_LARGE")


def test_an_address_over_the_limit_is_414(client, settings):
    settings.GRAPHQL_MAX_BODY_SIZE = 100

    response = client.get("/graphql", {"query": CHARTER + " " * 200})

    assert (response.status_code, code_of(response)) == (414, "REQUEST_TOO_LARGE")


@pytest.mark.parametrize(("short_of_it", "status"), [(0, 200), (1, 413)])
def test_a_body_may_be_as_large_as_the_limit(client, settings, short_of_it, status):
    body = json.dumps({"query": CHARTER})
    settings.GRAPHQL_MAX_BODY_SIZE = len(body) - short_of_it

    assert post(client, body).status_code == status


@pytest.mark.parametrize(("short_of_it", "status"), [(0, 200), (1, 414)])
def test_an_address_may_be_as_long_as_the_limit(client, settings, short_of_it, status):
    text = urlencode({"query": CHARTER})
    settings.GRAPHQL_MAX_BODY_SIZE = len(text) - short_of_it

    assert client.get(f"/graphql?{text}").status_code == status


@pytest.mark.parametrize("length", ["-1", "x", "1.5", ""])
def test_a_length_that_is_no_number_is_not_read_by(client, length):
    response = client.generic(
        "POST", "/graphql", "{}", CONTENT_TYPE="application/json", CONTENT_LENGTH=length
    )

    assert (response.status_code, code_of(response)) == (
        (413, "REQUEST_TOO_LARGE") if length else (400, "BAD_REQUEST")
    )


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8"])
def test_utf_8_goes_by_several_names(client, charset):
    response = post(client, {"query": CHARTER}, content_type=f"application/json; charset={charset}")

    assert response.status_code == 200


@pytest.mark.parametrize(
    "extensions", [{}, {"persistedQuery": None}, {"persistedQuery": "x"}, "persistedQuery", None]
)
def test_who_sends_neither_text_nor_hash_is_told_what_is_missing(client, extensions):
    response = post(client, {"extensions": extensions})

    assert (response.status_code, code_of(response)) == (422, "BAD_REQUEST")


def test_text_that_comes_with_its_hash_is_answered(client):
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}

    response = post(client, {"query": CHARTER, "extensions": extensions})

    assert response.json()["data"] == {"charter": {"title": "Charter"}}


def test_escaped_pairs_of_surrogates_are_text(client):
    response = post(client, '{"query": "{ charter { title } } # \\uD83D\\uDE00"}')

    assert response.status_code == 200


def test_a_host_without_a_site_is_404(client):
    Site.objects.update(hostname="www.example.org", is_default_site=False)

    response = post(client, {"query": CHARTER}, host="elsewhere.example.org")

    assert (response.status_code, code_of(response)) == (404, "UNKNOWN_SITE")


@pytest.mark.parametrize("path", ["/graphql", "/graphql/"])
@pytest.mark.parametrize("host", ["elsewhere.example.org", "no_host:x", "a b", "x,y"])
def test_a_host_that_is_not_ours_is_told_so_as_json(client, settings, path, host):
    settings.ALLOWED_HOSTS = ["cms.example.org"]
    asking = {"accept": "application/graphql-response+json", "origin": "https://www.example.org"}
    settings.CORS_ALLOWED_ORIGINS = [asking["origin"]]

    response = client.post(
        path, {"query": CHARTER}, content_type="application/json", headers=asking, HTTP_HOST=host
    )

    assert (response.status_code, code_of(response)) == (400, "INVALID_HOST")
    assert response["Content-Type"] == "application/graphql-response+json; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == asking["origin"]


def test_a_host_that_is_not_ours_is_told_so_in_html_elsewhere(client, settings):
    settings.ALLOWED_HOSTS = ["cms.example.org"]

    response = client.get("/admin/login/", HTTP_HOST="elsewhere.example.org")

    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")


def test_what_django_refuses_of_a_request_is_told_as_json(client, monkeypatch):
    def refuse(*_):
        raise SuspiciousOperation("It is of no use to say more.")

    monkeypatch.setattr("cms.api.http.views.read_parameters", refuse)

    response = post(client, {"query": CHARTER})

    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")
    assert "of no use" not in response.content.decode()


def test_public_reads_need_and_set_no_cookie(client):
    response = post(client, {"query": CHARTER})

    assert not response.cookies
    assert "Cookie" not in response["Vary"]


@pytest.mark.parametrize("accept", [GRAPHQL_RESPONSE, "application/json"])
def test_a_field_that_fails_is_partial_success_without_a_word_of_why(
    client, monkeypatch, caplog, accept
):
    def fail(*_, **__):
        raise ValueError("SELECT secret FROM /etc/passwd")

    monkeypatch.setattr("cms.api.reading.content.Content.singleton", fail)

    response = post(client, {"query": "{ charter { title } site { name } }"}, accept=accept)

    assert (response.status_code, response.reason_phrase) == (
        (294, "Partial Success") if accept == GRAPHQL_RESPONSE else (200, "OK")
    )
    answer = response.json()
    assert answer["data"] == {"charter": None, "site": {"name": ""}}
    (error,) = answer["errors"]
    assert error["path"] == ["charter"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "secret" not in response.content.decode()
    assert error["extensions"]["id"] in caplog.text
    assert "SELECT secret" in caplog.text


def test_a_path_with_a_nul_is_no_page(ask):
    data = ask("query ($p: String!) { page(path: $p) { id } }", p="/char\0ter/")

    assert data == {"page": None}


# Near misses


def test_slash_at_the_end_is_forgiven(client):
    body = {"query": CHARTER}

    response = client.post("/graphql/", body, content_type="application/json")

    assert response.json()["data"]["charter"]


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_whoever_opens_the_address_in_a_browser_is_led_to_the_explorer(client):
    response = client.get("/graphql", headers={"accept": BROWSER})

    assert (response.status_code, response["Location"]) == (302, "/graphql/explorer")


def test_query_in_an_address_is_answered_in_a_browser_too(client):
    response = client.get("/graphql", {"query": CHARTER}, headers={"accept": BROWSER})

    assert response.json()["data"]["charter"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("accept", [GRAPHQL_RESPONSE, "application/json", "*/*"])
def test_client_that_sends_only_a_hash_learns_to_send_the_text(client, method, accept):
    """In the words by which Apollo's and urql's clients know what to do."""
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}

    if method == "GET":
        sent = {"extensions": json.dumps(extensions)}
        response = client.get("/graphql", sent, headers={"accept": accept})
    else:
        response = post(client, {"extensions": extensions}, accept=accept)

    (error,) = response.json()["errors"]
    assert response.status_code == 200
    media_type = GRAPHQL_RESPONSE if accept == "*/*" else accept
    assert response["Content-Type"] == f"{media_type}; charset=utf-8"
    assert error["message"] == "PersistedQueryNotFound"
    assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
