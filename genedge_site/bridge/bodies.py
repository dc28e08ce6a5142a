"""Reading the body of a request: at a fair pace, and no more of it than is allowed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from granian.rsgi import ProtocolClosed, ProtocolError

__all__ = ["Body", "BodyCutOff", "BodyTooSlow"]

# What is larger waits on disk until the application reads it.
BYTES_IN_MEMORY = 262_144
# What takes longer than is allowed at first goes on as long as so many bytes a second have come.
BYTES_A_SECOND = 10_000


class BodyTooSlow(Exception):
    """The peer sends too slowly, or has stopped."""


class BodyCutOff(Exception):
    """The peer went away before all of the body was there."""


class Body:
    """The body of a request, as far as it was read. `expected` is its length, if that was told."""

    def __init__(self, protocol: Any, expected: int | None, *, seconds: float):
        self.protocol = protocol
        self.seconds = seconds
        self.expected = expected
        self.file: IO[bytes] = BytesIO()
        self.size = 0
        self.is_complete = expected == 0
        self.parts: Any = None
        self.empty_parts = 0
        self.started = 0.0

    async def read(self, limit: int) -> None:
        """Read on, until all is there or more than the limit; nothing if it is known to be more."""
        if self.is_complete or (self.expected or 0) > limit:
            return
        try:
            if self.expected is not None and self.expected <= BYTES_IN_MEMORY:
                await self.read_at_once()
            else:
                await self.read_in_parts(limit)
        except TimeoutError as error:
            raise BodyTooSlow from error
        except (ProtocolClosed, ProtocolError) as error:
            raise BodyCutOff from error

    async def read_at_once(self) -> None:
        async with asyncio.timeout(self.seconds):
            content = await self.protocol()
        self.file, self.size, self.is_complete = BytesIO(content), len(content), True

    async def read_in_parts(self, limit: int) -> None:
        if self.parts is None:
            self.parts = aiter(self.protocol)
            self.file = empty_file()
            self.started = asyncio.get_running_loop().time()
        while not self.is_complete and self.size <= limit:
            seconds = self.seconds + self.size / BYTES_A_SECOND
            async with asyncio.timeout_at(self.started + seconds):
                await self.take_part()

    async def take_part(self) -> None:
        try:
            part = await anext(self.parts)
        except StopAsyncIteration:
            # At its end the server gives one empty part, and another if it did not come to its end.
            if self.empty_parts != 1 or self.expected not in {None, self.size}:
                raise BodyCutOff from None
            self.is_complete = True
        else:
            self.empty_parts += not part
            self.file.write(part)
            self.size += len(part)

    def handed_over(self) -> IO[bytes]:
        self.file.seek(0)
        return self.file

    async def throw_away_the_rest(self) -> None:
        """Many read an answer only when they have sent all: it is taken in, but not for ever."""
        with suppress(TimeoutError, StopAsyncIteration, ProtocolClosed, ProtocolError):
            async with asyncio.timeout(self.seconds):
                self.parts = self.parts or aiter(self.protocol)
                while True:
                    await anext(self.parts)


def empty_file() -> IO[bytes]:
    return SpooledTemporaryFile(max_size=BYTES_IN_MEMORY)
