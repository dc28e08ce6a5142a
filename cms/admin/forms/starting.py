"""Parts of forms that a script starts, without a script in the page: see `start_widgets.js`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser

__all__ = ["chosen_title", "render_chooser", "start"]


def start(name: str, *arguments: Any) -> SafeString:
    """What tells our script to start something."""
    return format_html(
        '<template data-controller="genedge-start" data-genedge-start-name-value="{}"'
        ' data-genedge-start-with-value="{}"></template>',
        name,
        json.dumps(arguments),
    )


def render_chooser(
    self: BaseChooser,
    name: str,
    value: Any,
    attrs: Mapping[str, Any] | None = None,
    renderer: Any = None,
) -> SafeString:
    """In the place of `BaseChooser.render`, which writes a script after the chooser."""
    key = (attrs or {})["id"]
    value_data = self.get_value_data(value)
    chooser = self.render_html(name, value_data, attrs)
    if isinstance(self, AdminTaskChooser):
        return format_html("{}{}", chooser, start("createTaskChooser", key))
    options = self.get_js_init_options(key, name, value_data)
    return format_html("{}{}", chooser, start(self.js_constructor, key, options))


def chosen_title(chosen: Any) -> str:
    """A draft says so wherever it is chosen: the page that names it may go live before it does."""
    return str(chosen) if chosen.live else f"{chosen} (draft: readers do not see it yet)"
