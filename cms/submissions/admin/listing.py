"""The answers to one form: listed, filtered and exported by Wagtail's own view."""

from __future__ import annotations

from typing import Any

import django_filters
from django.urls import reverse
from wagtail.admin.widgets.button import HeaderButton
from wagtail.contrib.forms.views import SubmissionsListFilterSet, SubmissionsListView

from cms.submissions.admin.rights import may_delete
from cms.submissions.searching import containing
from pages import clock

__all__ = ["AnswersListView"]


class AnswersFilterSet(SubmissionsListFilterSet):
    words = django_filters.CharFilter(label="Answers that contain", method="by_words")

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return containing(queryset, value)


class AnswersListView(SubmissionsListView):
    """What is to be deleted is gone at its second."""

    page_title = "Answers"
    results_template_name = "submissions/answers.html"
    filterset_class = AnswersFilterSet

    def get_base_queryset(self):
        return super().get_base_queryset().filter(kept_until__gt=clock.now())

    @property
    def header_more_buttons(self):
        buttons = list(super().header_more_buttons)
        if may_delete(self.request.user):
            address = reverse("answers_of_person")
            buttons.append(HeaderButton("Delete one person’s answers", address, icon_name="bin"))
        return buttons

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if not self.is_export:
            for row in context["data_rows"]:
                row["address"] = reverse("answer", args=[row["model_id"]])
            context["may_delete"] = may_delete(self.request.user)
        return context
