"""A machine of your own: what `make run` and `manage.py` use. Nothing needs to be set."""

import os
import tempfile
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.core.management.utils import get_random_secret_key
from django.http.request import split_domain_port

from genedge_site.settings.base import *
from genedge_site.settings.names import SETTINGS_MODULE
from genedge_site.settings.secrecy import cannot_be_written, keep_private


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


def host_of(address: str) -> str:
    return split_domain_port(address.partition("://")[2])[0]


def is_of_this_machine(address: str) -> bool:
    """Whether it may do without what production adds: HSTS, and cookies for HTTPS alone."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "https" or host in EVERYWHERE or host.endswith((".localhost", ".local")):
        return True
    with suppress(ValueError):
        return ip_address(host).is_private
    return "." not in host


# A site that listens everywhere may be reached by any name of this machine.
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104

DEBUG = environment.flag("DEBUG", default=False)
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS")
SITE_URL = environment.own_address(
    "SITE_URL",
    default=f"http://{name_of(HOST)}:{PORT}",
    schemes=("http", "https"),
    hosts=ALLOWED_HOSTS,
)
WAGTAILADMIN_BASE_URL = SITE_URL
FRONTENDS = environment.frontends("FRONTEND_URL", schemes=("http", "https"))
if not ALLOWED_HOSTS and HOST in EVERYWHERE:
    ALLOWED_HOSTS = ["*"]
elif not ALLOWED_HOSTS:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", name_of(HOST), host_of(SITE_URL)]
if not is_of_this_machine(SITE_URL):
    environment.problems.append(
        f"SITE_URL is {SITE_URL!r}, a server's address, and these are the settings of a machine of"
        f" your own: set {SETTINGS_MODULE}=genedge_site.settings.production in the environment, or"
        f" SITE_URL to an address such as http://127.0.0.1:{PORT}."
    )
SQLITE_URL = f"sqlite:///{quote(str(VAR_DIR / 'genedge.sqlite3'))}"
DATABASES = {"default": database_from("DATABASE_URL", default=SQLITE_URL)}

try:
    keep_private(VAR_DIR, DATABASES["default"])
    SECRET_KEY = environment.text("SECRET_KEY") or kept_secret_key(VAR_DIR / "secret_key")
except OSError as error:
    environment.problems.append(cannot_be_written(VAR_DIR, error))

# A frontend on this machine, whichever port its tools have chosen.
CORS_ALLOWED_ORIGIN_REGEXES = [r"^https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$"]

environment.stop_if_wrong()
