from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from wagtail.users.apps import WagtailUsersAppConfig

__all__ = ["EditingConfig", "UsersConfig"]


class EditingConfig(AppConfig):
    default = True
    name = "cms.editing"
    label = "editing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.editing import receivers

        user_logged_in.connect(receivers.user_logged_in, dispatch_uid="editing.time_zone")


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's accounts, with our views of them."""

    user_viewset = "cms.editing.users.UserViewSet"
