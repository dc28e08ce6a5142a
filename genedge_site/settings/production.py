"""A server that readers and editors use. Whatever is unsafe or missing refuses to start."""

from genedge_site.settings.base import *

KEY_COMMAND = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
SECRET_KEY = environment.required(
    "SECRET_KEY", f"set it to 50 or more random characters, as made by {KEY_COMMAND}"
)
if SECRET_KEY and (len(SECRET_KEY) < 50 or SECRET_KEY.startswith("django-insecure-")):
    environment.problems.append(
        f"SECRET_KEY is short or one that comes with an example: make one with {KEY_COMMAND}."
    )

if environment.flag("DEBUG", default=False):
    environment.problems.append(
        "DEBUG is on, which shows the code and settings to readers: set DEBUG=0 or remove it."
    )
DEBUG = False

ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    environment.problems.append(
        "ALLOWED_HOSTS is missing: set it to the names of this site, such as cms.example.org."
    )
SITE_URL = environment.address("SITE_URL", schemes=("https",))
WAGTAILADMIN_BASE_URL = SITE_URL
DATABASES = {"default": database_from("DATABASE_URL")}

# Only HTTPS

SECURE_SSL_REDIRECT = True
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

# Static files are collected, with a hash in their names, so that browsers may keep them for ever.

STATIC_ROOT = VAR_DIR / "static"
STORAGES["staticfiles"]["BACKEND"] = "genedge_site.static_files.StaticFiles"
WHITENOISE_USE_FINDERS = False

environment.stop_if_wrong()
