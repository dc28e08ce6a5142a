from django.apps import AppConfig
from django.db.models.signals import post_save


class MailsConfig(AppConfig):
    name = "cms.mails"
    label = "mails"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.admin import signal_handlers
        from wagtail.admin.views.pages import edit
        from wagtail.models import ModelLogEntry, PageLogEntry, TaskState, WorkflowState
        from wagtail.signals import task_submitted, workflow_approved, workflow_rejected

        from cms.mails import receivers
        from cms.mails.approvals import tell_of_comments
        from cms.scheduling.signals import change_failed, scheduler_idle

        scheduler_idle.connect(receivers.scheduler_idle, dispatch_uid="mails.send")
        change_failed.connect(receivers.change_failed, dispatch_uid="mails.failures")
        for model in (PageLogEntry, ModelLogEntry):
            uid = f"mails.{model.__name__}"
            post_save.connect(receivers.step_logged, sender=model, dispatch_uid=uid)

        # Wagtail, which is ready only after this, would send mails of its own.
        signal_handlers.register_signal_handlers = lambda: None
        edit.send_notification = tell_of_comments
        for signal, sender, receiver in (
            (task_submitted, TaskState, receivers.submitted),
            (workflow_approved, WorkflowState, receivers.approved),
            (workflow_rejected, WorkflowState, receivers.sent_back),
        ):
            signal.connect(receiver, sender=sender, dispatch_uid=f"mails.{receiver.__name__}")
