"""Newsletters: an index where readers join, and editions that go to subscribers as mails."""

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string
from grapple.helpers import register_streamfield_block
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from pages.base import BasePage
from pages.blocks import RICH_TEXT_FEATURES, PictureBlock
from pages.rich_text.fields import RichTextBlock, RichTextField
from pages.search import BlocksField
from pages.types import (
    GraphQLBlocks,
    GraphQLConnection,
    GraphQLPage,
    GraphQLRichText,
    GraphQLString,
    ImageUse,
    ResolvedField,
)

__all__ = [
    "NewsletterHeading",
    "NewsletterItem",
    "NewsletterPage",
    "NewsletterParagraphs",
    "NewsletterPicture",
    "NewslettersPage",
]

NEWSLETTER_ORDER = ("-first_published_at",)
# What a mail program shows of it, at most.
LONGEST_PREVIEW = 150


@register_streamfield_block
class NewsletterHeading(blocks.StructBlock):
    """Opens a section."""

    heading = blocks.CharBlock(max_length=150, help_text="The section's heading.")

    graphql_fields = [
        GraphQLString("heading", required=True, description="The section's heading."),
    ]

    class Meta:
        icon = "title"
        label = "Section heading"
        graphql_description = "Opens a section of a newsletter."


@register_streamfield_block
class NewsletterParagraphs(blocks.StructBlock):
    """Running text: paragraphs and lists."""

    text = RichTextBlock(features=RICH_TEXT_FEATURES, help_text="Paragraphs and lists.")

    graphql_fields = [
        GraphQLRichText("text", required=True, description="Paragraphs and lists."),
    ]

    class Meta:
        icon = "pilcrow"
        label = "Text"
        graphql_description = "Running text of a newsletter: paragraphs and lists."


@register_streamfield_block
class NewsletterItem(blocks.StructBlock):
    """An article, deliverable or forum, with a link to it."""

    page = blocks.PageChooserBlock(
        page_type=["pages.ArticlePage", "pages.DeliverablePage", "pages.ForumPage"],
        help_text="An article, a deliverable or a forum. It is left out for as long as readers do "
        "not see it.",
    )
    note = blocks.TextBlock(
        required=False,
        max_length=600,
        help_text="What to say of it here. Leave empty to take its own summary.",
    )

    graphql_fields = [
        GraphQLPage("page", description="What it is about; null while it is not public."),
        GraphQLString("note", description="What is said of it here; null to take its summary."),
    ]

    class Meta:
        icon = "doc-full"
        label = "Article, deliverable or forum"
        graphql_description = "An article, deliverable or forum that a newsletter tells of."


@register_streamfield_block
class NewsletterPicture(blocks.StructBlock):
    """A picture with its caption."""

    picture = PictureBlock(help_text="Describe it, or mark it as decorative.")
    caption = blocks.CharBlock(max_length=250, required=False, help_text="Stands under it.")

    graphql_fields = [
        ResolvedField("picture", ImageUse, description="The picture; null when not public."),
        GraphQLString("caption", description="Stands under the picture."),
    ]

    class Meta:
        icon = "image"
        label = "Picture"
        graphql_description = "A picture in a newsletter, with its caption."


class NewslettersPage(BasePage):
    """Introduces the newsletters, and says what subscribers agree to."""

    operation = "newsletters"

    introduction = RichTextField(
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="What the newsletters tell of, and how often they come.",
    )
    consent_text = models.TextField(
        max_length=2_000,
        help_text="What people agree to when they subscribe. It is kept with each subscription in "
        "the words of that day.",
    )

    page_description = "Introduces the newsletters. Each edition is a page beneath it."
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.NewsletterPage"]
    max_count_per_parent = 1

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("consent_text"),
        HelpPanel("Each edition is a page beneath this one.", heading="Editions"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
    ]
    graphql_fields = [
        GraphQLRichText("introduction", description="What the newsletters tell of."),
        GraphQLString(
            "consent_text", required=True, description="What people agree to when they subscribe."
        ),
        GraphQLConnection(
            "newsletters",
            "pages.NewsletterPage",
            description="The editions, newest first.",
            resolve=lambda page, info, **arguments: info.context.content.children(
                page, info, NewsletterPage, order=NEWSLETTER_ORDER, **arguments
            ),
        ),
    ]

    described_by = "introduction"
    web_page_type = "CollectionPage"

    class Meta:
        verbose_name = "newsletters"
        verbose_name_plural = "newsletters"


class NewsletterPage(BasePage):
    """An edition: what it tells of, as a page, and as a mail to subscribers."""

    operation = "newsletter"
    # Whoever copies an edition starts a new one, which nobody has decided to send yet.
    exclude_fields_in_copy = ["send_when_published"]

    preview_text = models.CharField(
        max_length=LONGEST_PREVIEW,
        blank=True,
        help_text="What mail programs show behind the subject, which is the title.",
    )
    opening = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="A greeting, and what this is about."
    )
    body = StreamField(
        [
            ("heading", NewsletterHeading()),
            ("paragraphs", NewsletterParagraphs()),
            ("item", NewsletterItem()),
            ("picture", NewsletterPicture()),
        ],
        help_text="What it tells of, block by block. Drag to rearrange.",
    )
    send_when_published = models.BooleanField(
        "send it to subscribers",
        default=False,
        help_text="As soon as readers see this edition, also when it is scheduled. An edition is "
        "sent once: what you change later is on the page alone.",
    )

    page_description = "An edition, as a page and as a mail to subscribers."
    parent_page_types = ["pages.NewslettersPage"]
    subpage_types: list[str] = []

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("preview_text"),
        FieldPanel("opening"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("send_when_published")], heading="Mail"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("preview_text"),
        index.SearchField("opening"),
        BlocksField("body"),
    ]
    graphql_fields = [
        GraphQLString("preview_text", description="What mail programs show behind the subject."),
        GraphQLRichText("opening", description="A greeting, and what the edition is about."),
        GraphQLBlocks(
            "body",
            NewsletterHeading,
            NewsletterParagraphs,
            NewsletterItem,
            NewsletterPicture,
            union="NewsletterBlock",
            description="What the edition tells of, block by block.",
        ),
    ]

    described_by = "preview_text"
    is_article = True
    MAIL, MAIL_AS_TEXT = "mail", "mail-as-text"
    preview_modes = [("", "Page"), (MAIL, "Mail"), (MAIL_AS_TEXT, "Mail, as text alone")]

    class Meta:
        verbose_name = "newsletter"

    def save(self, *args, **kwargs):
        """A mirror is never sent; nor is the page that it becomes, until somebody ticks it."""
        if self.alias_of_id:
            self.send_when_published = False
        return super().save(*args, **kwargs)

    def serve_preview(self, request, mode_name):
        if mode_name not in (self.MAIL, self.MAIL_AS_TEXT):
            return super().serve_preview(request, mode_name)
        render = import_string(settings.NEWSLETTER_RENDERER)
        return render(request, self, mode_name)

    def linked_data(self, facts):
        return [
            {
                "@type": "Article",
                "@id": facts.thing,
                "headline": self.title,
                "description": facts.seo.description,
                "inLanguage": facts.language,
                "url": facts.here,
                "mainEntityOfPage": {"@id": f"{facts.here}#page"},
                "datePublished": facts.moment(self.first_published_at),
                "dateModified": facts.moment(self.last_published_at),
                "publisher": {"@id": facts.group},
                "image": facts.own_picture,
            }
        ]
