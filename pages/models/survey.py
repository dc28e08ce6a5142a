"""The survey: what was asked, and what the answers show.

Some findings are numbers ("over 70 %"), others only an order ("this was named most often"). The
two must never be mistaken for one another: a ranked option has no percentage, ever.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from grapple.helpers import register_streamfield_block
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.fields import StreamField
from wagtail.search import index

from pages.base import BasePage
from pages.blocks import RICH_TEXT_FEATURES
from pages.findings.charts import Chart, chart_of
from pages.findings.findings import display_figure
from pages.findings.kinds import AnswerType, FigureBasis, FigureQualifier
from pages.findings.tables import AccessibleTable, accessible_table
from pages.findings.waves import Comparison, comparisons
from pages.lifecycle.problems_panel import ProblemsPanel
from pages.rich_text.fields import RichTextBlock, RichTextField
from pages.search import BlocksField
from pages.seo.words import beginning_of, plain_text
from pages.types import (
    GraphQLBlocks,
    GraphQLBoolean,
    GraphQLChoice,
    GraphQLDate,
    GraphQLFloat,
    GraphQLInt,
    GraphQLList,
    GraphQLPage,
    GraphQLRichText,
    GraphQLString,
    ResolvedField,
)

__all__ = [
    "AnswerType",
    "FigureBasis",
    "FigureQualifier",
    "SurveyOption",
    "SurveyPage",
    "SurveyQuestion",
    "SurveyWave",
]

MORE_THAN_ANSWERED = "An answer was chosen by more people than answered. Correct one of the two."
ADD_UP = (
    "The shares add up to {}, more than everyone. Correct them, or say that several options could"
    " be chosen."
)
# What engines for data take of a description.
LONGEST_OF_DATA = 5_000


class ShareBlock(blocks.DecimalBlock):
    """In a draft it is kept as it was typed, as long as it is a number somebody may have meant."""

    LARGEST, SMALLEST_EXPONENT = 10**6, -6

    def clean(self, value):
        if not self.is_deferred_validation:
            return super().clean(value)
        number = self.field.to_python(self.value_for_form(value))
        self.field.validate(number)
        if number is not None and (
            abs(number) >= self.LARGEST or number.as_tuple().exponent < self.SMALLEST_EXPONENT
        ):
            raise ValidationError("Enter a number from 0 to 100.")
        return self.value_from_form(number)

    def deconstruct(self):
        """It is stored as any number, so that migrations need not know it."""
        _, args, kwargs = super().deconstruct()
        return "wagtail.blocks.DecimalBlock", args, kwargs


@register_streamfield_block
class SurveyOption(blocks.StructBlock):
    """One answer that could be chosen, and how often it was."""

    text = blocks.CharBlock(max_length=200, help_text="The answer, as readers should see it.")
    basis = blocks.ChoiceBlock(
        choices=FigureBasis.choices,
        default=FigureBasis.RANKED,
        label="What is known",
        help_text="Choose “ranked” unless you have the number.",
    )
    qualifier = blocks.ChoiceBlock(
        choices=FigureQualifier.choices,
        required=False,
        help_text="“over” for “over 70%”. Only for a measured share.",
    )
    percentage = ShareBlock(
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text="0 to 100, without the sign. Empty when only the rank is known.",
    )
    count = blocks.IntegerBlock(
        required=False,
        min_value=0,
        label="How many",
        help_text="How many people chose this, when known. Only for a measured share.",
    )
    tied_with_previous = blocks.BooleanBlock(
        required=False,
        help_text="Tick when nobody knows whether this or the answer above was chosen more often.",
    )
    note = blocks.CharBlock(
        max_length=250, required=False, help_text="What readers need to know about this figure."
    )

    graphql_fields = [
        GraphQLString("text", required=True, description="The answer."),
        GraphQLChoice(
            "basis",
            FigureBasis,
            required=True,
            description="Whether the share is known, or only the option's place in the list.",
        ),
        GraphQLChoice(
            "qualifier", FigureQualifier, description="How to read the share; null when ranked."
        ),
        GraphQLFloat(
            "percentage", description="Share of respondents, 0 to 100; null when only ranked."
        ),
        GraphQLString(
            "figure",
            description="The share as text, with its qualifier: `over 70%`. Null when ranked.",
            resolve=lambda option, info: display_figure(option.value),
        ),
        GraphQLInt(
            "count", description="How many chose it, of those who answered; null when not known."
        ),
        GraphQLBoolean(
            "tied_with_previous",
            required=True,
            description="True when it is not known whether this or the option before it leads.",
        ),
        GraphQLString("note", description="What readers need to know about this figure."),
    ]

    class Meta:
        icon = "tick-inverse"
        graphql_description = "One answer of a survey question, and how often it was chosen."

    def clean(self, value):
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        problems = {}
        measured = cleaned.get("basis") == FigureBasis.MEASURED
        has_number = cleaned.get("percentage") is not None
        if has_number and not measured:
            problems["percentage"] = ValidationError(
                "Only ranked, so there is no number. Empty this, or choose “measured”."
            )
        elif measured and not has_number:
            problems["percentage"] = ValidationError(
                "Give the share, or choose “ranked” when it is not known."
            )
        if cleaned.get("qualifier") and not measured:
            problems["qualifier"] = ValidationError("Only a measured share has a qualifier.")
        if cleaned.get("count") is not None and not measured:
            problems["count"] = ValidationError(
                "Only ranked, so nobody knows how many. Empty this, or choose “measured”."
            )
        if problems:
            raise StructBlockValidationError(problems)
        return cleaned


@register_streamfield_block
class SurveyQuestion(blocks.StructBlock):
    """A question, its answers and what they mean."""

    heading = blocks.CharBlock(
        max_length=120, label="Topic", help_text="The topic in a few words: “Market timing”."
    )
    question = blocks.CharBlock(
        max_length=300,
        required=False,
        help_text="What was asked, as a question. Leave empty when that is not known.",
    )
    answer_type = blocks.ChoiceBlock(
        choices=AnswerType.choices,
        required=False,
        label="Respondents could choose",
        help_text="When one option only, the shares may not pass 100%.",
    )
    base_size = blocks.IntegerBlock(
        required=False,
        min_value=1,
        label="Number of respondents",
        help_text="How many people answered this question, when known.",
    )
    computed_from = blocks.CharBlock(
        max_length=255,
        required=False,
        help_text="Filled in by “Results”: the key of a form’s question, or the heading of a"
        " table’s column. By it the same answers find this question the next time.",
    )
    options = blocks.ListBlock(
        SurveyOption(), help_text="Most chosen first: the order is the ranking."
    )
    interpretation = RichTextBlock(
        required=False,
        features=RICH_TEXT_FEATURES,
        help_text="What the answers tell us: one to three sentences.",
    )

    graphql_fields = [
        GraphQLString("heading", required=True, description="The topic in a few words."),
        GraphQLString("question", description="What was asked, when known."),
        GraphQLChoice(
            "answer_type",
            AnswerType,
            description="Whether shares add up to at most 100; null when not known.",
        ),
        GraphQLInt("base_size", description="How many people answered, when known."),
        GraphQLBlocks(
            "options", SurveyOption, description="The answers, most chosen first. Chart data."
        ),
        GraphQLRichText("interpretation", description="What the answers tell."),
        ResolvedField(
            "table",
            AccessibleTable,
            required=True,
            description="The answers as a table, for readers who cannot use a chart.",
            resolve=lambda question, info: accessible_table(question.value),
        ),
        ResolvedField(
            "chart",
            Chart,
            required=True,
            description="The answers as a chart.",
            resolve=lambda question, info: chart_of(question),
        ),
    ]

    class Meta:
        icon = "help"
        graphql_description = "A survey question with its answers and what they mean."

    def clean(self, value):
        cleaned = super().clean(value)
        if not self.is_deferred_validation:
            problems = problems_of_figures(cleaned)
            if problems:
                raise StructBlockValidationError(problems)
        return cleaned


def problems_of_figures(question: dict[str, Any]) -> dict[str, ValidationError]:
    """Shares are rounded each by itself: how many chose something tells more surely."""
    options, base = question["options"], question.get("base_size")
    counts = [option.get("count") for option in options]
    if base is not None and any(count > base for count in counts if count is not None):
        return {"base_size": ValidationError(MORE_THAN_ANSWERED)}
    if question.get("answer_type") != AnswerType.EXCLUSIVE:
        return {}
    if base is not None and counts and None not in counts:
        if sum(counts) > base:
            return {"answer_type": ValidationError(ADD_UP.format(f"{sum(counts)} people"))}
        return {}
    total = sum(option.get("percentage") or 0 for option in options)
    return {"answer_type": ValidationError(ADD_UP.format(f"{total}%"))} if total > 100 else {}


@register_streamfield_block
class SurveyWave(blocks.StructBlock):
    """What an earlier wave of the survey found, kept to compare later ones with."""

    name = blocks.CharBlock(max_length=100, help_text="Which wave it was: “Initial wave”.")
    fieldwork_from = blocks.DateBlock(
        required=False, label="Answers from", help_text="First day of that wave, when known."
    )
    fieldwork_to = blocks.DateBlock(
        required=False, label="Answers to", help_text="Last day of that wave, when known."
    )
    base_size = blocks.IntegerBlock(
        required=False,
        min_value=1,
        label="Number of respondents",
        help_text="How many people took part in that wave, when known.",
    )
    questions = blocks.ListBlock(
        SurveyQuestion(),
        default=[],
        help_text="What was found then. The same topic, or the same answers they were computed"
        " from, are compared.",
    )

    graphql_fields = [
        GraphQLString("name", required=True, description="Which wave it was."),
        GraphQLDate("fieldwork_from", description="First day of answers, when known."),
        GraphQLDate("fieldwork_to", description="Last day of answers, when known."),
        GraphQLInt("base_size", description="How many people took part, when known."),
        GraphQLBlocks("questions", SurveyQuestion, description="What was found then."),
    ]

    class Meta:
        icon = "history"
        graphql_description = "An earlier wave of a survey with what it found."


class SurveyPage(BasePage):
    """What was asked in the survey, and what the answers show."""

    operation = "survey"
    shows_problems_of = ("fieldwork_to", "questions", "earlier_waves")

    introduction = RichTextField(
        features=RICH_TEXT_FEATURES, help_text="Why there is a survey and who was asked."
    )
    wave = models.CharField(
        max_length=100, blank=True, help_text="Which round of answers this is: “Initial wave”."
    )
    audience = models.CharField(
        max_length=250, blank=True, help_text="Who was asked: “Partners of the foundation”."
    )
    fieldwork_from = models.DateField(
        "answers from", null=True, blank=True, help_text="First day answers came in, when known."
    )
    fieldwork_to = models.DateField(
        "answers to", null=True, blank=True, help_text="Last day answers came in, when known."
    )
    base_size = models.PositiveIntegerField(
        "number of respondents",
        null=True,
        blank=True,
        help_text="How many people took part in all, when known.",
    )
    summary = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="What the findings say in short."
    )
    questions = StreamField(
        [("question", SurveyQuestion())],
        blank=True,
        help_text="Question by question, in the order readers should see them.",
    )
    earlier_waves = StreamField(
        [("wave", SurveyWave())],
        blank=True,
        help_text="Earlier waves, the oldest first. “Results” puts what is shown here when a new"
        " one begins.",
    )
    conclusion = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="What follows from the findings."
    )
    invitation = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="The invitation to take part."
    )
    form_page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The page on which people take part.",
    )

    page_description = "What a survey found, question by question."
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        MultiFieldPanel(
            [
                FieldPanel("wave"),
                FieldPanel("audience"),
                ProblemsPanel("fieldwork_to"),
                FieldRowPanel([FieldPanel("fieldwork_from"), FieldPanel("fieldwork_to")]),
                FieldPanel("base_size"),
            ],
            heading="About this wave",
        ),
        MultiFieldPanel(
            [
                FieldPanel("summary"),
                ProblemsPanel("questions"),
                FieldPanel("questions"),
                ProblemsPanel("earlier_waves"),
                FieldPanel("earlier_waves"),
                FieldPanel("conclusion"),
            ],
            heading="Findings",
        ),
        MultiFieldPanel([FieldPanel("invitation"), FieldPanel("form_page")], heading="Take part"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
        index.SearchField("invitation"),
        index.SearchField("wave"),
        index.SearchField("audience"),
        index.SearchField("summary"),
        BlocksField("questions"),
        BlocksField("earlier_waves"),
        index.SearchField("conclusion"),
    ]
    graphql_fields = [
        GraphQLRichText("introduction", required=True, description="Why there is a survey."),
        GraphQLString("wave", description="Which round of answers this is."),
        GraphQLString("audience", description="Who was asked."),
        GraphQLDate("fieldwork_from", description="First day of answers, when known."),
        GraphQLDate("fieldwork_to", description="Last day of answers, when known."),
        GraphQLInt("base_size", description="How many people took part in all, when known."),
        GraphQLRichText("summary", description="The findings in short."),
        GraphQLBlocks("questions", SurveyQuestion, description="The findings by question."),
        GraphQLBlocks("earlier_waves", SurveyWave, description="Earlier waves, oldest first."),
        GraphQLList(
            "comparisons",
            Comparison,
            description="What was asked in several waves, with what was found in each of them.",
            resolve=lambda page, info: comparisons(page),
        ),
        GraphQLRichText("conclusion", description="What follows from the findings."),
        GraphQLRichText("invitation", description="The invitation to take part."),
        GraphQLPage("form_page", description="The page on which people take part."),
    ]

    described_by = "introduction"

    class Meta:
        verbose_name = "survey"

    def linked_data(self, facts):
        return [
            {
                "@type": "Dataset",
                "@id": facts.thing,
                "name": self.title,
                "alternateName": self.wave,
                "description": self.words_on_findings,
                "inLanguage": facts.language,
                "url": facts.here,
                "creator": {"@id": facts.group},
                "publisher": {"@id": facts.group},
                "datePublished": facts.moment(self.first_published_at),
                "dateModified": facts.moment(self.last_published_at),
                "temporalCoverage": self.fieldwork,
                "measurementTechnique": "Survey",
                "isAccessibleForFree": True,
                "variableMeasured": [
                    {
                        "@type": "PropertyValue",
                        "name": item["value"].get("heading"),
                        "description": item["value"].get("question"),
                    }
                    for item in self.questions.raw_data
                ],
            }
        ]

    @property
    def words_on_findings(self) -> str:
        """Engines for data take none whose description is short."""
        said = (plain_text(self, name) for name in ("introduction", "summary"))
        return beginning_of(" ".join(filter(None, said)), LONGEST_OF_DATA)

    @property
    def fieldwork(self) -> str | None:
        """An interval of ISO 8601, open where a day is not known."""
        if not (self.fieldwork_from or self.fieldwork_to) or self.contradictions():
            return None
        return "/".join(
            each.isoformat() if each else ".." for each in (self.fieldwork_from, self.fieldwork_to)
        )

    def contradictions(self):
        if self.fieldwork_from and self.fieldwork_to and self.fieldwork_to < self.fieldwork_from:
            return {"fieldwork_to": ["The last day is before the first day."]}
        return {}
