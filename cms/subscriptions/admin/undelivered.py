"""Addresses to which mails could not be delivered, or whose owners complained, many at once."""

from __future__ import annotations

import re

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cms.subscriptions.models import SubscriberState
from cms.subscriptions.undelivered import record

__all__ = ["record_undelivered"]

LONGEST = 100_000


class UndeliveredForm(forms.Form):
    addresses = forms.CharField(
        label="E-mail addresses",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="With spaces, commas or lines between them, as your mail server lists them.",
    )
    state = forms.ChoiceField(
        label="What happened",
        choices=[
            (SubscriberState.BOUNCED, "Mails came back: the address is not there any more"),
            (SubscriberState.COMPLAINED, "They complained about getting mails"),
        ],
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def record_undelivered(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("subscriptions.change_subscriber"):
        raise PermissionDenied
    form = UndeliveredForm(request.POST or None)
    if form.is_valid():
        given = set(filter(None, re.split(r"[\s,;<>]+", form.cleaned_data["addresses"].lower())))
        with transaction.atomic():
            recorded = record(given, SubscriberState(form.cleaned_data["state"]))
        unknown = len(given) - recorded
        said = f"{recorded} address{'es' * (recorded != 1)} taken off the list."
        if unknown:
            said += f" {unknown} {'is' if unknown == 1 else 'are'} not on any list."
        messages.success(request, said)
        return redirect("subscribers:index")
    return render(request, "subscriptions/undelivered.html", {"form": form})
