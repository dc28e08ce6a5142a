"""What Wagtail's lists tell of approvals is what it would tell row by row."""

import pytest
from wagtail.models import GroupApprovalTask, Workflow, WorkflowState, WorkflowTask

from cms.approvals.lists import steps_of
from tests import factories


def begun(editor):
    return Workflow.objects.get().start(factories.article_page(live=False), editor)


@pytest.mark.django_db
def test_report_tells_each_step_as_its_latest_time_left_it(staff, editor):
    last = GroupApprovalTask.objects.create(name="Last look")
    WorkflowTask.objects.create(workflow=Workflow.objects.get(), task=last, sort_order=9)
    waiting, sent_back, again, approved = (begun(editor) for _ in range(4))
    sent_back.current_task_state.reject(user=staff)
    again.current_task_state.reject(user=staff)
    again.refresh_from_db()
    again.resume(user=editor)
    approved.current_task_state.approve(user=staff)
    states = list(WorkflowState.objects.all())

    told = steps_of(states)

    assert len(told) == 4
    for state in states:
        by_wagtail = [
            {"name": each.name, "status": each.status, "status_display": str(each.status_display)}
            for each in state.all_tasks_with_status()
        ]
        assert told[state.pk] == by_wagtail
    assert {each["status"] for each in told[approved.pk]} == {"approved", "in_progress"}
    assert [each["status"] for each in told[waiting.pk]] == ["in_progress", None]
