"""Which of this room's models have no table."""

from __future__ import annotations

__all__ = ["HitsRouter"]


WITHOUT_TABLES = {("search", "pagehit"), ("search", "otherhit"), ("search", "seenhit")}


class HitsRouter:
    """Keeps `dumpdata` and the like from the tables of hits, which only statements have."""

    def allow_migrate(self, db, app_label, model_name=None, **hints):
        return False if (app_label, model_name) in WITHOUT_TABLES else None
