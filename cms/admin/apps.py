from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models import DateTimeField
from wagtail.users.apps import WagtailUsersAppConfig

__all__ = ["AdminConfig", "UsersConfig"]


class AdminConfig(AppConfig):
    default = True
    name = "cms.admin"
    label = "cms_admin"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.admin.forms.models import register_form_field_override

        from cms.admin import receivers
        from cms.admin.times.local_times import LocalDateTimeField, LocalDateTimeInput

        register_form_field_override(
            DateTimeField,
            override={"form_class": LocalDateTimeField, "widget": LocalDateTimeInput},
        )
        user_logged_in.connect(receivers.user_logged_in, dispatch_uid="admin.time_zone")


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's accounts, with our views of them."""

    user_viewset = "cms.admin.users.UserViewSet"
