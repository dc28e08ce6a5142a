"""Production as it is, but for the API: grapple's own schema and view over the same models."""

from genedge_site.settings import production
from genedge_site.settings.production import *  # noqa: F403

# First, so that it is ready before grapple is, which then makes its types.
INSTALLED_APPS = ["tests.benchmarks.stock", *production.INSTALLED_APPS]
ROOT_URLCONF = "tests.benchmarks.stock.urls"
GRAPPLE = {"APPS": production.GRAPPLE["APPS"]}
GRAPHENE = {"SCHEMA": "grapple.schema.schema"}
# There is no admin, whose middleware asks where it is, and another API.
OURS = ("cms.admin.", "cms.scheduling.admin.", "cms.api.")
MIDDLEWARE = [each for each in production.MIDDLEWARE if not each.startswith(OURS)]
