"""docs/internals.md names every canary, and every private name of other packages that is used."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings

pytestmark = pytest.mark.any_database

BASE = Path(settings.BASE_DIR)
DOCUMENT = "docs/internals.md"
ROOMS = ("cms", "genedge_site", "media", "pages")

# What Django documents, or has for everyone to use, though it begins with an underscore.
COMMON = {"_base_manager", "_default_manager", "_meta", "_state"}
# Of Python itself.
OF_PYTHON = {"_exit", "_replace"}


@cache
def document() -> str:
    return (BASE / DOCUMENT).read_text()


def named_canaries() -> dict[str, str]:
    """The row of each canary, by its name."""
    rows: dict[str, str] = {}
    for line in document().splitlines():
        if line.startswith("| "):
            for name in re.findall(r"`(test_\w+)`", line):
                rows[name] = rows.get(name, "") + line
    return rows


def modules() -> list[ModuleType]:
    files = sorted((BASE / "tests" / "internals").glob("test_*.py"))
    return [import_module(f"tests.internals.{file.stem}") for file in files]


def canaries() -> dict[str, str]:
    """The files that each canary stands for, by its name."""
    return {
        name: getattr(test, "where", "")
        for module in modules()
        for name, test in vars(module).items()
        if name.startswith("test_")
    }


def test_every_canary_is_in_the_document_and_every_one_in_it_exists():
    assert sorted(canaries()) == sorted(named_canaries())


@pytest.mark.parametrize("name", sorted(canaries()))
def test_canary_names_files_that_exist_and_its_row_names_them_too(name):
    where = canaries()[name]

    assert where, f"{name} is not marked with @canary"
    files = [word.strip(",") for word in where.split() if "/" in word]
    assert files
    assert [file for file in files if not (BASE / file).exists()] == []
    assert [file for file in files if file not in named_canaries()[name]] == []


def test_rows_of_the_document_are_complete():
    rows = [line for line in document().splitlines() if line.startswith("| ")]
    entries = [row for row in rows if "`test_" in row]

    assert {row.count(" | ") for row in entries} == {4}
    assert len(entries) >= 40


# Private names


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for file in sorted((BASE / room).rglob("*.py")):
            if "migrations" not in file.parts:
                yield str(file.relative_to(BASE)), ast.parse(file.read_text())


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def names_made(node: ast.AST) -> Iterator[str]:
    """The names that a part of our code defines, but for methods that replace those of others."""
    if isinstance(node, ast.ClassDef):
        yield node.name
        for part in node.body:
            if isinstance(part, ast.FunctionDef) and not calls_super(part):
                yield part.name
    elif isinstance(node, ast.Module):
        yield from (part.name for part in node.body if isinstance(part, ast.FunctionDef))
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            yield node.attr
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id


def calls_super(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == function.name
        and ast.unparse(node.func.value).startswith("super(")
        for node in ast.walk(function)
    )


def names_used(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.ImportFrom):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.FunctionDef) and calls_super(node):
        yield node.name
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr", "setattr"):
        yield from (str(each.value) for each in node.args[1:2] if isinstance(each, ast.Constant))


def private_names_of_others() -> dict[str, set[str]]:
    """Where our code uses, or replaces, a private name that it does not define."""
    found: dict[str, set[str]] = defaultdict(set)
    made: set[str] = set()
    for file, tree in sources():
        for node in ast.walk(tree):
            made.update(names_made(node))
            for name in filter(is_private, names_used(node)):
                found[name].add(file)
    return {
        name: files
        for name, files in found.items()
        if name not in made and name not in COMMON | OF_PYTHON
    }


def test_private_names_of_other_packages_are_in_the_document():
    found = private_names_of_others()

    assert {"_cached_parent_obj", "_clone", "_fields", "_post_clean"} <= found.keys()
    rows = [line for line in document().splitlines() if line.startswith("| ")]
    missing = {
        (name, file)
        for name, files in found.items()
        for file in files
        if not any(re.search(rf"\b{name}\b", row) and f"`{file}`" in row for row in rows)
    }
    assert missing == set()
