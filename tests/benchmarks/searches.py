"""What searches cost beside the list of articles: for a word that all have, and for a rare one."""

import json

from django.core.management import call_command
from django.db import connection

from tests.benchmarks.perspectives import LIST, cost

__all__ = ["print_costs"]

FOUND = "totalCount nodes { title { html } item { ... on PageInterface { title path } } }"
SEARCH = '{ search(query: "%s", first: 20%s) { ' + FOUND + " } }"
FACETS = (
    '{ search(query: "%s", first: 20) { '
    + FOUND
    + " facets { types { type count } years { year count } } } }"
)
SEARCHES = {
    "list": LIST,
    "word of all": SEARCH % ("compilers", ""),
    "three words of all": SEARCH % ("small language models", ""),
    "rare word": SEARCH % ("peta", ""),
    "of one type": SEARCH % ("compilers", ", types: [ARTICLE_PAGE]"),
    "mistyped": SEARCH % ("compilres", ""),
    "with facets": FACETS % "compilers",
    "with excerpts": SEARCH.replace("html } item", "html } excerpt { html } item")
    % ("compilers", ""),
    "suggestions": '{ searchSuggestions(query: "gen") { title { html } item { __typename } } }',
}


def print_costs() -> None:
    """Statements and milliseconds of each, as JSON."""
    call_command("index_search", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # What has just been filled, as a site's own database would.
    print(json.dumps({name: cost(query) for name, query in SEARCHES.items()}))
