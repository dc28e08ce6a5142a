"""The figures of a run, as a table for people and as JSON for later comparison."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

from tests.benchmarks.contenders import OPERATIONS, OURS, STOCK
from tests.benchmarks.refusals import ANSWERED, DEMANDED_MS, Refusal

__all__ = ["Measurement", "report"]

FOLDER = Path(__file__).parents[2] / "var" / "benchmarks"
HEAD = (
    "                    requests/second           median ms       p99 ms          CPU ms"
    "          SQL           kB\n"
    "articles clients     ours   stock  ratio     ours  stock    ours  stock    ours  stock"
    "    ours stock    ours stock"
)

HEAD_OF_REFUSALS = "median ms  worst ms    CPU ms"


@dataclass(frozen=True)
class Measurement:
    who: str
    articles: int
    operation: str
    connections: int
    requests_per_second: float
    median_ms: float
    p99_ms: float
    processor_ms: float
    statements: int
    bytes: int


def report(measurements: list[Measurement], refused: list[Refusal]) -> None:
    print()
    for operation, title in OPERATIONS.items():
        found = [one for one in measurements if one.operation == operation]
        print(f"{operation}: {title}\n{HEAD}")
        found.sort(key=lambda one: (one.connections, one.articles))
        for _, pair in groupby(found, key=lambda one: (one.connections, one.articles)):
            by_name = {one.who: one for one in pair}
            print(line(by_name[OURS.name], by_name[STOCK.name]))
        print()
    print(f"refusals: each in less than {DEMANDED_MS} ms of CPU\n{HEAD_OF_REFUSALS}")
    for one in refused:
        print(line_of_refusal(one))
    print(f"\nKept in {kept(measurements, refused)}")


def line(ours: Measurement, stock: Measurement) -> str:
    ratio = ours.requests_per_second / stock.requests_per_second
    return (
        f"{ours.articles:8,} {ours.connections:7}"
        f"  {ours.requests_per_second:7.0f} {stock.requests_per_second:7.0f} {ratio:5.1f}×"
        f"  {ours.median_ms:7.1f}{stock.median_ms:7.1f} {ours.p99_ms:7.0f}{stock.p99_ms:7.0f}"
        f" {ours.processor_ms:7.2f}{stock.processor_ms:7.2f}"
        f" {ours.statements:7}{stock.statements:6}"
        f" {ours.bytes / 1000:7.1f}{stock.bytes / 1000:6.1f}"
    )


def line_of_refusal(one: Refusal) -> str:
    remark = "" if one.is_cheap or one.what == ANSWERED else "  too dear"
    return f"{one.median_ms:9.1f} {one.worst_ms:9.1f} {one.processor_ms:9.2f}  {one.what}{remark}"


def kept(measurements: list[Measurement], refused: list[Refusal]) -> Path:
    now = datetime.now(UTC)
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{now:%Y-%m-%dT%H%M%SZ}.json"
    content = {
        "at": now.isoformat(timespec="seconds"),
        "machine": {"processors": os.cpu_count(), "kind": platform.machine()},
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("Django", "wagtail", "wagtail-grapple", "granian")},
        },
        "measurements": [asdict(one) for one in measurements],
        "refusals": [asdict(one) for one in refused],
    }
    file.write_text(json.dumps(content, indent=2) + "\n")
    return file
