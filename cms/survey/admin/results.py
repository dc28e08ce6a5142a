"""Results of a survey: chosen, looked at, and put into a draft of its page.

Nothing is kept between the steps but in the forms, signed: of a table its counts alone. Putting
them in works everything out anew under the lock of the page, and shows it again if that is not what
was seen.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cms.admin.tables import NotRead
from cms.survey.admin.forms import ResultsForm, Source
from cms.survey.admin.rights import form_readable_by, page_to_fill
from cms.survey.changes import Changes, Wanted, changes_of, write
from cms.survey.figures import FiguresAs
from cms.survey.tallies import Results, Tally, results_of_form
from cms.survey.uploads import Upload, questions_known, results_of_file

__all__ = ["COMPUTED", "results"]

COMPUTED = "survey.computed"
SALT = "cms.survey.results"
SECONDS_VALID = 12 * 3600
BEGIN_AGAIN = "This was looked at too long ago: choose the results again."
NOT_AS_SEEN = (
    "This is not what you looked at before: the answers, the page or your choices have changed"
    " since. Look again, and save it then."
)
TICK = "Some rows cannot be counted: correct the table, or tick that it is taken without them."
ONE_EACH = "Two questions go to one highlight: choose another for one of them."
NOTHING = "Nothing would change."


@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest, page_id: int) -> HttpResponse:
    page = page_to_fill(request.user, page_id)
    form_page = form_readable_by(request.user, page)
    if request.method != "POST":
        return asked(request, page, ResultsForm(form_page=form_page))
    if "seen" in request.POST:
        return looked_at(request, page, form_page)
    form = ResultsForm(request.POST, request.FILES, form_page=form_page)
    if not form.is_valid():
        return asked(request, page, form)
    try:
        source = source_of(form.cleaned_data, page, form_page)
    except NotRead as problem:
        form.add_error("file", f"{problem} Nothing was changed.")
        return asked(request, page, form)
    return preview(request, page, form_page, source, targets={}, with_facts=True)


def asked(request: HttpRequest, page: Any, form: ResultsForm) -> HttpResponse:
    edited = reverse("wagtailadmin_pages:edit", args=[page.pk])
    facts = {"page": page, "form": form, "edited": edited}
    return render(request, "survey/results.html", facts)


def source_of(chosen: dict[str, Any], page: Any, form_page: Any) -> dict[str, Any]:
    """What the following steps are told. Raises ``NotRead``."""
    source = {
        "page": page.pk,
        "figures": chosen["figures"],
        "wave": chosen["wave_name"].strip() if chosen["new_wave"] else None,
    }
    if chosen["source"] == Source.FILE:
        upload = results_of_file(chosen["file"], questions_known(page, form_page))
        return {**source, "file": chosen["file"].name, "upload": asdict(upload)}
    days = {name: str(chosen[name]) if chosen.get(name) else "" for name in ("since", "until")}
    return {**source, **days}


def looked_at(request: HttpRequest, page: Any, form_page: Any) -> HttpResponse:
    try:
        source = signing.loads(request.POST["seen"], salt=SALT, max_age=SECONDS_VALID)
    except signing.BadSignature:
        source = {}
    of_form = "upload" not in source
    if (
        source.get("page") != page.pk
        or source["by"] != request.user.pk
        or (of_form and form_page is None)
    ):
        messages.error(request, BEGIN_AGAIN)
        return redirect("survey_results", page.pk)
    targets = {
        name.removeprefix("target-"): value
        for name, value in request.POST.items()
        if name.startswith("target-")
    }
    with_facts = "with_facts" in request.POST
    if "apply" not in request.POST:
        return preview(request, page, form_page, source, targets=targets, with_facts=with_facts)
    wanted = wanted_by(source, targets, with_facts=with_facts)
    changes = changes_of(page, results_in(source, form_page), wanted)
    problem = problem_of(request, source, changes)
    if problem:
        return preview(
            request, page, form_page, source, targets=targets, with_facts=with_facts, said=problem
        )
    write(page, changes)
    page.save_revision(user=request.user, log_action=COMPUTED, clean=False)
    messages.success(request, "The results are in a draft of this page. Nothing was published.")
    return redirect("wagtailadmin_pages:edit", page.pk)


def problem_of(request: HttpRequest, source: dict[str, Any], changes: Changes) -> str | None:
    if changes.digest != source["digest"]:
        return NOT_AS_SEEN
    if changes.problems:
        return ONE_EACH
    if bad_rows(source) and "without_bad" not in request.POST:
        return TICK
    return None if changes.anything else NOTHING


def bad_rows(source: dict[str, Any]) -> int:
    return source["upload"]["bad_rows"] if "upload" in source else 0


def wanted_by(source: dict[str, Any], targets: dict[str, str], *, with_facts: bool) -> Wanted:
    return Wanted(FiguresAs(source["figures"]), targets, with_facts, source["wave"])


def results_in(source: dict[str, Any], form_page: Any) -> Results:
    """Of a form they are counted anew, of a table as it was read."""
    if "upload" not in source:
        since, until = (
            date.fromisoformat(source[name]) if source[name] else None
            for name in ("since", "until")
        )
        return results_of_form(form_page, since=since, until=until)
    found = source["upload"]["results"]
    tallies = [
        Tally(**{**each, "counts": tuple((text, count) for text, count in each["counts"])})
        for each in found["tallies"]
    ]
    return Results(**{**found, "tallies": tuple(tallies)})


def preview(
    request: HttpRequest,
    page: Any,
    form_page: Any,
    source: dict[str, Any],
    *,
    targets: dict[str, str],
    with_facts: bool,
    said: str = "",
) -> HttpResponse:
    found = results_in(source, form_page)
    changes = changes_of(page, found, wanted_by(source, targets, with_facts=with_facts))
    seen = {**source, "by": request.user.pk, "digest": changes.digest}
    upload = source.get("upload") or asdict(Upload(found))
    facts = {
        "page": page,
        "results": found,
        "changes": changes,
        "upload": upload,
        "unnamed": upload["bad_rows"] - len({each["row"] for each in upload["bad"]}),
        "file": source.get("file"),
        "with_facts": with_facts,
        "said": said,
        "seen": signing.dumps(seen, salt=SALT, compress=True),
        "begin": reverse("survey_results", args=[page.pk]),
    }
    return render(request, "survey/preview.html", facts, status=409 if said else 200)
