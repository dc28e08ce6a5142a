"""The HTTP side of the API, after the GraphQL-over-HTTP specification (draft of 2025)."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from wagtail.models import Site

from cms.api.operations import OperationContext, run_operation

__all__ = ["explorer", "graphql"]

RESPONSE_TYPE = "application/graphql-response+json"


class BadRequest(Exception):
    """The HTTP request cannot be read as a GraphQL request."""

    def __init__(self, status: int, code: str, message: str):
        super().__init__(message)
        self.status = status
        self.code = code


@csrf_exempt  # Nothing here acts on a cookie, and only queries are served.
def graphql(request: HttpRequest) -> HttpResponse:
    try:
        parameters = read_parameters(request)
        site = Site.find_for_request(request)
        if site is None:
            raise BadRequest(404, "UNKNOWN_SITE", "No site is served under this host name.")
    except BadRequest as problem:
        error = {"message": str(problem), "extensions": {"code": problem.code}}
        response = answer(request, {"errors": [error]}, problem.status)
        if problem.status == 405:
            response["Allow"] = "GET, POST"
        return response
    result = run_operation(context=OperationContext(site), **parameters)
    # A client that knows only application/json learns from the body, not from the status, whether
    # the server understood it (section 6.4.1 of the specification).
    status = 200 if result.executed or not accepts_response_type(request) else 400
    return answer(request, result.body, status)


def accepts_response_type(request: HttpRequest) -> bool:
    return RESPONSE_TYPE in request.headers.get("Accept", "")


def answer(request: HttpRequest, body: dict[str, Any], status: int) -> HttpResponse:
    kind = RESPONSE_TYPE if accepts_response_type(request) else "application/json"
    response = JsonResponse(
        body,
        status=status,
        content_type=f"{kind}; charset=utf-8",
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )
    response["Vary"] = "Accept"
    return response


def read_parameters(request: HttpRequest) -> dict[str, Any]:
    if request.method == "GET":
        parameters = {name: request.GET.get(name) for name in ("query", "operationName")}
        parameters["variables"] = read_json(request.GET.get("variables") or "null")
    elif request.method == "POST":
        parameters = read_body(request)
    else:
        raise BadRequest(405, "METHOD_NOT_ALLOWED", "Send a query with GET or POST.")
    text, variables = parameters.get("query"), parameters.get("variables")
    name = parameters.get("operationName")
    if not isinstance(text, str) or not text:
        raise BadRequest(400, "BAD_REQUEST", "`query` has to hold the operation as a string.")
    if variables is not None and not isinstance(variables, dict):
        raise BadRequest(400, "BAD_REQUEST", "`variables` has to be an object.")
    if name is not None and not isinstance(name, str):
        raise BadRequest(400, "BAD_REQUEST", "`operationName` has to be a string.")
    return {"text": text, "variables": variables, "operation_name": name or None}


def read_body(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise BadRequest(
            415, "UNSUPPORTED_MEDIA_TYPE", "Send the request as `Content-Type: application/json`."
        )
    length = request.headers.get("Content-Length") or "0"
    if not length.isdigit() or int(length) > settings.GRAPHQL_MAX_BODY_SIZE:
        raise BadRequest(
            413,
            "REQUEST_TOO_LARGE",
            f"The request is larger than {settings.GRAPHQL_MAX_BODY_SIZE} bytes.",
        )
    parameters = read_json(request.read(settings.GRAPHQL_MAX_BODY_SIZE))
    if not isinstance(parameters, dict):
        raise BadRequest(400, "BAD_REQUEST", "The body has to be one JSON object.")
    return parameters


def read_json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(400, "BAD_REQUEST", "This is not valid JSON.") from error


@require_safe
def explorer(request: HttpRequest) -> HttpResponse:
    """GraphiQL, from files that ship with the site: it needs no internet access."""
    return render(request, "api/explorer.html")
