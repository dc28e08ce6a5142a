"""The rich text editor of the admin."""

from typing import Any

from django.core.exceptions import BadRequest
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.rich_text.editors.draftail.features import PluginFeature

from pages.rich_text.parsing import parse

__all__ = ["RichTextArea"]


class RichTextArea(DraftailRichTextArea):
    """Wagtail's own, but a text without a word in it is empty, and what is pasted is read by us.

    An editor that nobody wrote in sends an empty paragraph, which would count as filled in.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = [each["type"] for each in self.options.get("blockTypes", [])]
        headings = [each for each in types if each.startswith("header-")]
        pasting = PluginFeature({"type": "PASTING", "headings": headings}, js=["admin/pasting.js"])
        pasting.construct_options(self.options)
        self.plugins.append(pasting)

    def value_from_datadict(self, data, files, name):
        try:
            html = super().value_from_datadict(data, files, name)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise BadRequest(f"The text in {name} is not what the editor sends.") from error
        return html if html is None or parse(html).blocks else ""
