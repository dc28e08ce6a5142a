from django.apps import AppConfig


class PerspectiveConfig(AppConfig):
    name = "cms.perspective"
    label = "perspective"
    default_auto_field = "django.db.models.BigAutoField"
