from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DatabaseConfig(AppConfig):
    name = "cms.database"
    label = "database"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.database import receivers

        post_migrate.connect(receivers.post_migrate, dispatch_uid="database.statements")
