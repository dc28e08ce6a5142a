"""Which paths are worth looking for."""

__all__ = ["could_exist"]

# Browsers and servers take no longer addresses; making sense of one costs more the longer it is.
LONGEST_PATH = 2_000


def could_exist(path: str) -> bool:
    """Whether something may be at a path. PostgreSQL cannot even compare with a NUL."""
    return len(path) <= LONGEST_PATH and "\0" not in path
