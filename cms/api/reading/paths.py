"""What is looked for when a path is asked for, however it is written.

Browsers and servers percent-encode paths, and some write a letter and its accent as two characters.
Content is stored decoded, and as a rule composed (NFC).
"""

from __future__ import annotations

from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from wagtail.contrib.redirects.models import Redirect

__all__ = ["could_exist", "page_paths", "redirect_paths"]

# Browsers and servers take no longer addresses; making sense of one costs more the longer it is.
LONGEST_PATH = 2_000


def could_exist(path: str) -> bool:
    """Whether something may be at a path. PostgreSQL cannot even compare with a NUL."""
    return len(path) <= LONGEST_PATH and "\0" not in path


def page_paths(path: str) -> list[str]:
    """Where a page that is asked for may stand, the likeliest first, with slashes around.

    What follows the path, query string and fragment, does not matter to a page.
    """
    if not could_exist(path):
        return []
    names = path.partition("#")[0].partition("?")[0].strip("/").split("/")
    decoded = [unquote(name) for name in names]
    # A slash that is encoded is part of a name, which no page has.
    if any("/" in name or "\0" in name for name in decoded):
        return []
    joined = "/".join(decoded)
    return in_each_form([f"/{joined}/" if joined else "/"])


def redirect_paths(path: str) -> list[str]:
    """Under which paths a redirect may be kept, in the order in which Wagtail looks for them.

    One for the very address goes before one for the same without its query string.
    """
    if not could_exist(path):
        return []
    try:
        alone = urlsplit(path).path
        written = [
            Redirect.normalise_path(each, decode_unicode=decoded)
            for each in (path, alone)
            for decoded in (True, False)
        ]
    except ValueError:  # It looks like a whole address, of a host that cannot be: `http://[`.
        return []
    return in_each_form([each for each in written if "\0" not in each])


def in_each_form(paths: list[str]) -> list[str]:
    """Composed and as they were written, without repetitions."""
    return list(dict.fromkeys(form for path in paths for form in (normalize("NFC", path), path)))
