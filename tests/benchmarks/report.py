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

__all__ = [
    "Dearest",
    "Form",
    "Measurement",
    "Publishing",
    "Released",
    "Scheduling",
    "Seeing",
    "report",
]

FOLDER = Path(__file__).parents[2] / "var" / "benchmarks"
HEAD = (
    "                    requests/second           median ms       p99 ms          CPU ms"
    "          SQL           kB\n"
    "articles clients     ours   stock  ratio     ours  stock    ours  stock    ours  stock"
    "    ours stock    ours stock"
)

HEAD_OF_REFUSALS = "median ms  worst ms    CPU ms"
HEAD_OF_PUBLISHING = "             articles  ours ms  stock ms"
# How much dearer it may be to publish in the largest site than in the smallest.
DEMANDED_GROWTH = 1.2
HEAD_OF_FORMS = "             form               statements      ms  × titles"
DEMANDED_OF_SEARCHES = 3
HEAD_OF_SEARCHES = "             search             statements      ms    × list"
HEAD_OF_SCHEDULING = "               seen    seconds  stock s  kills  wrong"
DEMANDED_SECONDS = 15
HEAD_OF_RELEASES = "              items  before   after  mixed  failed  approved s  permanent s"
HEAD_OF_SEEING = "             articles now SQL    now ms pending SQL  pending ms"
DEMANDED_STATEMENTS = 2
HEAD_OF_DEAREST = "             drawn answered   CPU ms  SQL    cost     kB  contract's ms  ratio"
# How much dearer than the dearest operation of the contract an allowed one may be.
DEMANDED_RATIO = 5


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


@dataclass(frozen=True)
class Publishing:
    """The median of publishing one article, with our search index and with Wagtail's own."""

    database: str
    articles: int
    ours_ms: float
    stock_ms: float


@dataclass(frozen=True)
class Scheduling:
    """Articles due at one second: seen by a reader then, and when the last was permanent."""

    database: str
    seen: int
    seconds: float
    kills: int
    wrong: int
    stock_seconds: float


@dataclass(frozen=True)
class Released:
    """Answers to readers while a release went live, by what they showed of it."""

    database: str
    items: int
    before: int
    after: int
    mixed: int
    failed: int
    approved_seconds: float
    permanent_seconds: float


@dataclass(frozen=True)
class Seeing:
    """A list of 20 with nothing pending, and with a hundred changes: statements and a median."""

    database: str
    articles: int
    now: dict[str, float]
    pending: dict[str, float]


@dataclass(frozen=True)
class Form:
    """A list of 20 with texts or pictures in one form, and with titles alone; or a search."""

    database: str
    name: str
    cost: dict[str, float]
    titles: dict[str, float]


@dataclass(frozen=True)
class Dearest:
    """The dearest operation found within the limits, and the dearest of the contract."""

    database: str
    drawn: int
    answered: int
    dearest: dict[str, float]
    registered: dict[str, float]


def report(
    measurements: list[Measurement],
    refused: list[Refusal],
    published: list[Publishing],
    scheduled: list[Scheduling],
    released: list[Released],
    seen: list[Seeing],
    told_as: list[Form],
    searched: list[Form],
    dearest: list[Dearest],
) -> None:
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
    print(f"\npublishing one article: at most {DEMANDED_GROWTH}× in the largest site")
    print(HEAD_OF_PUBLISHING)
    for smallest, largest in zip(published[::2], published[1::2], strict=True):
        print(lines_of_publishing(smallest, largest))
    print(f"\nscheduling: all seen at their second, and permanent within {DEMANDED_SECONDS} s")
    print(HEAD_OF_SCHEDULING)
    for each in scheduled:
        print(line_of_scheduling(each))
    print("\na release goes live while 16 read: no answer holds some of it and not all of it")
    print(HEAD_OF_RELEASES)
    for release in released:
        print(line_of_release(release))
    print(f"\nperspectives: at most {DEMANDED_STATEMENTS}× the statements of now")
    print(HEAD_OF_SEEING)
    for seeing in seen:
        print(line_of_seeing(seeing))
    print(f"\ntexts and pictures of 20 articles, beside their titles alone\n{HEAD_OF_FORMS}")
    for form in told_as:
        print(line_of_form(form))
    print(f"\nsearches in the largest site: at most {DEMANDED_OF_SEARCHES}× a list of 20 articles")
    print(HEAD_OF_SEARCHES)
    for search in searched:
        print(line_of_form(search))
    print(f"\nlimits: what they allow costs at most {DEMANDED_RATIO}× what the contract asks for")
    print(HEAD_OF_DEAREST)
    for each_dearest in dearest:
        print(line_of_dearest(each_dearest))
    file = kept(
        measurements, refused, published, scheduled, released, seen, told_as, searched, dearest
    )
    print(f"\nKept in {file}")


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


def lines_of_publishing(smallest: Publishing, largest: Publishing) -> str:
    costs = [
        f"{one.database:12} {one.articles:8,} {one.ours_ms:8.1f} {one.stock_ms:9.1f}"
        for one in (smallest, largest)
    ]
    growth = largest.ours_ms / smallest.ours_ms
    stock = largest.stock_ms / smallest.stock_ms
    remark = "" if growth <= DEMANDED_GROWTH else "  too dear"
    return "\n".join([*costs, f"{'growth':21} {growth:7.2f}× {stock:8.2f}×{remark}"])


def line_of_scheduling(one: Scheduling) -> str:
    remark = "" if one.seconds <= DEMANDED_SECONDS and not one.wrong else "  falls short"
    return (
        f"{one.database:12} {one.seen:6,} {one.seconds:10.1f} {one.stock_seconds:9.1f}"
        f" {one.kills:6} {one.wrong:6}{remark}"
    )


def line_of_release(one: Released) -> str:
    whole = not (one.mixed or one.failed) and one.before and one.after
    return (
        f"{one.database:12} {one.items:6,} {one.before:7,} {one.after:7,} {one.mixed:6}"
        f" {one.failed:7} {one.approved_seconds:11.1f} {one.permanent_seconds:12.1f}"
        f"{'' if whole else '  falls short'}"
    )


def line_of_form(one: Form) -> str:
    ratio = one.cost["median_ms"] / one.titles["median_ms"]
    return (
        f"{one.database:12} {one.name:18} {one.cost['statements']:10}"
        f" {one.cost['median_ms']:7.1f} {ratio:8.1f}×"
    )


def line_of_seeing(one: Seeing) -> str:
    ratio = one.pending["statements"] / one.now["statements"]
    return (
        f"{one.database:12} {one.articles:8,} {one.now['statements']:7} {one.now['median_ms']:9.1f}"
        f" {one.pending['statements']:11} {one.pending['median_ms']:11.1f}"
        f"{'' if ratio <= DEMANDED_STATEMENTS else '  too many'}"
    )


def line_of_dearest(one: Dearest) -> str:
    found, registered = one.dearest, one.registered
    ratio = found["cpu_ms"] / registered["cpu_ms"]
    return (
        f"{one.database:12} {one.drawn:5} {one.answered:8} {found['cpu_ms']:8.1f}"
        f" {found['statements']:4} {found['cost']:7,} {found['bytes'] / 1000:6.0f}"
        f" {registered['cpu_ms']:14.1f} {ratio:5.1f}×"
        f"{'' if ratio <= DEMANDED_RATIO else '  too dear'}"
    )


def kept(
    measurements: list[Measurement],
    refused: list[Refusal],
    published: list[Publishing],
    scheduled: list[Scheduling],
    released: list[Released],
    seen: list[Seeing],
    told_as: list[Form],
    searched: list[Form],
    dearest: list[Dearest],
) -> Path:
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
        "publishing": [asdict(one) for one in published],
        "perspectives": [asdict(one) for one in seen],
        "forms": [asdict(one) for one in told_as],
        "searches": [asdict(one) for one in searched],
        "scheduling": [asdict(one) for one in scheduled],
        "releases": [asdict(one) for one in released],
        "limits": [asdict(one) for one in dearest],
    }
    file.write_text(json.dumps(content, indent=2) + "\n")
    return file
