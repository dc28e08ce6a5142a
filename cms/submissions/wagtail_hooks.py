"""Where Wagtail's admin meets the answers to forms."""

from django.urls import path
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from cms.submissions.admin.deleting import DELETED, answers_of_person, delete_selected
from cms.submissions.admin.reading import answer, answer_file


@hooks.register("register_admin_urls")
def register_admin_urls():
    """Wagtail's own view deletes without a permission, so that ours is at its address."""
    return [
        path("forms/submissions/<int:page_id>/delete/", delete_selected, name="delete_answers"),
        path("forms/answers/<int:key>/", answer, name="answer"),
        path("forms/answers/<int:key>/files/<uuid:file_key>/", answer_file, name="answer_file"),
        path("forms/person/", answers_of_person, name="answers_of_person"),
    ]


@hooks.register("register_log_actions")
def register_log_actions(actions):
    @actions.register_action(DELETED)
    class AnswersDeleted(LogFormatter):
        label = "Delete answers"

        def format_message(self, entry):
            count = entry.data["count"]
            return f"Deleted {count} answer{'s' * (count != 1)} of this form"
