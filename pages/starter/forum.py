"""The four forums so far.

Of the first two the month is known and what was talked about; of the third its format and its
subject; of the fourth only that it took place. What is not known stays empty, and the text says so.
"""

from datetime import UTC, datetime
from typing import Any

from pages.models import ForumPage, ForumsPage, HomePage
from pages.models.forum import DatePrecision, ForumFormat
from pages.starter.organisation import Organisations
from pages.starter.person import People
from pages.starter.prose import line, rich
from pages.starter.publishing import add_page

__all__ = ["create"]

INTRODUCTION = rich("""
    What generative models could do at the edge was clear to the EDGE AI FOUNDATION early on. Before
    this working group was formally set up, the foundation had already held its Generative Edge AI
    on the Edge Forum twice, in March and in October 2024. Experts from all over the world presented
    the newest research, passed on what practice had taught them, and asked where generative
    intelligence is heading when resources are tight.

    With these two forums the conversation moved on from TinyML to the wider subject of Generative
    Edge AI, and the ground for the working group was prepared. They are still at the heart of what
    it does, and show what its community cares about: talking openly, crossing the borders of
    disciplines, and having an effect in the real world.

    Much has come since then: new studies, applications of a new kind, and a clearer idea of which
    uses belong at the edge. The community keeps telling us that it wants to stay informed, to share
    what it learns, and to lay the foundation of what generative intelligence at the edge will be.

    Between 2024 and 2025 there were four forums. Altogether 48 organisations from academia and
    industry took part. News, recordings and ways to join in will be found on these pages.
""")

Theme = tuple[str, list[str], str]

FIRST_SUMMARY = rich("""
    The first forum opened a lively exchange across disciplines: how can generative models be made
    to work on platforms with few resources? Academia, industry and open source all contributed,
    some with far-reaching visions, others with engineering that they had done with their own hands.

    The presentations can be seen again in a YouTube playlist, whose address still has to be added.
""")

FIRST_THEMES: list[Theme] = [
    (
        "Miniaturized LLMs and Efficient Inference",
        ["Syntiant", "NXP", "Arm"],
        """How does a large language model come to run well on an embedded platform? Syntiant, NXP
        and Arm spoke about distillation and quantisation, about NPUs and custom SoCs, and about
        advanced ways of optimising a model.""",
    ),
    (
        "Generative AI for Hardware Design",
        ["Harvard", "UC Davis", "Efabless"],
        """Foundation models can help to make chips, too. Harvard, UC Davis and Efabless asked how
        they speed up design, improve architectures and even generate Verilog automatically for
        hardware that is meant for the edge.""",
    ),
    (
        "Edge Applications in Real-World Domains",
        ["Bosch", "Qualcomm", "UNICEF", "Johns Hopkins"],
        """Bosch, Qualcomm, UNICEF and Johns Hopkins showed Generative Edge AI at work: in
        healthcare and education, in connected vehicles and in embodied systems, often with new
        kinds of data or with hybrid architectures.""",
    ),
    (
        "Human-AI Interaction and Design Futures",
        ["IDEO", "Useful Sensors"],
        """How should such systems deal with people? IDEO and Useful Sensors went beyond what is
        usual, and imagined other ways of experiencing AI that owe something to calm technology and
        to creative storytelling.""",
    ),
    (
        "Research Frontiers and System-Level Thinking",
        ["EPFL", "Meta"],
        """EPFL, Meta and further speakers looked ahead to what is coming up: agentic AI, foundation
        models that are multimodal, and strategies by which systems at the edge keep learning and
        adapting throughout their lives.""",
    ),
]

SECOND_SUMMARY = rich("""
    The second forum carried on where the first had left off, and widened the view of how generative
    models are brought to the edge. Leading people from research institutes, industry and academia
    set out what is new today and what is hard in practice.

    The presentations can be seen again in a YouTube playlist, whose address still has to be added.
""")

SECOND_THEMES: list[Theme] = [
    (
        "Edge Infrastructure & Strategic Perspectives",
        ["IDC"],
        """In the opening talk, Dave McCarthy (IDC) looked ahead: transformer models and LLMs are
        changing the landscape of edge computing, and they hasten its adoption and the readiness of
        its infrastructure.""",
    ),
    (
        "Model Deployment & Optimization",
        ["Meta", "Arm", "ETH Zurich"],
        """Edge hardware sets tight limits. Meta, Arm and ETH Zurich showed how generative models
        are compressed and optimised until they fit, with ExecuTorch, RISC-V SoCs and ARM MPUs among
        the means.""",
    ),
    (
        "Lifecycle Integration & TinyML Synergies",
        ["EURECOM", "Fondazione Bruno Kessler"],
        """EURECOM and Fondazione Bruno Kessler reported how the lifecycle of TinyML can be joined
        with LLMs, and how advanced generative applications, neural style transfer for one, get onto
        ultra-low-power MCUs.""",
    ),
    (
        "Domain-Specific Applications",
        ["Bosch", "Wipro"],
        """What Bosch and Wipro have learned from putting Small Language Models to use in the
        automotive world and in enterprises. The uses range from making a vehicle suit the person
        inside to generating custom code.""",
    ),
    (
        "New Approaches to Privacy, Memory & Security",
        ["NXP", "Kyung Hee University", "Technology Innovation Institute"],
        """NXP, Kyung Hee University and the Technology Innovation Institute spoke about progress in
        compressing models, in fine-tuning them securely and in making better use of memory. Falcon
        Mamba was one example, inference that preserves privacy another.""",
    ),
    (
        "Tools, Platforms & Future Directions",
        ["Particle.io"],
        """TinyRAG stood for the tools that the community makes, SECDA-LLM for strategies of
        hardware design. What to consider when deploying on 5G platforms at the edge was the
        contribution of Particle.io.""",
    ),
]

SECOND_OUTLOOK = rich("""
    The community came away surer of what it had believed before: generative AI at the edge is no
    longer a mere possibility, since it is being done. To spread it in a responsible, efficient and
    inclusive way, the disciplines have to go on working together.
""")

OPENING_TALK = line("""
    A look ahead at how transformer models and LLMs change the landscape of edge computing, hasten
    its adoption and make its infrastructure ready. The talk's own title still has to be added.
""")

THIRD_SUMMARY = rich("""
    The third forum was announced as a livestream of two days. Its focus: the impact that platforms
    for Generative Edge AI have.

    Its dates, the address of the stream and its speakers still have to be added here.
""")

THIRD_THEMES: list[Theme] = [
    (
        "Platforms and what they change",
        [],
        "Progress in hardware and software, in tooling, in applications and in services.",
    ),
    ("Emerging paradigms", [], "Agentic AI and physical AI, among others."),
]

FOURTH_SUMMARY = rich("""
    Four forums took place between 2024 and 2025, and this was the fourth. More is not told yet: its
    date and its programme still have to be added here.
""")


def create(home: HomePage, organisations: Organisations, people: People) -> ForumsPage:
    index = add_page(
        home,
        ForumsPage(
            title="Forums",
            slug="forums",
            seo_title="Generative Edge AI on the Edge Forum",
            search_description=line("""
                The four editions of the Generative Edge AI on the Edge Forum between 2024 and 2025:
                their themes, and the organisations that spoke to them.
            """),
            introduction=INTRODUCTION,
        ),
    )
    for edition in editions(organisations, people):
        add_page(index, edition)
    index.refresh_from_db()
    return index


def editions(organisations: Organisations, people: People) -> list[ForumPage]:
    return [
        ForumPage(
            **names("First", 1),
            search_description=line("""
                March 2024: small language models, chip design, real-world applications, interaction
                with people, and the frontiers of research.
            """),
            date_precision=DatePrecision.MONTH,
            starts_at=datetime(2024, 3, 1, tzinfo=UTC),
            time_zone="UTC",
            summary=FIRST_SUMMARY,
            themes=theme_blocks(FIRST_THEMES, organisations),
        ),
        ForumPage(
            **names("Second", 2),
            search_description=line("""
                October 2024: infrastructure, deployment, TinyML and LLMs, applications, privacy and
                memory, and the tools of the community.
            """),
            date_precision=DatePrecision.MONTH,
            starts_at=datetime(2024, 10, 1, tzinfo=UTC),
            time_zone="UTC",
            summary=SECOND_SUMMARY,
            themes=theme_blocks(SECOND_THEMES, organisations),
            outlook=SECOND_OUTLOOK,
            talks=[
                (
                    "talk",
                    {
                        "heading": "Opening: what LLMs mean for edge computing",
                        "text": OPENING_TALK,
                        "speakers": [people["Dave McCarthy"]],
                        "organisations": [organisations["IDC"]],
                    },
                )
            ],
        ),
        ForumPage(
            **names("Third", 3),
            search_description=line("""
                A livestream of two days on platforms for Generative Edge AI, with agentic and
                physical AI among its topics.
            """),
            date_precision=DatePrecision.UNKNOWN,
            days=2,
            format=ForumFormat.LIVESTREAM,
            summary=THIRD_SUMMARY,
            themes=theme_blocks(THIRD_THEMES, organisations),
        ),
        ForumPage(
            **names("Fourth", 4),
            search_description=line("""
                The fourth edition of the Generative Edge AI on the Edge Forum. Its date and its
                programme still have to be added.
            """),
            date_precision=DatePrecision.UNKNOWN,
            summary=FOURTH_SUMMARY,
        ),
    ]


def names(ordinal: str, edition: int) -> dict[str, Any]:
    title = f"{ordinal} Generative Edge AI on the Edge Forum"
    return {"title": title, "slug": ordinal.lower(), "seo_title": title, "edition": edition}


def theme_blocks(themes: list[Theme], organisations: Organisations) -> list[tuple[str, dict]]:
    return [
        (
            "theme",
            {
                "heading": heading,
                "text": line(text),
                "organisations": [organisations[name] for name in names_of_organisations],
            },
        )
        for heading, names_of_organisations, text in themes
    ]
