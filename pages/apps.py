from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class PagesConfig(AppConfig):
    name = "pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.models import Site
        from wagtail.signals import post_page_move

        from pages.addresses import forget_addresses
        from pages.lifecycle.comparing import register_comparisons
        from pages.lifecycle.locks import ask_who_makes_sites
        from pages.lifecycle.redirects import page_moved

        register_comparisons()
        ask_who_makes_sites()
        for signal in (post_save, post_delete):
            signal.connect(forget_addresses, sender=Site, dispatch_uid="pages.addresses")
        post_page_move.connect(page_moved, dispatch_uid="pages.redirects")
