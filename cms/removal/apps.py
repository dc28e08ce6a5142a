from django.apps import AppConfig


class RemovalConfig(AppConfig):
    name = "cms.removal"
    label = "removal"
    default_auto_field = "django.db.models.BigAutoField"
