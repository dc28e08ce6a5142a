"""Forms that readers fill in: get involved, take the survey."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, Self

import graphene
from django.apps import apps
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Min, Q
from django.utils.module_loading import import_string
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.forms.forms import WagtailAdminFormPageForm
from wagtail.contrib.forms.models import AbstractFormField, FormMixin
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.models import PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from pages import clock
from pages.base import BasePage
from pages.blocks import RICH_TEXT_FEATURES
from pages.lifecycle.forms import PublicationPageForm
from pages.lifecycle.rows import RowsPanel
from pages.questions.files import accepted, largest, most_of
from pages.questions.kinds import (
    OFFERING_CHOICES,
    FormFieldType,
    answers_wanted,
    filled_in,
    lines_of,
)
from pages.questions.problems import problems_of_questions
from pages.rich_text.fields import RichTextField
from pages.search import RowsField
from pages.types import (
    GraphQLBoolean,
    GraphQLChoice,
    GraphQLDate,
    GraphQLDateTime,
    GraphQLFloat,
    GraphQLInt,
    GraphQLList,
    GraphQLRelated,
    GraphQLRichText,
    GraphQLString,
    ResolvedField,
)

__all__ = ["FormField", "FormPage", "honeypot_beside"]

NO_QUESTIONS = "Add at least one question before you open the form."
CLOSES_BEFORE_IT_OPENS = "The form closes before it opens."
NO_ADDRESS_TO_ANSWER = (
    "Ask for an e-mail address in one of the questions, or empty the mail: there is nowhere to send"
    " it."
)
BOTH_OF_THE_MAIL = "A mail needs a subject and a text: write both, or neither."
LONGEST_RETENTION = 3_650


class SubmissionsPanel(FormSubmissionsPanel):
    """Where the answers are, for those who may read them."""

    class BoundPanel(FormSubmissionsPanel.BoundPanel):
        def is_shown(self):
            return (
                self.request.user.has_perm("wagtailforms.view_formsubmission")
                and super().is_shown()
            )


class FormPageForm(PublicationPageForm, WagtailAdminFormPageForm):
    """The admin form of a form page; two questions of one name are refused.

    Editors name the question that a condition is about by its label. What is stored is its key,
    which stays when the label is reworded.
    """

    class Media:
        js = ("pages/form_questions.js",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = self.question_rows()
        labels = {row.instance.clean_name: row.instance.label for row in rows}
        for row in rows:
            key = row.initial.get("condition_question")
            row.initial["condition_question"] = labels.get(key, key)
            for name in ("minimum", "maximum"):
                row.initial[name] = without_zeros(row.initial.get(name))

    def question_rows(self) -> list[Any]:
        return list(self.formsets["form_fields"].forms) if "form_fields" in self.formsets else []

    def clean(self):
        cleaned = super().clean()
        rows = self.question_rows_that_stay()
        put_keys_of_conditions(row.instance for row in rows)
        if self.is_deferred_validation:
            return cleaned
        if cleaned.get("is_open") and not rows:
            self.add_error("is_open", NO_QUESTIONS)
        questions = [row.instance for row in rows]
        if cleaned.get("confirmation_text") and not asks_for_address(questions):
            self.add_error("confirmation_text", NO_ADDRESS_TO_ANSWER)
        for problem in problems_of_questions(questions):
            rows[problem.row].add_error(problem.field, problem.sentence)
        return cleaned

    def question_rows_that_stay(self) -> list[Any]:
        """In the order in which they are to stand."""
        questions = self.formsets["form_fields"]
        used = list(questions.initial_forms)
        used += [row for row in questions.extra_forms if row.has_changed()]
        stay = [row for row in used if not questions._should_delete_form(row)]
        return sorted(stay, key=lambda row: row.cleaned_data.get("ORDER") or len(used))


def without_zeros(bound: Decimal | None) -> str | None:
    """The database keeps three decimals, of whatever is counted."""
    return None if bound is None else f"{bound.normalize():f}"


def asks_for_address(questions: Iterable[Any]) -> bool:
    return any(question.field_type == FormFieldType.EMAIL for question in questions)


def put_keys_of_conditions(questions: Iterable[Any]) -> None:
    keys: dict[str, str] = {}
    for question in questions:
        question.derive_fields()
        asked = question.condition_question.strip()
        question.condition_question = keys.get(asked.casefold(), asked)
        keys[question.label.strip().casefold()] = question.clean_name


def questions_of(page, info):
    """None while no answers are taken."""
    content = info.context.content
    relation = page._meta.get_field("form_fields")
    return content.takes_answers(page).then(
        lambda open_now: content.related(page, relation) if open_now else []
    )


def honeypot_beside(questions: list[Any]) -> str | None:
    """A name that no question has."""
    taken = {question.clean_name for question in questions}
    return next(name for name in honeypots() if name not in taken) if taken else None


def honeypots() -> Iterator[str]:
    yield "website"
    yield from (f"website_{number}" for number in count(2))


class FormPageQuerySet(PageQuerySet):
    def opened_or_closed(self, *, since: datetime, until: datetime) -> Self:
        """By the clock, after one moment and up to another."""
        within = Q(opens_at__gt=since, opens_at__lte=until)
        within |= Q(closes_at__gt=since, closes_at__lte=until)
        return self.filter(within, is_open=True)

    def next_change_of_opening(self, *, after: datetime) -> datetime | None:
        """The first moment after another at which one of these opens or closes by the clock."""
        moments = self.filter(is_open=True).aggregate(
            opens=Min("opens_at", filter=Q(opens_at__gt=after)),
            closes=Min("closes_at", filter=Q(closes_at__gt=after)),
        )
        return min(filter(None, moments.values()), default=None)


# BasePage comes first: FormMixin would draw the page, and take answers, with templates of its own.
class FormPage(BasePage, FormMixin):
    """A form that readers fill in."""

    operation = "form"
    shows_problems_of = ("closes_at", "confirmation_subject", "confirmation_text")

    introduction = RichTextField(
        features=RICH_TEXT_FEATURES, help_text="Why people should fill this in."
    )
    is_open = models.BooleanField(
        "open for answers",
        default=False,
        help_text="While this is off, readers see the introduction but no questions to answer.",
    )
    opens_at = models.DateTimeField(
        "opens",
        null=True,
        blank=True,
        help_text="The form takes answers from then on. Empty: as soon as it is published.",
    )
    closes_at = models.DateTimeField(
        "closes",
        null=True,
        blank=True,
        help_text="From then on it takes none. Empty: until you close it.",
    )
    max_submissions = models.PositiveIntegerField(
        "most answers",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="The form closes by itself once so many have answered. Empty: no limit.",
    )
    thank_you_text = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="Shown once someone has answered."
    )
    confirmation_subject = models.CharField(
        "subject of the mail",
        max_length=200,
        blank=True,
        help_text="Of the mail to whoever has answered. Empty: no mail is sent.",
    )
    confirmation_text = models.TextField(
        "text of the mail",
        blank=True,
        help_text=(
            "Goes to the address given in the first question that asks for an e-mail address. Who"
            " may see the answers, and until when, is added by itself."
        ),
    )
    notified_address = models.EmailField(
        "tell this address of each answer",
        blank=True,
        help_text="It gets a link to the answer, not what was answered. Empty: nobody is told.",
    )
    retention_days = models.PositiveIntegerField(
        "days that answers are kept",
        default=365,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_RETENTION)],
        help_text=(
            "Then they are deleted by themselves. Those who have answered before you change this"
            " keep the time they were told."
        ),
    )

    objects = PageManager.from_queryset(FormPageQuerySet)()

    base_form_class = FormPageForm
    page_description = "Questions that readers answer: to get involved, or to take a survey."
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []

    content_panels = [
        SubmissionsPanel(),
        *BasePage.content_panels,
        FieldPanel("introduction"),
        RowsPanel("form_fields", heading="Questions", label="question"),
        MultiFieldPanel(
            [
                FieldPanel("is_open"),
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldPanel("max_submissions"),
            ],
            heading="When it takes answers",
        ),
        MultiFieldPanel(
            [
                FieldPanel("thank_you_text"),
                FieldPanel("confirmation_subject"),
                FieldPanel("confirmation_text"),
                FieldPanel("notified_address"),
                FieldPanel("retention_days"),
            ],
            heading="What follows an answer",
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
        RowsField(
            "form_fields",
            ["label", "help_text", "step_title"],
            shown=lambda page: page.questions_shown_by(clock.now()),
        ),
    ]
    graphql_fields = [
        GraphQLRichText("introduction", required=True, description="Why to fill this in."),
        GraphQLBoolean(
            "is_open",
            required=True,
            description="Whether answers are taken at the moment that this answer is of.",
            resolve=lambda page, info: info.context.content.takes_answers(page),
        ),
        GraphQLDateTime("opens_at", description="When it begins to take answers, if that is set."),
        GraphQLDateTime("closes_at", description="When it takes no more, if that is set."),
        GraphQLRichText("thank_you_text", description="To show once someone has answered."),
        GraphQLRelated(
            "form_fields",
            "pages.FormField",
            description="The questions, in order; none while no answers are taken.",
            resolve=questions_of,
        ),
        GraphQLString(
            "honeypot",
            description=(
                "Name of an input to draw beside the questions, out of the sight of people and of"
                " what reads to them. Send what is in it as an answer; null while no answers are"
                " taken."
            ),
            resolve=lambda page, info: questions_of(page, info).then(honeypot_beside),
        ),
    ]

    described_by = "introduction"

    class Meta:
        verbose_name = "form"

    # What takes and shows answers lives above this package, so that it is named.

    def get_submission_class(self):
        return apps.get_model("submissions.Submission")

    def get_submissions_list_view_class(self):
        return import_string(settings.FORM_ANSWERS_VIEW)

    def get_data_fields(self):
        return self.get_submission_class().columns_of(self)

    def takes_answers_by(self, moment: datetime) -> bool:
        """As far as the clock and its editors say; it may have had its most."""
        has_begun = self.opens_at is None or self.opens_at <= moment
        has_ended = self.closes_at is not None and self.closes_at <= moment
        return self.is_open and has_begun and not has_ended

    def questions_shown_by(self, moment: datetime) -> list[Any]:
        """A form that takes no answers keeps its questions to itself."""
        if not self.takes_answers_by(moment):
            return []
        rows = self.form_fields.all()
        return [row for row in rows if row.field_type != FormFieldType.HIDDEN]

    def answers_kept_until(self, moment: datetime) -> datetime:
        return moment + timedelta(days=self.retention_days)

    def contradictions(self):
        problems = super().contradictions()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            problems["closes_at"] = [CLOSES_BEFORE_IT_OPENS]
        subject, text = self.confirmation_subject.strip(), self.confirmation_text.strip()
        if bool(subject) != bool(text):
            problems["confirmation_text" if subject else "confirmation_subject"] = [
                BOTH_OF_THE_MAIL
            ]
        return problems

    def row_problems(self):
        problems = super().row_problems()
        rows = list(self.form_fields.all())
        if self.is_open and not rows:
            problems["is_open"] = [NO_QUESTIONS]
        if self.confirmation_text and not asks_for_address(rows):
            problems["confirmation_text"] = [NO_ADDRESS_TO_ANSWER]
        found = [in_words(*problem, rows[problem.row]) for problem in problems_of_questions(rows)]
        if found:
            problems["form_fields"] = [*problems.get("form_fields", []), *found]
        return problems


class FormCondition(graphene.ObjectType):
    """A question is asked once another one has been answered, and not before."""

    clean_name = graphene.String(required=True, description="The key of the other question.")
    answers = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Any of these answers; none for whatever is answered, or ticked.",
    )


def in_words(row: int, field: str, sentence: str, question: Any) -> str:
    return f"{row + 1}. {question._meta.get_field(field).verbose_name}: {sentence}"


def default_of(question: Any) -> str | None:
    offers = question.field_type in OFFERING_CHOICES
    return ("\n".join(filled_in(question)) if offers else question.default_value) or None


def condition_of(question: Any, info: Any) -> dict[str, Any] | None:
    if not question.condition_question:
        return None
    answers = answers_wanted(question, info.context.content.siblings_of(question))
    return {"clean_name": question.condition_question, "answers": answers}


class FormField(AbstractFormField):
    """One question of a form."""

    clean_name: str  # Wagtail's own
    page = ParentalKey(FormPage, on_delete=models.CASCADE, related_name="form_fields")
    field_type = models.CharField(
        "how it is answered", max_length=16, choices=FormFieldType.choices
    )
    minimum = models.DecimalField(
        "at least",
        max_digits=12,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="Of a number its value, of a text its characters, of choices and files how many.",
    )
    maximum = models.DecimalField(
        "at most",
        max_digits=12,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="Likewise. Empty: no limit, and of files one.",
    )
    earliest = models.DateField(
        "not before", null=True, blank=True, help_text="The first day that may be answered."
    )
    latest = models.DateField(
        "not after", null=True, blank=True, help_text="The last day that may be answered."
    )
    consent_text = models.TextField(
        "what is consented to",
        blank=True,
        help_text="Of a consent: all that people agree to. It is kept with each answer.",
    )
    step_title = models.CharField(
        "begins a step called",
        max_length=100,
        blank=True,
        help_text="A long form is shown step by step. Empty: it belongs to the step above.",
    )
    condition_question = models.CharField(
        "ask this only after",
        max_length=255,
        blank=True,
        help_text="The label of a question above. Empty: this is always asked.",
    )
    condition_answers = models.TextField(
        "was answered with",
        blank=True,
        help_text="One of these, one a line. Empty: with anything, or ticked.",
    )

    identified_by = "clean_name"

    panels = [
        FieldPanel("label", heading="Question", help_text="As people read it."),
        FieldPanel("help_text", help_text="What helps to answer it, in a sentence."),
        FieldRowPanel(
            [
                FieldPanel("field_type"),
                FieldPanel(
                    "required",
                    heading="Needs an answer",
                    help_text="The form cannot be sent without. A box has to be ticked.",
                ),
            ]
        ),
        FieldPanel("choices", help_text="One a line."),
        FieldPanel(
            "default_value",
            heading="Filled in to begin with",
            help_text="Of choices one of them, or several, one a line.",
        ),
        FieldPanel("consent_text"),
        FieldRowPanel([FieldPanel("minimum"), FieldPanel("maximum")]),
        FieldRowPanel([FieldPanel("earliest"), FieldPanel("latest")]),
        FieldRowPanel([FieldPanel("condition_question"), FieldPanel("condition_answers")]),
        FieldPanel("step_title"),
    ]
    graphql_fields = [
        GraphQLString("clean_name", required=True, description="Key to send the answer under."),
        GraphQLString("label", required=True, description="The question."),
        GraphQLChoice(
            "field_type", FormFieldType, required=True, description="How it is answered."
        ),
        GraphQLBoolean("required", required=True, description="Whether an answer is needed."),
        GraphQLList(
            "choices",
            graphene.String,
            description="What can be chosen, for the types that offer choices.",
            resolve=lambda field, info: lines_of(field.choices),
        ),
        GraphQLString(
            "default_value",
            description="What is filled in to begin with; of several choices one a line.",
            resolve=lambda field, info: default_of(field),
        ),
        GraphQLString("help_text", description="How to answer."),
        GraphQLFloat(
            "minimum",
            description="The least: of a number its value, of a text its characters, of choices"
            " and files how many.",
        ),
        GraphQLFloat(
            "maximum",
            description="The most, likewise.",
            resolve=lambda field, info: most_of(field),
        ),
        GraphQLString(
            "accept",
            description="For the input's `accept`: the endings of files that are taken; null for"
            " all types but `FILE`.",
            resolve=lambda field, info: accepted(field),
        ),
        GraphQLInt(
            "max_file_size",
            description="How many bytes a file may have; null for all types but `FILE`.",
            resolve=lambda field, info: largest(field),
        ),
        GraphQLDate("earliest", description="The first day that may be answered."),
        GraphQLDate("latest", description="The last day that may be answered."),
        GraphQLString("consent_text", description="What ticking the box consents to."),
        GraphQLString(
            "step_title",
            description="A step of this title begins with this question; null within a step.",
        ),
        ResolvedField(
            "condition",
            FormCondition,
            description="When this question is asked; null for always.",
            resolve=condition_of,
        ),
    ]

    class Meta(AbstractFormField.Meta):
        verbose_name = "question"

    def derive_fields(self):
        """As ``save`` does for a new question."""
        if not self.clean_name:
            self.clean_name = self.get_field_clean_name()
