"""What the bridge has to be told about the addresses of the application."""

from typing import Protocol

from genedge_site.bridge.environ import Environ

__all__ = ["BodyLimits"]


class BodyLimits(Protocol):
    """How many bytes a request may bring."""

    def for_anyone(self, environ: Environ) -> int:
        """At this address, whoever sends it. It waits for nothing, as no thread asks."""

    def for_sender(self, environ: Environ) -> int:
        """At this address, by who sends it."""
