"""How many pages a document has."""

from __future__ import annotations

from typing import Any

from media.apart import ask
from media.documents import counting
from media.media_types import ending_of

__all__ = ["page_count_of"]

# As many as the column holds.
MOST = 2_147_483_647


def page_count_of(name: str, file: Any) -> int | None:
    """None if it has none, as a sheet, or if nobody knows. The file is read to its end."""
    ending = ending_of(name)
    if ending not in counting.COUNTED:
        return None
    answered = ask(counting, file.read(), ending=ending)
    count = answered[0]["count"] if answered else None
    return count if count and count <= MOST else None
