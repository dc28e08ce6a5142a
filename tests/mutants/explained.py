"""Changes that no test can notice, each with the sentence that says why it cannot matter."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Explained", "explained", "explained_in"]

FILE = Path(__file__).with_name("explained.toml")


@dataclass(frozen=True)
class Explained:
    file: str
    within: str
    was: str
    becomes: str
    why: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.file, self.within, self.was, self.becomes


def explained() -> list[Explained]:
    return [Explained(**each) for each in tomllib.loads(FILE.read_text()).get("change", [])]


def explained_in(files: Collection[str]) -> list[Explained]:
    return [each for each in explained() if each.file in files]
