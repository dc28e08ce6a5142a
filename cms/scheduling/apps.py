from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SchedulingConfig(AppConfig):
    name = "cms.scheduling"
    label = "scheduling"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.scheduling import receivers
        from cms.scheduling.kinds import register_kind
        from cms.scheduling.kinds.expiry import EXPIRY
        from cms.scheduling.kinds.go_live import GO_LIVE

        register_kind(GO_LIVE)
        register_kind(EXPIRY)
        post_migrate.connect(
            receivers.post_migrate, sender=self, dispatch_uid="scheduling.triggers"
        )
