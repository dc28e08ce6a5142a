"""The RSGI application that stands before the WSGI one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from io import BytesIO
from typing import IO, Any

from genedge_site.bridge.answers import respond, say
from genedge_site.bridge.bodies import Body, BodyCutOff, BodyTooSlow
from genedge_site.bridge.environ import Environ, environ_of
from genedge_site.bridge.limits import BodyLimits

__all__ = ["Bridge"]

# Of those that come one at a time, so many may wait, for a few seconds.
MOST_WAITING = 20
# Within so many seconds the server has opened a file that it was told to send.
SECONDS_TO_OPEN = 10
# Threads that may wait for another server.
THREADS_THAT_WAIT = 4


class Bridge:
    """`threads` is how many requests the application answers at a time.

    `watched` is an address with a thread of its own: whoever asks there whether all is well is
    told so while everyone else waits. What is `one_at_a_time` has a thread as well, and waits for
    it without holding another. What `may_wait_for_others` has threads of its own, so that another
    server that is slow holds up nobody who does not need it. `seconds` is how long the body of a
    request may take.
    """

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        *,
        limits: BodyLimits,
        threads: int,
        seconds: float,
        watched: str,
        one_at_a_time: Callable[[Environ], bool],
        may_wait_for_others: Callable[[Environ], bool],
        when_listening: Callable[[], None],
    ):
        self.application = application
        self.limits = limits
        self.seconds = seconds
        self.watched = watched
        self.one_at_a_time = one_at_a_time
        self.may_wait_for_others = may_wait_for_others
        self.when_listening = when_listening
        self.threads = ThreadPoolExecutor(threads, "request")
        self.watcher = ThreadPoolExecutor(1, "watched")
        self.single = ThreadPoolExecutor(1, "one-at-a-time")
        self.patient = ThreadPoolExecutor(THREADS_THAT_WAIT, "patient")
        self.waiting = 0
        self.files: set[IO[bytes]] = set()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.call_soon(self.when_listening)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        for file in [*self.files]:
            self.close(file)

    def close(self, file: IO[bytes]) -> None:
        self.files.discard(file)
        file.close()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        environ = environ_of(scope)
        body = Body(protocol, told_length(environ), seconds=self.seconds)
        try:
            await self.read(body, environ)
        except BodyTooSlow:
            say(protocol, 408, "The request came too slowly: send it again.")
            return
        except BodyCutOff:
            say(protocol, 400, "The request is not complete: send it again.")
            return
        if self.one_at_a_time(environ):
            file = await self.answer_in_turn(environ, protocol)
        else:
            pool = self.pool_for(environ)
            file = await in_thread(pool, respond, self.application, environ, protocol)
        if file:
            self.files.add(file)
            asyncio.get_running_loop().call_later(SECONDS_TO_OPEN, self.close, file)
        if not body.is_complete:
            await body.throw_away_the_rest()

    def pool_for(self, environ: Environ) -> Executor:
        if environ["PATH_INFO"] == self.watched:
            return self.watcher
        return self.patient if self.may_wait_for_others(environ) else self.threads

    async def read(self, body: Body, environ: Environ) -> None:
        """Give the application the body. If it is too large, the application gets its length alone,
        by which it refuses it."""
        limit = self.limits.for_anyone(environ)
        await body.read(limit)
        if not body.is_complete:
            limit = await in_thread(self.threads, self.limits.for_sender, environ)
            await body.read(limit)
        is_whole = body.is_complete and body.size <= limit
        environ["wsgi.input"] = body.handed_over() if is_whole else BytesIO()
        size = body.size if is_whole else max(body.size, body.expected or 0)
        environ["CONTENT_LENGTH"] = str(size)

    async def answer_in_turn(self, environ: Environ, protocol: Any) -> IO[bytes] | None:
        if self.waiting >= MOST_WAITING:
            say(protocol, 503, "Many people do this just now: try again in a few seconds.")
            return None
        self.waiting += 1
        try:
            return await in_thread(self.single, respond, self.application, environ, protocol)
        finally:
            self.waiting -= 1


def told_length(environ: Environ) -> int | None:
    """How many bytes the body has; None if it comes in chunks, which only its end tells."""
    if environ.pop("HTTP_TRANSFER_ENCODING", None):
        return None
    length = environ.get("CONTENT_LENGTH", "")
    return int(length) if length.isdecimal() else 0


async def in_thread(pool: Executor, function: Callable[..., Any], *arguments: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(pool, function, *arguments)
