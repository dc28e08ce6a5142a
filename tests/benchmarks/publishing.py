"""What it costs to publish one article, in a small site and in a large one.

Beside it, in the same process and in turn, the same with Wagtail's own search index in the place of
ours: that is what used to grow with the site.
"""

import json
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.test.utils import override_settings
from wagtail.models import PageLogEntry, ReferenceIndex, Revision
from wagtail.search.models import IndexEntry

from pages.models import ArticlePage

__all__ = ["BACKENDS", "leave_traces", "print_costs"]

BACKENDS = {
    "ours": settings.WAGTAILSEARCH_BACKENDS,
    "stock": {"default": {"BACKEND": "wagtail.search.backends.database"}},
}
WARM_UP_ROUNDS = 5
ROUNDS = 30
# What Wagtail keeps of a page elsewhere, and the column that says of which.
TRACES: dict[type[Model], str] = {
    IndexEntry: "object_id",
    ReferenceIndex: "object_id",
    Revision: "object_id",
    PageLogEntry: "page_id",
}


def leave_traces() -> None:
    """Give articles that were written as rows what publishing them one by one leaves behind."""
    like = ArticlePage.objects.order_by("pk").first()
    like.save_revision().publish()
    for model, key in TRACES.items():
        copy_rows(model, key, like)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("ANALYZE")


def copy_rows(model: type[Model], key: str, like: ArticlePage) -> None:
    table = model._meta.db_table
    columns = [
        f'"{field.column}"'
        for field in model._meta.concrete_fields
        if not field.primary_key and field.column != key
    ]
    page = f'CAST(article."page_ptr_id" AS {model._meta.get_field(key).db_type(connection)})'
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({", ".join(columns)}, "{key}")'
            f" SELECT {', '.join(f'own.{column}' for column in columns)}, {page}"
            f' FROM "{table}" own CROSS JOIN "pages_articlepage" article'
            f' WHERE own."content_type_id" = %s AND own."{key}" = %s AND NOT EXISTS'
            f' (SELECT 1 FROM "{table}" known WHERE known."{key}" = {page}'
            f' AND known."content_type_id" = own."content_type_id")',
            [like.content_type_id, like.pk if key == "page_id" else str(like.pk)],
        )


def print_costs() -> None:
    """In milliseconds, with each backend, as JSON."""
    articles = [*spread(ArticlePage.objects.order_by("pk"), WARM_UP_ROUNDS + ROUNDS)]
    times: dict[str, list[float]] = {name: [] for name in BACKENDS}
    for number, article in enumerate(articles):
        for name, backends in BACKENDS.items():
            with override_settings(WAGTAILSEARCH_BACKENDS=backends):
                taken = publish(article, f"Article {article.pk}, edition {number} of {name}")
            if number >= WARM_UP_ROUNDS:
                times[name].append(taken)
    print(json.dumps({name: median(taken) for name, taken in times.items()}))


def spread(rows: Any, wanted: int) -> Iterator[Any]:
    total = rows.count()
    return (rows[place * total // wanted] for place in range(wanted))


def publish(article: ArticlePage, title: str) -> float:
    article.title = title
    revision = article.save_revision()
    started = time.perf_counter()
    revision.publish()
    return 1000 * (time.perf_counter() - started)
