"""Served in the place of the site, which takes seconds to load: ``python -m`` this."""

import multiprocessing
import os

from django.conf import settings

from genedge_site.server import server

__all__ = ["application"]


async def application(scope, protocol):
    """Says which process answers."""
    protocol.response_str(200, [("content-type", "text/plain")], str(os.getpid()))


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    settings.configure(
        HOST="127.0.0.1", PORT=int(os.environ["PORT"]), WEB_CONCURRENCY=1, PEER_TIMEOUT=20
    )
    server(f"{__spec__.name}:application").serve()
elif "DIES" in os.environ:
    os._exit(1)
