"""What a web server runs. There the settings are those of production, unless it says otherwise."""

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from cms.database.outage import limit_statements
from genedge_site.settings.environment import choose_settings

__all__ = ["application"]


class Request(WSGIRequest):
    """A request that may name any charset; one that no text can have is as good as none."""

    def _set_content_type_params(self, meta):
        try:
            super()._set_content_type_params(meta)
        except (LookupError, UnicodeError):
            self.encoding = "utf-8"


class Handler(WSGIHandler):
    request_class = Request


choose_settings(default="genedge_site.settings.production")
limit_statements()
django.setup(set_prefix=False)
application = Handler()
