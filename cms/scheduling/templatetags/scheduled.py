from typing import Any

from django import template

from cms.scheduling.admin.queue_panel import ScheduledChanges, scheduled_changes

register = template.Library()


@register.simple_tag(name="scheduled_changes", takes_context=True)
def scheduled_changes_for_reader(context: dict[str, Any], subject: Any) -> ScheduledChanges | None:
    return scheduled_changes(subject, context["request"].user)
