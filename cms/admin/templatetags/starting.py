import json

from django import template
from django.utils.safestring import SafeString

from cms.admin.forms import starting

register = template.Library()


@register.simple_tag
def start(name: str, *arguments: str, options: str) -> SafeString:
    """The options are JSON, as Wagtail's templates have them."""
    return starting.start(name, *arguments, json.loads(options))
