"""The deliverables: seven categories, with what each plans to hold. None is published so far."""

from pages.models import DeliverableCategoryPage, DeliverablesPage, HomePage
from pages.starter.prose import line, rich
from pages.starter.publishing import add_page

__all__ = ["create"]

INTRODUCTION = rich("""
    The working group has committed itself to results that benefit its own community and AI as a
    whole. They should help people to learn and to work together, and bring generative technology to
    the edge sooner, and responsibly.

    Educational content, resources for practice, programmes of recognition and publications across
    sectors are all meant as blocks for others to build on. Interoperability, open access and
    relevance in practice are what the group looks to above all, so that its work is within reach,
    and makes a difference, everywhere in edge AI.
""")

# Slug, name, words for search engines, planned items
CATEGORIES = [
    (
        "educational-content",
        "Educational Content",
        "What the working group plans for people who want to learn about Generative Edge AI.",
        [
            (
                "Tutorials, webinars and seminars",
                "From the foundations of Generative Edge AI to its advanced topics.",
            ),
            (
                "Whitepapers and reports",
                "Where industry is heading, what research has achieved, and which practices have"
                " proved best.",
            ),
        ],
    ),
    (
        "community-engagement-activities",
        "Community Engagement Activities",
        "Occasions for members of the Generative Edge AI community to meet and to talk.",
        [
            (
                "Roundtable discussions",
                "Academia, industry and individual contributors talk with one another.",
            ),
            (
                "Networking events",
                "People from other sectors and disciplines get to know each other and begin to work"
                " together.",
            ),
        ],
    ),
    (
        "knowledge-dissemination",
        "Knowledge Dissemination",
        "How the working group keeps people informed about Generative Edge AI.",
        [
            (
                "Regular updates",
                "News of technologies, tools and breakthroughs in Generative Edge AI.",
            ),
            (
                "Curated newsletters",
                "The field's main developments and insights, chosen and put in brief.",
            ),
        ],
    ),
    (
        "recognition-and-amplification",
        "Recognition and Amplification",
        "How the working group honours those who bring Generative Edge AI forward.",
        [
            (
                "Case studies and success stories",
                "What members have contributed, and what they achieved with it.",
            ),
            (
                "Spotlight series",
                "People and organisations that bring the field forward, one at a time.",
            ),
        ],
    ),
    (
        "practical-resources",
        "Practical Resources",
        "What the working group plans for people who build with Generative Edge AI.",
        [
            (
                "Demonstrations and walkthroughs",
                "Innovative solutions in Generative Edge AI, shown step by step.",
            ),
            (
                "Open-access repositories",
                "Tools, datasets and frameworks that others can reuse and reproduce results with.",
            ),
        ],
    ),
    (
        "future-oriented-initiatives",
        "Future-Oriented Initiatives",
        "How the working group keeps its definition of edge AI, and itself, up to date.",
        [
            (
                "A definition of edge AI that evolves",
                "Kept in step with what is new in applications, software and hardware.",
            ),
            (
                "Strategic plans",
                "How to win newcomers, keep innovation going and remain a community that is"
                " inclusive and looks ahead.",
            ),
        ],
    ),
    (
        "collaborative-publications",
        "Collaborative Publications",
        "What members of the working group from academia and industry plan to write together.",
        [
            (
                "Co-authored articles, research papers and blog posts",
                "Members from academia and from industry write them together.",
            ),
            (
                "Annual reviews",
                "What the group brought about in a year, and how the whole field has moved on.",
            ),
        ],
    ),
]


def create(home: HomePage) -> DeliverablesPage:
    index = add_page(
        home,
        DeliverablesPage(
            title="Deliverables",
            slug="deliverables",
            seo_title="Deliverables of the Generative Edge AI Working Group",
            search_description=line("""
                Seven kinds of results that the working group plans, from tutorials and whitepapers
                to open-access repositories and annual reviews.
            """),
            introduction=INTRODUCTION,
        ),
    )
    for slug, name, description, planned_items in CATEGORIES:
        add_page(
            index,
            DeliverableCategoryPage(
                title=name,
                slug=slug,
                seo_title=f"{name} on Generative Edge AI",
                search_description=description,
                planned_items=[
                    ("item", {"heading": heading, "text": text}) for heading, text in planned_items
                ],
            ),
        )
    index.refresh_from_db()
    return index
