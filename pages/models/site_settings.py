"""What holds for the whole site: its name, its picture, how to reach the group."""

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from pages.blocks import Link
from pages.image_uses import (
    alt_text_field,
    alt_text_problems,
    image_field,
    image_use_panel,
)
from pages.lifecycle.forms import DescribedPicturesForm
from pages.setting_translations import SettingTranslation, language_of_setting
from pages.types import GraphQLBlocks, GraphQLImageUse, GraphQLReference, GraphQLString

__all__ = ["SiteSettings", "SiteSettingsTranslation"]


@register_setting(icon="cog")
class SiteSettings(BaseSiteSetting):
    """Names, contact and pictures that hold for the whole site."""

    base_form_class = DescribedPicturesForm

    name = models.CharField(
        max_length=100, blank=True, help_text="The site's name, for browser tabs and sharing."
    )
    description = models.CharField(
        max_length=250, blank=True, help_text="One sentence for search engines."
    )
    parent_organisation = models.ForeignKey(
        "pages.Organisation",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The organisation the working group belongs to.",
    )
    contact_email = models.EmailField(blank=True, help_text="Where readers can write to.")
    social_image = image_field(
        "For the home page, and for pages without a picture whose title cannot be made a card of. "
        "1200 × 630 pixels work best."
    )
    social_image_alt_text = alt_text_field("What the picture shows.")
    social_links = StreamField(
        [("link", Link())], blank=True, help_text="The group's profiles elsewhere."
    )

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("description")], heading="The site"),
        MultiFieldPanel(
            [FieldPanel("parent_organisation"), FieldPanel("contact_email")], heading="The group"
        ),
        image_use_panel("social_image", "For social networks", decorative=False),
        FieldPanel("social_links"),
    ]
    graphql_fields = [
        *language_of_setting(),
        GraphQLString("name", description="The site's name."),
        GraphQLString("description", description="One sentence for search engines."),
        GraphQLReference(
            "parent_organisation",
            "pages.Organisation",
            description="The organisation the working group belongs to.",
        ),
        GraphQLString("contact_email", description="Where readers can write to."),
        GraphQLImageUse("social_image", description="Picture for pages without their own."),
        GraphQLBlocks("social_links", Link, description="The group's profiles elsewhere."),
    ]

    class Meta:
        verbose_name = "site settings"

    def clean(self):
        """It has no drafts, so that what is demanded of others at publication is demanded here."""
        super().clean()
        problems = alt_text_problems(self, "social_image")
        if problems:
            raise ValidationError(problems)


class SiteSettingsTranslation(SettingTranslation):
    """The texts among a site's settings in another language; all else is as the settings say."""

    setting = SiteSettings
    texts = ("name", "description", "social_image_alt_text", "social_links")
    never_left_out = ("social_image_alt_text",)

    name = models.CharField(
        max_length=100, help_text="The site's name, for browser tabs and sharing."
    )
    description = models.CharField(
        max_length=250, blank=True, help_text="One sentence for search engines."
    )
    social_image_alt_text = alt_text_field(
        "What the picture for social networks shows, if the settings have one."
    )
    social_links = StreamField(
        [("link", Link())], blank=True, help_text="The group's profiles elsewhere."
    )

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("description")], heading="The site"),
        FieldPanel("social_image_alt_text"),
        FieldPanel("social_links"),
    ]

    class Meta(SettingTranslation.Meta):
        verbose_name = "site settings in another language"
        verbose_name_plural = "site settings in other languages"

    def clean(self):
        """As of the settings themselves: a picture is described in each language."""
        super().clean()
        own = SiteSettings.objects.filter(site=self.site_id).first()
        if own and own.social_image_id and not self.social_image_alt_text.strip():
            problem = "Describe the picture for social networks that the settings have."
            raise ValidationError({"social_image_alt_text": problem})
