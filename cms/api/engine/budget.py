"""What one answer may take, counted while it is made.

What an operation asks for is measured before it runs (``limits``). How long texts are, how many
items a list really has and how much is read for it shows only then, so the answer is stopped as
soon as it has taken too much. A few aliases of a long text would otherwise be an answer of any
size, and take as much of the memory of the worker that makes it.
"""

from __future__ import annotations

from collections.abc import Mapping

from graphql import GraphQLError

__all__ = ["AnswerStopped", "Budget"]

ADVICE = {
    "bytes": "an answer of {limit:,} bytes at most",
    "characters_read": "{limit:,} characters of long texts to be read at most",
    "cost": "an answer of {limit:,} objects at most",
    "statements": "{limit:,} statements of the database at most",
}


class AnswerStopped(GraphQLError):
    """The answer took more than it may, so nothing of it is given.

    It ends the whole operation: whoever turns exceptions into nulls has to let it through.
    """

    def __init__(self, what: str, limit: int):
        label = what.replace("_", " ")
        super().__init__(
            f"The operation goes beyond {ADVICE[what].format(limit=limit)}. Ask for fewer items"
            " with `first` and follow `pageInfo.endCursor`, for fewer fields, or for less at once.",
            extensions={"code": "LIMIT_EXCEEDED", "limit": label, "allowed": limit},
        )


class Budget:
    """How much of each measure an answer has left. Measures without a limit are not counted."""

    __slots__ = ("left", "limits")

    def __init__(self, limits: Mapping[str, int]):
        self.limits = limits
        self.left = {what: limits[what] for what in ADVICE if what in limits}

    def spend(self, what: str, amount: int) -> None:
        """Take an amount of a measure. Raises ``AnswerStopped`` when there is not so much left."""
        left = self.left.get(what)
        if left is None:
            return
        if amount > left:
            raise AnswerStopped(what, self.limits[what])
        self.left[what] = left - amount
