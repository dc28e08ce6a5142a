from django.apps import AppConfig
from django.db.models.signals import post_delete


class SubmissionsConfig(AppConfig):
    name = "cms.submissions"
    label = "submissions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.scheduling.signals import scheduler_idle
        from cms.submissions import receivers
        from cms.submissions.models import SubmissionFile

        scheduler_idle.connect(receivers.scheduler_idle, dispatch_uid="submissions.mails")
        post_delete.connect(
            receivers.file_row_deleted, sender=SubmissionFile, dispatch_uid="submissions.files"
        )
