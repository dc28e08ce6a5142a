"""The home page: who the working group is, and how to join it."""

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.search import index

from pages.base import BasePage
from pages.blocks import RICH_TEXT_FEATURES
from pages.image_uses import (
    alt_text_field,
    alt_text_problems,
    decorative_field,
    image_field,
    image_use_panel,
)
from pages.lifecycle.forms import PublicationPageForm
from pages.rich_text.fields import RichTextField
from pages.types import GraphQLImageUse, GraphQLPage, GraphQLRichText, GraphQLString

__all__ = ["HomePage"]

BOTH_OR_NEITHER = "A button needs both its words and the page it leads to, or neither."


class HomePageForm(PublicationPageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.require_when("join_link_text", BOTH_OR_NEITHER, join_page=None)
        self.require_when("join_page", BOTH_OR_NEITHER, join_link_text=None)


class HomePage(BasePage):
    """Who the working group is, and how to join it."""

    base_form_class = HomePageForm
    operation = "home"

    tagline = models.CharField(
        max_length=200, help_text="One line under the name: what the group is about."
    )
    introduction = RichTextField(
        features=RICH_TEXT_FEATURES,
        help_text="What the group is, who takes part and what it is for. Three short paragraphs.",
    )
    header_image = image_field("A wide picture for the top of the page.")
    header_image_alt_text = alt_text_field()
    header_image_decorative = decorative_field()
    join_heading = models.CharField(
        max_length=100, blank=True, help_text="Heading over the call to take part."
    )
    join_text = RichTextField(
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="Whom we invite, and why they should come.",
    )
    join_link_text = models.CharField(
        max_length=60, blank=True, help_text="The words on the button: “Get involved”."
    )
    join_page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The page the button leads to, usually a form.",
    )

    page_description = "The front page: who the group is and how to take part."
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "pages.ArticlesPage",
        "pages.CharterPage",
        "pages.DeliverablesPage",
        "pages.FormPage",
        "pages.ForumsPage",
        "pages.LeadershipPage",
        "pages.NewslettersPage",
        "pages.SurveyPage",
    ]

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("tagline"), FieldPanel("introduction")], heading="Who we are"),
        image_use_panel("header_image", "Header picture"),
        MultiFieldPanel(
            [
                FieldPanel("join_heading"),
                FieldPanel("join_text"),
                FieldPanel("join_link_text"),
                PageChooserPanel("join_page"),
            ],
            heading="Call to join",
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("tagline"),
        index.SearchField("introduction"),
        index.SearchField("join_heading"),
        index.SearchField("join_text"),
    ]
    graphql_fields = [
        GraphQLString("tagline", required=True, description="One line: what the group is about."),
        GraphQLRichText(
            "introduction", required=True, description="What the group is and what it is for."
        ),
        GraphQLImageUse("header_image", description="A wide picture for the top of the page."),
        GraphQLString("join_heading", description="Heading over the call to take part."),
        GraphQLRichText("join_text", description="Whom the group invites, and why."),
        GraphQLString("join_link_text", description="The words on the button."),
        GraphQLPage("join_page", description="Where the button leads."),
    ]

    described_by = "tagline"

    class Meta:
        verbose_name = "home page"

    def publication_problems(self):
        problems = {**super().publication_problems(), **alt_text_problems(self, "header_image")}
        if bool(self.join_link_text) != bool(self.join_page_id):
            problems["join_link_text"] = [BOTH_OR_NEITHER]
        return problems
