"""The people whom the working group names: its two chairs, and one speaker."""

from collections.abc import Mapping

from pages.models import Person
from pages.starter.organisation import Organisations
from pages.starter.placeholder import Placeholders
from pages.starter.prose import rich
from pages.starter.publishing import add_snippet

__all__ = ["People", "create"]

People = Mapping[str, Person]

DANILO_PIETRO_PAU = rich("""
    Danilo Pietro Pau took his degree at the Politecnico di Milano in 1992 and went on to
    STMicroelectronics. His subjects there: HDMAC and MPEG2 video memory reduction, the coding of
    video, graphics for embedded systems, and computer vision. Today he develops solutions for deep
    learning, both its tools and its applications.

    His record holds over 80 patents, 104 publications, 113 documents written for MPEG, and 39
    talks or seminars to which universities and conferences around the world invited him. What he
    likes doing best has stayed the same: mentoring students of many universities, whether they are
    undergraduates, M.Sc. engineers or Ph.D. candidates.

    He is a Fellow of the IEEE. At present he is a member of IEEE Region 8 Action for Industry and,
    in the IEEE Consumer Electronics Society (CESoc), of the Technical Stream Committee “Machine
    Learning, Deep Learning and AI in the CE” (MDA).
""")

HAJAR_MOUSANNIF = rich("""
    At Cadi Ayyad University in Morocco, Hajar Mousannif holds a full professorship. Machine
    learning, data science and artificial intelligence have been her field for over 19 years. She
    has more than 100 research papers to her name and holds several patents on AI. She founded her
    university's first Bachelor's and Master's programmes in artificial intelligence.

    Besides this group, which belongs to the EDGE AI FOUNDATION, she co-chairs the Artificial
    Intelligence Working Group of the OPCW, the Organisation for the Prohibition of Chemical
    Weapons. She takes an active part in the AI community worldwide and often speaks at conferences
    in favour of AI that is developed responsibly and makes a real difference.
""")

DAVE_MCCARTHY = rich("""
    Dave McCarthy (IDC) gave the opening talk of the second Generative Edge AI on the Edge Forum, in
    October 2024.
""")


def create(organisations: Organisations, placeholders: Placeholders) -> People:
    danilo = Person(
        name="Danilo Pietro Pau",
        distinction="Fellow, IEEE",
        organisation=organisations["STMicroelectronics"],
        biography=DANILO_PIETRO_PAU,
        portrait=placeholders.portrait("Danilo Pietro Pau", "DPP"),
    )
    hajar = Person(
        name="Hajar Mousannif",
        title="Prof.",
        job_title="Full Professor",
        organisation=organisations["Cadi Ayyad University"],
        biography=HAJAR_MOUSANNIF,
        portrait=placeholders.portrait("Hajar Mousannif", "HM"),
    )
    dave = Person(name="Dave McCarthy", organisation=organisations["IDC"], biography=DAVE_MCCARTHY)
    for person in (danilo, hajar):
        person.portrait_alt_text = person.portrait.description
    return {person.name: add_snippet(person) for person in (danilo, hajar, dave)}
