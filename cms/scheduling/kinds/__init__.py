"""The kinds of scheduled change, one module each; ``kind`` has what all of them share.

A further kind is one more class. It may live in any room above, which registers it when ready.
"""

from cms.scheduling.kinds.kind import (
    DueChange,
    Plan,
    PlannedPublication,
    Preparation,
    ScheduledKind,
    WatchedTable,
    Words,
    kind_named,
    kinds,
    register_kind,
    with_ready_at,
)

__all__ = [
    "DueChange",
    "Plan",
    "PlannedPublication",
    "Preparation",
    "ScheduledKind",
    "WatchedTable",
    "Words",
    "kind_named",
    "kinds",
    "register_kind",
    "with_ready_at",
]
