"""The language of what is written is told where there is a second one."""

from __future__ import annotations

from typing import Any

from wagtail.admin.ui.side_panels import StatusSidePanel
from wagtail.models import Locale

__all__ = ["get_status_templates", "has_several_languages"]

LANGUAGE = "wagtailadmin/shared/side_panels/includes/status/locale.html"
all_status_templates = StatusSidePanel.get_status_templates


def has_several_languages(request: Any) -> bool:
    """Asked once for all that a screen says of languages."""
    if not hasattr(request, "has_several_languages"):
        request.has_several_languages = Locale.objects.count() > 1
    return request.has_several_languages


def get_status_templates(panel: StatusSidePanel, context: dict[str, Any]) -> list[str]:
    """What stands beside a form under “Status”."""
    templates = all_status_templates(panel, context)
    if has_several_languages(panel.request):
        return templates
    return [each for each in templates if each != LANGUAGE]
