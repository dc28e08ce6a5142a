from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PublishingConfig(AppConfig):
    name = "cms.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.publishing import receivers

        post_migrate.connect(receivers.post_migrate, dispatch_uid="publishing.statements")
