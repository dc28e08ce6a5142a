"""Charts of a survey as SVG: at the addresses that the API gives, as public as their page."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import Mock
from urllib.parse import urlsplit

import altair
import pytest
from defusedxml import ElementTree
from wagtail.models import PageViewRestriction

from pages.findings import drawing, engine
from pages.findings.sentences import finding_in_words
from pages.findings.themes import DARK, LIGHT
from pages.findings.vega import MOST_BARS, specification
from pages.models import SurveyPage
from tests import factories
from tests.cms.perspective.scheduled_content import at, schedule
from tests.cms.survey.comparisons import COMPARISONS

pytestmark = pytest.mark.django_db

HOSTILE = [
    "<script>alert(1)</script>",
    "]]><svg onload=alert(1)>",
    "datum.share + signal('x')",
    "{{ 7*7 }} ${7*7} {signal: width}",
    "https://evil.example.org/x.png",
    "'\"&amp;\u2028\u202e\t\0\ud7ff",
    "A" * 200,
    "عندما يكون هناك",
]


def option(text: str, share: str | None = None, **fields: Any) -> dict[str, Any]:
    known = {"basis": "measured", "percentage": share} if share else {"basis": "ranked"}
    return {"text": text, **known, **fields}


def question(*options: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"heading": "Timing", "question": "When?", "options": list(options), **fields}


@pytest.fixture
def survey() -> SurveyPage:
    found = question(option("2025", "66", count=120), option("Later", "34", count=62))
    found |= {"answer_type": "exclusive", "base_size": 182}
    return factories.survey_page(questions=[("question", found)])


def chart_of(run_operation: Any) -> dict[str, Any]:
    return run_operation("survey")["survey"]["questions"][0]["chart"]


def path_of(run_operation: Any, name: str = "svgUrl") -> str:
    return urlsplit(chart_of(run_operation)[name]).path


@pytest.mark.parametrize(
    ("name", "theme"), [("svgUrl", LIGHT), ("darkSvgUrl", DARK)], ids=["light", "dark"]
)
def test_chart_is_a_picture_complete_by_itself(survey, client, run_operation, name, theme):
    response = client.get(path_of(run_operation, name))
    svg = ElementTree.fromstring(response.content)

    assert response["Content-Type"] == "image/svg+xml"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in response["Content-Security-Policy"]
    assert int(svg.attrib["width"]) > 300
    text = response.content.decode()
    assert theme.paper in text
    assert {"2025", "66%", "Later", "34%"} <= {each.text for each in svg.iter() if each.text}
    # No script, style sheet, font or picture, which mails do not load.
    names = {each.tag.rpartition("}")[2] for each in svg.iter()}
    assert names <= {"svg", "title", "desc", "g", "rect", "path", "text", "tspan", "line"}
    assert not re.search(r"url\(|href=|@import| on\w+=", text)


def test_chart_says_what_it_shows(survey, client, run_operation):
    told = chart_of(run_operation)["alternative"]
    svg = client.get(path_of(run_operation)).content.decode()

    assert told == (
        "Timing: two thirds (66%, 120 of 182) answered “2025”. Then comes “Later” (34%, 62 of 182)."
    )
    assert f"<desc>{told}</desc>" in svg
    assert 'role="img"' in svg


def test_caches_ask_again_and_get_nothing_anew(survey, client, run_operation):
    address = path_of(run_operation)
    first = client.get(address)

    again = client.get(address, headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=300, must-revalidate"
    assert again.status_code == 304
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_address_of_other_figures_leads_to_the_chart_of_today(survey, client, run_operation):
    before = path_of(run_operation)
    survey.questions[0].value["options"][0]["percentage"] = 70
    survey.save_revision().publish()

    response = client.get(before)

    assert response.status_code == 302
    assert urlsplit(response["Location"]).path == path_of(run_operation) != before
    assert b"70%" in client.get(response["Location"]).content


def test_chart_is_as_public_as_its_page(survey, client, run_operation, clock):
    address = path_of(run_operation)
    survey.questions[0].value["options"][0]["percentage"] = 71
    draft = survey.save_revision().as_object()
    unpublished = drawing.digest_of(specification(draft.questions.raw_data[0]["value"], "light"))

    assert unpublished not in client.get(address.replace(address[-24:-4], unpublished))["Location"]

    PageViewRestriction.objects.create(page=survey, restriction_type="login")

    assert client.get(address).status_code == 404


def test_chart_comes_and_goes_with_its_moment(survey, client, run_operation, clock):
    address = path_of(run_operation)
    survey.questions[0].value["options"][0]["percentage"] = 71
    schedule(survey, at(10))

    assert client.get(address).status_code == 200
    clock.moment = at(10)

    assert client.get(address).status_code == 302
    assert b"71%" in client.get(client.get(address)["Location"]).content


@pytest.mark.parametrize(
    "wrong",
    [
        "charts/{page}/nothing/light-{digest}.svg",
        "charts/{page}/{name}/neon-{digest}.svg",
        "charts/999999999999999999999/{name}/light-{digest}.svg",
        "charts/0/{name}/light-{digest}.svg",
        "charts/{home}/{name}/light-{digest}.svg",
        "charts/{page}/%00/light-{digest}.svg",
    ],
)
def test_there_is_no_other_chart_and_nothing_is_drawn(
    survey, client, run_operation, wrong, monkeypatch
):
    _, _, page, name, last = path_of(run_operation).split("/")
    monkeypatch.setattr(engine, "draw", lambda _: pytest.fail("It was drawn."))
    digest = last.removeprefix("light-").removesuffix(".svg")
    home = survey.get_parent().pk

    response = client.get("/" + wrong.format(page=page, name=name, digest=digest, home=home))

    assert response.status_code == 404


def test_chart_is_drawn_once_however_many_ask(survey, client, run_operation, monkeypatch):
    draw = Mock(wraps=engine.draw)
    monkeypatch.setattr(engine, "draw", draw)
    specified = chart_of(run_operation)["vegaLite"]
    drawing.kept.clear()
    threads = [Thread(target=drawing.drawn, args=[specified]) for _ in range(8)]

    for each in threads:
        each.start()
    for each in threads:
        each.join()
    client.get(path_of(run_operation))

    assert draw.call_count == 1


def test_engine_that_ends_takes_nothing_along(survey, client, run_operation, monkeypatch):
    address = path_of(run_operation)
    drawing.kept.clear()
    draw = engine.draw
    # What ends it, past all that keeps it from coming there.
    monkeypatch.setattr(engine, "draw", lambda given: draw(given.replace("2025", "\\u0001")))

    failed, again = client.get(address), client.get(address)
    page = client.get("/survey/")
    monkeypatch.setattr(engine, "draw", draw)
    drawing.given_up.clear()

    assert [failed.status_code, again.status_code] == [503, 503]
    assert page.status_code == 200
    assert b"66%" in page.content
    assert client.get(address).status_code == 200


def test_engine_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(engine, "SECONDS", 0)
    engine.end()

    with pytest.raises(engine.NotDrawn, match="more than 0 seconds"):
        engine.draw("{}")

    assert engine.running == []


def test_engine_fetches_nothing_and_knows_no_secret(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "much to tell")
    named = specification(question(option("A", "1")), "light")
    named["data"] = {"url": "http://127.0.0.1:9/x.json"}
    engine.end()

    with pytest.raises(engine.NotDrawn):
        engine.draw(drawing.canonical(named))
    environment = Path(f"/proc/{engine.process_running().pid}/environ").read_bytes()

    assert b"SECRET_KEY" not in environment


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("share", [None, "40"])
def test_what_editors_write_is_data_and_nothing_else(theme, share):
    written = question(
        *(option(text, share) for text in HOSTILE), heading=HOSTILE[0], question=HOSTILE[3]
    )
    harmless = question(*(option("x", share) for _ in HOSTILE), heading="x", question="x")
    specified, same = (specification(each, theme) for each in (written, harmless))

    # All but the data, the title and the description is ours.
    for name in specified.keys() - {"data", "title", "description", "height"}:
        assert specified[name] == same[name], name
    altair.Chart.from_dict(specified)
    svg = ElementTree.fromstring(drawing.drawn(specified))
    names = {each.tag.rpartition("}")[2] for each in svg.iter()}
    assert names <= {"svg", "title", "desc", "g", "rect", "path", "text", "tspan", "line"}
    said = "".join(svg.itertext())
    assert "<script>alert(1)</script>" in said
    assert "datum.share + signal('x')" in said


def test_long_questions_are_drawn_in_part_and_say_so():
    many = question(*(option(f"Answer {number}", "1") for number in range(500)))

    specified = specification(many, "light")

    assert len(specified["data"]["values"]) == MOST_BARS
    assert "the first 40 of 500 answers" in specified["title"]["subtitle"][0].lower()
    assert len(drawing.drawn(specified)) < 100_000


def test_what_is_only_ranked_has_no_length():
    specified = specification(question(option("A"), option("B", tied_with_previous=True)), "light")

    marks = {layer["mark"]["type"] for layer in specified["layer"]}
    assert marks == {"text"}
    assert [value["shown"] for value in specified["data"]["values"]] == ["1.", "1."]


@pytest.mark.parametrize("options", [[], [option("")]])
def test_question_of_which_nothing_is_known_is_drawn_all_the_same(options):
    specified = specification({"options": options}, "light")

    altair.Chart.from_dict(specified)
    assert ElementTree.fromstring(drawing.drawn(specified)) is not None


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_letters_and_bars_stand_out(theme):
    def luminance(colour: str) -> float:
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        dark, light = sorted([luminance(one), luminance(other)])
        return (light + 0.05) / (dark + 0.05)

    for colour in (theme.ink, theme.quiet, theme.accent, *theme.series):
        assert contrast(colour, theme.paper) >= 4.5, colour


# The text alternative


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (question(option("A", "50")), "Timing: half (50%) answered “A”."),
        (question(option("A", "33.3")), "Timing: a third (33.3%) answered “A”."),
        (
            question(option("A", "66", qualifier="over")),
            "Timing: over 66% answered “A”.",
        ),
        (
            question(option("A", "40"), option("B", "40"), base_size=10),
            "Timing: 40% each answered “A” and “B”. 10 people answered.",
        ),
        (
            question(option("A", "82.4"), option("B")),
            "Timing: 82.4% answered “A”. How many answered “B” is not known.",
        ),
        (
            question(option("A"), option("B", tied_with_previous=True), option("C")),
            "Timing: “A” and “B” were named most often (in an order that is not known), followed by"
            " “C”. How often is not known.",
        ),
        (
            question(option("A", "90"), *(option(f"{n}", f"{n}") for n in range(9, 2, -1))),
            "Timing: 90% answered “A”. Then come “9” (9%), “8” (8%), “7” (7%), “6” (6%) and 3"
            " more.",
        ),
        (question(), "Timing: No answers are known."),
    ],
)
def test_finding_is_said_in_sentences(found, said):
    assert finding_in_words(found) == said


def test_waves_are_drawn_as_lines_and_texts_are_data(client, ask):
    was = question(*(option(text, "40") for text in HOSTILE[:4]), heading="Timing")
    now = question(*(option(text, "60") for text in HOSTILE[:4]), heading="TIMING ")
    waves = [("wave", {"name": name, "questions": [was]}) for name in ("datum.x", "datum.x")]
    factories.survey_page(wave=HOSTILE[0], questions=[("question", now)], earlier_waves=waves)
    [compared] = ask(COMPARISONS)["survey"]["comparisons"]
    specified = compared["chart"]["vegaLite"]

    svg = client.get(urlsplit(compared["chart"]["svgUrl"]).path)

    altair.Chart.from_dict(specified)
    assert [each["name"] for each in compared["waves"]] == ["datum.x", "datum.x", HOSTILE[0]]
    waves_drawn = {value["wave"] for value in specified["data"]["values"]}
    assert waves_drawn == {"datum.x", "datum.x (2)", HOSTILE[0]}
    names = {each.tag.rpartition("}")[2] for each in ElementTree.fromstring(svg.content).iter()}
    assert "script" not in names
    assert "rose from 40% (datum.x) to 60%" in compared["chart"]["alternative"]
