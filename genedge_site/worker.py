"""The application, as each of granian's worker processes loads it."""

import atexit
import gc
import os

from django.urls import get_resolver

from genedge_site.wsgi import application

__all__ = ["application"]

# granian's threads may still wait for Python when a worker takes it down at its end, and would
# abort with a panic. By then every request is answered, so the process leaves as it is.
atexit.register(os._exit, 0)

# Python stops now and then to look through everything there is for garbage. The program itself is
# none, and most of what there is: once loaded, it is left out, or some answer waits 0.1 seconds.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
