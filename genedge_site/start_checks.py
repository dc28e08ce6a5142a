"""What is found wrong only when database and bucket are asked: in sentences, at the start."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import django
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.http.request import validate_host

from cms.database.collation import COLLATION, is_there
from media.stored_files import FilesUnavailable, bucket

__all__ = ["problems_in_database", "problems_of_bucket"]


def problems_in_database() -> list[str]:
    return [*problems_of_collation(), *problems_of_sites()]


def problems_of_bucket() -> list[str]:
    """None while it does not answer: the rest of the site does without, and files as soon as it
    does."""
    found = bucket()
    try:
        return found.problems() if found else []
    except FilesUnavailable as problem:
        print(f"{problem.strerror}: the site starts without.", file=sys.stderr, flush=True)
        return []


def problems_of_collation() -> Iterator[str]:
    if not is_there(connection):
        yield (
            f"The database has no collation {COLLATION}, by which lists are ordered from A to Z:"
            " use a PostgreSQL that is built with ICU, as all usual packages of it are."
        )


def problems_of_sites() -> Iterator[str]:
    sites = list(apps.get_model("wagtailcore.Site").objects.all())
    known = {name for each in sites for name in (each.hostname, f"{each.hostname}:{each.port}")}
    for name in settings.FRONTENDS:
        if name and name not in known:
            yield (
                f"FRONTEND_URL names the site {name!r}, which is not there: name the host of a site"
                " as Settings → Sites in the admin has it."
            )
    for site in sites:
        if not site.is_default_site and not validate_host(site.hostname, settings.ALLOWED_HOSTS):
            yield f"The site {said(site)} cannot be reached: add {site.hostname} to ALLOWED_HOSTS."
    found = site_at_own_address()
    if found is not None and not found.is_default_site:
        yield (
            f"SITE_URL is {settings.SITE_URL!r}, where the site {said(found)} answers, which is not"
            " the default site: set it to another address, or make that site the default."
        )


def site_at_own_address() -> Any:
    """As Wagtail finds the site that a request is for; None when there is none."""
    own = urlsplit(settings.SITE_URL)
    request = HttpRequest()
    port = own.port or (443 if own.scheme == "https" else 80)
    request.META = {"HTTP_HOST": own.netloc, "SERVER_PORT": str(port)}
    return apps.get_model("wagtailcore.Site").find_for_request(request)


def said(site: Any) -> str:
    return f"“{site.site_name or site.hostname}”"


if __name__ == "__main__":
    django.setup()
    of_bucket = problems_of_bucket()
    if of_bucket:
        sys.exit("\n".join(of_bucket))
    # A database that is away is waited for by the server as well.
    with suppress(DatabaseError):
        sys.exit("\n".join(problems_in_database()) or 0)
