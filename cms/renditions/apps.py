from django.apps import AppConfig
from django.db.models.signals import post_save


class RenditionsConfig(AppConfig):
    name = "cms.renditions"
    label = "renditions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cms.renditions import jobs, receivers
        from cms.worker.kinds import Work, register_work
        from media.models import Image

        post_save.connect(receivers.image_saved, sender=Image)
        register_work(Work(jobs.do_next, look=jobs.note_gaps))
