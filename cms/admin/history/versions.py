"""The history of a page or snippet: each version is compared with what readers see as well."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.urls import reverse
from wagtail.admin.views.generic.history import ActionColumn

__all__ = ["VersionColumn"]


class VersionColumn(ActionColumn):
    def get_actions(self, instance: Any, parent_context: Any) -> list[dict[str, str]]:
        actions = super().get_actions(instance, parent_context)
        if not actions or not self.draftstate_enabled or not self.object.live:
            return actions
        if instance.revision_id != self.object.live_revision_id:
            keys = (quote(self.object.pk), "live", instance.revision_id)
            address = reverse(self.url_names["revisions_compare"], args=keys)
            actions.append({"url": address, "label": "Compare with live"})
        return actions
