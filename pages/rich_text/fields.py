"""Fields and blocks that store no more of a formatted text than its allowlist lets through.

The admin's editor writes nothing else; an import, a script or a request made by hand could.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from wagtail import blocks, fields

from pages.rich_text.allowlist import storable

__all__ = ["RichTextBlock", "RichTextField"]


class RichTextField(fields.RichTextField):
    if TYPE_CHECKING:  # On an instance it is the text.

        def __get__(self, instance: models.Model | None, owner: Any = None) -> Any: ...

        def __set__(self, instance: models.Model, value: Any) -> None: ...

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Asked for the row, and for what a revision keeps."""
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = storable(value)
            setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self):
        """It is stored as any text, so that migrations need not know it."""
        name, _, args, kwargs = super().deconstruct()
        return name, "wagtail.fields.RichTextField", args, kwargs


class RichTextBlock(blocks.RichTextBlock):
    def get_prep_value(self, value: Any) -> Any:
        source = super().get_prep_value(value)
        return storable(source) if isinstance(source, str) else source

    def deconstruct(self):
        _, args, kwargs = super().deconstruct()
        return "wagtail.blocks.RichTextBlock", args, kwargs
