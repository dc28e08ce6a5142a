from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save


class SearchConfig(AppConfig):
    name = "cms.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.search import receivers
        from cms.search.documents import rows_read, searched_models

        for model in searched_models():
            post_save.connect(receivers.object_saved, sender=model)
            post_delete.connect(receivers.object_deleted, sender=model)
            for relation in rows_read(model):
                rows = model._meta.get_field(relation).related_model
                post_save.connect(receivers.row_saved, sender=rows)
        post_migrate.connect(receivers.migrated, sender=self)
