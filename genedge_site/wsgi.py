"""What a web server runs. There the settings are those of production, unless it says otherwise."""

from django.core.wsgi import get_wsgi_application

from genedge_site.settings.environment import choose_settings

choose_settings(default="genedge_site.settings.production")

application = get_wsgi_application()
