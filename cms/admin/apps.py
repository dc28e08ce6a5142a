from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models import DateField, DateTimeField
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
        from wagtail.admin.api.views import PagesAdminAPIViewSet
        from wagtail.admin.forms.models import register_form_field_override
        from wagtail.admin.ui.side_panels import StatusSidePanel
        from wagtail.admin.views.account import LocaleSettingsPanel
        from wagtail.admin.views.generic import history
        from wagtail.admin.views.mixins import SpreadsheetExportMixin
        from wagtail.admin.widgets import AdminDateInput, BaseChooser
        from wagtail.models import ModelLogEntry, PageLogEntry
        from wagtail.signals import page_published
        from wagtail.sites.views import SiteViewSet
        from wagtail.snippets.widgets import AdminSnippetChooser

        from cms.admin import exports, languages, receivers
        from cms.admin.accounts.account import LocaleForm
        from cms.admin.forms.starting import chosen_title, render_chooser
        from cms.admin.history.versions import VersionColumn
        from cms.admin.page_api import CopyForTranslationThroughAPI, PublishThroughAPI
        from cms.admin.times.local_times import LocalDateTimeField, LocalDateTimeInput

        register_form_field_override(
            DateField,
            override={
                "widget": AdminDateInput,
                "error_messages": {"invalid": "Enter a date, such as 2026-07-01."},
            },
        )
        register_form_field_override(
            DateTimeField,
            override={"form_class": LocalDateTimeField, "widget": LocalDateTimeInput},
        )
        user_logged_in.connect(receivers.user_logged_in, dispatch_uid="admin.time_zone")
        pre_save.connect(receivers.account_is_saved, sender=User)
        pre_delete.connect(receivers.account_is_deleted, sender=User)
        pre_save.connect(receivers.group_is_written, sender=Group)
        pre_delete.connect(receivers.group_is_written, sender=Group)
        pre_save.connect(receivers.log_is_written, sender=PageLogEntry)
        pre_save.connect(receivers.log_is_written, sender=ModelLogEntry)
        for relation in (User.groups, User.user_permissions, Group.permissions):
            m2m_changed.connect(receivers.something_is_given, sender=relation.through)

        page_published.connect(receivers.page_is_published, dispatch_uid="admin.people_named")

        LocaleSettingsPanel.form_class = LocaleForm
        LocaleSettingsPanel.title = "Time zone"
        StatusSidePanel.get_status_templates = languages.get_status_templates
        BaseChooser.render = render_chooser
        AdminSnippetChooser.get_display_title = lambda chooser, chosen: chosen_title(chosen)
        SpreadsheetExportMixin.stream_csv = exports.stream_csv
        SpreadsheetExportMixin.write_xlsx = exports.write_xlsx
        history.ActionColumn = VersionColumn
        PagesAdminAPIViewSet.actions["publish"] = PublishThroughAPI
        PagesAdminAPIViewSet.actions["copy_for_translation"] = CopyForTranslationThroughAPI

        # What is posted to Wagtail's copy views is saved over the original.
        SiteViewSet.copy_view_enabled = False


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's accounts and groups, with our views of them."""

    user_viewset = "cms.admin.accounts.users.UserViewSet"
    group_viewset = "cms.admin.accounts.groups.GroupViewSet"
