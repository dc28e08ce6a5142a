from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save, pre_save


class SchedulingConfig(AppConfig):
    name = "cms.scheduling"
    label = "scheduling"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.contrib.redirects import views as redirect_views
        from wagtail.contrib.redirects.models import Redirect
        from wagtail.models import Revision
        from wagtail.signals import post_page_move, pre_page_move, unpublished

        from cms.perspective.references import register_not_indexed
        from cms.scheduling import receivers
        from cms.scheduling.addresses.by_hand import CheckedRedirectForm, take_paths_too
        from cms.scheduling.addresses.taken import who_is_to_come
        from cms.scheduling.indexes import objects_not_indexed
        from cms.scheduling.kinds import register_kind
        from cms.scheduling.kinds.expiry import EXPIRY
        from cms.scheduling.kinds.go_live import GO_LIVE
        from cms.scheduling.takedown import due_objects
        from pages.lifecycle.addresses import register_plans
        from pages.lifecycle.seen import register_due_objects
        from pages.lifecycle.versions import about_to_go_out
        from pages.models import Person

        for view in (redirect_views.CreateView, redirect_views.EditView):
            view.form_class = CheckedRedirectForm
        redirect_views.RedirectForm = CheckedRedirectForm  # By which tables are imported.
        take_paths_too(Redirect._meta.get_field("redirect_link"))
        register_not_indexed(objects_not_indexed)
        register_kind(GO_LIVE)
        register_kind(EXPIRY)
        register_due_objects(due_objects)
        register_plans(who_is_to_come)
        pre_save.connect(receivers.revision_is_saved, sender=Revision)
        pre_save.connect(receivers.person_is_saved, sender=Person)
        post_save.connect(receivers.person_was_saved, sender=Person)
        unpublished.connect(receivers.unpublished, dispatch_uid="scheduling.plans_end")
        about_to_go_out.connect(receivers.about_to_go_out, dispatch_uid="scheduling.plans")
        post_save.connect(receivers.page_is_added, dispatch_uid="scheduling.added_pages")
        pre_page_move.connect(receivers.page_about_to_move, dispatch_uid="scheduling.moving_pages")
        post_page_move.connect(receivers.page_moved, dispatch_uid="scheduling.moved_pages")
        post_migrate.connect(
            receivers.post_migrate, sender=self, dispatch_uid="scheduling.triggers"
        )
