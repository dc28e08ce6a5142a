"""Which of this room's models have no table."""

from __future__ import annotations

__all__ = ["HitsRouter"]


class HitsRouter:
    """Keeps `dumpdata` and the like from the table of hits, which only statements have."""

    def allow_migrate(self, db, app_label, model_name=None, **hints):
        return False if (app_label, model_name) == ("search", "searchhit") else None
