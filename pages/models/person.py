"""People: chairs, authors, speakers. Kept once and reused."""

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.search import index

from pages.base import BaseSnippet
from pages.blocks import RICH_TEXT_FEATURES
from pages.image_uses import (
    alt_text_field,
    alt_text_problems,
    decorative_field,
    image_field,
    image_use_panel,
)
from pages.rich_text.fields import RichTextField
from pages.types import (
    GraphQLImageUse,
    GraphQLLanguage,
    GraphQLReference,
    GraphQLRichText,
    GraphQLString,
)

__all__ = ["Person"]


class Person(BaseSnippet):
    """A chair, author or speaker."""

    operation = "person"

    name = models.CharField(max_length=150, help_text="First name and family name.")
    title = models.CharField(
        max_length=50, blank=True, help_text="Academic title before the name: “Prof.”."
    )
    distinction = models.CharField(
        max_length=100, blank=True, help_text="Distinction after the name: “Fellow, IEEE”."
    )
    job_title = models.CharField(
        max_length=150, blank=True, help_text="What the person does there: “Full Professor”."
    )
    organisation = models.ForeignKey(
        "pages.Organisation",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="people",
        help_text="Where the person works.",
    )
    biography = RichTextField(
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="Two or three short paragraphs, in the third person.",
    )
    portrait = image_field("A portrait the person has agreed to.")
    portrait_alt_text = alt_text_field("What the picture shows: “Portrait of …”.")
    portrait_decorative = decorative_field(
        "Tick when the picture says nothing that the text beside it does not."
    )
    website = models.URLField(blank=True, help_text="A profile page, with https://.")

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("title"),
                FieldPanel("name", required_on_save=True),
                FieldPanel("distinction"),
            ],
            heading="Name",
        ),
        MultiFieldPanel(
            [FieldPanel("job_title"), FieldPanel("organisation"), FieldPanel("website")],
            heading="Affiliation",
        ),
        FieldPanel("biography"),
        image_use_panel("portrait", "Portrait"),
        PublishingPanel(),
    ]
    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.SearchField("distinction"),
        index.SearchField("job_title"),
        index.SearchField("biography"),
        index.FilterField("locale_id"),
    ]
    graphql_fields = [
        GraphQLLanguage(),
        GraphQLString("name", required=True, description="First name and family name."),
        GraphQLString("title", description="Academic title to put before the name."),
        GraphQLString("distinction", description="Distinction to put after the name."),
        GraphQLString("job_title", description="What the person does at the organisation."),
        GraphQLReference(
            "organisation", "pages.Organisation", description="Where the person works."
        ),
        GraphQLRichText("biography", description="A short biography."),
        GraphQLImageUse("portrait", description="A portrait."),
        GraphQLString("website", description="Address of a profile page."),
    ]

    class Meta(BaseSnippet.Meta):
        verbose_name = "person"
        verbose_name_plural = "people"
        ordering = ["name"]

    def __str__(self):
        return self.name

    def publication_problems(self):
        return {**super().publication_problems(), **alt_text_problems(self, "portrait")}
