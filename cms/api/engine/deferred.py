"""Values that are not there yet.

A resolver that needs other content returns a ``Deferred``: which keys of which loaders it needs,
and how to finish once they are loaded. The executor gathers every deferred value of a wave, asks
each loader once for all its keys, and goes on. So the number of SQL statements follows from the
shape of a query and never from the number of items in its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

__all__ = ["Deferred", "Loader", "settle_later", "settled"]


class Loader:
    """Loads values by key, many at once, and remembers them for the rest of the request.

    ``fetch`` takes the missing keys and returns a dict; a key it leaves out is remembered as None.
    Loaders of a lower ``rank`` go first: what they bring may need more of the others, which are
    then asked once for all of it.
    """

    __slots__ = ("fetch", "loaded", "rank")

    def __init__(self, fetch: Callable[[list], dict], *, rank: int = 0):
        self.fetch = fetch
        self.rank = rank
        self.loaded: dict[Hashable, Any] = {}

    def load(self, keys: Iterable[Hashable]) -> None:
        missing = [key for key in dict.fromkeys(keys) if key not in self.loaded]
        if not missing:
            return
        found = self.fetch(missing)
        for key in missing:
            self.loaded[key] = found.get(key)

    def has(self, keys: Iterable[Hashable]) -> bool:
        return all(key in self.loaded for key in keys)

    def one(self, key: Hashable) -> Deferred:
        """The value under a key."""
        return Deferred([(self, (key,))], lambda: self.loaded[key])

    def many(self, keys: Sequence[Hashable]) -> Deferred:
        """The values under several keys, in order, None where a key has no value."""
        return Deferred([(self, keys)], lambda: [self.loaded[key] for key in keys])


class Deferred:
    """A value to be finished once its needs are loaded; may finish as another ``Deferred``."""

    __slots__ = ("finish", "needs")

    def __init__(self, needs: list[tuple[Loader, Iterable[Hashable]]], finish: Callable[[], Any]):
        self.needs = needs
        self.finish = finish

    def then(self, change: Callable[[Any], Any]) -> Deferred:
        return Deferred(self.needs, lambda: settle_later(self.finish(), change))


def settled(value: Any) -> Any:
    """What a value is in the end, loaded now: for who needs one before anything else can run."""
    while isinstance(value, Deferred):
        for loader, keys in value.needs:
            loader.load(keys)
        value = value.finish()
    return value


def settle_later(value: Any, change: Callable[[Any], Any]) -> Any:
    """What is made of a value, at once if it is there."""
    return value.then(change) if isinstance(value, Deferred) else change(value)
