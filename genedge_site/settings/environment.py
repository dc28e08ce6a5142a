"""Reads the environment, and tells everything that is wrong with it at once.

A wrong value does not stop the reading: it is noted, a harmless default takes its place, and the
settings module ends with `environment.stop_if_wrong()`. So whoever sets up a server corrects all of
it in one go, and reads sentences rather than a traceback.
"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.http.request import split_domain_port, validate_host

from genedge_site.settings.names import SETTINGS_MODULE, known_names, nearest, probably_meant

__all__ = ["Environment", "choose_settings", "is_address", "origin_of"]

# As RFC 9110 says, in which * would be a name; it is no wish for all of them.
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'+.^_`|~-]+")
TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
# Without scheme, port or path: Django would compare those too, and find no request to be for us.
HOST = re.compile(r"\*|\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]", re.IGNORECASE)
# A site as Wagtail knows it, by its host, or by host and port where several share a host.
SITE = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*(:\d{1,5})?", re.IGNORECASE)
# What may follow the scheme in the address of a site: nothing stands under a path.
AT_ROOT = re.compile(r"[^/?#@*\\\s]+/?")
DATABASE_SCHEMES = {"postgresql", "postgres", "sqlite"}


def choose_settings(*, default: str) -> None:
    """Which settings module the process uses: the one its environment names, if it names one."""
    chosen = os.environ.setdefault(SETTINGS_MODULE, default)
    try:
        found = find_spec(chosen) is not None
    except (ImportError, ValueError):
        found = False
    if not found:
        raise SystemExit(
            f"{SETTINGS_MODULE} is {chosen!r}, which is not here:"
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
        """The process's own variables, and where it has none, those in the file.

        A name that nothing reads is told, since whoever wrote it believes that it holds.
        """
        given = lines_of(env_file)
        names = [name for name, _, _ in given]
        environment = cls({**{name: value for name, _, value in given}, **os.environ})
        known = known_names(env_file.with_name(".env.example"))
        environment.problems += [
            *(
                f"{env_file.name} has a line that is not NAME=value: {name!r}."
                for name, equals, _ in given
                if not equals
            ),
            *(
                f"{env_file.name} sets {name} more than once: leave one of them."
                for name in sorted({name for name in names if names.count(name) > 1})
            ),
            *misplaced_in(env_file.name, given),
            *(
                f"{env_file.name} sets {name}, which is no setting: did you mean"
                f" {nearest(name, known)}? .env.example names all there are."
                for name, equals, _ in given
                if equals and name not in known | {SETTINGS_MODULE}
            ),
            *(
                f"The environment has {name}, which is no setting: did you mean {meant}?"
                for name in sorted(os.environ)
                if (meant := probably_meant(name, known | {SETTINGS_MODULE}))
            ),
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

    def hosts(self, name: str) -> list[str]:
        """Names under which the site answers, as Django compares them with what was asked for."""
        values = self.names(name)
        self.problems += [
            f"{name} has {value!r}: name hosts alone, such as cms.example.org, or .example.org for"
            " all names beneath."
            for value in values
            if not HOST.fullmatch(value)
        ]
        return values

    def address(self, name: str, *, default: str = "", schemes: tuple[str, ...]) -> str:
        """The address of a site, without the slash at its end. Empty if it is none."""
        value = self.text(name, default)
        example = f"set it to an address such as {schemes[0]}://cms.example.org"
        if not value:
            self.problems.append(f"{name} is missing: {example}.")
        elif not is_address(value, schemes):
            self.problems.append(f"{name} is {value!r}: {example}.")
        elif not is_at_root(value):
            self.problems.append(
                f"{name} is {value!r}, and no site can be under a path: {example}."
            )
        else:
            return origin_of(value)
        return ""

    def own_address(
        self, name: str, *, default: str = "", schemes: tuple[str, ...], hosts: list[str]
    ) -> str:
        """Where this site is reached, which it has to answer to."""
        value = self.address(name, default=default, schemes=schemes)
        host, _ = split_domain_port(value.partition("://")[2])
        if value and all(map(HOST.fullmatch, hosts)) and not validate_host(host, hosts or ["*"]):
            self.problems.append(
                f"{name} is {value!r}, and ALLOWED_HOSTS does not have {host}: add it there."
            )
        return value

    def frontends(self, name: str, *, schemes: tuple[str, ...]) -> dict[str, str]:
        """Addresses of frontends by the host of their site; the default site's by no name."""
        found: dict[str, str] = {}
        for value in self.names(name):
            site, _, address = value.rpartition("=")
            example = f"{schemes[0]}://www.example.org"
            if not is_address(address, schemes) or (site and not SITE.fullmatch(site)):
                wrong = f"set it to an address such as {example}"
            elif not is_at_root(address):
                wrong = "a frontend cannot be under a path"
            elif site.lower() in found:
                wrong = f"another address was given for {site or 'the default site'}"
            elif origin_of(address) in found.values():
                wrong = "two sites cannot have the same frontend"
            else:
                found[site.lower()] = origin_of(address)
                continue
            self.problems.append(
                f"{name} has {value!r}: {wrong}; of further sites, host={example}, with commas."
            )
        return found

    def origins(self, name: str) -> list[str]:
        """Origins of other sites, as browsers send them: scheme, host and port, nothing else."""
        values = self.names(name)
        for value in values:
            if not is_address(value, ("http", "https")) or origin_of(value) != value.lower():
                self.problems.append(
                    f"{name} has {value!r}: name origins such as https://www.example.org."
                )
        return [value.lower() for value in values]

    def header_names(self, name: str) -> list[str]:
        """Names of HTTP headers, in lower case, as browsers ask for them."""
        values = self.names(name)
        for value in values:
            if not HEADER_NAME.fullmatch(value):
                self.problems.append(f"{name} has {value!r}: name headers such as x-request-id.")
        return [value.lower() for value in values]

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


def lines_of(env_file: Path) -> list[tuple[str, str, str]]:
    """The name, the sign between and the value of each line that says something."""
    try:
        lines = env_file.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{env_file} cannot be read ({error}): mend or remove it.") from None
    given = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    parted = [line.removeprefix("export ").partition("=") for line in given]
    return [(name.strip(), equals, value.strip().strip("'\"")) for name, equals, value in parted]


def misplaced_in(file: str, given: list[tuple[str, str, str]]) -> list[str]:
    """Which settings apply is chosen before the file is read, so there it would choose nothing."""
    chosen = os.environ.get(SETTINGS_MODULE)
    return [
        f"{file} sets {SETTINGS_MODULE}, which is read before this file, and is {chosen} now:"
        " set it in the environment, and remove the line."
        for name, equals, value in given
        if equals and name == SETTINGS_MODULE and value != chosen
    ]


def origin_of(address: str) -> str:
    """As a browser tells it: without a path, a user, or the port that goes without saying."""
    parts = urlsplit(address.lower())
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host.replace("*", "")
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (
        f":{parts.port}" if parts.port not in {None, usual} else ""
    )


def is_at_root(address: str) -> bool:
    return AT_ROOT.fullmatch(address.partition("://")[2]) is not None


def is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, or brackets that hold no IPv6 address
        return False
