from django.apps import AppConfig


class NewslettersConfig(AppConfig):
    name = "cms.newsletters"
    label = "newsletters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.signals import page_published

        from cms.newsletters import receivers, sending
        from cms.worker.kinds import Work, register_work
        from pages.models import NewsletterPage

        page_published.connect(receivers.edition_published, sender=NewsletterPage)
        register_work(Work(sending.do_next))
