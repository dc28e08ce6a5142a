"""Changes the files that were worked on, or those that are named, and tells what happened."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.mutants.explained import Explained, explained_in

ROOT = Path(__file__).parents[2]
PACKAGES = ("cms", "genedge_site", "media", "pages")
KEPT = Path(".pytest_cache/d/migrated")


def main() -> None:
    options = argparse.ArgumentParser(prog="make mutants")
    options.add_argument("--base", default="")
    options.add_argument("--tests", nargs="*", default=[])
    options.add_argument("--quick", action="store_true")
    options.add_argument("files", nargs="*")
    chosen = options.parse_args()
    files = dict(map(file_and_lines, chosen.files or changed_since(chosen.base or base())))
    if not files:
        print("No file of the code has changed: name some, as in FILES=cms/releases/checks.py")
        return
    folders = chosen.tests or sorted({room_tests(file) for file in files})
    print(f"Changing {', '.join(files)}; tests: {', '.join(folders)}")
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        outcomes = outcomes_in(Path(folder), files, folders, quick=chosen.quick)
    whole = [file for file, lines in files.items() if not lines]
    sys.exit(report(outcomes, explained_in(whole)))


def file_and_lines(name: str) -> tuple[str, list[list[int]]]:
    file, _, lines = name.partition(":")
    ranges = [part.partition("-") for part in lines.split(",") if part]
    return file, [[int(first), int(last or first)] for first, _, last in ranges]


def base() -> str:
    """What the work began from: main where it is elsewhere, else what was released last."""
    head = git("rev-parse", "HEAD")
    for name in ("origin/main", "main"):
        if git("rev-parse", "--verify", "--quiet", name) not in ("", head):
            return git("merge-base", name, "HEAD")
    return git("describe", "--tags", "--abbrev=0") or "HEAD"


def changed_since(ref: str) -> list[str]:
    names = git("diff", "--name-only", "--diff-filter=d", ref).splitlines()
    names += git("ls-files", "--others", "--exclude-standard").splitlines()
    return sorted(name for name in names if one_of_ours(name))


def one_of_ours(name: str) -> bool:
    path = Path(name)
    return path.suffix == ".py" and path.parts[0] in PACKAGES and "migrations" not in path.parts


def room_tests(file: str) -> str:
    """The folder of tests that mirrors the file's room."""
    parts = Path("tests", file).parent.parts
    rooms = 4 if parts[:3] == ("tests", "cms", "api") else 3
    for length in range(min(rooms, len(parts)), 0, -1):
        folder = Path(*parts[:length])
        if (ROOT / folder).is_dir():
            return str(folder)
    return "tests"


def outcomes_in(
    folder: Path, files: dict[str, list], tests: list[str], *, quick: bool
) -> list[dict[str, Any]]:
    tree = copy_of_the_tree(folder / "tree")
    plan, outcomes, ended = folder / "plan.json", folder / "outcomes.jsonl", folder / "ended"
    told = {"files": files, "outcomes": str(outcomes), "ended": str(ended), "quick": quick}
    plan.write_text(json.dumps(told))
    outcomes.touch()
    options = ["-p", "tests.mutants.plugin", "-s", "-q", "--no-header", "--no-summary"]
    # Tests leave nothing behind, as there are many runs of them.
    options += ["-o", "tmp_path_retention_policy=none", "--basetemp", str(folder / "tests")]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-m", "not browser", *tests],
        cwd=tree,
        env={**os.environ, "MUTANTS_PLAN": str(plan)},
        check=False,
    )
    found = [json.loads(line) for line in outcomes.read_text().splitlines()]
    # What pytest says depends on what it meets afterwards, too.
    if not ended.exists() or not found:
        sys.exit(f"It did not come to an end: pytest said {run.returncode}.")
    return found


def copy_of_the_tree(tree: Path) -> Path:
    names = git("ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in names:
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    if (ROOT / KEPT).is_dir():
        shutil.copytree(ROOT / KEPT, tree / KEPT)
    (tree / ".venv").symlink_to(ROOT / ".venv")
    return tree


def report(outcomes: list[dict[str, Any]], explained: list[Explained]) -> str | int:
    print()
    # One function may hold the same line twice.
    by_key = {key_of(each): each for each in sorted(outcomes, key=survived)}
    known = {each.key: each for each in explained}
    survivors = [each for key, each in by_key.items() if survived(each) and key not in known]
    stale = [each for key, each in known.items() if key not in by_key or not survived(by_key[key])]
    table(outcomes, known)
    for each in survivors:
        print(f"{each['file']}:{each['line']} {each['within']}")
        print(f"  - {each['was']}\n  + {each['becomes']}")
    for entry in stale:
        print(f"explained.toml is wrong of {entry.within} in {entry.file}:")
        print(f"  - {entry.was}\n  + {entry.becomes}")
        print("  There is no such change, or a test notices it: take it out.")
    if survivors or stale:
        return f"{len(survivors)} changes that no test noticed, {len(stale)} explanations too many"
    return 0


def key_of(outcome: dict[str, Any]) -> tuple[str, str, str, str]:
    return outcome["file"], outcome["within"], outcome["was"], outcome["becomes"]


def survived(outcome: dict[str, Any]) -> bool:
    return outcome["result"] == "survived"


def table(outcomes: list[dict[str, Any]], known: dict[Any, Explained]) -> None:
    counts: dict[str, Counter[str]] = {}
    for each in outcomes:
        is_known = survived(each) and key_of(each) in known
        result = "explained" if is_known else each["result"]
        counts.setdefault(each["file"], Counter())[result] += 1
    columns = ("killed", "timeout", "explained", "survived")
    print(f"{'file':50}{'all':>10}" + "".join(f"{column:>10}" for column in columns))
    for file, count in counts.items():
        numbers = [sum(count.values()), *(count[column] for column in columns)]
        print(f"{file:50}" + "".join(f"{number:>10}" for number in numbers))
    print()


def git(*arguments: str) -> str:
    run = subprocess.run(
        ["git", *arguments],  # noqa: S607 - whichever the developer uses
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout.strip()


if __name__ == "__main__":
    main()
