"""Organisations: kept once, so that renaming one renames it on every page."""

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from pages.models.base import (
    CheckedAtPublication,
    PublicationForm,
    RenderedByContract,
    alt_text_problems,
    image_use_panel,
)
from pages.types import GraphQLChoice, GraphQLImageUse, GraphQLString

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


class Organisation(
    RenderedByContract,
    CheckedAtPublication,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    models.Model,
):
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
    logo = models.ForeignKey(
        "media.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Only with the organisation's permission.",
    )
    logo_alt_text = models.CharField(
        "alternative text",
        max_length=250,
        blank=True,
        help_text="Usually the name and the word logo: “NXP logo”.",
    )
    logo_decorative = models.BooleanField(
        "decorative",
        default=False,
        help_text="Tick when the name always stands beside the logo.",
    )

    base_form_class = PublicationForm
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
        GraphQLString("name", required=True, description="The name the organisation goes by."),
        GraphQLChoice("kind", OrganisationKind, description="What sort of organisation it is."),
        GraphQLString("website", description="Address of its home page."),
        GraphQLImageUse("logo", description="Its logo."),
    ]

    class Meta(TranslatableMixin.Meta):
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
