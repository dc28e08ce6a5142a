"""What stands in the header and in the footer of a site, in whichever language."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from pages.blocks import Link, NavigationItem

__all__ = ["SiteLinks"]


class SiteLinks(models.Model):
    header = StreamField(
        [("item", NavigationItem())],
        blank=True,
        help_text="The main navigation. A page that is not public is left out for readers.",
    )
    footer = StreamField([("link", Link())], blank=True, help_text="Links at the foot of pages.")
    footer_text = models.CharField(
        max_length=250, blank=True, help_text="A line at the very end, such as a copyright notice."
    )

    panels = [FieldPanel("header"), FieldPanel("footer"), FieldPanel("footer_text")]

    class Meta:
        abstract = True
