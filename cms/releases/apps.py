from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "cms.releases"
    label = "releases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.signals import published

        from cms.admin.subjects import register_subject
        from cms.releases import receivers
        from cms.releases.kind import RELEASE
        from cms.releases.models import Release
        from cms.scheduling.kinds import register_kind

        register_subject(Release, url_name="releases:inspect", permission="publishing.view_release")
        register_kind(RELEASE)
        published.connect(receivers.published, dispatch_uid="releases.corrected")
