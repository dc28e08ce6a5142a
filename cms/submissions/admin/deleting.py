"""Deletes answers: those ticked in a list, and those of one person in all forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log
from wagtail.models import Page

from cms.submissions.admin.rights import check_may_delete, form_to_read, submissions_for
from cms.submissions.models import Submission
from cms.submissions.searching import containing

__all__ = ["DELETED", "answers_of_person", "delete_selected"]

DELETED = "submissions.deleted"
MOST_AT_ONCE = 500


@require_http_methods(["GET", "HEAD", "POST"])
def delete_selected(request: HttpRequest, page_id: int) -> HttpResponse:
    """What is ticked in the list of a form, once that is confirmed."""
    form = form_to_read(request.user, page_id)
    check_may_delete(request.user)
    submissions = ticked(request, request.GET).filter(page=form)
    listed = reverse("wagtailforms:list_submissions", args=[form.pk])
    if request.method == "POST":
        delete(request, submissions)
        return redirect(listed)
    facts = {"form": form, "count": submissions.count(), "listed": listed}
    return render(request, "submissions/delete.html", facts)


class PersonForm(forms.Form):
    words = forms.CharField(
        label="E-mail address or name",
        min_length=3,
        max_length=254,
        help_text="As it was entered, or part of it. All forms are searched whose answers you may"
        " read.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answers_of_person(request: HttpRequest) -> HttpResponse:
    """Found by words, ticked one by one, and deleted; of the forms that someone may read."""
    check_may_delete(request.user)
    if request.method == "POST":
        delete(request, ticked(request, request.POST))
        return redirect("answers_of_person")
    form = PersonForm(request.GET if "words" in request.GET else None)
    found: list[Submission] = []
    if form.is_valid():
        matching = containing(submissions_for(request.user), form.cleaned_data["words"])
        found = list(matching.select_related("page")[: MOST_AT_ONCE + 1])
    return render(
        request,
        "submissions/person.html",
        {
            "form": form,
            "found": found[:MOST_AT_ONCE],
            "are_more": len(found) > MOST_AT_ONCE,
            "most": MOST_AT_ONCE,
            "searched": form.is_bound and form.is_valid(),
        },
    )


def ticked(request: HttpRequest, given: Any) -> Any:
    keys = [key for key in given.getlist("selected-submissions") if key.isdecimal()]
    keys = [key for key in keys if len(key) < 19][:MOST_AT_ONCE]
    return submissions_for(request.user).filter(pk__in=keys)


@transaction.atomic
def delete(request: HttpRequest, submissions: Any) -> None:
    """The history of each form says who has deleted how many, and nothing of what they said."""
    found = list(submissions.select_for_update(of=("self",)).values_list("pk", "page"))
    for page in Page.objects.filter(pk__in={page for _, page in found}):
        count = sum(each == page.pk for _, each in found)
        log(page, DELETED, user=request.user, data={"count": count})
    Submission.objects.filter(pk__in=[key for key, _ in found]).delete()
    count = len(found)
    messages.success(request, f"{count} answer{'s' * (count != 1)} deleted.")
