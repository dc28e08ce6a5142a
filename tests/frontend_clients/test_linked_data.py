"""Linked data is in the words of schema.org, as its types for TypeScript have them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from subprocess import run as run_process
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Site

from pages.models import (
    ArticleAuthor,
    ArticlePage,
    DeliverableAuthor,
    DeliverablePage,
    HomePage,
    SiteSettings,
    SurveyPage,
)
from tests import factories
from tests.conftest import answer_of, post_graphql
from tests.factories import PAGE_FACTORIES
from tests.frontend_clients.running import HERE

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]
ALL = "{ pages(first: 100) { nodes { __typename path seo { jsonLd } } } }"
MORNING = datetime(2024, 3, 5, 10, tzinfo=UTC)
DATES = {
    "month": {"date_precision": "month", "starts_at": MORNING},
    "day": {"date_precision": "day", "starts_at": MORNING},
    "time": {
        "date_precision": "time",
        "starts_at": MORNING,
        "ends_at": MORNING + timedelta(hours=2),
    },
}


def make_all_there_is_to_tell() -> None:
    """A page of each type, with all that it can tell of."""
    organisation = factories.organisation(
        website="https://example.org/", logo=factories.image(), logo_alt_text="A logo"
    )
    person = factories.person(
        title="Prof.",
        distinction="Fellow",
        job_title="Reader",
        organisation=organisation,
        biography="<p>Writes.</p>",
        portrait=factories.image(credit="A photographer", copyright_notice="© someone"),
        portrait_alt_text="A portrait",
        website="https://example.org/person",
    )
    factories.home_page()
    for model, make in PAGE_FACTORIES.items():
        if model is not HomePage:
            make()
    factories.leadership_page(people=[person], slug="more")
    SiteSettings.objects.create(
        site=Site.objects.get(),
        name="The group",
        description="What it is.",
        contact_email="group@example.org",
        parent_organisation=organisation,
        social_links=[("link", {"text": "Elsewhere", "page": None, "url": "https://e.org/"})],
    )
    talk = {
        "heading": "A talk",
        "text": "On edges.",
        "speakers": [person],
        "organisations": [organisation],
        "recording_url": "https://example.org/recording",
    }
    for number, (precision, dates) in enumerate(DATES.items(), start=20):
        factories.forum_page(
            edition=number,
            slug=precision,
            format="hybrid",
            venue="A house, Milan",
            stream_url="https://example.org/live",
            registration_url="https://example.org/register",
            playlist_url="https://example.org/playlist",
            themes=[("theme", {"heading": "Edges", "text": "", "organisations": [organisation]})],
            talks=[("talk", talk)],
            **dates,
        )
    article = ArticlePage.objects.first()
    article.tags.add("edge", "ai")
    ArticleAuthor.objects.create(page=article, person=person)
    article.header_image, article.header_image_alt_text = factories.image(), "Words"
    article.save()
    ArticlePage.objects.filter(pk=article.pk).update(kind="news")
    deliverable = DeliverablePage.objects.first()
    DeliverableAuthor.objects.create(page=deliverable, person=person)
    for kind in {each for each, _ in DeliverablePage._meta.get_field("kind").choices}:
        factories.deliverable_page(
            slug=kind.replace("_", "-"),
            kind=kind,
            link_url="",
            document=factories.document(),
        )
    SurveyPage.objects.update(fieldwork_from="2025-01-02", summary="<p>Most do.</p>")


@pytest.fixture(scope="module")
def told(undone, node) -> list[dict[str, Any]]:
    with undone():
        make_all_there_is_to_tell()
        pages = answer_of(post_graphql(Client(), ALL))["pages"]["nodes"]
    assert {page["__typename"] for page in pages} == {each.__name__ for each in PAGE_FACTORIES}
    return [page["seo"]["jsonLd"] for page in pages]


# Where the first of several graphs stands that are written on lines of their own.
FIRST_LINE = 3


def problems_of(written: str, node: str, folder: Any) -> str:
    """What TypeScript has against a list of graphs."""
    types = HERE / "node_modules/schema-dts/dist/schema.js"
    (folder / "told.ts").write_text(
        f"import type {{ Graph }} from '{types}';\nexport const told: Graph[] = {written};\n"
    )
    options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"]
    compiler = HERE / "node_modules/typescript/bin/tsc"
    done = run_process(
        [node, str(compiler), *options, "told.ts"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def nodes_of(tree: Any) -> list[dict[str, Any]]:
    if isinstance(tree, dict):
        inner = [node for each in tree.values() for node in nodes_of(each)]
        return [tree, *inner] if "@type" in tree else inner
    return [node for each in tree for node in nodes_of(each)] if isinstance(tree, list) else []


def test_vocabulary_has_all_that_is_told(told, node, tmp_path):
    assert problems_of(json.dumps(told, ensure_ascii=False), node, tmp_path) == ""


def test_all_kinds_of_things_are_told_of(told):
    kinds = {each["@type"] for each in nodes_of(told)}

    assert {
        "Article",
        "BreadcrumbList",
        "Dataset",
        "Event",
        "NewsArticle",
        "Organization",
        "OrganizationRole",
        "Person",
        "Report",
        "VideoObject",
        "WebSite",
    } <= kinds


def test_each_thing_that_is_referred_to_is_told_of_in_the_same_graph(told):
    for each in told:
        known = {thing["@id"] for thing in nodes_of(each) if "@id" in thing}
        assert references_in(each) - known == set()


def references_in(tree: Any) -> set[str]:
    if isinstance(tree, dict):
        if set(tree) == {"@id"}:
            return {tree["@id"]}
        return {found for each in tree.values() for found in references_in(each)}
    if isinstance(tree, list):
        return {found for each in tree for found in references_in(each)}
    return set()


WRONG = [
    {"@type": "Evnt", "name": "Words"},
    {"@type": "Event", "starts": "2024-03-05"},
    {"@type": "Event", "organizer": {"@type": "Dataset", "name": "Words"}},
    {"@type": "Event", "eventAttendanceMode": "https://schema.org/Somewhere"},
]


def test_vocabulary_refuses_what_it_has_not(node, tmp_path):
    """All of them at once: reading the vocabulary takes seconds."""
    graphs = [{"@context": "https://schema.org", "@graph": [each]} for each in WRONG]
    apart = ",\n".join(json.dumps(each) for each in graphs)

    problems = problems_of(f"[\n{apart}\n]", node, tmp_path)

    places = {int(place) for place in re.findall(r"^told\.ts\((\d+),", problems, re.MULTILINE)}
    assert places == {FIRST_LINE + number for number in range(len(WRONG))}
