"""What holds everywhere. Each setting that differs by place is in dev, test or production."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones, reset_tzpath

from csp.constants import NONE, SELF
from django.conf import global_settings

from genedge_site.settings.bucket import bucket_of
from genedge_site.settings.environment import Environment
from genedge_site.settings.presets import problems_of_presets

# Zones are those of the pinned package wherever the site runs: systems have others, often old ones.
reset_tzpath(to=())
ZoneInfo.clear_cache()

BASE_DIR = Path(__file__).resolve().parents[2]
environment = Environment.of_process(env_file=BASE_DIR / ".env")

# Whatever the running site makes. Nothing in it belongs to the code.
VAR_DIR = BASE_DIR / environment.text("VAR_DIR", "var")

# Where the server listens, and whom `make run` lets in first

HOST = environment.text("HOST", "127.0.0.1")
PORT = environment.number("PORT", default=8000, lowest=1, highest=65535)
WEB_CONCURRENCY = environment.number("WEB_CONCURRENCY", default=2, lowest=1, highest=64)
# Seconds that whoever is connected may take to send what they ask, and to take some of the answer.
PEER_TIMEOUT = environment.number("PEER_TIMEOUT", default=20, lowest=1, highest=600)
ADMIN_USERNAME = environment.text("ADMIN_USERNAME", "admin")
ADMIN_PASSWORD = environment.text("ADMIN_PASSWORD")
ADMIN_EMAIL = environment.text("ADMIN_EMAIL")

# Applications: ours come first, so that their templates and translations win

INSTALLED_APPS = [
    "genedge_site",
    "cms.database",
    "cms.perspective",
    "cms.admin",
    "cms.scheduling",
    "cms.outbox",
    "cms.search",
    "cms.submissions",
    "cms.subscriptions",
    "cms.worker",
    "cms.newsletters",
    "cms.releases",
    "cms.api",
    "cms.mails",
    "cms.approvals",
    "cms.removal",
    "cms.calendar",
    "cms.renditions",
    "cms.preview",
    "cms.survey",
    "cms.translation",
    "cms.feeds",
    "cms.home",
    "cms.editing",
    "cms.publishing",
    "pages",
    "media",
    "corsheaders",
    "csp",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "cms.admin.apps.UsersConfig",  # wagtail.users
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "graphene_django",
    "graphene_django_graphiql_static",
    "grapple",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "genedge_site.content_policy.ContentPolicyMiddleware",
    # Outside of all that asks the database.
    "genedge_site.outage.OutageMiddleware",
    # What comes from a bucket is fetched once it is known which parts of it are asked for.
    "genedge_site.files.fetching.FetchMiddleware",
    "genedge_site.ranges.RangeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "cms.api.http.middleware.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "axes.middleware.AxesMiddleware",
    # It asks who sends what is large, before anything reads it.
    "genedge_site.body_limits.BodyLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cms.admin.sign_in.middleware.PasswordAttemptsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.preview.public.RedirectMiddleware",
    # They answer for what the admin's own views raise, the last one first.
    "cms.admin.refusals.bad_requests.BadRequestMiddleware",
    "cms.admin.refusals.publication_problems.PublicationProblemMiddleware",
    "cms.scheduling.admin.unreadable.UnreadableVersionMiddleware",
    # It is asked first, since it asks the database nothing: the transaction has failed.
    "cms.admin.refusals.refusal.RefusalMiddleware",
    # Around the transaction of the next, which is undone before anyone is asked.
    "cms.scheduling.admin.plan_questions.PlanQuestionsMiddleware",
    # Last: its transaction is around the view, and undone when that raises.
    "cms.scheduling.admin.object_lock.ObjectLockMiddleware",
]

ROOT_URLCONF = "genedge_site.urls"
WSGI_APPLICATION = "genedge_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Databases

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Write-ahead logging lets readers go on while someone writes. A transaction takes its lock at its
# start: one that reads first and writes later could otherwise fail at once, without waiting.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
}

# The pool keeps connections open between requests, which Django's own CONN_MAX_AGE must not.
POSTGRESQL_POOL = {
    "min_size": environment.number("DATABASE_POOL_MIN_SIZE", default=1, lowest=0, highest=1000),
    "max_size": environment.number("DATABASE_POOL_MAX_SIZE", default=10, lowest=1, highest=1000),
    "timeout": environment.number("DATABASE_POOL_TIMEOUT", default=5, lowest=1, highest=600),
}
if POSTGRESQL_POOL["min_size"] > POSTGRESQL_POOL["max_size"]:
    environment.problems.append(
        "DATABASE_POOL_MIN_SIZE is greater than DATABASE_POOL_MAX_SIZE: lower it."
    )

# Without it a pooler gives each transaction another connection, which knows nothing of the last.
DATABASE_KEEPS_SESSIONS = environment.flag("DATABASE_PREPARED_STATEMENTS", default=True)
POSTGRESQL_OPTIONS = {
    "pool": POSTGRESQL_POOL,
    # PostgreSQL keeps the plan of a statement that a connection has run twice.
    "prepare_threshold": 2 if DATABASE_KEEPS_SESSIONS else None,
    # A server that is away is given up, in seconds, and in milliseconds for what was sent to it.
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
# For how long a statement of an answer may run; migrations and schedulers may take longer.
DATABASE_STATEMENT_TIMEOUT = environment.number(
    "DATABASE_STATEMENT_TIMEOUT", default=30, lowest=1, highest=3600
)


def database_from(url: str, *, default: str = "") -> dict[str, Any]:
    """The database that the variable called `url` names, set up for its kind."""
    database = environment.database(url, default=default, base=BASE_DIR)
    options = database.setdefault("OPTIONS", {})
    if database.get("ENGINE") == "django.db.backends.sqlite3":
        options.update(SQLITE_OPTIONS)
    else:
        options.update(POSTGRESQL_OPTIONS)
        database["CONN_HEALTH_CHECKS"] = True
        database["DISABLE_SERVER_SIDE_CURSORS"] = not DATABASE_KEEPS_SESSIONS
    return database


# What a page may load: styles and pictures of this site, and no script. What the admin needs beyond
# that is in genedge_site/content_policy.py, the explorer's needs are beside its view.

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
    }
}

# Accounts

AUTHENTICATION_BACKENDS = [
    # It refuses whoever has tried too often, before a password is looked at, which takes long.
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_HANDLER = "cms.admin.sign_in.attempts.Attempts"
AXES_CLIENT_IP_CALLABLE = "cms.admin.sign_in.client_address.client_address"
AXES_LOCKOUT_CALLABLE = "cms.admin.sign_in.attempts.too_many_attempts"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_VERBOSE = False
# Only a proxy can say from where requests come that it hands on: see production.py.
CLIENT_ADDRESS_HEADER = ""

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# What ADMIN_PASSWORD has to pass: on a machine of your own nothing.
ADMIN_PASSWORD_VALIDATORS: list[dict[str, str]] = []

# Language and time: the admin shows each editor their own time zone

LANGUAGE_CODE = "en"
# Those that administrators can add: all that Django knows.
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = global_settings.LANGUAGES
WAGTAIL_I18N_ENABLED = True
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "genedge_site.formats"
TIME_ZONE = "UTC"

# Files: those that ship with the code, and those that editors upload

STATIC_URL = "/static/"
MEDIA_URL = "/uploads/"
MEDIA_ROOT = VAR_DIR / "uploads"
# For a proxy in a group that is let into VAR_DIR; nobody else gets there.
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
ON_DISK = {"BACKEND": "media.disk.Disk"}
# Where they are instead, for who has one: see docs/operators.md.
BUCKET = bucket_of(environment)
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "media.bucket.Bucket", "OPTIONS": BUCKET} if BUCKET else ON_DISK,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files are served from where they are installed: there is nothing to collect before a start.
WHITENOISE_USE_FINDERS = True

WAGTAILIMAGES_IMAGE_MODEL = "media.Image"
# SVG is missing on purpose: it can carry scripts.
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "heif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 64_000_000
# The sizes that frontends may ask for a picture in: see media/renditions/presets.py. Each is one of
# the schema's ImagePreset, so one that is taken away breaks whoever asks for it.
IMAGE_PRESETS: dict[str, dict[str, Any]] = {
    "hero": {"width": 1920, "height": 1080, "crop": True},
    "card": {
        "width": 800,
        "height": 450,
        "crop": True,
        "sizes": "(min-width: 60rem) 25rem, 100vw",
    },
    "text": {"width": 1280, "sizes": "(min-width: 50rem) 45rem, 100vw"},
    "portrait": {"width": 640, "height": 800, "crop": True, "sizes": "20rem"},
    "logo": {"width": 480, "height": 240, "widths": [240], "sizes": "15rem"},
    "social": {"width": 1200, "height": 630, "crop": True, "widths": []},
    "thumbnail": {"width": 192, "height": 192, "crop": True, "widths": [96], "sizes": "6rem"},
}
environment.problems += problems_of_presets(IMAGE_PRESETS)
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.removal.file_forms.ImageForm"

WAGTAILDOCS_DOCUMENT_MODEL = "media.Document"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "rtf", "txt", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
# An address of a bucket would be good for who has it after a collection became private.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.removal.file_forms.DocumentForm"

# Tags that differ by case alone are one.
TAGGIT_CASE_INSENSITIVE = True

# A page with many blocks has more form fields than Django's limit of 1000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# A form without files of who is signed in. The others are in genedge_site/body_limits.py.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000

# The admin

EDITORS_GUIDE = BASE_DIR / "docs/editors.md"
# Our own screens are in English, with weeks that begin on Monday: see genedge_site/formats.
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English")]
WAGTAIL_SITE_NAME = "Generative Edge AI Working Group"
# Words stay as they are: PostgreSQL would keep a stem of “Castell”, which does not begin with it.
# Beside the tables that migrations make.
DATABASE_ROUTERS = ["cms.search.router.HitsRouter"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.admin.search", "SEARCH_CONFIG": "simple"}}
TASKS = {"default": {"BACKEND": "cms.scheduling.tasks.Tasks"}}
# They are made here: see pages/lifecycle/redirects.py.
WAGTAILREDIRECTS_AUTO_CREATE = False
# Opening the admin asks nothing of other people's servers.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# What an account may have; what editors choose from is in pages/zones.py.
WAGTAIL_USER_TIME_ZONES = [
    "UTC",
    *sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")),
]
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "cms.admin.forms.rich_text.RichTextArea"}}
WAGTAIL_FINISH_WORKFLOW_ACTION = "cms.releases.workflow.publish_or_keep"

# GraphQL

GRAPPLE = {"APPS": ["media", "pages"], "PAGE_INTERFACE": "pages.types.PageInterface"}
FRONTEND_CONTRACT = BASE_DIR / "frontend_contract"
# Pages draw their previews, and forms list their answers, with what is named here, since `pages`
# may not import `cms`.
PAGE_RENDERER = "cms.preview.rendering.render_page"
NEWSLETTER_RENDERER = "cms.newsletters.previewing.render_mail"
FORM_ANSWERS_VIEW = "cms.submissions.admin.listing.AnswersListView"

# Mail: approvals and lost passwords. Without a server, mail is written to the log instead.

EMAIL_HOST = environment.text("EMAIL_HOST")
EMAIL_PORT = environment.number("EMAIL_PORT", default=587, lowest=1, highest=65535)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=True)
# A server that never answers must not hold up who waits for it.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "cms@localhost")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
WAGTAIL_PASSWORD_RESET_ENABLED = bool(EMAIL_HOST)
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "cms.mails.lost_passwords.PasswordResetForm"  # noqa: S105

# Logs: Django alone says nothing of a failed request unless DEBUG is on

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "genedge_site.logs.OneLine",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {"without_outages": {"()": "genedge_site.logs.WithoutOutages"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Without Django's own handlers, whose lines can be forged.
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # A reader's mistake is not ours: a page that is not there, a name the site does not have.
        "django.request": {"level": "ERROR", "filters": ["without_outages"]},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

# The API's limits

GRAPHQL_MAX_BODY_SIZE = environment.number(
    "GRAPHQL_MAX_BODY_SIZE", default=100_000, lowest=1_000, highest=10_000_000
)
# Defaults are what respected public APIs allow (Contentful: a cost of 11,000; Shopify: 1,000 for
# one query; GraphQL Armor: 15 aliases, 1,000 tokens), and several times what our operations need.
GRAPHQL_LIMITS = {
    name: environment.number(
        f"GRAPHQL_MAX_{name.upper()}", default=default, lowest=1, highest=10**6
    )
    for name, default in {
        "tokens": 2_000,
        "operations": 10,
        "depth": 24,
        "aliases": 30,
        "duplicate_fields": 100,
        "directives": 30,
        "fragments": 50,
        "fields": 1_000,
        "cost": 10_000,
        "lists": 10,
        "statements": 100,
    }.items()
}
# What an answer may hold, and what may be read for it. One page with the longest text that the
# admin accepts is within both. A worker makes several answers at a time, each with some of this.
GRAPHQL_LIMITS |= {
    name: environment.number(
        f"GRAPHQL_MAX_{name.upper()}", default=default, lowest=100_000, highest=10**9
    )
    for name, default in {"bytes": 4_000_000, "characters_read": 16_000_000}.items()
}
# How many items a list without `first` is taken to have, when its cost is estimated.
GRAPHQL_ASSUMED_LIST_SIZE = 5
# Bytes of memory that a worker keeps parsed and validated operations in: fifty long ones.
GRAPHQL_DOCUMENT_CACHE_SIZE = environment.number(
    "GRAPHQL_DOCUMENT_CACHE_SIZE", default=20_000_000, lowest=1_000_000, highest=10**9
)
GRAPHQL_DEFAULT_PAGE_SIZE = 20
GRAPHQL_MAX_PAGE_SIZE = environment.number(
    "GRAPHQL_MAX_PAGE_SIZE", default=100, lowest=20, highest=1_000
)

# How long `changes` can tell what has changed since. A frontend that asks later builds everything.
CONTENT_EVENTS_DAYS = environment.number("CONTENT_EVENTS_DAYS", default=90, lowest=1, highest=3650)

# How far back the calendar shows what was done. Calendars elsewhere are told of the last 90 days.
COMPLETED_CHANGES_DAYS = environment.number(
    "COMPLETED_CHANGES_DAYS", default=730, lowest=91, highest=3650
)

# For how many days editors see what readers searched for in vain.
SEARCHES_IN_VAIN_DAYS = environment.number(
    "SEARCHES_IN_VAIN_DAYS", default=90, lowest=1, highest=730
)

# How many answers a form takes within an hour of the clock, of all and from one address.
FORM_ANSWERS_PER_HOUR = environment.number(
    "FORM_ANSWERS_PER_HOUR", default=600, lowest=1, highest=10**6
)
FORM_ANSWERS_PER_ADDRESS_PER_HOUR = environment.number(
    "FORM_ANSWERS_PER_ADDRESS_PER_HOUR", default=20, lowest=1, highest=10**6
)

# How many files forms are sent within an hour of the clock, one form of all and of one address, and
# how many bytes each may have. Those that no answer names are removed after a day.
FORM_FILES_PER_HOUR = environment.number(
    "FORM_FILES_PER_HOUR", default=100, lowest=1, highest=10**6
)
FORM_FILES_PER_ADDRESS_PER_HOUR = environment.number(
    "FORM_FILES_PER_ADDRESS_PER_HOUR", default=20, lowest=1, highest=10**6
)
FORM_FILE_MAX_SIZE = 10**6 * environment.number(
    "FORM_FILE_MAX_MEGABYTES", default=10, lowest=1, highest=50
)

# How many ask for newsletters within an hour of the clock, of all and from one address.
SUBSCRIPTIONS_PER_HOUR = environment.number(
    "SUBSCRIPTIONS_PER_HOUR", default=600, lowest=1, highest=10**6
)
SUBSCRIPTIONS_PER_ADDRESS_PER_HOUR = environment.number(
    "SUBSCRIPTIONS_PER_ADDRESS_PER_HOUR", default=20, lowest=1, highest=10**6
)

# How many mails of newsletters leave within a minute, and from whom they are.
NEWSLETTER_MAILS_PER_MINUTE = environment.number(
    "NEWSLETTER_MAILS_PER_MINUTE", default=120, lowest=1, highest=100_000
)
NEWSLETTER_FROM_EMAIL = environment.text("NEWSLETTER_FROM_EMAIL")

# Who may ask about the schema: everyone, or with 0 only who sends the key as X-Introspection-Key.
GRAPHQL_INTROSPECTION = environment.flag("GRAPHQL_INTROSPECTION", default=True)
GRAPHQL_INTROSPECTION_KEY = environment.text("GRAPHQL_INTROSPECTION_KEY")

# Search engines stay away from a site that is being built. See cms/feeds/robots.py.
CRAWLERS_ALLOWED = False

# Which other sites' pages may read the API, feeds, pictures and documents from a browser: origins
# such as https://www.example.org. No cookie is ever sent along.
CORS_ALLOWED_ORIGINS = environment.origins("CORS_ALLOWED_ORIGINS")
CORS_URLS_REGEX = (
    r"^/(graphql/?$|forms/files/|uploads/|documents/|feeds/|sitemap[\w-]*\.xml$"
    r"|llms\.txt$|(?:[\w-]+/)*index\.md$)"
)
CORS_ALLOW_METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS")
# What clients send by themselves: for GraphQL, and to follow a request from one service to another
# (W3C Trace Context and Baggage, B3, Sentry, Datadog). A missing one stops all of their requests.
CORS_ALLOW_HEADERS = (
    "accept",
    "apollo-require-preflight",
    "apollographql-client-name",
    "apollographql-client-version",
    "authorization",
    "b3",
    "baggage",
    "cache-control",
    "content-type",
    "graphql-client-name",
    "graphql-client-version",
    "if-modified-since",
    "if-none-match",
    "pragma",
    "range",
    "sentry-trace",
    "traceparent",
    "tracestate",
    "x-apollo-operation-id",
    "x-apollo-operation-name",
    "x-b3-parentspanid",
    "x-b3-sampled",
    "x-b3-spanid",
    "x-b3-traceid",
    "x-correlation-id",
    "x-datadog-origin",
    "x-datadog-parent-id",
    "x-datadog-sampling-priority",
    "x-datadog-trace-id",
    "x-introspection-key",
    "x-request-id",
    "x-requested-with",
    *environment.header_names("CORS_ALLOW_HEADERS"),
)
# What a script may read of an answer besides its type, length and dates.
CORS_EXPOSE_HEADERS = (
    "accept-ranges",
    "content-disposition",
    "content-range",
    "etag",
    "retry-after",
)
CORS_PREFLIGHT_MAX_AGE = 86_400
