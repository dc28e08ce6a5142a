"""What an editor says of results: where they come from, and how they are told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from wagtail.admin.widgets import AdminDateInput

from cms.survey.figures import FiguresAs

__all__ = ["ResultsForm", "Source"]


class Source(models.TextChoices):
    ANSWERS = "answers", "The answers to its form"
    FILE = "file", "A table: CSV or XLSX"


class ResultsForm(forms.Form):
    source = forms.ChoiceField(label="Results come from", widget=forms.RadioSelect)
    since = forms.DateField(
        label="Answers from",
        required=False,
        widget=AdminDateInput,
        help_text="Of the form’s answers, those from this day on. Empty: from the first.",
    )
    until = forms.DateField(
        label="Answers to",
        required=False,
        widget=AdminDateInput,
        help_text="And those to this day. Empty: to the last.",
    )
    file = forms.FileField(
        label="Table",
        required=False,
        help_text="A row a person, a column a question, the questions in the first row. Several"
        " answers in a cell are separated by semicolons.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.xlsx"}),
    )
    figures = forms.ChoiceField(
        label="Figures",
        choices=FiguresAs.choices,
        help_text="Each share is rounded by itself, half up.",
    )
    new_wave = forms.BooleanField(
        label="A new wave begins",
        required=False,
        help_text="What the page says now becomes an earlier wave, to compare with.",
    )
    wave_name = forms.CharField(label="Name of the new wave", required=False, max_length=100)

    def __init__(self, *args: Any, form_page: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = Source.choices if form_page else Source.choices[1:]
        if form_page is None:
            self.fields.pop("since")
            self.fields.pop("until")
        self.initial.setdefault("source", self.fields["source"].choices[0][0])

    def clean(self):
        cleaned = super().clean()
        is_file = cleaned.get("source") == Source.FILE
        if is_file and not cleaned.get("file") and "file" not in self.errors:
            self.add_error("file", "Choose the table, or take the answers to the form.")
        if cleaned.get("new_wave") and not (cleaned.get("wave_name") or "").strip():
            self.add_error("wave_name", "Give the new wave a name, as “Second wave”.")
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first day.")
        return cleaned
