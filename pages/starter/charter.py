"""The charter: how the group describes its field, what it is for, and its five objectives."""

from pages.models import CharterPage, HomePage
from pages.models.charter import EfficiencyQualifier
from pages.starter.prose import line, rich
from pages.starter.publishing import add_page

__all__ = ["create"]

STATEMENT = rich("""
    Generative Edge AI is a breakthrough within edge AI and tinyML. It is about generative
    artificial intelligence that makes do with restricted resources: the technologies, and what they
    are applied to. That takes in hardware and software solutions, algorithms and tools,
    applications, and the ecosystems around them.

    People should be able to interact with edge devices in a natural way, while the devices work at
    an extremely high energy efficiency: typically of the order of peta-operations per watt (POp/W),
    or higher still.

    The field is set to bring about systems-on-chip (SoCs), in-memory computing and neural processor
    units (NPUs) of a kind not seen before: powerful, and yet sparing with energy. They draw on
    heterogeneous integration, so that intelligence at the edge can scale and be sustained.
""")

TECHNOLOGIES = [
    ("Neural processor units", "NPU"),
    ("In-memory computing", ""),
    ("Systems-on-chip", "SoC"),
    ("Heterogeneous integration", ""),
]

DEFINITION = rich("""
    Generative Edge AI means that a generative model is put on the device itself and runs there, and
    not in a central cloud. The device may be a smartphone, a sensor, something in the Internet of
    Things (IoT) or a vehicle that drives itself. Text, pictures or actions come about in real time,
    just where data are gathered or where somebody interacts with the device. What users get is AI
    services with low latency that are personal to them and stay private.
""")

MISSION = rich("""
    Wherever people work on edge AI, in academia, in industry or on their own, the Generative Edge
    AI Working Group gives them the means to act and brings them together. With education, with an
    active community and with recognition for pioneering achievements, it advances innovation,
    collaboration and knowledge.
""")

OBJECTIVES_INTRODUCTION = rich("""
    The group has set itself objectives that turn its mission into work. They stand for a lively,
    inclusive community that looks ahead, that sees things from the side of industry as well as
    academia, and that takes the newest research into practical use.

    Members exchange what they know, work side by side and celebrate what is new. In this way the
    group wants to become a point of reference for lasting progress in the field. One conviction
    stands behind every objective: Generative Edge AI succeeds where different kinds of expertise
    come together, hardware with software, and the questions of scholars with engineering in the
    real world.
""")

OBJECTIVES = [
    (
        "Foster Knowledge Sharing",
        """Seminars, tutorials, whitepapers and roundtable discussions let ideas and insights change
        hands.""",
    ),
    (
        "Promote Collaboration",
        """Innovators from academia, from industry and on their own form ties that matter, and move
        Generative Edge AI forward together.""",
    ),
    (
        "Highlight Achievements",
        """Members who shape the field are recognised and more widely heard. That inspires others
        and attracts new participants.""",
    ),
    (
        "Educate the Community",
        """Resources that anyone can use, and news of what moves Generative Edge AI: its trends, its
        advances and its latest breakthroughs.""",
    ),
    (
        "Encourage Innovation",
        """Demos, a stage for what individuals contribute, and support for initiatives at the
        cutting edge keep people exploring and creating.""",
    ),
]


def create(home: HomePage) -> CharterPage:
    return add_page(
        home,
        CharterPage(
            title="Charter",
            slug="charter",
            seo_title="Charter of the Generative Edge AI Working Group",
            search_description=line("""
                What Generative Edge AI is, which energy efficiency it aims at, and the mission and
                five objectives of the working group.
            """),
            statement=STATEMENT,
            efficiency_qualifier=EfficiencyQualifier.TYPICALLY_AT_LEAST,
            efficiency_scale="peta-operations per watt",
            efficiency_unit="POp/W",
            technologies=[
                ("technology", {"heading": heading, "abbreviation": abbreviation})
                for heading, abbreviation in TECHNOLOGIES
            ],
            definition=DEFINITION,
            mission=MISSION,
            objectives_introduction=OBJECTIVES_INTRODUCTION,
            objectives=[
                ("objective", {"heading": heading, "text": line(text)})
                for heading, text in OBJECTIVES
            ],
        ),
    )
