"""The leadership as Markdown."""

from pages.markdown.document import Answer, Document, label, link
from pages.markdown.parts import PERSON, PICTURE, affiliation, full_name
from pages.markdown.writers import writes
from pages.models.leadership import LeadershipPage, LeadershipRole

__all__ = ["leadership"]


@writes(
    LeadershipPage,
    asks=f"""
    introduction {{ markdown(firstHeading: 2) }}
    leaders {{
      role
      person {{ {PERSON} portrait {{ {PICTURE} }} biography {{ markdown }} }}
    }}
    """,
)
def leadership(page: Document, found: Answer) -> None:
    page.text(found["introduction"])
    for leader in filter(None, found["leaders"]):
        person = leader["person"]
        if not person:
            continue
        section = page.section(full_name(person))
        section.facts(
            role=label(LeadershipRole, leader["role"]),
            affiliation=affiliation(person),
            profile=link(person["website"], person["website"]),
        )
        section.picture(person["portrait"])
        section.text(person["biography"])
