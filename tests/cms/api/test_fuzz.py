"""Whatever anyone sends, the answer is one that ``docs/frontend.md`` knows.

Queries are drawn from the schema, over starter content, hidden content and odd content: a field or
an argument that is new is tried without touching anything here. What was found is a plain test
elsewhere, which says the rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta, timezone
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from graphql import (
    REMOVE,
    ArgumentNode,
    DocumentNode,
    FieldDefinitionNode,
    NameNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    build_ast_schema,
    is_non_null_type,
    parse,
    print_ast,
    validate,
    value_from_ast_untyped,
    visit,
)
from hypothesis import assume, given, note
from hypothesis import strategies as st
from hypothesis_graphql import Mode, nodes, queries
from wagtail.models import Page, Site

from cms.api.reading.cursors import opened, sealed
from cms.api.reading.ids import encoded
from cms.api.schema.public import public_schema, schema_text
from pages.models import ArticlePage, HomePage, Person
from tests.cms.api.http.documented_errors import check_errors
from tests.cms.api.secret_content import HIDDEN, LIVE, World, build_world
from tests.drawing import drawn

pytestmark = pytest.mark.django_db

GRAPHQL_RESPONSE = "application/graphql-response+json"
LANGUAGES = [("en", "English"), ("de", "German")]
HOSTS = ["testserver", "starter.example.org", "expired.example.org"]
DOCUMENTED_LIMITS = set(
    re.findall(
        r"^\| [\d, ]+ \| (\w+)",
        (settings.BASE_DIR / "docs/frontend.md").read_text().partition("## Limits")[2],
        re.MULTILINE,
    )
)


# The content that is asked for


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    made_for_tests = {
        "LANGUAGES": LANGUAGES,
        "WAGTAIL_CONTENT_LANGUAGES": LANGUAGES,
        "MEDIA_ROOT": tmp_path_factory.mktemp("uploads"),
    }
    with override_settings(**made_for_tests), django_db_blocker.unblock(), transaction.atomic():
        call_command("load_starter_content", stdout=StringIO())
        make_odd()
        Site.objects.update(hostname=HOSTS[1], is_default_site=False)
        Site.objects.create(
            hostname="localhost", is_default_site=True, root_page=Page.get_first_root_node()
        )
        yield build_world("de")
        transaction.set_rollback(True)


def make_odd() -> None:
    """Store text that no editor would write, but that an import or a script could."""
    odd = (
        f'<p><a linktype="page" id="{"9" * 20}">A</a> <a linktype="document" id="²">B</a> '
        '<a linktype="page">C</a> <a>D</a> <a href="http://[">E</a> &#0; <script>F</script></p><p>'
    )
    HomePage.objects.update(introduction=odd)
    Person.objects.update(biography=odd)
    blocks = [
        {"type": "video", "id": "1", "value": {}},
        {"type": "paragraphs", "id": "2", "value": {"text": odd}},
        {"type": "paragraphs", "id": "3", "value": {}},
        {"type": "picture", "id": "4", "value": {"picture": None}},
    ]
    ArticlePage.objects.update(body=json.dumps(blocks), related_content="[]", standfirst="\u202e")


def send(method: str = "POST", *, query_string: str = "", body: bytes = b"", **headers: str) -> Any:
    """Send a request; whatever it did to the database is undone, as if it had come alone."""
    content_type = headers.pop("content_type", "application/json")
    with transaction.atomic():
        response = Client().generic(
            method,
            "/graphql",
            body,
            content_type=content_type,
            QUERY_STRING=query_string,
            headers=headers,
        )
        transaction.set_rollback(True)
    return response


def ask(query: str, variables: dict[str, Any] | None = None, *, host: str = HOSTS[0]) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    return send(body=body, accept=GRAPHQL_RESPONSE, host=host)


# Values, at their extremes

NUMBERS_OF_IDS = (
    st.integers(-5, 60) | st.integers(7_340_001, 7_341_000) | st.integers(0, 10**20)
).map(str)
ODD_NUMBERS = ["", "-1", "1.5", "1e3", " 1", "1\0", "²", "\u0661", "9" * 18, "9" * 19, "9" * 5_000]
KINDS = st.sampled_from(
    ["Page", "Person", "Organisation", "Image", "Document", "Site", "Redirect", "Tag"]
)
PARTS = [
    "",
    "/",
    "/body",
    "/body/2",
    "/body/~1",
    "/authors/x",
    "/seo/x",
    "/parent/x",
    "/body/2/x/y",
]
IDS = st.builds(
    lambda kind, number, part: encoded(f"{kind}:{number}{part}"),
    KINDS | st.sampled_from(["Navigation", "SiteSettings", "Rendition", "User", ""]),
    NUMBERS_OF_IDS | st.sampled_from(ODD_NUMBERS),
    st.sampled_from(PARTS),
)
ODD_IDS = [*ODD_NUMBERS, "0", "UGFnZTox=", "UGFnZTox==", "UGFnZTo", "____", "UGFnZToxCg"]
HUGE = st.integers(-(2**70), 2**70)
NUMBERS = st.integers(0, 20) | st.sampled_from([-(2**31), -1, 0, 100, 101, 2**31 - 1])
OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(timezones=st.none() | OFFSETS).map(str) | st.sampled_from(
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00",
        "0001-01-01",
        "2025",
        "2025-W01-1",
        "20250101T000000Z",
        "2025-01-01T24:00:00",
        "9999-12-31T23:59:59.999999-12:00",
        "9999-12-31T23:59:59.999999",
    ]
)
DATES = st.dates().map(str) | st.sampled_from(["0001-01-01", "9999-12-31", "20250101"])
ODD_TEXTS = [
    "",
    " ",
    "/",
    "//",
    "/charter/",
    "charter",
    "/articles/",
    "/charter/?a=1#b",
    "http://[",
    "//\u2100",
    "\0",
    "/\0/",
    "%00",
    "%ff%fe",
    "%80" * 1_000,
    "/" * 3_000,
    "x" * 3_000,
    "\U0010ffff" * 500,
    "\ufeff",
    "\u202e",
    "../../etc/passwd",
    "' OR 1=1 --",
    "%",
    "en",
    "de",
    "xx",
    "shared",
    f"{LIVE.word}tag",
    f"{HIDDEN.word}tag",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.floats() | st.text() | MOMENTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def text_node(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return strategy.map(str).map(nodes.String)


@pytest.fixture(scope="module")
def scalars(world: World) -> dict[str, st.SearchStrategy]:
    """How to draw each scalar, with what names something in the content among its values."""
    pages = [
        page
        for kind in (world.live, world.hidden)
        for copies in kind.values()
        for page in copies.values()
        if isinstance(page, Page)
    ]
    paths = [path for page in pages for path in (world.path_of(page), world.moved_from(page))]
    texts = st.text(max_size=20) | st.sampled_from(ODD_TEXTS) | st.sampled_from(paths)
    return {
        "ID": text_node(IDS | st.sampled_from(ODD_IDS)) | st.integers().map(nodes.Int),
        "Int": NUMBERS.map(nodes.Int),
        "String": text_node(texts),
        "Date": text_node(DATES),
        "DateTime": text_node(MOMENTS),
    }


# Queries that fit the schema


class Arguments(Visitor):
    """Leaves some arguments of a query out, and gives some as variables.

    It does the same to all arguments of a name, so that fields which agreed still do: an answer
    tells them once.
    """

    def __init__(self, types: TypeInfo, draw: Callable):
        super().__init__()
        self.types = types
        self.draw = draw
        self.ways: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.given: dict[str, Any] = {}

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        kind = self.types.get_input_type()
        argument = node.name.value
        if argument not in self.ways:
            self.ways[argument] = self.draw(st.sampled_from(["inline", "as a variable", "not"]))
        if self.ways[argument] == "not" and not is_non_null_type(kind):
            return REMOVE
        if self.ways[argument] != "as a variable":
            return None
        name = self.names.setdefault(f"{kind} = {print_ast(node.value)}", f"v{len(self.names)}")
        self.given[name] = value_from_ast_untyped(node.value)
        return ArgumentNode(name=node.name, value=VariableNode(name=NameNode(value=name)))

    def declared(self) -> str:
        kinds = [f"${name}: {key.partition(' = ')[0]}" for key, name in self.names.items()]
        return f"query ({', '.join(kinds)}) " if kinds else ""


def with_variables(document: DocumentNode, draw: Callable) -> tuple[str, dict[str, Any]]:
    types = TypeInfo(public_schema())
    arguments = Arguments(types, draw)
    changed = visit(document, TypeInfoVisitor(types, arguments))
    return arguments.declared() + print_ast(changed), arguments.given


class FewFields(Visitor):
    """Leaves of each type the fields that take arguments, and what it takes to select them."""

    def enter_field_definition(self, node: FieldDefinitionNode, *_: Any) -> Any:
        return None if node.arguments or node.name.value in {"id", "nodes", "status"} else REMOVE


@pytest.fixture(scope="module")
def fitting_queries(scalars) -> st.SearchStrategy:
    """Half of them of any fields, half of those alone that take arguments."""
    few_fields = build_ast_schema(visit(parse(schema_text()), FewFields()), assume_valid=True)
    any_query, arguments = (
        queries(schema, custom_scalars=scalars, print_ast=lambda tree: tree)
        for schema in (public_schema(), few_fields)
    )
    return any_query | arguments


@drawn(examples=400)
@given(data=st.data())
def test_a_query_of_the_schema_is_answered_unless_it_goes_beyond_a_limit(fitting_queries, data):
    query, variables = with_variables(data.draw(fitting_queries), data.draw)
    # Under `node`, where anything may stand, fields of one name and different types can be drawn.
    assume(not validate(public_schema(), parse(query)))

    note(f"{query}\n{variables}")

    response = ask(query, variables, host=data.draw(st.sampled_from(HOSTS)))

    answer = response.json()
    codes = check_errors(answer.get("errors", []))
    if response.status_code == 422:
        assert codes == {"LIMIT_EXCEEDED"}
        (error,) = answer["errors"]
        assert error["extensions"]["limit"].split()[0] in DOCUMENTED_LIMITS
    else:
        assert (response.status_code, codes) in [(200, set()), (294, {"BAD_USER_INPUT"})]
        assert "data" in answer
    assert HIDDEN.word not in response.content.decode()


# Queries that do not fit it


@pytest.fixture(scope="module")
def unfitting_queries(scalars) -> st.SearchStrategy:
    return queries(public_schema(), custom_scalars=scalars, mode=Mode.NEGATIVE)


@pytest.mark.decided_in_python  # Before anything is read.
@drawn(examples=60)
@given(data=st.data())
def test_a_query_that_does_not_fit_the_schema_is_refused(unfitting_queries, data):
    query = data.draw(unfitting_queries)

    response = ask(query)

    codes = check_errors(response.json()["errors"])
    assert response.status_code == 422
    assert codes <= {"GRAPHQL_VALIDATION_FAILED", "LIMIT_EXCEEDED"}
    assert "data" not in response.json()


# Cursors that nobody was given

LISTS = {
    "articles(orderBy: NEWEST_FIRST": MOMENTS,
    "articles(orderBy: TITLE": st.text() | st.sampled_from(ODD_TEXTS),
    "forums(orderBy: OLDEST_FIRST": HUGE,
    "deliverables(orderBy: NEWEST_FIRST": DATES,
    "people(orderBy: NAME_REVERSED": st.text() | st.sampled_from(ODD_TEXTS),
}


@drawn(examples=150)
@given(listing=st.sampled_from([*LISTS]), way=st.sampled_from(["after", "before"]), data=st.data())
def test_a_forged_cursor_leads_somewhere_or_is_a_bad_argument(world, listing, way, data):
    """Even of someone who knows the secret, with which nothing else could be forged."""
    values = data.draw(st.tuples(LISTS[listing], HUGE) | st.lists(JSON, max_size=3))
    first = ask(f"{{ list: {listing}, first: 1) {{ pageInfo {{ endCursor }} }} }}").json()["data"]
    name, *_ = opened(first["list"]["pageInfo"]["endCursor"])
    cursor = sealed([name, *values])

    response = ask(
        f"query ($c: String) {{ list: {listing}, {way}: $c) {{ nodes {{ id }} totalCount }} }}",
        {"c": cursor},
    )

    codes = check_errors(response.json().get("errors", []))
    assert (response.status_code, codes) in [(200, set()), (294, {"BAD_USER_INPUT"})]


# Requests that hold no query

TEXTS = [
    "{ __typename }",
    "query a { __typename } query b { __typename }",
    "query ($a: String!, $f: ArticleFilter) "
    "{ page(path: $a) { id } articles(filter: $f) { totalCount } }",
    "mutation { a }",
]
NO_JSON = [b"", b"\0", b"{", b'{"query"', b"[" * 50_000, b'{"query": "{a}", "a": NaN}', b"\xff"]
HALF_A_PAIR = st.characters(categories=["Cs"])
# JSON of which a part is no Unicode text, or a number of many digits.
ODD_JSON = JSON | HALF_A_PAIR | st.sampled_from([10**4_000, 1e308])
# One parameter at a time may be of the wrong type: what is refused for it goes no further.
PARAMETERS = st.builds(
    lambda query, values, odd: {"query": query, "variables": values, **odd},
    st.sampled_from(TEXTS),
    st.fixed_dictionaries({"a": ODD_JSON}, optional={"f": ODD_JSON}),
    st.dictionaries(
        st.sampled_from(["query", "variables", "operationName", "extensions", "id"]),
        ODD_JSON,
        max_size=1,
    ),
)


def body_of(value: Any) -> bytes:
    return json.dumps(value).encode()


def query_string_of(parameters: dict[str, Any]) -> str:
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in parameters.items()
    }
    return urlencode(texts, errors="surrogatepass")


def check_answer(response: Any) -> None:
    answer = json.loads(response.content)
    codes = check_errors(answer.get("errors", []))
    assert response.status_code < 500
    assert response["Content-Type"].endswith("json; charset=utf-8")
    assert codes or answer["data"]
    assert codes or response.status_code == 200
    assert "INTERNAL_SERVER_ERROR" not in codes


@drawn(examples=300)
@given(method=st.sampled_from(["GET", "POST"]), parameters=PARAMETERS)
def test_parameters_of_any_kind_are_answered_or_have_a_code(world, method, parameters):
    if method == "GET":
        response = send("GET", query_string=query_string_of(parameters))
    else:
        response = send(body=body_of(parameters))

    check_answer(response)


@drawn(examples=100)
@given(
    body=ODD_JSON.map(body_of) | st.sampled_from(NO_JSON) | st.binary(),
    query_string=st.text(st.characters(max_codepoint=255)),
)
def test_what_holds_no_parameters_has_a_code(world, body, query_string):
    check_answer(send(body=body))
    check_answer(send("GET", query_string=query_string))


METHODS = ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "X"]
MEDIA_TYPES = [
    "application/json",
    "application/graphql-response+json",
    "application/json; charset=utf-16",
    "application/json;charset",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "*/*",
    "*/*;q=0",
    "*/*;q=nan",
    ";",
    ",,/;=",
    "",
]
HEADERS = st.sampled_from(MEDIA_TYPES) | st.text(st.characters(min_codepoint=32, max_codepoint=126))


@drawn(examples=200)
@given(
    method=st.sampled_from(["GET", "POST"]) | st.sampled_from(METHODS),
    content_type=HEADERS,
    accept=HEADERS,
)
def test_methods_and_headers_of_any_kind_are_answered_or_have_a_code(
    world, method, content_type, accept
):
    query = {"query": "{ __typename }"}

    response = send(
        method,
        query_string=urlencode(query),
        body=body_of(query),
        content_type=content_type,
        accept=accept,
    )

    if method == "HEAD":
        assert response.status_code in {200, 406}
    else:
        check_answer(response)
