"""Where Wagtail's admin meets the results of surveys."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from cms.survey.admin.results import COMPUTED, results
from cms.survey.admin.rights import may_compute


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [path("surveys/<int:page_id>/results/", results, name="survey_results")]


@hooks.register("register_page_header_buttons")
def register_page_header_buttons(page, user, view_name, next_url=None):
    if may_compute(user, page):
        address = reverse("survey_results", args=[page.pk])
        yield Button("Results …", address, icon_name="order", priority=93)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(
        COMPUTED, "Compute results", "Put the results of the survey into a draft"
    )
