"""The site's navigation: what stands in the header and in the footer of every page."""

from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from pages.blocks import Link, NavigationItem
from pages.setting_translations import SettingTranslation, language_of_setting
from pages.site_links import SiteLinks
from pages.types import GraphQLBlocks, GraphQLString

__all__ = ["Navigation", "NavigationTranslation"]


@register_setting(icon="list-ul")
class Navigation(SiteLinks, BaseSiteSetting):
    """The links in the header and the footer of every page."""

    graphql_fields = [
        *language_of_setting(),
        GraphQLBlocks("header", NavigationItem, description="The main navigation, in order."),
        GraphQLBlocks("footer", Link, description="Links at the foot of pages, in order."),
        GraphQLString("footer_text", description="A line at the very end."),
    ]

    class Meta:
        verbose_name = "navigation"
        verbose_name_plural = "navigation"


class NavigationTranslation(SiteLinks, SettingTranslation):
    """The links of a site in another language: all of them, in their own order."""

    setting = Navigation
    texts = ("header", "footer", "footer_text")

    class Meta(SettingTranslation.Meta):
        verbose_name = "navigation in another language"
        verbose_name_plural = "navigation in other languages"
