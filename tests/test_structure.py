"""The code is laid out as the documents say, and keeps what holds for every room."""

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.any_database

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("genedge_site", "cms", "pages", "media")
CODE = [
    file
    for package in PACKAGES
    for file in (ROOT / package).rglob("*.py")
    if "migrations" not in file.parts
]
# Folders that Django asks for by name, with nothing to say of their own.
DJANGOS_OWN = {"commands", "management", "templatetags"}
ROOMS = [
    file.parent
    for file in CODE
    if file.name == "__init__.py" and file.parent.name not in DJANGOS_OWN
]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("frontend_contract/*.md")]
PATH = re.compile(
    r"`((?:cms|docs|frontend_contract|genedge_site|media|pages|scripts|tests)/[\w./]+)`"
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
MOST_MODULES = 20


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("room", ROOMS, ids=name_of)
def test_room_says_in_five_lines_at_most_what_it_is_for(room):
    text = ast.get_docstring(ast.parse((room / "__init__.py").read_text()))

    assert text
    assert len(text.splitlines()) <= 5


def test_architecture_lists_every_room():
    text = (ROOT / "docs/architecture.md").read_text()
    rooms = [*(f"cms/{room.name}" for room in ROOMS if room.parent == ROOT / "cms"), *PACKAGES]

    assert [room for room in rooms if f"`{room}`" not in text and room != "cms"] == []


def test_picture_of_the_architecture_shows_every_room():
    picture = (ROOT / "docs/images/architecture.svg").read_text()
    only_migrations = {"editing", "publishing"}
    rooms = {room.name for room in ROOMS if room.parent == ROOT / "cms"} - only_migrations

    assert [room for room in rooms if f">{room}<" not in picture] == []


def test_no_folder_holds_more_than_belongs_together():
    modules = Counter(file.parent for file in CODE)

    assert {name_of(room): count for room, count in modules.items() if count > MOST_MODULES} == {}


def test_import_contracts_have_no_exceptions():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

    assert len(contracts["contracts"]) >= 8
    assert [each["name"] for each in contracts["contracts"] if "ignore_imports" in each] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_document_names_only_files_that_are_there(document):
    text = document.read_text()
    # Code that the reader is to write stands in blocks, and is not there yet.
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    named = [*PATH.findall(prose), *(f"{document.parent}/{link}" for link in LINK.findall(prose))]

    missing = [path for path in named if "term" not in path and not (ROOT / path).exists()]

    assert missing == []


def test_only_the_clock_asks_what_time_it_is():
    asking = re.compile(r"timezone\.now\b|datetime\.now\(|datetime\.utcnow|date\.today\(")
    rooms = [file for file in CODE if file.parts[len(ROOT.parts)] in ("cms", "pages", "media")]

    found = [name_of(file) for file in rooms if asking.search(file.read_text())]

    assert found == ["pages/clock.py"]


def test_each_warning_has_the_one_icon_that_its_place_is_kept_for():
    warning = re.compile(
        r'<(div|p) class="help-block help-(?:critical|warning)".*?</\1>', re.DOTALL
    )
    found = [
        (name_of(file), match[0].count("{% icon "))
        for file in (ROOT / "cms").rglob("*.html")
        for match in warning.finditer(file.read_text())
    ]

    assert len(found) > 10
    assert [file for file, icons in found if icons != 1] == []
