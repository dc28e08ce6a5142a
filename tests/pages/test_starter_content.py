"""The starter content, as the API answers it, against what the working group has told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from wagtail.models import Page, Site

from media.models import Image
from pages import starter
from pages.models import CharterPage, FormPage, Navigation, Organisation, Person, SiteSettings
from tests import factories
from tests.pages.starter_facts import FACTS, Told, at

LISTS = """{
  people(first: 100) { nodes { name organisation { name } portrait { alt } biography { html } } }
  organisations(first: 100) { nodes { name kind website } }
}"""


def ask(query: str, **variables: Any) -> dict[str, Any]:
    body = {"query": query, "variables": variables}
    answer = Client().post("/graphql", body, content_type="application/json").json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def run(operation: str, **variables: Any) -> dict[str, Any]:
    file = Path(settings.FRONTEND_CONTRACT) / "operations" / f"{operation}.graphql"
    return ask(file.read_text(), **variables)


def everything() -> dict[str, Any]:
    """All that the contract's operations answer about the starter content."""
    lists = ask(LISTS)
    article = run("article", path="/articles/four-forums-on/")["page"]
    return {
        **all_without_variables(),
        **run("working_group"),
        **run("survey"),
        "article": {**article, "sections": sections_of(article["body"])},
        "getInvolved": run("form", path="/get-involved/")["page"],
        "takeTheSurvey": run("form", path="/take-the-survey/")["page"],
        "people": sorted(lists["people"]["nodes"], key=lambda person: person["name"]),
        "organisations": sorted(lists["organisations"]["nodes"], key=lambda each: each["name"]),
    }


def all_without_variables() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file in sorted((Path(settings.FRONTEND_CONTRACT) / "operations").glob("*.graphql")):
        text = file.read_text()
        if "\nmutation " not in text and "$path" not in text and "$id" not in text:
            found |= run(file.stem)
    return found


def sections_of(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The article by its headings; what stands before the first has an empty one."""
    sections: list[dict[str, Any]] = [{"heading": "", "text": "", "quotations": []}]
    for block in body:
        if "heading" in block:
            sections.append({"heading": block["heading"], "text": "", "quotations": []})
        elif "quotation" in block:
            sections[-1]["quotations"].append(block["quotation"])
        else:
            sections[-1]["text"] += block["text"]["html"]
    return sections


def stored() -> list[dict[str, Any]]:
    """What the database knows of each page, person and organisation."""
    return [
        *Page.objects.filter(depth__gt=1).values(),
        *Person.objects.values(),
        *Organisation.objects.values(),
    ]


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker, tmp_path_factory) -> dict[str, Any]:
    """All that is answered and stored, loaded once: the tests that use it only compare."""
    uploads = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("uploads"))
    with django_db_blocker.unblock(), uploads, transaction.atomic():
        call_command("load_starter_content", verbosity=0)
        found = {**everything(), "stored": stored()}
        transaction.set_rollback(True)
    return found


def test_each_fact_stands_in_its_place(answers):
    misplaced = [
        f"{place}: expected {expected!r}, found {at(answers, place)!r}"
        for place, expected in FACTS
        if not holds(at(answers, place), expected)
    ]

    assert not misplaced, "\n".join(misplaced)


def holds(found: Any, expected: Any) -> bool:
    if isinstance(expected, Told):
        return all(phrase in found for phrase in expected.phrases)
    return found == expected


def test_a_ranked_option_has_no_figure_and_a_measured_one_has(answers):
    options = [
        option for question in answers["survey"]["questions"] for option in question["options"]
    ]

    for option in options:
        figures = [option["percentage"], option["qualifier"], option["figure"]]
        assert (None in figures) == (option["basis"] == "RANKED"), option
        assert any(figures) == (option["basis"] == "MEASURED"), option


def test_no_link_leads_nowhere(answers):
    text = json.dumps(answers, default=str)

    assert 'href=\\"#' not in text
    assert "(#)" not in text


def test_every_picture_says_that_it_is_a_placeholder(answers):
    pictures = list(uses_of_pictures(answers))

    assert pictures
    for picture in pictures:
        assert "placeholder" in picture["alt"].lower()
        assert not picture["decorative"]


def uses_of_pictures(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.keys() >= {"alt", "decorative"}:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from uses_of_pictures(item)


def test_every_page_has_words_for_search_engines(answers):
    pages = [stored for stored in answers["stored"] if "seo_title" in stored]

    assert len(pages) >= 21
    for page in pages:
        assert page["seo_title"], page
        assert 0 < len(page["search_description"]) <= 160, page


def test_everything_is_published_through_a_revision(answers):
    for stored in answers["stored"]:
        assert stored["live"], stored
        assert stored["live_revision_id"] == stored["latest_revision_id"] is not None, stored
        assert not stored["has_unpublished_changes"], stored


def test_nothing_is_left_of_the_page_that_wagtail_begins_with(answers):
    top = [stored["title"] for stored in answers["stored"] if stored.get("depth") == 2]

    assert top == ["Generative Edge AI Working Group"]


def test_loading_again_changes_nothing_and_says_so(db, capsys):
    call_command("load_starter_content")
    assert "Loading starter content: charter and leadership" in capsys.readouterr().out
    before, revisions = everything(), all_revisions()

    call_command("load_starter_content")

    told = "The site has content already: no starter content was loaded.\n"
    assert capsys.readouterr().out == told
    assert everything() == before
    assert all_revisions() == revisions


def all_revisions() -> list[int]:
    objects = [*Page.objects.all(), *Person.objects.all(), *Organisation.objects.all()]
    return [content.latest_revision_id for content in objects]


def test_an_edited_charter_stays_edited(db):
    call_command("load_starter_content", verbosity=0)
    charter = CharterPage.objects.get()
    charter.mission = "<p>Our own mission.</p>"
    charter.save_revision().publish()

    call_command("load_starter_content", verbosity=0)

    assert ask("{ charter { mission { html } } }") == {
        "charter": {"mission": {"html": "<p>Our own mission.</p>"}}
    }


@pytest.mark.parametrize("make", [factories.charter_page, factories.organisation])
def test_a_site_with_content_of_its_own_is_left_alone(db, make, capsys):
    make()
    pages = list(Page.objects.values_list("pk", flat=True))

    call_command("load_starter_content")

    assert capsys.readouterr().out.startswith("The site has content already")
    assert list(Page.objects.values_list("pk", flat=True)) == pages
    assert not Image.objects.exists()


def test_settings_and_navigation_that_someone_made_are_kept(db):
    site = Site.objects.get()
    SiteSettings.objects.create(site=site, name="Our name")
    Navigation.objects.create(
        site=site, footer=[("link", {"text": "Elsewhere", "url": "https://example.org/"})]
    )

    call_command("load_starter_content", verbosity=0)

    answer = run("site")["site"]
    assert answer["settings"]["name"] == "Our name"
    assert answer["navigation"]["header"] == []
    assert [link["text"] for link in answer["navigation"]["footer"]] == ["Elsewhere"]


@pytest.mark.parametrize("interruption", [RuntimeError, KeyboardInterrupt])
def test_an_interrupted_load_leaves_nothing_behind(db, monkeypatch, settings, interruption):
    def interrupt(*args, **kwargs):
        raise interruption

    monkeypatch.setattr(starter.charter, "create", interrupt)
    before = list(Page.objects.values_list("title", flat=True))

    with pytest.raises(interruption):
        call_command("load_starter_content", verbosity=0)

    assert list(Page.objects.values_list("title", flat=True)) == before
    assert not Organisation.objects.exists()
    assert not Image.objects.exists()
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_survey_that_is_opened_asks_what_its_highlights_report(db):
    call_command("load_starter_content", verbosity=0)
    FormPage.objects.filter(slug="take-the-survey").update(is_open=True)

    data = ask(
        """{
          survey { questions { heading options { text } } }
          page(path: "/take-the-survey/") { ... on FormPage {
            formFields { label fieldType choices stepTitle }
          } }
        }"""
    )

    *asked, consent = data["page"]["formFields"]
    reported = data["survey"]["questions"]
    assert len(asked) == len(reported) == 11
    assert consent["fieldType"] == "CONSENT"
    assert [each["stepTitle"] for each in asked if each["stepTitle"]] == [
        "The market",
        "Your organisation",
        "What comes next",
    ]
    for question, highlight in zip(asked, reported, strict=True):
        offered = set(question["choices"])
        told = {option["text"] for option in highlight["options"]}
        assert told <= offered or highlight["heading"] in {
            "Market timing",
            "Agentic AI at the edge",
        }, highlight["heading"]
