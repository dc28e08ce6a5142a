"""Reads the environment, and tells everything that is wrong with it at once.

A wrong value does not stop the reading: it is noted, a harmless default takes its place, and the
settings module ends with `environment.stop_if_wrong()`. So whoever sets up a server corrects all of
it in one go, and reads sentences rather than a traceback.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

__all__ = ["Environment", "choose_settings"]

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
DATABASE_SCHEMES = {"postgresql", "postgres", "sqlite"}


def choose_settings(*, default: str) -> None:
    """Which settings module the process uses: the one its environment names, if it names one."""
    chosen = os.environ.setdefault("DJANGO_SETTINGS_MODULE", default)
    try:
        found = find_spec(chosen) is not None
    except (ImportError, ValueError):
        found = False
    if not found:
        raise SystemExit(
            f"DJANGO_SETTINGS_MODULE is {chosen!r}, which is not here:"
            f" set it to genedge_site.settings.production or {default}."
        )


class Environment:
    """Variables by name. An empty one counts as not given, so that `.env` may list it unset."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.names_read: set[str] = set()
        self.problems: list[str] = []

    @classmethod
    def of_process(cls, *, env_file: Path) -> "Environment":
        """The process's own variables, and where it has none, those in the file."""
        try:
            lines = env_file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            lines = []
        except (OSError, UnicodeDecodeError) as error:
            raise SystemExit(f"{env_file} cannot be read ({error}): mend or remove it.") from None
        given = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        pairs = [line.removeprefix("export ").partition("=") for line in given]
        in_file = {name.strip(): value.strip().strip("'\"") for name, _, value in pairs}
        environment = cls({**in_file, **os.environ})
        environment.problems += [
            f"{env_file.name} has a line that is not NAME=value: {name!r}."
            for name, equals, _ in pairs
            if not equals
        ]
        return environment

    def stop_if_wrong(self) -> None:
        if self.problems:
            raise SystemExit("\n".join(self.problems))

    def text(self, name: str, default: str = "") -> str:
        self.names_read.add(name)
        return self.variables.get(name, "").strip() or default

    def required(self, name: str, advice: str) -> str:
        value = self.text(name)
        if not value:
            self.problems.append(f"{name} is missing: {advice}.")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name).lower()
        if value and value not in TRUE | FALSE:
            self.problems.append(f"{name} is {value!r}: set it to 1 or 0.")
        return value in TRUE if value else default

    def number(self, name: str, *, default: int, lowest: int, highest: int) -> int:
        value = self.text(name, str(default))
        with suppress(ValueError):
            if lowest <= int(value) <= highest:
                return int(value)
        self.problems.append(
            f"{name} is {value!r}: set it to a whole number from {lowest} to {highest}."
        )
        return default

    def names(self, name: str) -> list[str]:
        """Values separated by commas."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def address(self, name: str, *, default: str = "", schemes: tuple[str, ...]) -> str:
        """The address of a site, without the slash at its end."""
        value = self.text(name, default)
        example = f"set it to an address such as {schemes[0]}://cms.example.org"
        if not value:
            self.problems.append(f"{name} is missing: {example}.")
        elif not is_address(value, schemes):
            self.problems.append(f"{name} is {value!r}: {example}.")
        return value.rstrip("/")

    def origins(self, name: str) -> list[str]:
        """Origins of other sites, as browsers send them: scheme, host and port, nothing else."""
        values = self.names(name)
        for value in values:
            if not is_address(value, ("http", "https")) or value.count("/") != 2:
                self.problems.append(
                    f"{name} has {value!r}: name origins such as https://www.example.org."
                )
        return values

    def database(self, name: str, *, default: str = "", base: Path) -> dict[str, Any]:
        """Django's settings for the database of a URL. A relative SQLite file is in `base`."""
        value = self.text(name, default)
        example = "postgresql://user:password@host:5432/name"
        # The value may hold a password, so no sentence repeats it.
        if not value:
            self.problems.append(f"{name} is missing: set it to {example}.")
            return {}
        scheme = value.partition(":")[0]
        if scheme not in DATABASE_SCHEMES:
            self.problems.append(f"{name} has an unknown kind of database: set it to {example}.")
            return {}
        try:
            database: dict[str, Any] = {**dj_database_url.parse(value)}
        except ValueError:
            self.problems.append(f"{name} is not a database URL: set it to {example}.")
            return {}
        if not database["NAME"]:
            self.problems.append(f"{name} names no database: set it to {example}.")
        if scheme == "sqlite" and database["NAME"] != ":memory:":
            database["NAME"] = base / database["NAME"]
        return database


def is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, or brackets that hold no IPv6 address
        return False
