"""Asks whoever publishes, schedules or moves a version what is to stay, where two plans meet.

However it was done, by a form, an approval or the calendar, nothing has been written when this
answers; what was sent is sent again with the answers, or saved as a draft.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from cms.admin.requests import is_admin, is_by_dialog
from cms.scheduling.admin.quoting import quotes
from cms.scheduling.plans import Answers, EditsConflict, PlansRefused, Question, answered
from pages.lifecycle.addresses import AddressIsNotFree

__all__ = ["PlanQuestionsMiddleware"]

STAYS = "stays:"
# By its form's buttons.
ACTION = "action-"


class PlanQuestionsMiddleware:
    """Outside of the transaction that the view is in, so that it is undone before anyone is asked.

    Questions are answered in fields beside those of the form that was sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not is_admin(request.path):
            return self.get_response(request)
        answers = Answers(SimpleLazyObject(lambda: dict(answers_in(request))))
        with answered(answers):
            response = self.get_response(request)
        refusal = getattr(request, "plans_refused", None)
        if refusal is not None:
            return refused_by_script(refusal) if is_by_script(request) else asked(request, refusal)
        if answers.carried and response.status_code < 400:
            names = " and ".join(plan.name for plan in answers.carried)
            messages.info(request, f"What you changed was taken into {names} as well.")
        if response.status_code < 400:
            tell(request, response, list(dict.fromkeys(answers.notes)))
        return response

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        """In the transaction of the view still, so that nothing can be read before it is over."""
        refusal = refusal_in(exception)
        if refusal is None:
            return None
        request.plans_refused = refusal
        return HttpResponse(status=409)


def tell(request: HttpRequest, response: HttpResponse, notes: list[str]) -> None:
    """On the page that is shown next; a script is told in its answer, since it shows none."""
    if not is_by_script(request):
        for sentence in notes:
            messages.warning(request, sentence)
    elif notes and isinstance(response, JsonResponse):
        response.content = json.dumps({**json.loads(response.content), "notes": notes})


def refusal_in(exception: Exception) -> PlansRefused | None:
    """An address that was free when the form was checked may be taken when the page is saved."""
    for error in getattr(exception, "error_dict", {}).get("slug", ()):
        if isinstance(error, AddressIsNotFree):
            return PlansRefused(error.page, error.message)
    return exception if isinstance(exception, PlansRefused) else None


def asked(request: HttpRequest, refusal: PlansRefused) -> HttpResponse:
    return render(request, "scheduling/plans_meet.html", context_of(request, refusal), status=409)


def refused_by_script(refusal: PlansRefused) -> HttpResponse:
    """As both the editor that saves by itself and the calendar read it."""
    sentence = refusal.sentence
    return JsonResponse(
        {
            "success": False,
            "error_code": "plans_refused",
            "error_message": sentence,
            "message": sentence,
        },
        status=409,
    )


def answers_in(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, answer in request.POST.items():
        if name.startswith(STAYS):
            yield name.removeprefix(STAYS), str(answer)


def is_by_script(request: HttpRequest) -> bool:
    accepts = request.headers.get("Accept", "")
    return is_by_dialog(request) or accepts.startswith("application/json")


def context_of(request: HttpRequest, refusal: PlansRefused) -> dict[str, Any]:
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not name.startswith(STAYS)
    ]
    questions = refusal.questions if isinstance(refusal, EditsConflict) else []
    draft = [(name, value) for name, value in sent if not name.startswith(ACTION)]
    return {
        "refusal": refusal,
        "subject": refusal.subject,
        "questions": [in_words(refusal.subject, each) for each in questions],
        "sent": sent,
        # What came from the form of the object can be kept as a draft.
        "draft": draft if len(draft) < len(sent) else [],
        "back": edit_url_of(refusal.subject, request.user),
    }


def in_words(subject: Any, question: Question) -> dict[str, str]:
    newer, waiting = quotes(type(subject), question.conflict)
    return {
        "name": f"{STAYS}{question.id}",
        "label": question.conflict.label,
        "plan": question.plan.name,
        "newer": newer,
        "waiting": waiting,
    }


def edit_url_of(subject: Any, user: Any) -> str | None:
    """None of what was added in the request, which was undone."""
    is_there = type(subject)._base_manager.filter(pk=subject.pk).exists()
    return AdminURLFinder(user).get_edit_url(subject) if is_there else None
