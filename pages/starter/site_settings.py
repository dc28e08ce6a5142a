"""What holds for the whole site: its name, whose it is, and its picture."""

from wagtail.models import Site

from pages.models import SiteSettings
from pages.starter.organisation import Organisations
from pages.starter.placeholder import Placeholders
from pages.starter.prose import line

__all__ = ["create"]


def create(site: Site, organisations: Organisations, placeholders: Placeholders) -> None:
    """Settings that are there already stay."""
    settings = SiteSettings.for_site(site)
    if settings.name:
        return
    settings.name = "Generative Edge AI Working Group"
    settings.description = line("""
        A working group of the EDGE AI FOUNDATION that brings generative artificial intelligence to
        devices at the edge.
    """)
    settings.parent_organisation = organisations["EDGE AI FOUNDATION"]
    settings.social_image = placeholders.picture(
        "social networks", size=(1200, 630), words=["Generative Edge AI", "Working Group"]
    )
    settings.social_image_alt_text = settings.social_image.description
    settings.save()
