"""Of those who may publish an edition: they decide what is sent."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from cms.newsletters.composing import LEAVE, Mail, NotComposed, compose
from cms.newsletters.delivering import message_of
from cms.newsletters.models import Mailing
from cms.newsletters.progress import progress_of, progress_of_all
from cms.newsletters.sending import context_for
from cms.newsletters.steps import begin, pause, resume, retry, site_of, stop
from cms.subscriptions.models import Subscriber, SubscriberState
from pages.models import NewsletterPage

__all__ = ["download", "mailing", "mailings", "send_test", "take_step"]

STEPS = {
    "pause": (pause, "“{}” is paused. Nobody gets a mail until you go on."),
    "resume": (resume, "“{}” is being sent again."),
    "retry": (retry, "“{}” is sent once more to those whom it did not reach."),
    "stop": (stop, "“{}” is stopped. Nobody gets it any more."),
}
NOT_DONE = "That had changed meanwhile: look at how far it is, and try again."
MEDIA_TYPES = {"html": "text/html", "txt": "text/plain"}


def edition_for(request: HttpRequest, page_id: int) -> NewsletterPage:
    page = get_object_or_404(NewsletterPage, pk=page_id)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    return page


@require_safe
def mailings(request: HttpRequest) -> HttpResponse:
    """All that were begun, of the editions that someone may publish."""
    found = Mailing.objects.select_related("page")
    own = [
        each
        for each in found[:100]
        if each.page and each.page.permissions_for_user(request.user).can_publish()
    ]
    return render(request, "newsletters/mailings.html", {"mailings": progress_of_all(own)})


@require_safe
def mailing(request: HttpRequest, page_id: int) -> HttpResponse:
    """With ``part`` what is renewed, alone."""
    page = edition_for(request, page_id)
    found = Mailing.objects.filter(page=page).first()
    facts: dict[str, Any] = {"page": page, "progress": progress_of(found) if found else None}
    if "part" in request.GET:
        return render(request, "newsletters/state.html", facts)
    facts["subscribers"] = subscribers_of(page)
    facts["own_address"] = request.user.email
    return render(request, "newsletters/mailing.html", facts)


def subscribers_of(page: NewsletterPage) -> int:
    on_list = Subscriber.objects.filter(site=site_of(page), state=SubscriberState.SUBSCRIBED)
    return on_list.filter(language=page.locale.language_code).count()


@require_POST
def take_step(request: HttpRequest, page_id: int, step: str) -> HttpResponse:
    page = edition_for(request, page_id)
    if step == "begin":
        begin_now(request, page)
        return redirect("newsletter_mailing", page.pk)
    act, said = STEPS[step]
    found = get_object_or_404(Mailing, page=page)
    if act(found, by=request.user):
        messages.success(request, said.format(page.title))
    else:
        messages.error(request, NOT_DONE)
    return redirect("newsletter_mailing", page.pk)


def begin_now(request: HttpRequest, page: NewsletterPage) -> None:
    try:
        compose(page, context_for(page))
    except NotComposed as problem:
        messages.error(request, str(problem))
        return
    if begin(page, by=request.user):
        messages.success(request, f"“{page.title}” is being sent.")
    else:
        messages.error(request, "It has been sent already: each edition is sent once.")


@require_POST
def send_test(request: HttpRequest, page_id: int) -> HttpResponse:
    """The newest version, to whoever asks for it, and to nobody else."""
    page = edition_for(request, page_id)
    if not request.user.email:
        messages.error(request, "Your account has no e-mail address: enter one in your account.")
        return redirect("newsletter_mailing", page.pk)
    try:
        mail = newest_mail(page)
        message_of(mail, request.user.email, leave=LEAVE, reference=f"test.{page.pk}").send()
    except NotComposed as problem:
        messages.error(request, str(problem))
    except OSError:  # As are those of smtplib.
        messages.error(request, "The mail server did not take it. Try again in a moment.")
    else:
        messages.success(request, f"A test was sent to {request.user.email}.")
    return redirect("newsletter_mailing", page.pk)


def newest_mail(page: NewsletterPage) -> Mail:
    draft = page.get_latest_revision_as_object()
    return compose(draft, context_for(page, draft=draft))


@require_safe
def download(request: HttpRequest, page_id: int, kind: str) -> HttpResponse:
    """The newest version, for who sends it with a service of their own."""
    page = edition_for(request, page_id)
    try:
        mail = newest_mail(page)
    except NotComposed as problem:
        messages.error(request, str(problem))
        return redirect("newsletter_mailing", page.pk)
    text = mail.html if kind == "html" else mail.text
    name = slugify(page.title) or "newsletter"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(text, content_type=f"{MEDIA_TYPES[kind]}; charset=utf-8", headers=headers)
