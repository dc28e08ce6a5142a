"""What canaries are made of.

A canary tests how another project behaves inside, where we rely on it. When that changes it fails
with one sentence: what changed, which of our files relies on it, and what to look at there.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from django.utils.module_loading import import_string

__all__ = [
    "UpstreamChanged",
    "admin_script",
    "admin_template",
    "attributes_assigned",
    "blocks_of",
    "canary",
    "parameters",
    "source",
    "upstream",
]


OURS = ("cms", "genedge_site", "media", "pages")


class UpstreamChanged(AssertionError):
    """The sentence that a canary fails with."""


def canary(changed: str, *, where: str, look_at: str) -> Callable[[Callable], Callable]:
    """Has a test fail with one sentence; ``changed`` is how it begins once it is true."""

    def mark(test: Callable) -> Callable:
        @wraps(test)
        def watching(*args: Any, **kwargs: Any) -> None:
            try:
                test(*args, **kwargs)
            except Exception as error:
                if type(error).__module__.partition(".")[0] in OURS:
                    raise  # What our own code refuses says why.
                sentence = f"{changed}: look at {look_at} in {where}, written for how it was."
                raise UpstreamChanged(sentence) from error

        watching.where = where  # type: ignore[attr-defined]
        return watching

    return mark


def upstream(path: str) -> Any:
    """What has a dotted path in another project. Imported by the canary, for it to fail alone."""
    return import_string(path)


def parameters(function: Callable) -> list[str]:
    """The names of a function's parameters, in order, without ``self``."""
    return [name for name in inspect.signature(function).parameters if name != "self"]


def source(part: Any) -> str:
    """The code of a class, function or, by its dotted name, module, with single spaces."""
    code = inspect.getsource(import_module(part) if isinstance(part, str) else part)
    return " ".join(code.split())


# Templates and scripts of Wagtail's admin


def admin_folder() -> Path:
    return Path(str(import_module("wagtail.admin").__file__)).parent


def admin_template(name: str) -> str:
    """Wagtail's own template, not ours of the same name."""
    return (admin_folder() / "templates" / "wagtailadmin" / name).read_text()


def blocks_of(text: str) -> set[str]:
    """The names of the blocks in a template's text."""
    return set(re.findall(r"{% block (\w+) %}", text))


def admin_script(name: str) -> str:
    return (admin_folder() / "static" / "wagtailadmin" / "js" / name).read_text()


def attributes_assigned(function: Callable, name: str) -> set[str]:
    """The attributes that a function sets on what it knows by a name."""
    instructions = inspect.getsource(function).replace(" ", "").splitlines()
    found = (line.partition("=") for line in instructions if line.startswith(f"{name}."))
    return {
        left.removeprefix(f"{name}.")
        for left, equals, right in found
        if equals and not right.startswith("=") and left.removeprefix(f"{name}.").isidentifier()
    }
