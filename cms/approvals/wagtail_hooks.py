"""Where Wagtail's admin meets approvals: the screen, what leads to it, and what was sent back."""

from typing import Any

from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.urls import path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import action_menu as page_menu
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.models import WorkflowState
from wagtail.snippets import action_menu as snippet_menu

from cms.admin.times.time_zones import local_moment
from cms.approvals.looking import review_url
from cms.approvals.review import APPROVE, review


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [path("approvals/<int:task_state_id>/", review, name="review")]


class LeadsToReview:
    """In the place of Wagtail's own items, which approve without showing what changes."""

    name = "review"
    label = "Review and approve"
    icon_name = "success"
    # First, as Wagtail's own.
    order = 0

    def get_url(self, parent_context: Any) -> str:
        subject = parent_context.get("page") or parent_context["instance"]
        return review_url(subject.current_workflow_task_state)


class ReviewPage(LeadsToReview, page_menu.ActionMenuItem):
    pass


class ReviewSnippet(LeadsToReview, snippet_menu.ActionMenuItem):
    pass


def lead_to_review(items: list[Any], own: Any) -> None:
    others = [item for item in items if item.name != APPROVE]
    if len(others) < len(items):
        items[:] = [own, *others]


@hooks.register("construct_page_action_menu")
def construct_page_action_menu(items, request, context):
    lead_to_review(items, ReviewPage())


@hooks.register("construct_snippet_action_menu")
def construct_snippet_action_menu(items, request, context):
    lead_to_review(items, ReviewSnippet())


@hooks.register("before_edit_page")
def before_edit_page(request, page):
    say_what_to_change(request, page)


@hooks.register("before_edit_snippet")
def before_edit_snippet(request, snippet):
    say_what_to_change(request, snippet)


def say_what_to_change(request: HttpRequest, subject: Any) -> None:
    state = subject.current_workflow_state
    if request.method != "GET" or state is None:
        return
    if state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return
    step = state.current_task_state
    by = get_user_display_name(step.finished_by) if step.finished_by else "somebody who has left"
    words = linebreaksbr(step.comment.strip()) or "No comment was left."
    said = format_html("Sent back by {} on {}:<br>{}", by, local_moment(step.finished_at), words)
    messages.warning(request, said)
