from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models import DateTimeField
from django.db.models.signals import post_save
from wagtail.users.apps import WagtailUsersAppConfig

__all__ = ["EditingConfig", "UsersConfig"]


class EditingConfig(AppConfig):
    default = True
    name = "cms.editing"
    label = "editing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.admin.forms.models import register_form_field_override
        from wagtail.models import ModelLogEntry, PageLogEntry

        from cms.editing import receivers
        from cms.editing.local_times import LocalDateTimeField, LocalDateTimeInput
        from cms.publishing.signals import scheduler_idle

        register_form_field_override(
            DateTimeField,
            override={"form_class": LocalDateTimeField, "widget": LocalDateTimeInput},
        )
        user_logged_in.connect(receivers.user_logged_in, dispatch_uid="editing.time_zone")
        scheduler_idle.connect(receivers.scheduler_idle, dispatch_uid="editing.notifications")
        for model in (PageLogEntry, ModelLogEntry):
            uid = f"editing.notifications.{model.__name__}"
            post_save.connect(receivers.step_logged, sender=model, dispatch_uid=uid)


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's accounts, with our views of them."""

    user_viewset = "cms.editing.users.UserViewSet"
