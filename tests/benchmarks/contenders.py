"""Who is compared, and what each is asked for."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["CONTENDERS", "OPERATIONS", "OURS", "STOCK", "Contender"]

HERE = Path(__file__).parent
CONTRACT = HERE.parents[1] / "frontend_contract" / "operations"
# Each request of a round asks for another article, as readers do.
ARTICLES_A_ROUND = 100


@dataclass(frozen=True)
class Contender:
    name: str
    settings: str
    path: str
    files: dict[str, Path]

    def requests(self, operation: str, articles: int) -> list[dict[str, Any]]:
        """What is sent in turn: one request, or one for each of some articles."""
        text = self.files[operation].read_text()
        ask = {name: VARIABLES[name] for name in re.findall(r"\$(\w+): String!", text)}
        step = max(1, articles // ARTICLES_A_ROUND)
        numbers = range(2, articles, step) if ask else [0]
        return [
            {
                "query": text,
                "variables": {name: value.format(number) for name, value in ask.items()},
            }
            for number in numbers
        ]


VARIABLES = {"path": "/articles/article-{}/", "slug": "article-{}"}
OPERATIONS = {
    "page": "the working group's page",
    "list": "20 articles",
    "detail": "one article",
    "path": "finding a page by its path",
}
OURS = Contender(
    "ours",
    "genedge_site.settings.production",
    "/graphql",
    {
        "page": CONTRACT / "working_group.graphql",
        "list": HERE / "operations" / "list.graphql",
        "detail": CONTRACT / "article.graphql",
        "path": HERE / "operations" / "path.graphql",
    },
)
STOCK = Contender(
    "stock grapple",
    "tests.benchmarks.stock.settings",
    "/graphql/",
    {name: HERE / "stock" / "operations" / f"{name}.graphql" for name in OPERATIONS},
)
CONTENDERS = (OURS, STOCK)
