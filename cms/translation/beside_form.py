"""Puts the original of a translation beside its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from wagtail.admin.ui.side_panels import BaseSidePanel

from cms.admin.permissions import may_edit_unlocked
from cms.perspective.objects import base_model, base_type_of
from cms.translation.original import Beside, original_shown_to
from pages.languages import direction_of, name_of

__all__ = ["with_original"]


class OriginalPanel(BaseSidePanel):
    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "Toggle the original"
        icon_name = "globe"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context):
            context = super().get_context_data(parent_context)
            return {**context, "count": int(self.panel.beside.is_outdated)}

    name = "original"
    title = "Original"
    template_name = "translation/original.html"
    order = 150

    def __init__(self, translation: Any, request: Any, original: Any):
        super().__init__(translation, request)
        self.beside = Beside(translation, original, request)

    def get_context_data(self, parent_context):
        beside = self.beside
        language = beside.original.locale.language_code
        may_note = beside.is_outdated and may_edit_unlocked(self.request.user, self.object)
        return {
            **super().get_context_data(parent_context),
            "beside": beside,
            "language": name_of(language),
            "code": language,
            "direction": direction_of(language),
            "note_url": self.note_url() if may_note else "",
        }

    def note_url(self) -> str:
        of = base_type_of(base_model(type(self.object)))
        seen = urlencode({"seen": self.beside.original.last_published_at.isoformat()})
        return f"{reverse('translation_up_to_date', args=[of, self.object.pk])}?{seen}"


def with_original(side_panels: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What a form's view answers when it is asked what stands beside it, and the original."""

    def get_side_panels(view: Any) -> Any:
        panels = side_panels(view)
        # As it is stored: the form may hold a draft of it.
        stored = getattr(view, "real_page_record", None) or view.live_object
        original = None
        if not view.expects_json_response:
            original = original_shown_to(view.request.user, stored)
        if original is not None:
            panels.append(OriginalPanel(stored, view.request, original))
        return panels

    return get_side_panels
