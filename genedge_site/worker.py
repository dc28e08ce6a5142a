"""The application, as each of granian's worker processes loads it."""

import atexit
import gc
import os

from django.conf import settings
from django.urls import get_resolver

from genedge_site.body_limits import AddressLimits
from genedge_site.bridge import Bridge
from genedge_site.files.elsewhere import is_file_elsewhere
from genedge_site.lifeline import end_with_parent
from genedge_site.listener import give_up_peers_that_stall
from genedge_site.sign_ins import is_sign_in
from genedge_site.wsgi import application as django

__all__ = ["application"]

# Requests that a worker process answers at a time, and two more: one of whoever watches the site,
# and one that works on a password. Each may hold a database connection; a pool has ten by default.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)

application = Bridge(
    django,
    limits=AddressLimits(),
    threads=THREADS,
    seconds=settings.PEER_TIMEOUT,
    watched="/health",
    one_at_a_time=is_sign_in,
    may_wait_for_others=is_file_elsewhere,
    when_listening=lambda: give_up_peers_that_stall(settings.PORT, seconds=settings.PEER_TIMEOUT),
)

# granian's threads may still wait for Python when a worker takes it down at its end, and would
# abort with a panic. By then every request is answered, so the process leaves as it is.
atexit.register(os._exit, 0)

# Also if it is killed: its workers would go on listening on the port.
end_with_parent()

# Python stops now and then to look through everything there is for garbage. The program itself is
# none, and most of what there is: once loaded, it is left out, or some answer waits 0.1 seconds.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
