"""Time zones as people choose them: by place, of the zones that the pinned zone data has."""

from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import available_timezones

from django import forms

__all__ = ["ZoneSelect", "place_name", "zone_names"]

# Regions as zone data abbreviates them.
OCEANS = ("Atlantic", "Indian", "Pacific")


@cache
def zone_names() -> list[str]:
    """The zones that something may be in, older names of places included."""
    return ["UTC", *sorted(name for name in available_timezones() if "/" in name)]


def place_name(zone: str) -> str:
    """What stands for a zone in a sentence: ``New York``."""
    return zone.rpartition("/")[2].replace("_", " ")


def table(name: str) -> list[list[str]]:
    text = files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


@cache
def places() -> dict[str, list[tuple[str, str]]]:
    """Places in alphabetical order, by the part of the world in which they are."""
    countries = dict(table("iso3166.tab"))
    found = defaultdict(list)
    for code, _, zone, *_ in table("zone.tab"):
        region, _, _ = zone.partition("/")
        title = f"{region} Ocean" if region in OCEANS else region
        found[title].append((zone, f"{place_name(zone)}, {countries[code]}"))
    return {title: sorted(found[title], key=lambda choice: choice[1]) for title in sorted(found)}


class ZoneSelect(forms.Select):
    """Offers places, and besides them only what is stored already."""

    def __init__(self, *args: Any, unchosen: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.unchosen = unchosen

    def optgroups(self, name, value, attrs=None):
        # The field's own choices say what is valid, which is more.
        choices: list[Any] = [("", self.unchosen)] if self.unchosen else []
        choices += [("UTC", "UTC"), *places().items()]
        offered = {zone for group in places().values() for zone, _ in group} | {"", "UTC"}
        choices += [(zone, zone.replace("_", " ")) for zone in value if zone not in offered]
        self.choices = choices
        return super().optgroups(name, value, attrs)
