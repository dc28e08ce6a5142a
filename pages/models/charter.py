"""The charter: what the field is, the group's mission and its objectives."""

from django.db import models
from grapple.helpers import register_streamfield_block
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from pages.base import BasePage
from pages.blocks import RICH_TEXT_FEATURES
from pages.rich_text.fields import RichTextField
from pages.search import BlocksField
from pages.types import GraphQLBlocks, GraphQLChoice, GraphQLRichText, GraphQLString

__all__ = ["CharterPage", "EfficiencyQualifier", "EnablingTechnology", "Objective"]


class EfficiencyQualifier(models.TextChoices):
    """How the energy-efficiency figure is to be read."""

    EXACTLY = "exactly", "Exactly this figure"
    AT_LEAST = "at_least", "This figure or higher"
    TYPICALLY_AT_LEAST = "typically_at_least", "Typically this figure or higher"


@register_streamfield_block
class Objective(blocks.StructBlock):
    """One of the group's objectives."""

    heading = blocks.CharBlock(max_length=120, help_text="Two to four words: “Share knowledge”.")
    text = blocks.TextBlock(help_text="One sentence: what the group does about it.")

    graphql_fields = [
        GraphQLString("heading", required=True, description="Two to four words."),
        GraphQLString("text", required=True, description="What the group does about it."),
    ]

    class Meta:
        icon = "tick"
        graphql_description = "One of the group's objectives."


@register_streamfield_block
class EnablingTechnology(blocks.StructBlock):
    """A technology the field builds on."""

    heading = blocks.CharBlock(max_length=120, help_text="Its name, spelled out.")
    abbreviation = blocks.CharBlock(
        max_length=20, required=False, help_text="Its usual abbreviation: “NPU”."
    )

    graphql_fields = [
        GraphQLString("heading", required=True, description="Its name, spelled out."),
        GraphQLString("abbreviation", description="Its usual abbreviation."),
    ]

    class Meta:
        icon = "cogs"
        graphql_description = "A technology the field builds on."


class CharterPage(BasePage):
    """What the field is, the group's mission and its objectives."""

    operation = "charter"

    statement = RichTextField(
        features=RICH_TEXT_FEATURES, help_text="How the charter describes the field."
    )
    efficiency_qualifier = models.CharField(
        "energy efficiency is",
        max_length=30,
        choices=EfficiencyQualifier.choices,
        default=EfficiencyQualifier.TYPICALLY_AT_LEAST,
        help_text="How readers should take the figure below.",
    )
    efficiency_scale = models.CharField(
        "energy efficiency in words",
        max_length=100,
        help_text="The order of magnitude spelled out: “peta-operations per watt”.",
    )
    efficiency_unit = models.CharField(
        "unit", max_length=20, help_text="The same as a unit: “POp/W”."
    )
    technologies = StreamField(
        [("technology", EnablingTechnology())],
        blank=True,
        help_text="What the charter expects the field to be built from.",
    )
    definition = RichTextField(
        features=RICH_TEXT_FEATURES,
        help_text="What the name means, so that a newcomer understands.",
    )
    mission = RichTextField(
        features=RICH_TEXT_FEATURES, help_text="The mission statement: one or two sentences."
    )
    objectives_introduction = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="What stands before the objectives."
    )
    objectives = StreamField(
        [("objective", Objective())],
        help_text="In the order readers should see them. Drag to rearrange.",
    )

    page_description = "What the field is, the group's mission and its objectives."
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("statement"),
        MultiFieldPanel(
            [
                FieldPanel("efficiency_qualifier"),
                FieldPanel("efficiency_scale"),
                FieldPanel("efficiency_unit"),
            ],
            heading="Energy efficiency",
        ),
        FieldPanel("technologies"),
        MultiFieldPanel(
            [FieldPanel("definition"), FieldPanel("mission")], heading="Definition and mission"
        ),
        MultiFieldPanel(
            [FieldPanel("objectives_introduction"), FieldPanel("objectives")],
            heading="Objectives",
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("statement"),
        index.SearchField("definition"),
        index.SearchField("mission"),
        index.SearchField("objectives_introduction"),
        BlocksField("objectives"),
        BlocksField("technologies"),
    ]
    graphql_fields = [
        GraphQLRichText("statement", required=True, description="How the field is described."),
        GraphQLChoice(
            "efficiency_qualifier",
            EfficiencyQualifier,
            required=True,
            description="How the energy-efficiency figure is to be read.",
        ),
        GraphQLString(
            "efficiency_scale",
            required=True,
            description="The targeted energy efficiency in words: `peta-operations per watt`.",
        ),
        GraphQLString("efficiency_unit", required=True, description="The same as a unit: `POp/W`."),
        GraphQLBlocks(
            "technologies", EnablingTechnology, description="What the field is built from."
        ),
        GraphQLRichText("definition", required=True, description="What the name means."),
        GraphQLRichText("mission", required=True, description="The mission statement."),
        GraphQLRichText("objectives_introduction", description="What precedes the objectives."),
        GraphQLBlocks("objectives", Objective, description="The objectives, in order."),
    ]

    described_by = "mission"
    web_page_type = "AboutPage"

    class Meta:
        verbose_name = "charter"
