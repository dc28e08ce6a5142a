"""Two people who do things at the same instant, each in a process with connections of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.cms.scheduling.process.scheduler_processes import Site
from tests.genedge_site.commands import start

__all__ = ["Person", "answer_commands", "two_people"]


class Person:
    """Someone at work, by the ``serve`` of a module."""

    def __init__(self, site: Site, name: str, module: str):
        self.name = name
        serve = f"import django\ndjango.setup()\nfrom {module} import serve\nserve()\n"
        self.process = start("-c", serve, given=site.environment, stdin=True)

    def tell(self, *command: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.stderr and self.process.stderr.read()
        return json.loads(line)

    def does(self, *command: Any) -> Any:
        self.tell(*command)
        return self.answer()


@contextmanager
def two_people(site: Site, module: str) -> Iterator[tuple[Person, Person]]:
    both = Person(site, "edith", module), Person(site, "amir", module)
    yield both
    for person in both:
        person.process.kill()
        person.process.communicate()


def answer_commands(commands: Mapping[str, Callable[..., Any]]) -> None:
    """In such a process: each is a JSON list on a line, and so is its answer."""
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(commands[name](*arguments)), flush=True)
