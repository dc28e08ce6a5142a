"""The HTTP side of the API, after the GraphQL-over-HTTP specification (draft of August 2026)."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.core.exceptions import DisallowedHost, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.views import defaults
from django.views.decorators.http import require_safe

from cms.admin.refusals.too_large import too_large
from cms.admin.sign_in.client_address import client_address
from cms.api.http.requests import is_api
from cms.api.operations import Answer, OperationContext, run_operation, within_bytes
from cms.api.reading.sites import Sites, UnknownSite
from cms.database.snapshot import snapshot
from cms.perspective.tokens import PreviewToken, TokenRefused
from cms.search import in_vain

__all__ = ["bad_request", "explorer", "graphql", "unavailable"]

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
PARTIAL_SUCCESS = 294
LONGEST_ACCEPT_KEPT = 500


class BadRequest(Exception):
    """The HTTP request cannot be served as a GraphQL request, or not now."""

    def __init__(self, status: int, code: str, message: str):
        super().__init__(message)
        self.status = status
        self.code = code


def graphql(request: HttpRequest) -> HttpResponse:
    if is_person_with_a_browser(request):
        return redirect("graphql_explorer")
    # Without an Accept header the choice is ours.
    accepted = accepted_type(request)
    try:
        if accepted is None:
            raise BadRequest(406, "NOT_ACCEPTABLE", f"Accept `{GRAPHQL_RESPONSE}` or `{JSON}`.")
        parameters = read_parameters(request)
        bearer = bearer_of(request)
        if bearer is None:
            answer = answer_to_reader(request, parameters)
        else:
            answer = answer_to(bearer, request, parameters)
    except BadRequest as problem:
        return refuse(problem, accepted)
    response = respond(answer.body, answer.status, accepted)
    within = within_bytes(answer, response.content)
    if within is not answer:
        response = respond(within.body, within.status, accepted)
    if (
        bearer is not None
    ):  # Also if it shows nothing more: of a release, for instance, that has gone live.
        response["Cache-Control"] = "private, no-store"
    return response


def answer_to(bearer: str, request: HttpRequest, parameters: dict[str, Any]) -> Answer:
    """What a token shows, and whether it still may, is read from the state the answer is of."""
    with snapshot():
        try:
            token = PreviewToken.objects.presented(bearer)
        except TokenRefused as refusal:
            raise BadRequest(401, refusal.code, str(refusal)) from refusal
        context = OperationContext(sites_of(request), perspective=token.perspective())
        answer = answer_in(context, request, parameters)
    token.note_use()
    return answer


def answer_to_reader(request: HttpRequest, parameters: dict[str, Any]) -> Answer:
    context = OperationContext(sites_of(request), client_address=client_address(request))
    answer = answer_in(context, request, parameters)
    in_vain.note(context.searched_in_vain)
    return answer


def answer_in(
    context: OperationContext, request: HttpRequest, parameters: dict[str, Any]
) -> Answer:
    introspection = may_introspect(request)
    return run_operation(context=context, introspection=introspection, **parameters)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The answer while nothing can be read, whoever finds that out."""
    message = "The site cannot answer just now. Ask again after the seconds that Retry-After says."
    return refuse(BadRequest(503, "SERVICE_UNAVAILABLE", message), accepted_type(request))


def refuse(problem: BadRequest, accepted: str | None) -> HttpResponse:
    error = {"message": str(problem), "extensions": {"code": problem.code}}
    return respond({"errors": [error]}, problem.status, accepted or GRAPHQL_RESPONSE)


def accepted_type(request: HttpRequest) -> str | None:
    return preferred(request, GRAPHQL_RESPONSE, JSON)


def preferred(request: HttpRequest, *media_types: str) -> str | None:
    """Django reads the header anew each time, which takes longer than all else that is read."""
    accept = request.headers.get("Accept", "*/*")
    find = preferred_of if len(accept) <= LONGEST_ACCEPT_KEPT else preferred_of.__wrapped__
    return find(accept, media_types)


@lru_cache(maxsize=256)
def preferred_of(accept: str, media_types: tuple[str, ...]) -> str | None:
    request = HttpRequest()
    request.META["HTTP_ACCEPT"] = accept
    return request.get_preferred_type(media_types)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django refuses before there is a view, told to who asks the API as programs read it."""
    if not is_api(request.path_info):
        if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
            return too_large(request, too_many(exception))
        return defaults.bad_request(request, exception)
    problem = BadRequest(400, "BAD_REQUEST", "This request cannot be read.")
    if isinstance(exception, DisallowedHost):
        message = "The Host header is no name of this site: ask at the site's own address."
        problem = BadRequest(400, "INVALID_HOST", message)
    return refuse(problem, accepted_type(request))


def too_many(exception: Exception) -> str:
    if isinstance(exception, TooManyFilesSent):
        return f"You sent more than {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files at once."
    return f"A form may have {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields, and yours has more."


def is_person_with_a_browser(request: HttpRequest) -> bool:
    """Who opens the address of the API itself, and asks nothing."""
    if request.method not in {"GET", "HEAD"} or request.META.get("QUERY_STRING"):
        return False
    return preferred(request, GRAPHQL_RESPONSE, JSON, "text/html") == "text/html"


def sites_of(request: HttpRequest) -> Sites:
    try:
        return Sites(request)
    except UnknownSite as error:
        message = "No site is served under this host name."
        raise BadRequest(404, "UNKNOWN_SITE", message) from error


def bearer_of(request: HttpRequest) -> str | None:
    """The preview token of who bears one (RFC 6750); everyone else sees what is published.

    The token is read from the header alone: an address would leave it in logs.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else None


def may_introspect(request: HttpRequest) -> bool:
    """Whether this client may ask about the schema: everyone, or who knows the key."""
    if settings.GRAPHQL_INTROSPECTION:
        return True
    key = request.headers.get("X-Introspection-Key", "")
    expected = settings.GRAPHQL_INTROSPECTION_KEY
    return bool(expected) and constant_time_compare(key, expected)


def respond(body: dict[str, Any], status: int, media_type: str) -> HttpResponse:
    if media_type == JSON:
        # A client that knows only JSON takes a status of 400 or more for someone else's answer,
        # unless the media type says that it is GraphQL's, and knows no 294.
        media_type = JSON if status < 300 else GRAPHQL_RESPONSE
        status = 200 if status == PARTIAL_SUCCESS else status
    response = JsonResponse(
        body,
        status=status,
        content_type=f"{media_type}; charset=utf-8",
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )
    response["Vary"] = "Accept"
    if status == PARTIAL_SUCCESS:
        response.reason_phrase = "Partial Success"
    elif status == 405:
        response["Allow"] = "GET, HEAD, POST"
    elif status == 401:
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        response["Cache-Control"] = "private, no-store"
    return response


def read_parameters(request: HttpRequest) -> dict[str, Any]:
    if request.method in {"GET", "HEAD"}:
        parameters = read_query_string(request)
    elif request.method == "POST":
        parameters = read_body(request)
    else:
        raise BadRequest(405, "METHOD_NOT_ALLOWED", "Send a query with GET or POST.")
    text, name = parameters.get("query"), parameters.get("operationName")
    if text is None and asks_by_hash(parameters.get("extensions")):
        # By this very message clients know to send the text with the hash.
        raise BadRequest(200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
    if not isinstance(text, str) or not text:
        raise BadRequest(422, "BAD_REQUEST", "`query` has to hold the operation as a string.")
    if not isinstance(name, str | None):
        raise BadRequest(422, "BAD_REQUEST", "`operationName` has to be a string.")
    for key in ("variables", "extensions"):
        if not isinstance(parameters.get(key), dict | None):
            raise BadRequest(422, "BAD_REQUEST", f"`{key}` has to be an object.")
    return {
        "text": text,
        "variables": parameters.get("variables"),
        "operation_name": name or None,
        "read_only": request.method != "POST",
    }


def asks_by_hash(extensions: Any) -> bool:
    return isinstance(extensions, dict) and isinstance(extensions.get("persistedQuery"), dict)


def read_query_string(request: HttpRequest) -> dict[str, Any]:
    if len(request.META.get("QUERY_STRING", "")) > settings.GRAPHQL_MAX_BODY_SIZE:
        raise BadRequest(414, "REQUEST_TOO_LARGE", "The address is too long: send it with POST.")
    try:
        request.encoding = "utf-8"  # A Content-Type is about a body, which GET does not have.
        given = request.GET
    except TooManyFieldsSent as error:
        raise BadRequest(400, "BAD_REQUEST", "The address has too many parameters.") from error
    parameters: dict[str, Any] = {name: given.get(name) for name in ("query", "operationName")}
    for name in ("variables", "extensions"):
        parameters[name] = read_json(given.get(name) or "null")
    return parameters


def read_body(request: HttpRequest) -> dict[str, Any]:
    charset = request.content_params.get("charset", "utf-8").lower()
    if request.content_type != JSON or charset not in {"utf-8", "utf8"}:
        raise BadRequest(
            415, "UNSUPPORTED_MEDIA_TYPE", f"Send the request as `Content-Type: {JSON}` in UTF-8."
        )
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > settings.GRAPHQL_MAX_BODY_SIZE:
        limit = settings.GRAPHQL_MAX_BODY_SIZE
        raise BadRequest(413, "REQUEST_TOO_LARGE", f"Send at most {limit} bytes.")
    parameters = read_json(request.read(int(length)))
    if isinstance(parameters, list):
        raise BadRequest(422, "BATCH_REFUSED", "Send one operation a request, not a batch.")
    if not isinstance(parameters, dict):
        raise BadRequest(422, "BAD_REQUEST", "The body has to be one JSON object.")
    return parameters


def read_json(text: str | bytes) -> Any:
    try:
        if isinstance(text, bytes):
            text = text.decode()
        value = json.loads(text, parse_constant=refuse_constant)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise BadRequest(400, "BAD_REQUEST", "This is not valid JSON.") from error
    return value


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON.")


@require_safe
@csp_update(
    {"script-src": [SELF], "connect-src": [SELF], "font-src": ["data:"], "img-src": ["data:"]}
)
def explorer(request: HttpRequest) -> HttpResponse:
    """GraphiQL, from files that ship with the site: it needs no internet access."""
    return render(request, "api/explorer.html")
