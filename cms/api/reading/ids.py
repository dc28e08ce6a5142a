"""Ids as the API gives them: each names one thing, and is the same whenever that thing is answered.

An id says where the thing is found: an object by its kind and key, a block or row by the object
that holds it and the fields on the way. So nothing is kept beside the content, a copy has other ids
than the original, and publishing changes none. See decision 18.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from hashlib import blake2b, sha256
from operator import attrgetter
from typing import Any

from django.conf import settings
from wagtail.contrib.settings.models import BaseSiteSetting

from cms.api.engine.errors import BadArgument
from cms.perspective.objects import base_model

__all__ = [
    "NodeId",
    "NotAnId",
    "Siblings",
    "encoded",
    "id_for",
    "id_of",
    "key_of",
    "kind_of",
    "place_beneath",
    "place_of",
    "quoted",
    "sibling_keys",
]

# Blocks within blocks: more than any type has, so that no id costs much to follow.
DEEPEST = 8
# Longer numbers are the key of nothing, and more than a database can compare with.
LONGEST_KEY = 18
NO_KEY = "~"


class NotAnId(BadArgument):
    def __init__(self) -> None:
        super().__init__("This is no id of this API. Pass on the `id` of another answer as it is.")


@dataclass(frozen=True)
class NodeId:
    """What an id says: the object, and from there a field and a key in it for each step."""

    kind: str
    key: str
    steps: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, text: str) -> NodeId:
        """Raises ``BadArgument`` for what this API never gave."""
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            place = urlsafe_b64decode(padded).decode()
            name, *steps = place.split("/")
            kind, key = name.split(":", 1)
            pairs = tuple(zip(map(unquoted, steps[::2]), map(unquoted, steps[1::2]), strict=True))
        except ValueError as error:
            raise NotAnId from error
        if encoded(place) != text or len(pairs) > DEEPEST:
            raise NotAnId  # One thing has one id: no other spelling of it is taken for it.
        return cls(kind, unquoted(key), pairs)

    def number(self) -> int:
        """The key of an object in the database."""
        is_number = self.key.isascii() and self.key.isdigit() and len(self.key) <= LONGEST_KEY
        if not is_number or str(int(self.key)) != self.key:
            raise NotAnId
        return int(self.key)


def key_of(text: str, model: Any) -> int:
    """The key of an object of a model. Raises ``BadArgument`` for the id of something else."""
    found = NodeId.of(text)
    key = found.number()
    if found.steps or found.kind != kind_of(model):
        raise BadArgument(f"This is the id of something else: give that of a {said(model)}.")
    return key


def said(model: Any) -> str:
    return str(model._meta.verbose_name)


# Objects


@cache
def kind_of(model: Any) -> str:
    """What ids call objects of a model; all pages are of one kind, whatever their type."""
    return base_model(model).__name__


def id_for(model: Any, key: Any) -> str:
    """The id of an object by its key in the database; of settings, by that of their site."""
    return encoded(f"{kind_of(model)}:{quoted(str(key))}")


def id_of(holder: Any) -> str:
    """The id of an object, a row or a block."""
    return encoded_again(place_of(holder))


def place_of(holder: Any) -> str:
    siblings = getattr(holder, "siblings_in_api", None)
    if siblings is not None:
        return siblings.place_of(holder)
    place = getattr(holder, "place_in_api", None)
    if place is not None:
        return place
    # Of settings each site has one row, also before anyone has saved them.
    key = holder.site_id if isinstance(holder, BaseSiteSetting) else holder.pk
    model: Any = type(holder)
    return f"{kind_of(model)}:{key}"


def encoded(place: str) -> str:
    return urlsafe_b64encode(place.encode("utf-8", "surrogatepass")).decode("ascii").rstrip("=")


# Most answers tell ids that others have told. Only for places that are ours: whoever asks for an id
# could name places that take any memory.
encoded_again = lru_cache(maxsize=20_000)(encoded)


# Blocks and rows


def place_beneath(holder: Any, field: str, key: str) -> str:
    """Where a block or row is found. A block keeps it as its ``place_in_api``."""
    return f"{place_of(holder)}/{field}/{quoted(key)}"


def quoted(name: str) -> str:
    return name.replace("%", "%25").replace("/", "%2F") if "/" in name or "%" in name else name


def unquoted(name: str) -> str:
    return name.replace("%2F", "/").replace("%25", "%")


def sibling_keys(keys: Iterable[Any]) -> Iterator[str]:
    """Keys by which siblings differ: their own, or the place of one that has none of its own.

    What was imported may have none, or have one twice.
    """
    taken: set[str] = set()
    for place, key in enumerate(keys):
        text = "" if key is None else str(key)
        if not text or text.startswith(NO_KEY) or text in taken:
            text = f"{NO_KEY}{place}"
        taken.add(text)
        yield text


class Siblings:
    """Rows beneath an object, by which each of them finds out where it is found.

    Publishing gives them other numbers, so they go by what tells them apart: ``identified_by`` of
    their model. It is sealed, for it may be the number of someone who is hidden.
    """

    def __init__(self, rows: list, holder: Any, relation: Any):
        self.rows = rows
        self.holder = holder
        self.relation = relation
        for row in rows:
            row.siblings_in_api = self

    def place_of(self, row: Any) -> str:
        return self.places[id(row)]

    @cached_property
    def places(self) -> dict[int, str]:
        """Worked out when it is asked for first: many answers tell the id of no row."""
        beneath = place_beneath(self.holder, self.relation.get_accessor_name(), "")
        identities = map(attrgetter(self.relation.related_model.identified_by), self.rows)
        keys = sibling_keys(sealed(f"{beneath}{each}") if each else None for each in identities)
        return {id(row): beneath + key for row, key in zip(self.rows, keys, strict=True)}


def sealed(text: str) -> str:
    digest = blake2b(text.encode(), key=seal(settings.SECRET_KEY), digest_size=12).digest()
    return urlsafe_b64encode(digest).decode("ascii")


@cache
def seal(secret: str) -> bytes:
    return sha256(f"ids of rows:{secret}".encode()).digest()
