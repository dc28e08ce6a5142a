"""What a web server runs. On a server the settings are those of production, unless told otherwise."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genedge_site.settings.production")

application = get_wsgi_application()
