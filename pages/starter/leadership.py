"""The leadership page: the two chairs, who lead the group together."""

from pages.models import HomePage, Leader, LeadershipPage
from pages.models.leadership import LeadershipRole
from pages.starter.person import People
from pages.starter.prose import line, rich
from pages.starter.publishing import add_page

__all__ = ["create"]

INTRODUCTION = rich("""
    Two internationally renowned experts in artificial intelligence and edge computing lead the
    working group together.
""")

CO_CHAIRS = ["Danilo Pietro Pau", "Hajar Mousannif"]


def create(home: HomePage, people: People) -> LeadershipPage:
    page = LeadershipPage(
        title="Leadership",
        slug="leadership",
        seo_title="Who leads the Generative Edge AI Working Group",
        search_description=line("""
            Danilo Pietro Pau of STMicroelectronics and Prof. Hajar Mousannif of Cadi Ayyad
            University chair the working group.
        """),
        introduction=INTRODUCTION,
    )
    page.leaders = [Leader(person=people[name], role=LeadershipRole.CO_CHAIR) for name in CO_CHAIRS]
    return add_page(home, page)
