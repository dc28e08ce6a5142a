from django.apps import AppConfig
from django.db.models.signals import post_delete


class MediaConfig(AppConfig):
    name = "media"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from media import receivers
        from media.media_types import teach_media_types
        from media.models import PresetRendition

        teach_media_types()
        post_delete.connect(receivers.preset_rendition_deleted, sender=PresetRendition)
