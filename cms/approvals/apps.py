from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "cms.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.signals import task_approved

        from cms.approvals import receivers

        task_approved.connect(receivers.approved, dispatch_uid="approvals.seen")
