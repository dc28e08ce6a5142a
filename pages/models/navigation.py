"""The site's navigation: what stands in the header and in the footer of every page."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from pages.blocks import Link, NavigationItem
from pages.types import GraphQLBlocks, GraphQLString

__all__ = ["Navigation"]


@register_setting(icon="list-ul")
class Navigation(BaseSiteSetting):
    """The links in the header and the footer of every page."""

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
    graphql_fields = [
        GraphQLBlocks("header", NavigationItem, description="The main navigation, in order."),
        GraphQLBlocks("footer", Link, description="Links at the foot of pages, in order."),
        GraphQLString("footer_text", description="A line at the very end."),
    ]

    class Meta:
        verbose_name = "navigation"
        verbose_name_plural = "navigation"
