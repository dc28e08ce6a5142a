"""A server that readers and editors use. Whatever is unsafe or missing refuses to start."""

from genedge_site.settings.base import *
from genedge_site.settings.environment import is_address, origin_of
from genedge_site.settings.secrecy import cannot_be_written, is_random, keep_private

KEY_COMMAND = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
SECRET_KEY = environment.required(
    "SECRET_KEY", f"set it to 50 or more random characters, as made by {KEY_COMMAND}"
)
if SECRET_KEY and (len(SECRET_KEY) < 50 or SECRET_KEY.startswith("django-insecure-")):
    environment.problems.append(
        f"SECRET_KEY is short or one that comes with an example: make one with {KEY_COMMAND}."
    )
elif SECRET_KEY and not is_random(SECRET_KEY):
    environment.problems.append(
        f"SECRET_KEY repeats itself, so that it can be guessed: make one with {KEY_COMMAND}."
    )

if environment.flag("DEBUG", default=False):
    environment.problems.append(
        "DEBUG is on, which shows the code and settings to readers: set DEBUG=0 or remove it."
    )
DEBUG = False

ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    environment.problems.append(
        "ALLOWED_HOSTS is missing: set it to the names of this site, such as cms.example.org."
    )
if "*" in ALLOWED_HOSTS:
    environment.problems.append(
        "ALLOWED_HOSTS has *, which lets anyone choose the addresses in our mails and pages: set it"
        " to the names of this site, such as cms.example.org."
    )
SITE_URL = environment.own_address("SITE_URL", schemes=("https",), hosts=ALLOWED_HOSTS)
WAGTAILADMIN_BASE_URL = SITE_URL
FRONTENDS = environment.frontends("FRONTEND_URL", schemes=("https",))
DATABASES = {"default": database_from("DATABASE_URL")}
# The whole internet may try to sign in as the administrator that `make run` creates.
ADMIN_PASSWORD_VALIDATORS = AUTH_PASSWORD_VALIDATORS

CRAWLERS_ALLOWED = environment.flag("CRAWLERS_ALLOWED", default=True)

# Only HTTPS

SECURE_SSL_REDIRECT = True
# Whatever watches the site asks without HTTPS, and would take a redirect for a good answer.
SECURE_REDIRECT_EXEMPT = ["^health$"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = environment.number(
    "SECURE_HSTS_SECONDS", default=31_536_000, lowest=1, highest=63_072_000
)
# Other names under this domain, and browsers' preload lists, are the domain owner's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# A proxy that ends HTTPS says so in this header. It must also remove the header from what readers
# send, so it is trusted only when named.
PROXY_HEADER = environment.text("SECURE_PROXY_HEADER")
if PROXY_HEADER:
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{PROXY_HEADER.upper().replace('-', '_')}", "https")

# From where forms may be sent besides the address that was asked for. A proxy may hand that on in
# another form, without its port or with one that goes without saying.
CSRF_TRUSTED_ORIGINS = [*environment.origins("CSRF_TRUSTED_ORIGINS")]
if is_address(SITE_URL, ("https",)):
    CSRF_TRUSTED_ORIGINS.append(origin_of(SITE_URL))

# Where it says from which address a request came, so that those who guess passwords are told apart.
CLIENT_ADDRESS_HEADER = "".join(environment.header_names("CLIENT_ADDRESS_HEADER")[:1])
if PROXY_HEADER and not CLIENT_ADDRESS_HEADER:
    environment.problems.append(
        "CLIENT_ADDRESS_HEADER is missing, and SECURE_PROXY_HEADER says that there is a proxy: set"
        " it to the header in which the proxy tells from where a request came, such as"
        " X-Forwarded-For."
    )

# Static files are collected, with a hash in their names, so that browsers may keep them for ever.

STATIC_ROOT = VAR_DIR / "static"
STORAGES["staticfiles"]["BACKEND"] = "genedge_site.static_files.StaticFiles"
WHITENOISE_USE_FINDERS = False

# Nobody else on the machine reads what editors have not published.

try:
    keep_private(VAR_DIR, DATABASES["default"])
except OSError as error:
    environment.problems.append(cannot_be_written(VAR_DIR, error))

environment.stop_if_wrong()
