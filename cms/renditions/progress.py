"""How far the files of one picture are, and those of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from cms.renditions.jobs import waiting
from cms.renditions.models import RenditionJob
from media.models import Image
from media.renditions.making import made_of, shown_by_all, storage
from media.renditions.presets import Preset, presets
from pages import clock

__all__ = ["ImageProgress", "PresetProgress", "Progress", "progress", "progress_of"]

# By then something is wrong with the worker, unless there is much to do.
LONG = timedelta(minutes=5)
NAMED = 100


class PresetProgress(NamedTuple):
    preset: Preset
    # The smallest that every browser shows, once there are any.
    file: dict[str, Any] | None

    @property
    def address(self) -> str:
        return storage().url(self.file["name"]) if self.file else ""


@dataclass(frozen=True)
class ImageProgress:
    image: Image
    presets: list[PresetProgress]
    problem: str
    gave_up: bool

    @property
    def made(self) -> int:
        return sum(each.file is not None for each in self.presets)

    @property
    def pending(self) -> bool:
        return self.made < len(self.presets) and not self.gave_up


def progress_of(image: Image) -> ImageProgress:
    kept = {(each.preset, each.made_of): each.files for each in image.preset_renditions.all()}
    rows = []
    for preset in presets().values():
        files = kept.get((preset.name, made_of(image, preset)), [])
        still = shown_by_all(files)
        rows.append(PresetProgress(preset, still[0] if still else None))
    job = RenditionJob.objects.filter(pk=image.pk).first()
    problem = job.problem if job else ""
    return ImageProgress(image, rows, problem, bool(problem) and job is not None and not job.due_at)


@dataclass(frozen=True)
class Progress:
    """Of all pictures."""

    pictures: int
    pending: int
    failed: int
    named: list[RenditionJob]
    # Pictures have waited for so long that the worker is not running, or does not get on.
    late: bool

    @property
    def made(self) -> int:
        return self.pictures - self.pending - self.failed


def progress(changeable: QuerySet[Image]) -> Progress:
    """Those that failed are named to who may change them."""
    failed = waiting().exclude(problem="")
    named = failed.filter(image__in=changeable).select_related("image")
    pending = waiting().filter(problem="")
    taken = pending.order_by("wanted_at").values_list("wanted_at", flat=True).first()
    return Progress(
        pictures=Image.objects.count(),
        pending=pending.count(),
        failed=failed.count(),
        named=list(named.order_by("image__title", "pk")[:NAMED]),
        late=taken is not None and clock.now() - taken > LONG and not is_at_work(),
    )


def is_at_work() -> bool:
    """Whether a worker holds a job."""
    return waiting().filter(due_at__gt=clock.now(), problem="").exists()
