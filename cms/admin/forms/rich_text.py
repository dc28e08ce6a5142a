"""The rich text editor of the admin."""

from django.core.exceptions import BadRequest
from wagtail.admin.rich_text import DraftailRichTextArea

from pages.rich_text.parsing import parse

__all__ = ["RichTextArea"]


class RichTextArea(DraftailRichTextArea):
    """Wagtail's own, but a text without a word in it is empty.

    An editor that nobody wrote in sends an empty paragraph, which would count as filled in.
    """

    def value_from_datadict(self, data, files, name):
        try:
            html = super().value_from_datadict(data, files, name)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise BadRequest(f"The text in {name} is not what the editor sends.") from error
        return html if html is None or parse(html).blocks else ""
