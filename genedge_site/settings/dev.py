"""A machine of your own: what `make run` and `manage.py` use. Nothing needs to be set."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from django.core.management.utils import get_random_secret_key

from genedge_site.settings.base import *


def kept_secret_key(file: Path) -> str:
    """The key in the file, made on first use. Processes that start together settle on one key."""
    if not file.exists():
        with tempfile.NamedTemporaryFile("w", dir=file.parent) as draft:  # only its owner may read
            draft.write(get_random_secret_key())
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, file)
    return file.read_text()


def name_of(host: str) -> str:
    """The host as the address of a site writes it."""
    if host in EVERYWHERE:
        return "localhost"
    return f"[{host}]" if ":" in host else host


# A site that listens everywhere may be reached by any name of this machine.
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104

try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    SECRET_KEY = environment.text("SECRET_KEY") or kept_secret_key(VAR_DIR / "secret_key")
except OSError as error:
    environment.problems.append(
        f"{VAR_DIR} cannot be written ({error.strerror}): make it writable, or name another folder"
        " in VAR_DIR."
    )

DEBUG = environment.flag("DEBUG", default=False)
SITE_URL = environment.address(
    "SITE_URL", default=f"http://{name_of(HOST)}:{PORT}", schemes=("http", "https")
)
WAGTAILADMIN_BASE_URL = SITE_URL
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS") or (
    ["*"] if HOST in EVERYWHERE else ["localhost", "127.0.0.1", "[::1]", name_of(HOST)]
)
SQLITE_URL = f"sqlite:///{quote(str(VAR_DIR / 'genedge.sqlite3'))}"
DATABASES = {"default": database_from("DATABASE_URL", default=SQLITE_URL)}

environment.stop_if_wrong()
