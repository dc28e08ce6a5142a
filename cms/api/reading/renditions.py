"""What is told of a picture in a preset: of its files, or of the upload until there are any."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from media.media_types import MEDIA_TYPES
from media.models import Image
from media.renditions.boxes import box_of
from media.renditions.making import shown_by_all, storage
from media.renditions.presets import Preset
from pages.addresses import in_cms

__all__ = ["File", "Files", "InPreset"]


class File(NamedTuple):
    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Files:
    """Those of one format, the largest last."""

    format: str
    sizes: str
    files: list[dict[str, Any]]

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]

    @property
    def srcset(self) -> str:
        return ", ".join(f"{address_of(each['name'])} {each['width']}w" for each in self.files)


@dataclass(frozen=True)
class InPreset:
    image: Image
    preset: Preset
    files: list[dict[str, Any]]

    @cached_property
    def size(self) -> tuple[int, int]:
        """The same before the files are made, so that a layout need not change."""
        return box_of(self.image, self.preset).sizes[-1]

    @property
    def sources(self) -> list[Files]:
        by_format: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for each in self.files:
            by_format[each["format"]].append(each)
        return [Files(name, self.preset.sizes, files) for name, files in by_format.items()]

    @property
    def fallback(self) -> File:
        still = shown_by_all(self.files)
        if not still:
            return File(in_cms(self.image.file.url), self.image.width, self.image.height)
        largest = still[-1]
        return File(address_of(largest["name"]), largest["width"], largest["height"])


def address_of(name: str) -> str:
    return in_cms(storage().url(name))
