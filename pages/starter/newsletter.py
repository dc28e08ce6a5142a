"""The page where readers join the newsletters. No edition is known yet."""

from pages.models import HomePage, NewslettersPage
from pages.starter.prose import line, rich
from pages.starter.publishing import add_page

__all__ = ["create"]

INTRODUCTION = rich("""
    The working group picks out what is new in generative AI at the edge, from what is developed
    and found out in the field to its own forums and deliverables, and sends it as a newsletter.
""")

CONSENT = line("""
    I agree that the working group keeps my e-mail address and sends me its newsletters. I can
    unsubscribe at any time, with one click in each of them.
""")


def create(home: HomePage) -> NewslettersPage:
    return add_page(
        home,
        NewslettersPage(
            title="Newsletters",
            slug="newsletters",
            seo_title="Newsletters of the Generative Edge AI Working Group",
            search_description=line("""
                Subscribe to what the working group picks out: what is new in generative AI at the
                edge, its forums and its deliverables.
            """),
            introduction=INTRODUCTION,
            consent_text=CONSENT,
        ),
    )
