"""Runs each change's tests in a child of one process that has collected the tests already.

A pytest plugin of the process that `tests.mutants` starts in its copy of the tree. What a child
reports as unnoticed, and what cannot be changed once it is loaded, is tried again from the start.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from itertools import accumulate, zip_longest
from pathlib import Path
from typing import Any

import coverage
import pytest
from django.urls import get_resolver

from cms.database.statements import forget_statements
from tests import migrated
from tests.mutants.changes import Mutant, mutants_of
from tests.mutants.loaded import NotReplaceable, put_into_loaded

PLAN = "MUTANTS_PLAN"  # The file that says what to change, and where the outcomes go.
SLOWER_BY = 4
SECONDS_ANYWAY = 20
SECONDS_TO_START = 120
SECONDS_IF_QUICK = 15
ROOT = Path(__file__).parents[2]  # Of the copy.
TOLD = ROOT / "told-by-child.json"
LOG = TOLD.with_suffix(".log")
CANNOT_REPLACE = "cannot replace"
STARTING = {"subprocess.Popen", "os.fork", "os.posix_spawn"}


@dataclass(frozen=True)
class Outcome:
    file: str
    line: int
    within: str
    was: str
    becomes: str
    result: str  # killed, survived or timeout
    by: str
    seconds: float


@dataclass
class Baseline:
    """What the tests do with the code as it is."""

    seconds: dict[str, float] = field(default_factory=dict)
    # Of the processor: how busy the machine is makes no difference to those.
    worked: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    starts_processes: list[str] = field(default_factory=list)
    # Of files, the tests that run each line.
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)


class ChildEnded(Exception):
    """Not by a test that fails, but by what is told of it."""


class AllTornDown(pytest.Item):
    """Comes next whenever nothing but the session is to be left of a test."""

    def runtest(self) -> None:
        pass


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    if session.testsfailed:
        raise session.Interrupted("tests cannot be collected")
    plan = json.loads(Path(os.environ[PLAN]).read_text())
    Run(session, Path(plan["outcomes"]), plan["files"], quick=plan["quick"]).run()
    Path(plan["ended"]).touch()
    return True


class Run:
    def __init__(
        self, session: pytest.Session, outcomes: Path, files: dict[str, list], *, quick: bool
    ):
        self.session = session
        self.quick = quick
        self.outcomes = outcomes
        self.files = files
        self.items = {item.nodeid: item for item in session.items}
        self.after_all = AllTornDown.from_parent(session, name="all torn down")
        self.failed: list[str] = []
        # Of files and their functions.
        self.killers: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        # Of tests one after the other: whether the last passes as the code is.
        self.sound: dict[tuple[str, ...], bool] = {}
        session.config.pluginmanager.register(self)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def run(self) -> None:
        # The session's fixtures, its database among them, are made once, before any child.
        with_database = [
            item for item in self.session.items if "db" in getattr(item, "fixturenames", ())
        ]
        self.run_tests([item.nodeid for item in with_database[:1]])
        # What the first request would load is loaded once, and is there to be changed.
        _ = get_resolver().url_patterns
        os.environ[migrated.FINGERPRINT] = migrated.fingerprint()
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # One of changed code could be taken for ours.
        base = self.baseline()
        say(f"{len(base.seconds)} tests in {sum(base.seconds.values()):.0f} s")
        for nodeid in base.failed:
            say(f"left out, it fails as the code is: {nodeid}")
        for file, ranges in self.files.items():
            source = (ROOT / file).read_text()
            mutants = mutants_of(file, source)
            for first, last in ranges or [[0, len(source)]]:
                for mutant in mutants:
                    if first <= mutant.first_line <= last:
                        self.note(self.outcome(mutant, source, base))

    def note(self, outcome: Outcome) -> None:
        say(
            f"{outcome.result:8} {outcome.seconds:5.1f} s  {outcome.file}:{outcome.line}"
            f"  {outcome.was}  =>  {outcome.becomes}  {outcome.by}"
        )
        with self.outcomes.open("a") as file:
            file.write(json.dumps(asdict(outcome)) + "\n")

    # The code as it is

    def baseline(self) -> Baseline:
        def look() -> dict[str, Any]:
            found = asdict(self.measured())
            again = [*found["failed"]]
            self.failed.clear()
            self.run_tests(again)
            found["failed"] = self.failed
            return found

        told = in_a_child(look, seconds=None)
        lines = {
            file: {int(line): tests for line, tests in found.items()}
            for file, found in told.pop("lines").items()
        }
        base = Baseline(**told, lines=lines)
        for nodeid in base.failed:
            base.seconds.pop(nodeid, None)
        return base

    def measured(self) -> Baseline:
        base = Baseline()
        current = ""

        def audit(event: str, _: Any) -> None:
            if event in STARTING and current:
                base.starts_processes.append(current)

        sys.addaudithook(audit)
        looked_at = coverage.Coverage(
            data_file=None,
            config_file=False,
            include=[str(ROOT / file) for file in self.files],
        )
        looked_at.start()
        for nodeid, following in zip(self.items, [*self.items, ""][1:], strict=True):
            current = nodeid
            forget_statements()  # Each test runs what builds its own.
            looked_at.switch_context(nodeid)
            begun, worked = time.perf_counter(), seconds_worked()
            self.run_test(nodeid, following)
            base.seconds[nodeid] = time.perf_counter() - begun
            base.worked[nodeid] = seconds_worked() - worked
        looked_at.stop()
        base.failed = [*dict.fromkeys(self.failed)]
        data = looked_at.get_data()
        for file in self.files:
            found = data.contexts_by_lineno(str(ROOT / file))
            base.lines[file] = {
                line: [test for test in tests if test in self.items]
                for line, tests in found.items()
            }
        return base

    # The code as changed

    def outcome(self, mutant: Mutant, source: str, base: Baseline) -> Outcome:
        tests, others = self.tests_of(mutant, base)
        begun = time.perf_counter()
        while True:
            with self.on_disk(mutant, source):
                result, by = self.tried(mutant, source, tests, base)
                again = {CANNOT_REPLACE} if self.quick else {CANNOT_REPLACE, "survived"}
                if result in again and (tests or others):
                    result, by = self.tried_from_the_start([*tests, *others], base)
            if result != "killed" or self.is_sound(by, tests, base):
                break
            say(f"left out here, it fails as the code is: {by}")
            tests, others = ([each for each in those if each != by] for those in (tests, others))
        if result == "killed":
            self.killers[mutant.file, mutant.within][by] += 1
        return Outcome(
            mutant.file,
            mutant.first_line,
            mutant.within,
            mutant.was,
            mutant.becomes,
            result,
            by,
            time.perf_counter() - begun,
        )

    def tests_of(self, mutant: Mutant, base: Baseline) -> tuple[list[str], list[str]]:
        """Those that run what was changed, fastest first; and those that may, elsewhere."""
        lines = base.lines[mutant.file]
        wanted = range(mutant.first_line, mutant.last_line + 1)
        if mutant.at_import:  # By then whoever comes first has run it.
            wanted = range(1, max(lines, default=0) + 1)
        found = {test for line in wanted for test in lines.get(line, ())} & base.seconds.keys()
        others = set(base.starts_processes) & base.seconds.keys() - found
        return self.in_order(found, mutant, base), self.in_order(others, mutant, base)

    def in_order(self, tests: set[str], mutant: Mutant, base: Baseline) -> list[str]:
        """First those that noticed most in the function, then of each way through it one in turn.

        What comes soon by that, if it is to be quick; then by module, as each has its own fixtures.
        """
        killers = self.killers[mutant.file, mutant.within]
        by_speed = sorted(tests, key=base.seconds.__getitem__)
        in_turn = by_ways_in_turn(by_speed, base.lines[mutant.file], mutant.around)
        ordered = sorted(in_turn, key=lambda test: -killers[test])
        modules: dict[str, list[str]] = {}
        for test in self.soon_done(ordered, base) if self.quick else ordered:
            modules.setdefault(test.split("::")[0], []).append(test)
        return [test for tests in modules.values() for test in tests]

    @staticmethod
    def soon_done(tests: list[str], base: Baseline) -> list[str]:
        seconds = list(accumulate(base.worked[test] for test in tests))
        return tests[: max(1, bisect(seconds, SECONDS_IF_QUICK))]

    def tried(
        self, mutant: Mutant, source: str, tests: list[str], base: Baseline
    ) -> tuple[str, str]:
        if not tests:
            return "survived", "(no test runs it)"

        def look() -> str:
            try:
                put_into_loaded(str(ROOT / mutant.file), source, mutant.source)
            except NotReplaceable:
                return CANNOT_REPLACE
            forget_statements()
            return self.run_tests(tests)

        try:
            failed = in_a_child(look, seconds=self.patience(tests, base))
        except ChildEnded as ended:
            return CANNOT_REPLACE, str(ended)
        if failed is None:
            return "timeout", ""
        if failed == CANNOT_REPLACE:
            return CANNOT_REPLACE, failed
        return ("killed", failed) if failed else ("survived", "")

    def tried_from_the_start(self, tests: list[str], base: Baseline) -> tuple[str, str]:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-rfE", *tests]
        run = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            output, _ = run.communicate(timeout=self.patience(tests, base) + SECONDS_TO_START)
        except subprocess.TimeoutExpired:
            return "timeout", ""
        finally:
            end_group(run.pid)
            run.wait()
        if run.returncode == pytest.ExitCode.OK:
            return "survived", ""
        told = output.decode(errors="replace").splitlines()
        failed = [line.split(" ")[1] for line in told if line.startswith(("FAILED ", "ERROR "))]
        return "killed", failed[0] if failed else "(the site does not start)"

    def is_sound(self, test: str, tests: list[str], base: Baseline) -> bool:
        """Whether what failed passes as the code is, after the same tests as it failed after.

        Some fail after others, or whenever the machine is busy: they have noticed nothing.
        """
        if test not in base.seconds:
            return True  # The site does not start.
        order = tests[: tests.index(test) + 1] if test in tests else [test]
        if tuple(order) not in self.sound:
            with suppress(ChildEnded):
                failed = in_a_child(lambda: self.run_tests(order), self.patience(order, base))
                self.sound[tuple(order)] = failed == ""
        return self.sound.get(tuple(order), False)

    def patience(self, tests: list[str], base: Baseline) -> float:
        return SECONDS_ANYWAY + SLOWER_BY * sum(base.seconds[test] for test in tests)

    @contextmanager
    def on_disk(self, mutant: Mutant, source: str) -> Iterator[None]:
        """The copy's file holds the change too, for processes that tests start."""
        file = ROOT / mutant.file
        before = file.stat()
        file.write_text(mutant.source)
        try:
            yield
        finally:
            file.write_text(source)
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    def run_test(self, nodeid: str, following: str) -> None:
        """Fixtures that both need stay."""
        self.session.config.hook.pytest_runtest_protocol(
            item=self.items[nodeid], nextitem=self.items.get(following, self.after_all)
        )

    def run_tests(self, tests: list[str]) -> str:
        """Until one fails, which is returned."""
        for nodeid, following in zip(tests, [*tests, ""][1:], strict=True):
            before = len(self.failed)
            self.run_test(nodeid, following)
            if len(self.failed) > before:
                return self.failed[before]
        return ""


def by_ways_in_turn(tests: list[str], lines: dict[int, list[str]], around: range) -> Iterator[str]:
    """One test of each way that tests take through some lines, those few take first; then again."""
    taken: dict[str, list[int]] = {test: [] for test in tests}
    for line in around:
        for test in taken.keys() & lines.get(line, ()):
            taken[test].append(line)
    ways: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for test, way in taken.items():
        ways[tuple(way)].append(test)
    for turn in zip_longest(*sorted(ways.values(), key=len)):
        yield from filter(None, turn)


def seconds_worked() -> float:
    """By this process and those it has waited for."""
    return sum(os.times()[:4])


def in_a_child(work: Callable[[], Any], seconds: float | None) -> Any:
    """What the work returns in a process of its own; None if it does not in that time."""
    TOLD.unlink(missing_ok=True)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(log, 1)
            os.dup2(log, 2)
            TOLD.write_text(json.dumps(work()))
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(1)
    deadline = time.monotonic() + (seconds or float("inf"))
    try:
        while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
            if time.monotonic() > deadline:
                end_group(child)
                os.waitpid(child, 0)
                return None
            time.sleep(0.02)
    finally:
        end_group(child)
    if ended[1]:
        raise ChildEnded(LOG.read_text()[-2000:])
    return json.loads(TOLD.read_text())


def end_group(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def say(line: str) -> None:
    print(line, flush=True)
