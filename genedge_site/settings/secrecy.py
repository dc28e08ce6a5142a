"""What has to stay secret: a key that nobody guesses, and files that nobody else reads."""

from __future__ import annotations

import os
import stat
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

__all__ = ["cannot_be_written", "is_random", "keep_private"]

# Fifty random digits do not get below 40 bytes, and what repeats itself not above 30.
FEWEST_BYTES = 36


def is_random(key: str) -> bool:
    """Whether there is more in the key than a few letters again and again."""
    return len(zlib.compress(key.encode(), level=9)) >= FEWEST_BYTES


def keep_private(folder: Path, database: dict[str, Any]) -> None:
    """Make the folder if it is not there, and let nobody else read what is in it.

    A group that whoever runs the site lets into the folder, for a proxy say, is left in.
    """
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    withhold(folder)
    if isinstance(database.get("NAME"), Path):  # SQLite's, which may be in another folder.
        withhold(database["NAME"])


def withhold(path: Path) -> None:
    # What is another's is another's to protect, and what is not there yet is made private.
    with suppress(PermissionError, FileNotFoundError):
        if path.stat().st_mode & stat.S_IRWXO:
            path.chmod(0o700 if path.is_dir() else 0o600)


def cannot_be_written(folder: Path, error: OSError) -> str:
    return (
        f"{folder} cannot be written ({error.strerror}): make it writable, or name another folder"
        " in VAR_DIR."
    )
