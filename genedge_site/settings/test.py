"""The test suite: fast, and away from anything a person uses."""

from genedge_site.settings.base import *

SECRET_KEY = "only-for-tests-" * 4
DEBUG = False
ALLOWED_HOSTS = ["*"]
SITE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
FRONTENDS: dict[str, str] = {}

DATABASES = {"default": database_from("TEST_DATABASE_URL", default="sqlite://:memory:")}
# Each test process has one connection, and its database must be free to drop at the end.
DATABASES["default"]["OPTIONS"].pop("pool", None)

# Each test puts its uploads into a folder of its own: see tests/conftest.py.
MEDIA_ROOT = VAR_DIR / "test-uploads"
STORAGES["default"] = ON_DISK

# A static file is looked for when it is asked for: each test client would otherwise list them all.
WHITENOISE_AUTOREFRESH = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WAGTAIL_PASSWORD_RESET_ENABLED = True

environment.stop_if_wrong()
