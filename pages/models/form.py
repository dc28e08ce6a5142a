"""Forms that readers fill in: get involved, take the survey."""

import graphene
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.forms.forms import WagtailAdminFormPageForm
from wagtail.contrib.forms.models import AbstractFormField, FormMixin
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.search import index

from pages.base import BasePage
from pages.blocks import RICH_TEXT_FEATURES
from pages.lifecycle.forms import PublicationPageForm
from pages.lifecycle.rows import RowsPanel
from pages.rich_text.fields import RichTextField
from pages.types import (
    GraphQLBoolean,
    GraphQLChoice,
    GraphQLList,
    GraphQLRelated,
    GraphQLRichText,
    GraphQLString,
)

__all__ = ["FormField", "FormFieldType", "FormPage"]

NO_QUESTIONS = "Add at least one question before you open the form."


class FormFieldType(models.TextChoices):
    """How a form's question is answered."""

    SINGLELINE = "singleline", "A line of text"
    MULTILINE = "multiline", "Several lines of text"
    EMAIL = "email", "An e-mail address"
    NUMBER = "number", "A number"
    URL = "url", "A web address"
    CHECKBOX = "checkbox", "A box to tick"
    CHECKBOXES = "checkboxes", "Boxes to tick, several allowed"
    DROPDOWN = "dropdown", "One choice from a list"
    MULTISELECT = "multiselect", "Several choices from a list"
    RADIO = "radio", "One choice among buttons"
    DATE = "date", "A date"
    DATETIME = "datetime", "A date and time"
    HIDDEN = "hidden", "A value readers do not see"


class SubmissionsPanel(FormSubmissionsPanel):
    """Where the answers are, for those who may read them."""

    class BoundPanel(FormSubmissionsPanel.BoundPanel):
        def is_shown(self):
            return (
                self.request.user.has_perm("wagtailforms.view_formsubmission")
                and super().is_shown()
            )


class FormPageForm(PublicationPageForm, WagtailAdminFormPageForm):
    """The admin form of a form page; two questions of one name are refused."""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_open") and not self.is_deferred_validation and not self.has_questions():
            self.add_error("is_open", NO_QUESTIONS)
        return cleaned

    def has_questions(self) -> bool:
        questions = self.formsets["form_fields"]
        offered = [row for row in questions.extra_forms if row.has_changed()]
        return any(
            not questions._should_delete_form(row) for row in [*questions.initial_forms, *offered]
        )


def questions_while_open(page, info):
    if not page.is_open:
        return []
    return info.context.content.related(page, page._meta.get_field("form_fields"))


# BasePage comes first: FormMixin would draw the page, and take answers, with templates of its own.
class FormPage(BasePage, FormMixin):
    """A form that readers fill in."""

    operation = "form"

    introduction = RichTextField(
        features=RICH_TEXT_FEATURES, help_text="Why people should fill this in."
    )
    is_open = models.BooleanField(
        "open for answers",
        default=False,
        help_text="While this is off, readers see the introduction but no questions to answer.",
    )
    thank_you_text = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="Shown once someone has answered."
    )

    base_form_class = FormPageForm
    page_description = "Questions that readers answer: to get involved, or to take a survey."
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []

    content_panels = [
        SubmissionsPanel(),
        *BasePage.content_panels,
        FieldPanel("introduction"),
        MultiFieldPanel([FieldPanel("is_open"), FieldPanel("thank_you_text")], heading="Answering"),
        RowsPanel("form_fields", heading="Questions", label="question"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
    ]
    graphql_fields = [
        GraphQLRichText("introduction", required=True, description="Why to fill this in."),
        GraphQLBoolean("is_open", required=True, description="Whether answers are accepted."),
        GraphQLRichText("thank_you_text", description="To show once someone has answered."),
        GraphQLRelated(
            "form_fields",
            "pages.FormField",
            description="The questions, in order; none while the form is closed.",
            resolve=questions_while_open,
        ),
    ]

    described_by = "introduction"

    class Meta:
        verbose_name = "form"

    def row_problems(self):
        problems = super().row_problems()
        if self.is_open and not self.form_fields.all():
            problems["is_open"] = [NO_QUESTIONS]
        return problems


class FormField(AbstractFormField):
    """One question of a form."""

    clean_name: str  # Wagtail's own
    page = ParentalKey(FormPage, on_delete=models.CASCADE, related_name="form_fields")

    identified_by = "clean_name"

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
            resolve=lambda field, info: field.choice_list,
        ),
        GraphQLString("default_value", description="What is filled in to begin with."),
        GraphQLString("help_text", description="How to answer."),
    ]

    def derive_fields(self):
        """As ``save`` does for a new question."""
        if not self.clean_name:
            self.clean_name = self.get_field_clean_name()

    @property
    def choice_list(self) -> list[str]:
        lines = self.choices.splitlines() if "\n" in self.choices else self.choices.split(",")
        return [line.strip() for line in lines if line.strip()]
