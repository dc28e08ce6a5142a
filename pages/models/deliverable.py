"""The deliverables: an index, its categories with what each plans to hold, and what exists."""

from django.db import models
from grapple.helpers import register_streamfield_block
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index

from pages.base import BasePage
from pages.blocks import RICH_TEXT_FEATURES
from pages.lifecycle.forms import PublicationPageForm
from pages.lifecycle.problems_panel import ProblemsPanel
from pages.lifecycle.rows import RowsPanel
from pages.rich_text.fields import RichTextField
from pages.search import BlocksField, ForEditors, NamesPeople
from pages.seo import schema_org
from pages.types import (
    GraphQLBlocks,
    GraphQLChoice,
    GraphQLConnection,
    GraphQLDate,
    GraphQLPage,
    GraphQLReference,
    GraphQLRelated,
    GraphQLRichText,
    GraphQLString,
    GraphQLTags,
)

__all__ = [
    "DeliverableAuthor",
    "DeliverableCategoryPage",
    "DeliverableKind",
    "DeliverablePage",
    "DeliverableTag",
    "DeliverablesPage",
    "PlannedItem",
]

DELIVERABLE_ORDER = ("-date",)
WHERE_IT_IS = "Choose a document or give an address."
ONE_PLACE = "Give a document or an address, not both: readers follow one of them."


class DeliverableKind(models.TextChoices):
    """What sort of thing a deliverable is."""

    TUTORIAL = "tutorial", "Tutorial"
    WEBINAR = "webinar", "Webinar"
    SEMINAR = "seminar", "Seminar"
    WHITEPAPER = "whitepaper", "Whitepaper"
    REPORT = "report", "Report"
    ROUNDTABLE = "roundtable", "Roundtable discussion"
    NETWORKING = "networking", "Networking event"
    UPDATE = "update", "Update"
    NEWSLETTER = "newsletter", "Newsletter"
    CASE_STUDY = "case_study", "Case study"
    SUCCESS_STORY = "success_story", "Success story"
    SPOTLIGHT = "spotlight", "Spotlight"
    DEMONSTRATION = "demonstration", "Demonstration"
    WALKTHROUGH = "walkthrough", "Walkthrough"
    REPOSITORY = "repository", "Open-access repository"
    DEFINITION = "definition", "Definition"
    STRATEGY = "strategy", "Strategic plan"
    ARTICLE = "article", "Article"
    RESEARCH_PAPER = "research_paper", "Research paper"
    BLOG_POST = "blog_post", "Blog post"
    ANNUAL_REVIEW = "annual_review", "Annual review"


# What schema.org calls them, where it has a word of its own.
KINDS_OF_WORK = {
    DeliverableKind.TUTORIAL: "LearningResource",
    DeliverableKind.WHITEPAPER: "Report",
    DeliverableKind.REPORT: "Report",
    DeliverableKind.ANNUAL_REVIEW: "Report",
    DeliverableKind.CASE_STUDY: "Article",
    DeliverableKind.SUCCESS_STORY: "Article",
    DeliverableKind.SPOTLIGHT: "Article",
    DeliverableKind.ARTICLE: "Article",
    DeliverableKind.RESEARCH_PAPER: "ScholarlyArticle",
    DeliverableKind.BLOG_POST: "BlogPosting",
    DeliverableKind.WALKTHROUGH: "HowTo",
}


@register_streamfield_block
class PlannedItem(blocks.StructBlock):
    """Something a category plans to hold."""

    heading = blocks.CharBlock(max_length=150, help_text="What it is, in a few words.")
    text = blocks.TextBlock(required=False, help_text="What it covers, in one sentence.")

    graphql_fields = [
        GraphQLString("heading", required=True, description="What it is, in a few words."),
        GraphQLString("text", description="What it covers."),
    ]

    class Meta:
        icon = "doc-empty"
        graphql_description = "Something a category of deliverables plans to hold."


class DeliverablesPage(BasePage):
    """What the group commits to producing, by category."""

    operation = "deliverables"

    introduction = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="What the group commits to producing."
    )

    page_description = "Introduces what the group produces. Its categories are pages beneath it."
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.DeliverableCategoryPage"]
    max_count_per_parent = 1

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        HelpPanel(
            "Each category is a page beneath this one, and each deliverable a page beneath its "
            "category. Their order there is the order readers see.",
            heading="Categories",
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
    ]
    graphql_fields = [
        GraphQLRichText("introduction", description="What the group commits to producing."),
        GraphQLConnection(
            "categories",
            "pages.DeliverableCategoryPage",
            description="The categories, in the order editors arranged them.",
            resolve=lambda page, info, **arguments: info.context.content.children(
                page, info, DeliverableCategoryPage, order=("path",), **arguments
            ),
        ),
    ]

    described_by = "introduction"
    web_page_type = "CollectionPage"

    class Meta:
        verbose_name = "deliverables"
        verbose_name_plural = "deliverables"


class DeliverableCategoryPage(BasePage):
    """One category of deliverables, with what it plans to hold."""

    operation = "deliverable_category"

    introduction = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="What belongs in this category."
    )
    planned_items = StreamField(
        [("item", PlannedItem())],
        blank=True,
        help_text="What this category plans to hold, in the order readers should see it.",
    )

    page_description = "A category and what it plans to hold. Deliverables are pages beneath it."
    parent_page_types = ["pages.DeliverablesPage"]
    subpage_types = ["pages.DeliverablePage"]

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("planned_items"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
        BlocksField("planned_items"),
    ]
    graphql_fields = [
        GraphQLRichText("introduction", description="What belongs in this category."),
        GraphQLBlocks("planned_items", PlannedItem, description="What the category plans to hold."),
        GraphQLConnection(
            "deliverables",
            "pages.DeliverablePage",
            description="What has been published in this category, newest first.",
            resolve=lambda page, info, **arguments: info.context.content.children(
                page, info, DeliverablePage, order=DELIVERABLE_ORDER, **arguments
            ),
        ),
    ]

    described_by = "introduction"
    web_page_type = "CollectionPage"

    class Meta:
        verbose_name = "deliverable category"
        verbose_name_plural = "deliverable categories"


class DeliverableTag(TaggedItemBase):
    """A deliverable's tag."""

    content_object = ParentalKey(
        "pages.DeliverablePage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class DeliverablePageForm(PublicationPageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.require_when("link_url", WHERE_IT_IS, document=[""])


class DeliverablePage(NamesPeople, BasePage):
    """Something the group has published: a document or a link."""

    base_form_class = DeliverablePageForm
    operation = "deliverable"
    rows_of_people = ("authors",)
    required_to_publish = {"date": "Say when it came out."}
    shows_problems_of = ("link_url",)

    kind = models.CharField(
        max_length=30, choices=DeliverableKind.choices, help_text="What sort of thing it is."
    )
    date = models.DateField(null=True, blank=True, help_text="When it came out.")
    summary = RichTextField(
        features=RICH_TEXT_FEATURES, help_text="What it is about and whom it helps."
    )
    document = models.ForeignKey(
        "media.Document",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The file itself, when we host it.",
    )
    link_url = models.URLField(
        "address", blank=True, help_text="Or where it can be found, with https://."
    )

    page_description = "A finished piece of work: a document or a link, with date and authors."
    tags = ClusterTaggableManager(
        through=DeliverableTag,
        blank=True,
        help_text="Words readers can filter by, with commas between.",
    )

    parent_page_types = ["pages.DeliverableCategoryPage"]
    subpage_types: list[str] = []

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("kind"), FieldPanel("date"), FieldPanel("summary"), FieldPanel("tags")],
            heading="About the deliverable",
        ),
        MultiFieldPanel(
            [ProblemsPanel("link_url"), FieldPanel("document"), FieldPanel("link_url")],
            heading="Where it is",
        ),
        RowsPanel("authors", heading="Authors", label="author"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        ForEditors("people_named"),
        index.FilterField("kind"),
        index.FilterField("date"),
    ]
    graphql_fields = [
        GraphQLChoice(
            "kind", DeliverableKind, required=True, description="What sort of thing it is."
        ),
        GraphQLDate("date", required=True, description="When it came out."),
        GraphQLRichText("summary", required=True, description="What it is about."),
        GraphQLReference(
            "document", "media.Document", description="The file, when it is hosted here."
        ),
        GraphQLTags("tags", description="Words to filter by, in alphabetical order."),
        GraphQLString("link_url", description="Where it can be found, when it is elsewhere."),
        GraphQLRelated("authors", "pages.DeliverableAuthor", description="Authors, in order."),
        GraphQLPage(
            "category",
            description="The category it belongs to; null while that is not public.",
            resolve=lambda page, info: info.context.content.parent_of(page),
        ),
    ]

    described_by = "summary"

    class Meta:
        verbose_name = "deliverable"

    def linked_data(self, facts):
        return [
            {
                "@type": KINDS_OF_WORK.get(self.kind, "CreativeWork"),
                "@id": facts.thing,
                "name": self.title,
                "headline": self.title,
                "description": facts.seo.description,
                "inLanguage": facts.language,
                "url": self.link_url or facts.here,
                "datePublished": self.date and self.date.isoformat(),
                "author": schema_org.people_of(facts, self, "authors"),
                "publisher": {"@id": facts.group},
                "encoding": facts.document(self.document_id),
                "keywords": facts.tags(self),
                "image": facts.own_picture,
            }
        ]

    def contradictions(self):
        if self.document_id and self.link_url:
            return {"link_url": [ONE_PLACE]}
        return {}

    def publication_problems(self):
        problems = super().publication_problems()
        if not self.document_id and not self.link_url:
            problems["link_url"] = [WHERE_IT_IS]
        return problems


class DeliverableAuthor(Orderable):
    """A person who made a deliverable."""

    page = ParentalKey(DeliverablePage, on_delete=models.CASCADE, related_name="authors")
    person = models.ForeignKey(
        "pages.Person",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who made it. The same person can be named on other pages.",
    )

    identified_by = "person_id"

    panels = [FieldPanel("person")]
    graphql_fields = [
        GraphQLReference("person", "pages.Person", description="The author; null while hidden."),
    ]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page", "person"],
                name="pages_deliverable_author_once",
                violation_error_message="This author is listed already.",
            )
        ]
