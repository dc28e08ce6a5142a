"""What a web server runs. On a server the settings are those of production, unless told otherwise."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genedge_site.settings.production")

application = get_asgi_application()
