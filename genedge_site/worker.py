"""The application, as each of granian's worker processes loads it."""

import atexit
import os

from genedge_site.wsgi import application

__all__ = ["application"]

# granian's threads may still wait for Python when a worker takes it down at its end, and would
# abort with a panic. By then every request is answered, so the process leaves as it is.
atexit.register(os._exit, 0)
