"""Organisations: kept once, so that renaming one renames it on every page."""

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.search import index

from pages.base import BaseSnippet
from pages.image_uses import (
    alt_text_field,
    alt_text_problems,
    decorative_field,
    image_field,
    image_use_panel,
)
from pages.types import GraphQLChoice, GraphQLImageUse, GraphQLLanguage, GraphQLString

__all__ = ["Organisation", "OrganisationKind"]

NAME_TAKEN = "An organisation of this name exists: use that one."


class OrganisationKind(models.TextChoices):
    """What sort of organisation it is."""

    COMPANY = "company", "Company"
    UNIVERSITY = "university", "University"
    RESEARCH_INSTITUTE = "research_institute", "Research institute"
    FOUNDATION = "foundation", "Foundation or association"
    PUBLIC_BODY = "public_body", "Public or international body"
    COMMUNITY = "community", "Open-source community"


class Organisation(BaseSnippet):
    """An organisation named on the site; renamed once, renamed everywhere."""

    operation = "organisation"

    name = models.CharField(
        max_length=150, help_text="The name as the organisation writes it: “NXP”, “ETH Zurich”."
    )
    kind = models.CharField(
        max_length=30,
        blank=True,
        choices=OrganisationKind.choices,
        help_text="Leave empty when you are not sure.",
    )
    website = models.URLField(
        blank=True, help_text="The organisation's own home page, with https://."
    )
    logo = image_field("Only with the organisation's permission.")
    logo_alt_text = alt_text_field("Usually the name and the word logo: “NXP logo”.")
    logo_decorative = decorative_field("Tick when the name always stands beside the logo.")

    panels = [
        MultiFieldPanel(
            [FieldPanel("name", required_on_save=True), FieldPanel("kind"), FieldPanel("website")],
            heading="Organisation",
        ),
        image_use_panel("logo", "Logo"),
        PublishingPanel(),
    ]
    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.FilterField("kind"),
        index.FilterField("locale_id"),
    ]
    graphql_fields = [
        GraphQLLanguage(),
        GraphQLString("name", required=True, description="The name the organisation goes by."),
        GraphQLChoice("kind", OrganisationKind, description="What sort of organisation it is."),
        GraphQLString("website", description="Address of its home page."),
        GraphQLImageUse("logo", description="Its logo."),
    ]

    class Meta(BaseSnippet.Meta):
        verbose_name = "organisation"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "locale"],
                name="pages_organisation_name_once",
                violation_error_message=NAME_TAKEN,
            )
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """Say beside the name what the constraint would refuse: it counts the locale, which is
        not in any form, so that no form checks it."""
        super().clean()
        locale_id = self.locale_id or self.get_default_locale().pk
        others = Organisation.objects.filter(name=self.name, locale_id=locale_id)
        if others.exclude(pk=self.pk).exists():
            raise ValidationError({"name": NAME_TAKEN})

    def publication_problems(self):
        return {**super().publication_problems(), **alt_text_problems(self, "logo")}
