"""What `make mutants` changes and how; that it tells what tests notice is tried on a small file."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from functools import cache

import pytest

from tests.mutants.__main__ import ROOT, one_of_ours, report, room_tests
from tests.mutants.changes import mutants_of, one_line
from tests.mutants.explained import Explained, explained
from tests.mutants.loaded import NotReplaceable, put_into_loaded
from tests.mutants.plugin import by_ways_in_turn

pytestmark = pytest.mark.any_database


def changes(source: str) -> set[str]:
    return {mutant.becomes for mutant in mutants_of("sample.py", source)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("if a < b: pass", {"if a <= b: pass", "if True: pass", "if False: pass"}),
        ("x = a < b", {"x = a <= b", "x = a >= b"}),
        ("x = a in b", {"x = a not in b"}),
        ("x = a is not b", {"x = a is b"}),
        ("x = not a", {"x = a"}),
        ("x = a and b", {"x = a", "x = b"}),
        ("x = a or b or c", {"x = b or c", "x = a or c", "x = a or b"}),
        ("x = a if b else c", {"x = a if True else c", "x = a if False else c"}),
        ("x = [a for a in b if a]", {f"x = [a for a in b if {it}]" for it in ("True", "False")}),
        ("while a: pass", {"while False: pass"}),
        ("x = y[10]", {"x = y[11]", "x = y[9]"}),
        ("def f(): return True", {"def f(): return False"}),
        ("x = Field(null=True, max_length=255)", set()),
        ("x = Button(priority=95)", set()),
        ("menu_order = 95", set()),
    ],
)
def test_conditions_comparisons_truths_and_numbers_are_changed(source, expected):
    assert changes(source) == expected


def test_turning_a_condition_round_is_not_tried_beside_always_and_never():
    """A test that tells both from the condition tells its opposite as well."""
    assert changes("if not (a == b): pass") == {"if True: pass", "if False: pass"}


def test_change_is_known_by_its_lines_and_covers_the_statement_it_is_in():
    source = "x = 0\ny = call(\n    a,\n    b == c,\n)\n"

    (change,) = [each for each in mutants_of("sample.py", source) if "!=" in each.becomes]

    assert (change.was, change.becomes) == ("b == c,", "b != c,")
    assert (change.first_line, change.last_line) == (2, 5)


SAMPLE = """
from functools import cache, cached_property

BOUND = 1

@cache
def below(number):
    return number < 10

class Sample:
    @cached_property
    def large(self):
        return [each for each in (1, 100) if each > 10]

    def later(self):
        return lambda number: number == 1
"""


@pytest.fixture
def sample(tmp_path):
    file = tmp_path / "sample.py"
    file.write_text(SAMPLE)
    spec = importlib.util.spec_from_file_location("sample", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_loaded_functions_methods_and_what_they_made_do_as_changed(sample):
    below, made = sample.below, sample.Sample()
    later = made.later()
    for _ in range(100):  # Until Python has adapted it to what it was called with.
        assert not below(10)

    for old, new in (("< 10", "<= 10"), ("each > 10", "each <= 10"), ("== 1", "!= 1")):
        put_into_loaded(sample.__file__, SAMPLE, SAMPLE.replace(old, new))

    assert below(10)
    assert made.large == [1]
    assert not later(1)
    assert not made.later()(1)


@pytest.mark.parametrize("new", ["BOUND = 2", "BOUND = [each for each in (1, 2) if each][0]"])
def test_what_ran_at_import_has_to_be_loaded_anew(sample, new):
    with pytest.raises(NotReplaceable):
        put_into_loaded(sample.__file__, SAMPLE, SAMPLE.replace("BOUND = 1", new))


CHANGE = {"file": "a.py", "within": "f", "was": "if a:", "becomes": "if True:"}
OUTCOME = {**CHANGE, "line": 1, "result": "survived"}
SENTENCE = Explained(**CHANGE, why="It is never false.")


def test_change_that_nothing_notices_fails_unless_it_is_explained(capsys):
    assert report([OUTCOME], []) == "1 changes that no test noticed, 0 explanations too many"
    assert "a.py:1 f\n  - if a:\n  + if True:" in capsys.readouterr().out
    assert report([OUTCOME], [SENTENCE]) == 0


def test_explanation_is_of_one_function():
    elsewhere = {**OUTCOME, "within": "g"}

    assert "1 changes that no test noticed" in str(report([OUTCOME, elsewhere], [SENTENCE]))


def test_explanation_of_what_is_noticed_by_now_fails():
    killed = {**OUTCOME, "result": "killed"}

    assert report([killed], []) == 0
    assert report([killed], [SENTENCE]) == "0 changes that no test noticed, 1 explanations too many"


def test_each_room_has_its_tests():
    assert room_tests("cms/releases/admin/items.py") == "tests/cms/releases"
    assert room_tests("cms/api/http/views.py") == "tests/cms/api/http"
    assert room_tests("cms/api/operations.py") == "tests/cms/api"
    assert room_tests("pages/models/forum.py") == "tests/pages"


def test_migrations_and_tests_are_not_changed():
    names = ["cms/clock.py", "cms/x/migrations/0001_initial.py", "tests/x.py", "cms/x/y.html"]

    assert [name for name in names if one_of_ours(name)] == ["cms/clock.py"]


@cache
def statements_of(file: str) -> str:
    return one_line((ROOT / file).read_text().splitlines())


@pytest.mark.parametrize("each", explained(), ids=lambda each: f"{each.file}: {each.becomes}")
def test_explanations_are_sentences_about_lines_that_are_there(each):
    assert each.was in statements_of(each.file)
    assert each.why.endswith(".")


def test_a_test_of_each_way_through_a_function_is_tried_before_another_of_the_same():
    tests = ["ask", "list", "show", "move"]
    lines = {1: tests, 2: ["ask", "list", "show"], 3: ["move"], 9: ["ask"]}

    assert [*by_ways_in_turn(tests, lines, range(1, 4))] == ["move", "ask", "list", "show"]


def test_change_is_noticed_or_not_by_the_tests_that_run_it():
    """In a function that is loaded, and in a bound that is read at import."""
    command = [sys.executable, "-m", "tests.mutants", "--tests", "tests/mutants/tried_on.py"]

    run = subprocess.run(
        [*command, "--quick", "--", "cms/scheduling/backoff.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1, run.stdout + run.stderr
    lines = [line for line in run.stdout.splitlines() if "=>" in line]
    results = {line.partition("=>")[2].split("  ")[1].strip(): line.split()[0] for line in lines}
    assert results == {
        "MOST_DOUBLINGS = 31": "survived",
        "MOST_DOUBLINGS = 29": "survived",
        **{
            f"return min(first * {doubled}, longest)": "killed"
            for doubled in (
                "3 ** min(attempts - 1, MOST_DOUBLINGS)",
                "1 ** min(attempts - 1, MOST_DOUBLINGS)",
                "2 ** min(attempts - 2, MOST_DOUBLINGS)",
                "2 ** min(attempts - 0, MOST_DOUBLINGS)",
            )
        },
    }
    assert "2 changes that no test noticed" in run.stderr
