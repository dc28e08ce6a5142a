from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class DatabaseConfig(AppConfig):
    name = "cms.database"
    label = "database"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.database import receivers

        connection_created.connect(receivers.connection_created, dispatch_uid="database.collation")
        post_migrate.connect(receivers.post_migrate, dispatch_uid="database.statements")
