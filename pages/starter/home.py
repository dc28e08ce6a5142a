"""The home page, and the site that begins with it."""

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Page, Site

from pages.models import FormPage, HomePage
from pages.starter.prose import line, rich
from pages.starter.publishing import add_draft
from pages.starter.publishing import publish as publish_content

__all__ = ["create", "open_site", "publish"]

NAME = "Generative Edge AI Working Group"

INTRODUCTION = rich("""
    The Generative Edge AI Working Group is part of the EDGE AI FOUNDATION. Its members work
    together to advance generative artificial intelligence where systems have to respond in real
    time, have few resources to spend, and are decentralised.

    Large generative models are changing what people do with technology, from real-time translation
    and multimodal assistants to industrial monitoring and autonomous systems. Bringing such models
    to the edge is the next big step towards AI that is within everyone's reach. Academic
    researchers, practitioners from industry and contributors to open source have come together here
    to take it.

    The aim is generative AI that makes devices at the edge autonomous and responsive, that needs
    little energy, and that keeps private data private. Intelligence then sits close to the sensor,
    to the user, and to the moment in which they interact.
""")

JOIN_TEXT = rich("""
    Do you develop models or build systems? Do you optimise hardware, or look for new applications?
    Then we want to hear from you. Help us to make generative intelligence efficient and open to
    all, and to build it in where the connected world has its outermost edge.
""")


def create() -> HomePage:
    """A draft: the form that it invites people to fill in will stand beneath it."""
    return add_draft(
        Page.get_first_root_node(),
        HomePage(
            title=NAME,
            slug="working-group",
            seo_title="Generative Edge AI Working Group",
            search_description=line("""
                Researchers, engineers and open-source contributors of the EDGE AI FOUNDATION who
                bring generative AI to devices at the edge.
            """),
            tagline="Creative, intelligent machines at the edge of the network",
            introduction=INTRODUCTION,
            join_heading="Get involved",
            join_text=JOIN_TEXT,
        ),
    )


def publish(home: HomePage, *, join_page: FormPage) -> HomePage:
    home.join_link_text = "Get involved"
    home.join_page = join_page
    return publish_content(home)


def open_site(home: HomePage) -> Site:
    """Let the default site begin with our home page, in place of Wagtail's word of welcome."""
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    first_page = site.root_page if site.root_page_id else None
    site.root_page = home
    site.site_name = site.site_name or NAME
    if site.hostname in ("", "localhost") and site.port == 80:  # as Wagtail made it
        address = urlsplit(settings.SITE_URL)
        site.hostname = address.hostname or "localhost"
        site.port = address.port or (443 if address.scheme == "https" else 80)
    site.save()
    if first_page and is_welcome(first_page):
        first_page.delete()
    return site


def is_welcome(page: Page) -> bool:
    """Whether it is the page that migrations make, as they made it."""
    is_untouched = page.title == "Welcome" and page.latest_revision_id is None
    return page.specific_class is Page and is_untouched and page.is_leaf()
