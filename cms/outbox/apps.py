from django.apps import AppConfig, apps
from django.db.models.signals import post_delete, post_save, pre_delete


class OutboxConfig(AppConfig):
    name = "cms.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.contrib.settings.models import BaseSiteSetting
        from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction, Site

        from cms.outbox import receivers
        from cms.perspective.objects import is_snippet
        from media.models import Document, Image
        from pages.setting_translations import SettingTranslation

        for model in apps.get_models():
            if issubclass(model, Page):
                post_save.connect(receivers.page_saved, sender=model)
            elif is_snippet(model):
                post_save.connect(receivers.snippet_changed, sender=model)
                post_delete.connect(receivers.snippet_changed, sender=model)
            elif issubclass(model, BaseSiteSetting):
                post_save.connect(receivers.setting_saved, sender=model)
            elif issubclass(model, SettingTranslation):
                post_save.connect(receivers.setting_translation_saved, sender=model)
                post_delete.connect(receivers.setting_translation_deleted, sender=model)
        post_delete.connect(receivers.page_deleted, sender=Page)
        for signal in (post_save, post_delete):
            signal.connect(receivers.page_restriction_changed, sender=PageViewRestriction)
            signal.connect(
                receivers.collection_restriction_changed, sender=CollectionViewRestriction
            )
            signal.connect(receivers.site_changed, sender=Site)
        for model in (Document, Image):
            post_save.connect(receivers.file_changed, sender=model)
            pre_delete.connect(receivers.file_changed, sender=model)
