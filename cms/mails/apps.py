from django.apps import AppConfig
from django.db.models.signals import post_save


class MailsConfig(AppConfig):
    name = "cms.mails"
    label = "mails"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.models import ModelLogEntry, PageLogEntry

        from cms.mails import receivers
        from cms.scheduling.signals import change_failed, scheduler_idle

        scheduler_idle.connect(receivers.scheduler_idle, dispatch_uid="mails.send")
        change_failed.connect(receivers.change_failed, dispatch_uid="mails.failures")
        for model in (PageLogEntry, ModelLogEntry):
            uid = f"mails.{model.__name__}"
            post_save.connect(receivers.step_logged, sender=model, dispatch_uid=uid)
