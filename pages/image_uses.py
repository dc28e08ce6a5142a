"""A picture in use: the field, the alternative text of this use, their panel and their check."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from pages.picture_descriptions import DESCRIBE_PICTURE

__all__ = [
    "alt_text_field",
    "alt_text_problems",
    "decorative_field",
    "image_field",
    "image_use_panel",
]


def alt_text_problems(instance, field_name: str) -> dict[str, list[str]]:
    """An image in use needs alternative text for that use, or has to be marked decorative."""
    if not getattr(instance, f"{field_name}_id"):
        return {}
    decorative = getattr(instance, f"{field_name}_decorative", False)
    alt_text = getattr(instance, f"{field_name}_alt_text").strip()
    if alt_text or decorative:
        return {}
    return {f"{field_name}_alt_text": [DESCRIBE_PICTURE]}


def image_field(help_text: str) -> models.ForeignKey:
    return models.ForeignKey(
        "media.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=help_text,
    )


def alt_text_field(
    help_text: str = "What the picture shows, for people who cannot see it.",
) -> models.CharField:
    return models.CharField("alternative text", max_length=250, blank=True, help_text=help_text)


def decorative_field(
    help_text: str = "Tick when the picture is only there to look nice.",
) -> models.BooleanField:
    return models.BooleanField("decorative", default=False, help_text=help_text)


def image_use_panel(field_name: str, heading: str, *, decorative: bool = True) -> MultiFieldPanel:
    names = [field_name, f"{field_name}_alt_text"]
    if decorative:
        names.append(f"{field_name}_decorative")
    return MultiFieldPanel([FieldPanel(name) for name in names], heading=heading)
