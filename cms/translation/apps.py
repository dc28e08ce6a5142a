from django.apps import AppConfig


class TranslationConfig(AppConfig):
    name = "cms.translation"
    label = "translation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from django.db.models.signals import pre_delete
        from wagtail.admin.views.pages.edit import EditView
        from wagtail.models import Locale

        from cms.admin.snippets import EditContent
        from cms.translation import receivers
        from cms.translation.beside_form import with_original

        for view in (EditView, EditContent):
            view.get_side_panels = with_original(view.get_side_panels)
        pre_delete.connect(receivers.language_is_deleted, sender=Locale)
