from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models import DateTimeField
from django.db.models.signals import m2m_changed, pre_delete, pre_save
from wagtail.users.apps import WagtailUsersAppConfig

__all__ = ["AdminConfig", "UsersConfig"]


class AdminConfig(AppConfig):
    default = True
    name = "cms.admin"
    label = "cms_admin"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from django.contrib.auth.models import Group, User
        from wagtail.admin.forms.models import register_form_field_override
        from wagtail.sites.views import SiteViewSet

        from cms.admin import receivers
        from cms.admin.times.local_times import LocalDateTimeField, LocalDateTimeInput

        register_form_field_override(
            DateTimeField,
            override={"form_class": LocalDateTimeField, "widget": LocalDateTimeInput},
        )
        user_logged_in.connect(receivers.user_logged_in, dispatch_uid="admin.time_zone")
        pre_save.connect(receivers.account_is_saved, sender=User)
        pre_delete.connect(receivers.account_is_deleted, sender=User)
        pre_save.connect(receivers.group_is_written, sender=Group)
        pre_delete.connect(receivers.group_is_written, sender=Group)
        for relation in (User.groups, User.user_permissions, Group.permissions):
            m2m_changed.connect(receivers.something_is_given, sender=relation.through)

        # What is posted to Wagtail's copy views is saved over the original.
        SiteViewSet.copy_view_enabled = False


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's accounts and groups, with our views of them."""

    user_viewset = "cms.admin.users.UserViewSet"
    group_viewset = "cms.admin.groups.GroupViewSet"
