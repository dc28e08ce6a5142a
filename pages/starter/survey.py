"""The survey's first findings.

Some shares are known, most are not: an option has a number only where the group published one.
Where several options were named together, nobody knows which of them came first; their notes say
so. Neither the number of respondents nor the days of the fieldwork are known.
"""

from typing import Any

from pages.models import FormPage, HomePage, SurveyPage
from pages.models.survey import AnswerType, FigureBasis, FigureQualifier
from pages.starter.prose import line, rich
from pages.starter.publishing import add_page

__all__ = ["create"]

INTRODUCTION = rich("""
    What should the working group put first, what should it begin, and what should it produce? To
    find out, it has launched a strategic survey of its community. It is committed to inclusive
    innovation and to collaboration around the world, and so it wants to hear from people with a
    stake in the field: in industry, in open source and in academia. Partners of the EDGE AI
    FOUNDATION were the first to receive the survey.

    The questions range widely: how ready the technology is and what stands in the way of adopting
    it, which fields of application people prefer, in what form they would like to collaborate, and
    which trends they see emerging. They also take a first reading of opinion on agentic AI at the
    edge, on needs in education and outreach, and on the kinds of deliverables that would be worth
    most to participants.
""")

SUMMARY = rich("""
    The answers of the initial wave are early input from the community. They show, at this moment of
    a field in motion, what people expect of Generative Edge AI, what they put first and what holds
    them back. Where a share is known, it is given. Where only an order is known, there is no
    figure.
""")

CONCLUSION = rich("""
    Many comments ask for educational content and for proof-of-concept deployments, most of all
    where a paradigm is new, as with agentic and autonomous systems. Excitement is plainly on the
    rise, but respondents have not forgotten that innovation must be responsible and stand on
    practical ground.

    The findings already help the group to settle its agenda, and it will be guided by them in what
    it starts next.
""")

INVITATION = rich("""
    Whether the survey is opened to everyone is being considered. Has your organisation worked with
    Generative Edge AI for some time, or is it only finding out what the field has to offer? Either
    way, your answers would help the group to choose its direction and to keep its work in line with
    real problems and real opportunities.

    Every voice counts, and together they make for an ecosystem that is stronger, better connected
    and has more of an effect. How to contribute will be announced here.
""")

Option = dict[str, Any]


def measured(text: str, share: str, *, over: bool = False, note: str = "") -> Option:
    return {
        "text": text,
        "basis": FigureBasis.MEASURED,
        "qualifier": FigureQualifier.OVER if over else FigureQualifier.EXACTLY,
        "percentage": share,
        "note": note,
    }


def ranked(text: str, note: str = "") -> Option:
    return {"text": text, "basis": FigureBasis.RANKED, "qualifier": "", "note": note}


AMONG_FOUR = "One of the four that drew strong interest; which of them came first is not known."
AMONG_THREE = "One of the three expected most; which of them came first is not known."
AMONG_TOP = "Among the answers given most; which of them came first is not known."
AMONG_LOW = "A lower priority at this stage for many respondents."
AMONG_LEADING = "One of the three that lead; which of them came first is not known."
AMONG_FREQUENT = "Named often, after the three that lead; in which order is not known."
AMONG_NEARLY_ALL = "Nearly all chose this or the other of the two; how they divide is not known."

UNKNOWN_ORDER = {
    AMONG_FOUR,
    AMONG_THREE,
    AMONG_TOP,
    AMONG_LOW,
    AMONG_LEADING,
    AMONG_FREQUENT,
    AMONG_NEARLY_ALL,
}

QUESTIONS: list[dict[str, Any]] = [
    {
        "heading": "Market timing",
        "question": "In which year will the first Edge Generative AI products be on the market?",
        "answer_type": AnswerType.EXCLUSIVE,
        "options": [
            measured("Already in 2025", "70", over=True),
            ranked(
                "More than five years away, or not certain",
                "Only a small fraction. How many gave the answers in between is not known.",
            ),
        ],
        "interpretation": """
            Asked when solutions would first come to market, respondents are optimistic: for a clear
            majority it is 2025 already. From 2026 onwards they expect the momentum to stay strong.
        """,
    },
    {
        "heading": "Preferred applications",
        "question": "What should Edge Generative AI be used for first?",
        "options": [
            ranked("Small Language Models", AMONG_FOUR),
            ranked("Visual Question Answering", AMONG_FOUR),
            ranked("Speech-to-Text", AMONG_FOUR),
            ranked("Text-to-Speech", AMONG_FOUR),
            ranked(
                "Media: captioning, generation, enhancement",
                "Given as examples of uses with media, which follow those four.",
            ),
        ],
        "interpretation": """
            Respondents were asked which uses are relevant or promise most. Their answers show the
            value they see in multimodal generative models, even where constraints are tight.
        """,
    },
    {
        "heading": "Expected solutions",
        "options": [
            ranked("Hardware and chips", AMONG_THREE),
            ranked("Applications", AMONG_THREE),
            ranked("Services", AMONG_THREE),
            ranked("Tools", "Seen as important in making the others possible."),
        ],
        "interpretation": "Respondents expect to see an effect at every level of the stack.",
    },
    {
        "heading": "Drivers of adoption",
        "answer_type": AnswerType.MULTIPLE,
        "options": [
            measured("Better interaction between humans and machines", "76", over=True),
            measured("Novel products that are AI-native", "76", over=True),
            measured("Uses that were out of reach of traditional AI", "70", over=True),
        ],
        "interpretation": """
            Two wishes come first: machines that are better to deal with, and new products with AI
            at their core. Use cases that could not be had before follow closely.
        """,
    },
    {
        "heading": "Organisational focus",
        "answer_type": AnswerType.MULTIPLE,
        "options": [
            measured("Product development", "88"),
            measured("R&D", "76"),
            ranked("Model deployment", "Relevant, but seen as secondary."),
        ],
        "interpretation": """
            Organisations put product development first, and R&D after it. That the deployment of
            models is secondary suggests a community which is still exploring and laying its
            foundations.
        """,
    },
    {
        "heading": "Collaboration interests",
        "answer_type": AnswerType.MULTIPLE,
        "options": [
            measured("Projects driven by a use case", "82.4"),
            measured(
                "Collaborations on datasets and customer initiatives",
                "64.7",
                note="One share is given for the two together.",
            ),
            measured(
                "Joint research, or technical workshops",
                "58.8",
                note="One share is given for the two together.",
            ),
        ],
        "interpretation": """
            Organisations look for partnerships that are relevant in practice and in which both
            sides experiment, and not for abstract work or for work in silos.
        """,
    },
    {
        "heading": "Support wanted",
        "options": [
            ranked("Open-source initiatives", AMONG_TOP),
            ranked("Case studies and demos from the real world", AMONG_TOP),
            ranked("Access to cutting-edge research", AMONG_TOP),
            ranked("Guidance on policy", AMONG_LOW),
            ranked("Access to compute on a large scale", AMONG_LOW),
        ],
        "interpretation": """
            This is what respondents would like to have from the foundation and from the working
            group. Policy and large computing resources can wait, many of them say.
        """,
    },
    {
        "heading": "Emerging trends",
        "options": [
            ranked("IoT and industrial applications"),
            ranked("Consumer-facing systems"),
            ranked("Humanoid robotics"),
            ranked("Multimodal AI"),
        ],
        "interpretation": "Among the sectors to watch, IoT and industry come before all others.",
    },
    {
        "heading": "Agentic AI at the edge",
        "options": [measured("In favour of exploring it further", "76", over=True)],
        "interpretation": """
            Interest is strong, and it often comes with worries: about safety, about the risk of
            hallucination, and about whether such systems can be trusted. Frameworks that are
            transparent, and education that goes on, seem to be what is needed.
        """,
    },
    {
        "heading": "Perceived impact",
        "options": [
            ranked("Transformational", AMONG_NEARLY_ALL),
            ranked("Incremental", AMONG_NEARLY_ALL),
            ranked("Uncertain or sceptical", "Very few."),
        ],
        "interpretation": """
            The view of what generative AI at the edge will bring about is almost wholly positive.
        """,
    },
    {
        "heading": "Barriers to adoption",
        "question": "What keeps your organisation from using generative AI at the edge?",
        "options": [
            ranked("Definition of use cases", AMONG_LEADING),
            ranked("Concerns about ROI and investment", AMONG_LEADING),
            ranked("Limits of energy efficiency", AMONG_LEADING),
            ranked("No silicon ready for production", AMONG_FREQUENT),
            ranked("High cost of implementation", AMONG_FREQUENT),
            ranked("Gaps in education", AMONG_FREQUENT),
        ],
        "interpretation": """
            Respondents were asked what holds their own organisation back. The answers tell where
            resources and joint action could help soonest.
        """,
    },
]


def complete(question: dict[str, Any]) -> dict[str, Any]:
    """The question as stored; options that share a note about their order are tied."""
    options, before = [], ""
    for option in question["options"]:
        tied = option["note"] == before and before in UNKNOWN_ORDER
        options.append({**option, "tied_with_previous": tied})
        before = option["note"]
    interpretation = rich(question["interpretation"])
    return {**question, "options": options, "interpretation": interpretation}


def create(home: HomePage, form_page: FormPage) -> SurveyPage:
    return add_page(
        home,
        SurveyPage(
            title="Survey",
            slug="survey",
            seo_title="Generative Edge AI Survey: first findings",
            search_description=line("""
                What partners of the EDGE AI FOUNDATION expect of Generative Edge AI: timing,
                applications, collaboration, trends and barriers.
            """),
            introduction=INTRODUCTION,
            wave="Initial wave",
            audience="Partners of the EDGE AI FOUNDATION",
            summary=SUMMARY,
            questions=[("question", complete(question)) for question in QUESTIONS],
            conclusion=CONCLUSION,
            invitation=INVITATION,
            form_page=form_page,
        ),
    )
