from django.apps import AppConfig
from django.db.models.signals import pre_delete, pre_save


class RemovalConfig(AppConfig):
    name = "cms.removal"
    label = "removal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.admin.api.views import PagesAdminAPIViewSet
        from wagtail.admin.views import collection_privacy, collections
        from wagtail.models import CollectionViewRestriction

        from cms.removal import receivers
        from cms.removal.collections import (
            GuardedCollectionForm,
            asking_again,
            saying_what_is_in_it,
        )
        from cms.removal.deleting import DeleteThroughAPI
        from cms.removal.naming import guarded_models
        from cms.removal.unpublishing import UnpublishThroughAPI
        from cms.removal.uses import FILES
        from cms.scheduling.signals import seen_so_far

        seen_so_far.connect(receivers.seen_so_far, dispatch_uid="removal.taken_back")
        for model in guarded_models():
            pre_delete.connect(receivers.is_deleted, sender=model)
        for model in FILES:
            pre_save.connect(receivers.file_is_saved, sender=model)
        for signal in (pre_save, pre_delete):
            signal.connect(
                receivers.collection_restriction_is_written, sender=CollectionViewRestriction
            )
        collections.Edit.form_class = GuardedCollectionForm
        collections.Delete.post = saying_what_is_in_it(collections.Delete.post)
        collection_privacy.set_privacy = asking_again(collection_privacy.set_privacy)
        PagesAdminAPIViewSet.actions["unpublish"] = UnpublishThroughAPI
        PagesAdminAPIViewSet.actions["delete"] = DeleteThroughAPI
