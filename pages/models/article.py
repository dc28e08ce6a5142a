"""Articles: an index, and texts with authors, sections, quotations and pictures."""

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
from pages.blocks import RICH_TEXT_FEATURES, PictureBlock
from pages.image_uses import (
    alt_text_field,
    alt_text_problems,
    decorative_field,
    image_field,
    image_use_panel,
)
from pages.lifecycle.rows import RowsPanel
from pages.rich_text.fields import RichTextBlock, RichTextField
from pages.search import BlocksField, ForEditors, NamesPeople
from pages.seo import schema_org
from pages.types import (
    GraphQLBlocks,
    GraphQLChoice,
    GraphQLConnection,
    GraphQLDate,
    GraphQLImageUse,
    GraphQLPage,
    GraphQLReference,
    GraphQLRelated,
    GraphQLRichText,
    GraphQLString,
    GraphQLTags,
    ImageUse,
    ResolvedField,
)

__all__ = [
    "ArticleAuthor",
    "ArticleHeading",
    "ArticleKind",
    "ArticleLink",
    "ArticlePage",
    "ArticleParagraphs",
    "ArticlePicture",
    "ArticleQuotation",
    "ArticleTag",
    "ArticlesPage",
]

ARTICLE_ORDER = ("-first_published_at",)


class ArticleKind(models.TextChoices):
    """What sort of text an article is."""

    ARTICLE = "article", "Article"
    NEWS = "news", "News"
    NEWSLETTER = "newsletter", "Newsletter"
    SPOTLIGHT = "spotlight", "Spotlight"
    CASE_STUDY = "case_study", "Case study"


@register_streamfield_block
class ArticleHeading(blocks.StructBlock):
    """Opens a section."""

    heading = blocks.CharBlock(max_length=150, help_text="The section's heading.")

    graphql_fields = [
        GraphQLString("heading", required=True, description="The section's heading."),
    ]

    class Meta:
        icon = "title"
        label = "Section heading"
        graphql_description = "Opens a section of an article."


@register_streamfield_block
class ArticleParagraphs(blocks.StructBlock):
    """Running text: paragraphs and lists."""

    text = RichTextBlock(features=RICH_TEXT_FEATURES, help_text="Paragraphs and lists.")

    graphql_fields = [
        GraphQLRichText("text", required=True, description="Paragraphs and lists."),
    ]

    class Meta:
        icon = "pilcrow"
        label = "Text"
        graphql_description = "Running text of an article: paragraphs and lists."


@register_streamfield_block
class ArticleQuotation(blocks.StructBlock):
    """Words set apart, with who said them."""

    quotation = blocks.TextBlock(help_text="The words, without quotation marks.")
    attribution = blocks.CharBlock(max_length=150, required=False, help_text="Who said them.")

    graphql_fields = [
        GraphQLString("quotation", required=True, description="The words, without marks."),
        GraphQLString("attribution", description="Who said them."),
    ]

    class Meta:
        icon = "openquote"
        label = "Quotation"
        graphql_description = "Words set apart from the text, with who said them."


@register_streamfield_block
class ArticlePicture(blocks.StructBlock):
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
        graphql_description = "A picture in an article, with its caption."


@register_streamfield_block
class ArticleLink(blocks.StructBlock):
    """A page to read next."""

    page = blocks.PageChooserBlock(help_text="A page readers may want to see next.")

    graphql_fields = [
        GraphQLPage("page", description="The page; null while it is not public."),
    ]

    class Meta:
        icon = "link"
        label = "Page"
        graphql_description = "A page that readers of an article may want to see next."


class ArticlesPage(BasePage):
    """Introduces the articles; each is a page beneath it."""

    operation = "articles"

    introduction = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="What readers find here."
    )

    page_description = "Introduces the articles. Each article is a page beneath it."
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.ArticlePage"]
    max_count_per_parent = 1

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        HelpPanel("Each article is a page beneath this one.", heading="Articles"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
    ]
    graphql_fields = [
        GraphQLRichText("introduction", description="What readers find here."),
        GraphQLConnection(
            "articles",
            "pages.ArticlePage",
            description="The articles, newest first.",
            resolve=lambda page, info, **arguments: info.context.content.children(
                page, info, ArticlePage, order=ARTICLE_ORDER, **arguments
            ),
        ),
    ]

    described_by = "introduction"
    web_page_type = "CollectionPage"

    class Meta:
        verbose_name = "articles"
        verbose_name_plural = "articles"


class ArticleTag(TaggedItemBase):
    """An article's tag."""

    content_object = ParentalKey(
        "pages.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class ArticlePage(NamesPeople, BasePage):
    """A text with authors, sections, quotations and pictures."""

    operation = "article"
    rows_of_people = ("authors",)

    kind = models.CharField(
        max_length=20,
        choices=ArticleKind.choices,
        default=ArticleKind.ARTICLE,
        help_text="What sort of text it is. Readers can filter by it.",
    )
    date = models.DateField(
        null=True,
        blank=True,
        help_text="The date to show. Leave empty when it is not known.",
    )
    standfirst = models.TextField(
        blank=True, help_text="Two or three sentences that say why this is worth reading."
    )
    header_image = image_field("A wide picture for the top of the article.")
    header_image_alt_text = alt_text_field()
    header_image_decorative = decorative_field()
    body = StreamField(
        [
            ("heading", ArticleHeading()),
            ("paragraphs", ArticleParagraphs()),
            ("quotation", ArticleQuotation()),
            ("picture", ArticlePicture()),
        ],
        help_text="The text, block by block. Drag to rearrange.",
    )
    related_content = StreamField(
        [("page", ArticleLink())], blank=True, help_text="What readers may want to see next."
    )

    page_description = "A text with authors and pictures: news, newsletter, spotlight, case study."
    tags = ClusterTaggableManager(
        through=ArticleTag,
        blank=True,
        help_text="Words readers can filter by, with commas between.",
    )

    parent_page_types = ["pages.ArticlesPage"]
    subpage_types: list[str] = []

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("kind"), FieldPanel("date"), FieldPanel("standfirst"), FieldPanel("tags")],
            heading="About the article",
        ),
        RowsPanel("authors", heading="Authors", label="author"),
        image_use_panel("header_image", "Header picture"),
        FieldPanel("body"),
        FieldPanel("related_content"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("standfirst"),
        BlocksField("body"),
        ForEditors("people_named"),
        index.FilterField("kind"),
        index.FilterField("date"),
    ]
    graphql_fields = [
        GraphQLChoice("kind", ArticleKind, required=True, description="What sort of text it is."),
        GraphQLDate("date", description="The date to show; null when it is not known."),
        GraphQLString("standfirst", description="Why it is worth reading."),
        GraphQLTags("tags", description="Words to filter by, in alphabetical order."),
        GraphQLRelated("authors", "pages.ArticleAuthor", description="The authors, in order."),
        GraphQLImageUse("header_image", description="A wide picture for the top."),
        GraphQLBlocks(
            "body",
            ArticleHeading,
            ArticleParagraphs,
            ArticleQuotation,
            ArticlePicture,
            union="ArticleBlock",
            description="The text, block by block.",
        ),
        GraphQLBlocks("related_content", ArticleLink, description="What to read next."),
    ]

    described_by = "standfirst"
    is_article = True

    class Meta:
        verbose_name = "article"

    def linked_data(self, facts):
        return [
            {
                "@type": "NewsArticle" if self.kind == ArticleKind.NEWS else "Article",
                "@id": facts.thing,
                "headline": self.title,
                "description": facts.seo.description,
                "inLanguage": facts.language,
                "url": facts.here,
                "mainEntityOfPage": {"@id": f"{facts.here}#page"},
                "datePublished": self.date.isoformat()
                if self.date
                else facts.moment(self.first_published_at),
                "dateModified": facts.moment(self.last_published_at),
                "author": schema_org.people_of(facts, self, "authors"),
                "publisher": {"@id": facts.group},
                "keywords": facts.tags(self),
                "image": facts.own_picture,
            }
        ]

    def publication_problems(self):
        return {**super().publication_problems(), **alt_text_problems(self, "header_image")}


class ArticleAuthor(Orderable):
    """A person who wrote an article."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="authors")
    person = models.ForeignKey(
        "pages.Person",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who wrote it. The same person can be named on other pages.",
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
                name="pages_article_author_once",
                violation_error_message="This author is listed already.",
            )
        ]
