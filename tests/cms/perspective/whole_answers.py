"""Questions that ask for whatever an answer can hold, made from the schema."""

from functools import cache
from typing import Any

from django.conf import settings
from grapple.registry import registry

from cms.api.schema.public import public_schema
from tests.cms.api.schema_walk import Arguments, SchemaWalk

__all__ = ["BROAD", "TITLES", "all_fields_of"]

# Limits for them: what they are about is not their size.
BROAD = dict.fromkeys(settings.GRAPHQL_LIMITS, 10**9)
# Where each type is met; ``…`` stands for all of its fields.
PLACES = {
    "ArticlePage": "articles(first: 20) { totalCount nodes { … } }",
    "ArticlesPage": "articlesPage { … }",
    "CharterPage": "charter { … }",
    "DeliverableCategoryPage": "deliverablesPage { categories(first: 20) { nodes { … } } }",
    "DeliverablePage": "deliverables(first: 20) { totalCount nodes { … } }",
    "DeliverablesPage": "deliverablesPage { … }",
    "FormPage": "home { children(first: 20) { nodes { ... on FormPage { … } } } }",
    "ForumPage": "forums(first: 20) { totalCount nodes { … } }",
    "ForumsPage": "forumsPage { … }",
    "HomePage": "home { … }",
    "LeadershipPage": "leadership { … }",
    "NewsletterPage": "newsletters(first: 20) { totalCount nodes { … } }",
    "NewslettersPage": "newslettersPage { … }",
    "Organisation": "organisations(first: 20) { totalCount nodes { … } }",
    "Person": "people(first: 20) { totalCount nodes { … } }",
    "SurveyPage": "survey { … }",
}


@cache
def all_fields_of(*types: Any) -> str:
    """Whatever an answer can hold of some types, and what the whole site is called."""
    walk = SchemaWalk(
        public_schema(),
        things={*PLACES, "PageInterface", "Image", "Document"},
        values=lambda *_: [],
        page_size=20,
    )
    parts = []
    for model in types:
        name = registry.models[model]._meta.name
        everything = Arguments(walk).everything(public_schema().type_map[name])
        parts.append(f"{name}: {PLACES[name].replace('…', everything)}")
    return "{" + " ".join([*parts, TITLES]) + "}"


TITLES = """
    home { title children(first: 50) { nodes { title children { nodes { title children {
        nodes { title } } } } } } }
    people { nodes { name } }
    organisations { nodes { name } }
    articles(first: 20) { totalCount nodes { title path } }
"""
