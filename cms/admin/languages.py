"""The language of what is written is told where there is a second one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from wagtail.admin.ui.side_panels import StatusSidePanel

__all__ = ["get_status_templates"]

LANGUAGE = "wagtailadmin/shared/side_panels/includes/status/locale.html"
all_status_templates = StatusSidePanel.get_status_templates


def get_status_templates(panel: StatusSidePanel, context: dict[str, Any]) -> list[str]:
    """What stands beside a form under “Status”."""
    templates = all_status_templates(panel, context)
    several = len(settings.WAGTAIL_CONTENT_LANGUAGES) > 1
    return [each for each in templates if several or each != LANGUAGE]
