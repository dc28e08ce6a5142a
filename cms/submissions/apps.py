from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "cms.submissions"
    label = "submissions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.scheduling.signals import scheduler_idle
        from cms.submissions import receivers

        scheduler_idle.connect(receivers.scheduler_idle, dispatch_uid="submissions.mails")
