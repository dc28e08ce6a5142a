"""What a web server runs. There the settings are those of production, unless it says otherwise."""

from django.core.asgi import get_asgi_application

from cms.database.outage import limit_statements
from genedge_site.settings.environment import choose_settings

choose_settings(default="genedge_site.settings.production")
limit_statements()

application = get_asgi_application()
