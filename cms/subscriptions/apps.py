from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "cms.subscriptions"
    label = "subscriptions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from django.db.models.signals import pre_delete
        from wagtail.models import Site

        from cms.scheduling.signals import scheduler_idle
        from cms.subscriptions import receivers

        scheduler_idle.connect(receivers.scheduler_idle, dispatch_uid="subscriptions.mails")
        pre_delete.connect(receivers.site_to_be_deleted, sender=Site)
