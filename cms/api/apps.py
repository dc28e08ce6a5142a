from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApiConfig(AppConfig):
    name = "cms.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.api import receivers

        post_migrate.connect(receivers.post_migrate, dispatch_uid="api.statements")
