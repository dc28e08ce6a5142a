"""What the working group has told about itself, and where the API has to answer it.

A place is a path through the answers: ``>`` goes into a field, ``[Name]`` picks the one item of a
list that is called so, ``[0]`` the first item, and ``[*]`` takes something of every item. What is
expected there is a value, or what a text has to tell.
"""

import re
from dataclasses import dataclass
from typing import Any

__all__ = ["FACTS", "Told", "at"]

NAMES = ("heading", "title", "name", "text", "label")
STEP = re.compile(r"([^\[\]]+)(?:\[(.+)\])?")


@dataclass(frozen=True)
class Told:
    """Phrases a text has to hold, whatever else it says."""

    phrases: tuple[str, ...]


def told(*phrases: str) -> Told:
    return Told(phrases)


def at(answer: Any, place: str) -> Any:
    """What stands at a place of the answer."""
    return _follow(answer, place.split(" > "))


def _follow(answer: Any, steps: list[str]) -> Any:
    if not steps:
        return answer
    match = STEP.fullmatch(steps[0])
    assert match, f"{steps[0]!r} is no step"
    field, chosen = match.groups()
    value = answer[field]
    if chosen == "*":
        return [_follow(item, steps[1:]) for item in value]
    if chosen is not None:
        value = value[int(chosen)] if chosen.isdigit() else _called(value, chosen)
    return _follow(value, steps[1:])


def _called(items: list[dict[str, Any]], name: str) -> dict[str, Any]:
    found = [item for item in items if any(item.get(key) == name for key in NAMES)]
    assert len(found) == 1, f"{len(found)} items are called {name!r}"
    return found[0]


SITE = [
    ("site > name", "Generative Edge AI Working Group"),
    ("site > url", "http://testserver"),  # where the settings say that the site is
    ("site > settings > name", "Generative Edge AI Working Group"),
    ("site > settings > parentOrganisation > name", "EDGE AI FOUNDATION"),
    ("site > settings > contactEmail", None),
    ("site > settings > socialLinks", []),
    (
        "site > navigation > header[*] > page > path",
        ["/charter/", "/leadership/", "/forums/", "/deliverables/", "/survey/", "/articles/"],
    ),
    (
        "site > navigation > header[Forums] > children[*] > page > path",
        ["/forums/first/", "/forums/second/", "/forums/third/", "/forums/fourth/"],
    ),
    (
        "site > navigation > footer[*] > page > path",
        ["/charter/", "/get-involved/", "/newsletters/", "/take-the-survey/"],
    ),
]

HOME = [
    ("home > title", "Generative Edge AI Working Group"),
    ("home > path", "/"),
    ("home > tagline", told("Creative", "intelligent", "edge of the network")),
    (
        "home > introduction > html",
        told(
            "EDGE AI FOUNDATION",
            "real time",
            "few resources",
            "decentralised",
            "real-time translation",
            "multimodal assistants",
            "industrial monitoring",
            "autonomous systems",
            "Academic researchers",
            "practitioners from industry",
            "contributors to open source",
            "autonomous and responsive",
            "little energy",
            "private",
            "sensor",
            "user",
            "moment",
        ),
    ),
    (
        "home > joinText > html",
        told("develop models", "build systems", "optimise hardware", "new applications"),
    ),
    ("home > joinPage > path", "/get-involved/"),
]

CHARTER = [
    ("charter > efficiencyQualifier", "TYPICALLY_AT_LEAST"),
    ("charter > efficiencyScale", "peta-operations per watt"),
    ("charter > efficiencyUnit", "POp/W"),
    (
        "charter > statement > html",
        told(
            "breakthrough",
            "edge AI and tinyML",
            "restricted resources",
            "hardware and software solutions",
            "algorithms and tools",
            "applications",
            "ecosystems",
            "in a natural way",
            "extremely high energy efficiency",
            "typically",
            "peta-operations per watt (POp/W), or higher",
            "systems-on-chip (SoCs)",
            "in-memory computing",
            "neural processor units (NPUs)",
            "heterogeneous integration",
        ),
    ),
    (
        "charter > technologies[*] > heading",
        [
            "Neural processor units",
            "In-memory computing",
            "Systems-on-chip",
            "Heterogeneous integration",
        ],
    ),
    ("charter > technologies[*] > abbreviation", ["NPU", None, "SoC", None]),
    (
        "charter > definition > html",
        told(
            "on the device itself",
            "not in a central cloud",
            "smartphone",
            "sensor",
            "(IoT)",
            "vehicle that drives itself",
            "Text, pictures or actions",
            "real time",
            "low latency",
            "personal",
            "private",
        ),
    ),
    (
        "charter > mission > html",
        told(
            "academia",
            "industry",
            "on their own",
            "brings them together",
            "education",
            "community",
            "recognition for pioneering achievements",
            "innovation, collaboration and knowledge",
        ),
    ),
    (
        "charter > objectivesIntroduction > html",
        told(
            "inclusive",
            "industry as well as academia",
            "point of reference",
            "hardware with software",
        ),
    ),
    (
        "charter > objectives[*] > heading",
        [
            "Foster Knowledge Sharing",
            "Promote Collaboration",
            "Highlight Achievements",
            "Educate the Community",
            "Encourage Innovation",
        ],
    ),
    (
        "charter > objectives[Foster Knowledge Sharing] > text",
        told("Seminars", "tutorials", "whitepapers", "roundtable discussions"),
    ),
    ("charter > objectives[Promote Collaboration] > text", told("academia", "industry")),
    ("charter > objectives[Highlight Achievements] > text", told("recognised", "new participants")),
    (
        "charter > objectives[Educate the Community] > text",
        told("Resources", "trends", "advances", "breakthroughs"),
    ),
    (
        "charter > objectives[Encourage Innovation] > text",
        told("Demos", "individuals", "initiatives"),
    ),
]

DANILO = "leadership > leaders[0] > person"
HAJAR = "leadership > leaders[1] > person"
LEADERSHIP = [
    ("leadership > leaders[*] > role", ["CO_CHAIR", "CO_CHAIR"]),
    (f"{DANILO} > name", "Danilo Pietro Pau"),
    (f"{DANILO} > distinction", "Fellow, IEEE"),
    (f"{DANILO} > organisation > name", "STMicroelectronics"),
    (f"{DANILO} > jobTitle", None),
    (f"{DANILO} > website", None),
    (
        f"{DANILO} > biography > html",
        told(
            "Politecnico di Milano in 1992",
            "STMicroelectronics",
            "HDMAC and MPEG2 video memory reduction",
            "coding of video",
            "graphics for embedded systems",
            "computer vision",
            "deep learning",
            "over 80 patents",
            "104 publications",
            "113 documents written for MPEG",
            "39 talks or seminars",
            "mentoring",
            "undergraduates, M.Sc. engineers or Ph.D. candidates",
            "IEEE Region 8 Action for Industry",
            "IEEE Consumer Electronics Society (CESoc)",
            "Technical Stream Committee “Machine Learning, Deep Learning and AI in the CE” (MDA)",
        ),
    ),
    (
        f"{DANILO} > portrait > alt",
        "Placeholder for a portrait of Danilo Pietro Pau: the initials DPP",
    ),
    (f"{DANILO} > portrait > image > credit", "Generated placeholder"),
    (f"{DANILO} > portrait > image > licence", "CC0"),
    (f"{HAJAR} > title", "Prof."),
    (f"{HAJAR} > name", "Hajar Mousannif"),
    (f"{HAJAR} > jobTitle", "Full Professor"),
    (f"{HAJAR} > organisation > name", "Cadi Ayyad University"),
    (
        f"{HAJAR} > biography > html",
        told(
            "Cadi Ayyad University in Morocco",
            "Machine learning, data science and artificial intelligence",
            "over 19 years",
            "more than 100 research papers",
            "several patents on AI",
            "first Bachelor's and Master's programmes in artificial intelligence",
            "EDGE AI FOUNDATION",
            "co-chairs",
            "Artificial Intelligence Working Group of the OPCW",
            "Organisation for the Prohibition of Chemical Weapons",
            "speaks at conferences",
        ),
    ),
    (
        f"{HAJAR} > portrait > alt",
        "Placeholder for a portrait of Hajar Mousannif: the initials HM",
    ),
    ("people[*] > name", ["Danilo Pietro Pau", "Dave McCarthy", "Hajar Mousannif"]),
    ("people[Dave McCarthy] > organisation > name", "IDC"),
    ("people[Dave McCarthy] > portrait", None),
    ("people[Dave McCarthy] > biography > html", told("second", "October 2024", "opening talk")),
]

FIRST = "forumsPage > editions > nodes[First Generative Edge AI on the Edge Forum]"
SECOND = "forumsPage > editions > nodes[Second Generative Edge AI on the Edge Forum]"
THIRD = "forumsPage > editions > nodes[Third Generative Edge AI on the Edge Forum]"
STRATEGY = "Edge Infrastructure & Strategic Perspectives"
PRIVACY = "New Approaches to Privacy, Memory & Security"
FOURTH = "forumsPage > editions > nodes[Fourth Generative Edge AI on the Edge Forum]"
FORUMS = [
    ("forumsPage > editions > nodes[*] > edition", [4, 3, 2, 1]),
    (
        "forumsPage > introduction > html",
        told(
            "in March and in October 2024",
            "Before this working group was formally set up",
            "TinyML",
            "Between 2024 and 2025 there were four forums",
            "48 organisations from academia and industry",
        ),
    ),
    # The first
    (f"{FIRST} > edition", 1),
    (f"{FIRST} > status", "PAST"),
    (f"{FIRST} > datePrecision", "MONTH"),
    (f"{FIRST} > dateText", "March 2024"),
    (f"{FIRST} > startsAt", "2024-03-01T00:00:00+00:00"),
    (f"{FIRST} > endsAt", "2024-04-01T00:00:00+00:00"),
    (f"{FIRST} > playlistUrl", None),
    (f"{FIRST} > format", None),
    (f"{FIRST} > talks", []),
    (f"{FIRST} > summary > html", told("Academia, industry and open source", "YouTube playlist")),
    (
        f"{FIRST} > themes[*] > heading",
        [
            "Miniaturized LLMs and Efficient Inference",
            "Generative AI for Hardware Design",
            "Edge Applications in Real-World Domains",
            "Human-AI Interaction and Design Futures",
            "Research Frontiers and System-Level Thinking",
        ],
    ),
    (
        f"{FIRST} > themes[Miniaturized LLMs and Efficient Inference] > organisations[*] > name",
        ["Syntiant", "NXP", "Arm"],
    ),
    (
        f"{FIRST} > themes[Miniaturized LLMs and Efficient Inference] > text",
        told("distillation and quantisation", "NPUs", "custom SoCs"),
    ),
    (
        f"{FIRST} > themes[Generative AI for Hardware Design] > organisations[*] > name",
        ["Harvard", "UC Davis", "Efabless"],
    ),
    (
        f"{FIRST} > themes[Generative AI for Hardware Design] > text",
        told("Foundation models", "architectures", "Verilog"),
    ),
    (
        f"{FIRST} > themes[Edge Applications in Real-World Domains] > organisations[*] > name",
        ["Bosch", "Qualcomm", "UNICEF", "Johns Hopkins"],
    ),
    (
        f"{FIRST} > themes[Edge Applications in Real-World Domains] > text",
        told("connected vehicles", "education", "healthcare", "embodied systems", "hybrid"),
    ),
    (
        f"{FIRST} > themes[Human-AI Interaction and Design Futures] > organisations[*] > name",
        ["IDEO", "Useful Sensors"],
    ),
    (
        f"{FIRST} > themes[Human-AI Interaction and Design Futures] > text",
        told("calm technology"),
    ),
    (
        f"{FIRST} > themes[Research Frontiers and System-Level Thinking] > organisations[*] > name",
        ["EPFL", "Meta"],
    ),
    (
        f"{FIRST} > themes[Research Frontiers and System-Level Thinking] > text",
        told("further speakers", "agentic AI", "multimodal", "learning and adapting"),
    ),
    # The second
    (f"{SECOND} > edition", 2),
    (f"{SECOND} > status", "PAST"),
    (f"{SECOND} > datePrecision", "MONTH"),
    (f"{SECOND} > dateText", "October 2024"),
    (f"{SECOND} > startsAt", "2024-10-01T00:00:00+00:00"),
    (f"{SECOND} > endsAt", "2024-11-01T00:00:00+00:00"),
    (f"{SECOND} > playlistUrl", None),
    (f"{SECOND} > summary > html", told("research institutes", "YouTube playlist")),
    (
        f"{SECOND} > themes[*] > heading",
        [
            STRATEGY,
            "Model Deployment & Optimization",
            "Lifecycle Integration & TinyML Synergies",
            "Domain-Specific Applications",
            PRIVACY,
            "Tools, Platforms & Future Directions",
        ],
    ),
    (
        f"{SECOND} > themes[{STRATEGY}] > organisations[*] > name",
        ["IDC"],
    ),
    (
        f"{SECOND} > themes[{STRATEGY}] > text",
        told("Dave McCarthy (IDC)", "LLMs", "transformer models"),
    ),
    (
        f"{SECOND} > themes[Model Deployment & Optimization] > organisations[*] > name",
        ["Meta", "Arm", "ETH Zurich"],
    ),
    (
        f"{SECOND} > themes[Model Deployment & Optimization] > text",
        told("ExecuTorch", "RISC-V SoCs", "ARM MPUs"),
    ),
    (
        f"{SECOND} > themes[Lifecycle Integration & TinyML Synergies] > organisations[*] > name",
        ["EURECOM", "Fondazione Bruno Kessler"],
    ),
    (
        f"{SECOND} > themes[Lifecycle Integration & TinyML Synergies] > text",
        told("neural style transfer", "ultra-low-power MCUs"),
    ),
    (
        f"{SECOND} > themes[Domain-Specific Applications] > organisations[*] > name",
        ["Bosch", "Wipro"],
    ),
    (
        f"{SECOND} > themes[Domain-Specific Applications] > text",
        told("Small Language Models", "custom code", "automotive", "enterprises", "vehicle"),
    ),
    (
        f"{SECOND} > themes[{PRIVACY}] > organisations[*] > name",
        ["NXP", "Kyung Hee University", "Technology Innovation Institute"],
    ),
    (
        f"{SECOND} > themes[{PRIVACY}] > text",
        told("Falcon Mamba", "privacy", "memory", "fine-tuning"),
    ),
    (
        f"{SECOND} > themes[Tools, Platforms & Future Directions] > organisations[*] > name",
        ["Particle.io"],
    ),
    (
        f"{SECOND} > themes[Tools, Platforms & Future Directions] > text",
        told("TinyRAG", "SECDA-LLM", "5G"),
    ),
    (f"{SECOND} > outlook > html", told("responsible, efficient and inclusive")),
    (f"{SECOND} > talks[*] > speakers[*] > name", [["Dave McCarthy"]]),
    (f"{SECOND} > talks[*] > organisations[*] > name", [["IDC"]]),
    (f"{SECOND} > talks[*] > recordingUrl", [None]),
    # The third
    (f"{THIRD} > edition", 3),
    (f"{THIRD} > status", "UNDATED"),
    (f"{THIRD} > datePrecision", "UNKNOWN"),
    (f"{THIRD} > dateText", None),
    (f"{THIRD} > startsAt", None),
    (f"{THIRD} > days", 2),
    (f"{THIRD} > format", "LIVESTREAM"),
    (f"{THIRD} > streamUrl", None),
    (f"{THIRD} > playlistUrl", None),
    (
        f"{THIRD} > themes[0] > text",
        told("hardware", "software", "tooling", "applications", "services"),
    ),
    (f"{THIRD} > themes[1] > text", told("Agentic AI", "physical AI")),
    (f"{THIRD} > themes[*] > organisations", [[], []]),
    # The fourth
    (f"{FOURTH} > edition", 4),
    (f"{FOURTH} > status", "UNDATED"),
    (f"{FOURTH} > dateText", None),
    (f"{FOURTH} > days", None),
    (f"{FOURTH} > format", None),
    (f"{FOURTH} > themes", []),
    (f"{FOURTH} > talks", []),
    (f"{FOURTH} > playlistUrl", None),
    (f"{FOURTH} > summary > html", told("between 2024 and 2025", "still have to be added")),
]

CATEGORY = "deliverablesPage > categories > nodes"
DELIVERABLES = [
    (
        "deliverablesPage > introduction > html",
        told("open access", "Interoperability", "relevance in practice", "responsibly"),
    ),
    (
        f"{CATEGORY}[*] > title",
        [
            "Educational Content",
            "Community Engagement Activities",
            "Knowledge Dissemination",
            "Recognition and Amplification",
            "Practical Resources",
            "Future-Oriented Initiatives",
            "Collaborative Publications",
        ],
    ),
    (f"{CATEGORY}[*] > deliverables > nodes", [[]] * 7),
    (
        f"{CATEGORY}[Educational Content] > plannedItems[*] > heading",
        ["Tutorials, webinars and seminars", "Whitepapers and reports"],
    ),
    (
        f"{CATEGORY}[Educational Content] > plannedItems[0] > text",
        told("foundations", "advanced topics"),
    ),
    (
        f"{CATEGORY}[Educational Content] > plannedItems[1] > text",
        told("industry", "research", "best"),
    ),
    (
        f"{CATEGORY}[Community Engagement Activities] > plannedItems[*] > heading",
        ["Roundtable discussions", "Networking events"],
    ),
    (
        f"{CATEGORY}[Knowledge Dissemination] > plannedItems[*] > heading",
        ["Regular updates", "Curated newsletters"],
    ),
    (
        f"{CATEGORY}[Knowledge Dissemination] > plannedItems[Regular updates] > text",
        told("technologies", "tools", "breakthroughs"),
    ),
    (
        f"{CATEGORY}[Recognition and Amplification] > plannedItems[*] > heading",
        ["Case studies and success stories", "Spotlight series"],
    ),
    (
        f"{CATEGORY}[Practical Resources] > plannedItems[*] > heading",
        ["Demonstrations and walkthroughs", "Open-access repositories"],
    ),
    (
        f"{CATEGORY}[Practical Resources] > plannedItems[Open-access repositories] > text",
        told("Tools", "datasets", "frameworks", "reuse", "reproduce"),
    ),
    (
        f"{CATEGORY}[Future-Oriented Initiatives] > plannedItems[*] > heading",
        ["A definition of edge AI that evolves", "Strategic plans"],
    ),
    (
        f"{CATEGORY}[Future-Oriented Initiatives] > plannedItems[0] > text",
        told("applications", "software", "hardware"),
    ),
    (
        f"{CATEGORY}[Collaborative Publications] > plannedItems[*] > heading",
        ["Co-authored articles, research papers and blog posts", "Annual reviews"],
    ),
]

SURVEY = [
    ("survey > wave", "Initial wave"),
    ("survey > audience", "Partners of the EDGE AI FOUNDATION"),
    ("survey > baseSize", None),
    ("survey > fieldworkFrom", None),
    ("survey > fieldworkTo", None),
    (
        "survey > questions[*] > heading",
        [
            "Market timing",
            "Preferred applications",
            "Expected solutions",
            "Drivers of adoption",
            "Organisational focus",
            "Collaboration interests",
            "Support wanted",
            "Emerging trends",
            "Agentic AI at the edge",
            "Perceived impact",
            "Barriers to adoption",
        ],
    ),
    ("survey > questions[*] > baseSize", [None] * 11),
    ("survey > questions[Market timing] > answerType", "EXCLUSIVE"),
    ("survey > questions[Market timing] > options[*] > figure", ["over 70%", None]),
    ("survey > questions[Market timing] > options[Already in 2025] > percentage", 70),
    ("survey > questions[Market timing] > options[Already in 2025] > qualifier", "OVER"),
    ("survey > questions[Market timing] > options[1] > text", told("five years", "not certain")),
    ("survey > questions[Market timing] > options[1] > note", told("Only a small fraction")),
    ("survey > questions[Market timing] > interpretation > html", told("2025", "2026")),
    (
        "survey > questions[Preferred applications] > options[*] > text",
        [
            "Small Language Models",
            "Visual Question Answering",
            "Speech-to-Text",
            "Text-to-Speech",
            "Media: captioning, generation, enhancement",
        ],
    ),
    ("survey > questions[Preferred applications] > answerType", None),
    ("survey > questions[Preferred applications] > options[*] > figure", [None] * 5),
    ("survey > questions[Preferred applications] > interpretation > html", told("multimodal")),
    (
        "survey > questions[Expected solutions] > options[*] > text",
        ["Hardware and chips", "Applications", "Services", "Tools"],
    ),
    ("survey > questions[Expected solutions] > options[*] > figure", [None] * 4),
    ("survey > questions[Drivers of adoption] > answerType", "MULTIPLE"),
    (
        "survey > questions[Drivers of adoption] > options[*] > text",
        [
            "Better interaction between humans and machines",
            "Novel products that are AI-native",
            "Uses that were out of reach of traditional AI",
        ],
    ),
    (
        "survey > questions[Drivers of adoption] > options[*] > figure",
        ["over 76%", "over 76%", "over 70%"],
    ),
    ("survey > questions[Organisational focus] > answerType", "MULTIPLE"),
    (
        "survey > questions[Organisational focus] > options[*] > text",
        ["Product development", "R&D", "Model deployment"],
    ),
    ("survey > questions[Organisational focus] > options[*] > figure", ["88%", "76%", None]),
    ("survey > questions[Organisational focus] > options[2] > note", told("secondary")),
    ("survey > questions[Collaboration interests] > answerType", "MULTIPLE"),
    (
        "survey > questions[Collaboration interests] > options[*] > text",
        [
            "Projects driven by a use case",
            "Collaborations on datasets and customer initiatives",
            "Joint research, or technical workshops",
        ],
    ),
    (
        "survey > questions[Collaboration interests] > options[*] > figure",
        ["82.4%", "64.7%", "58.8%"],
    ),
    (
        "survey > questions[Collaboration interests] > options[*] > percentage",
        [82.4, 64.7, 58.8],
    ),
    (
        "survey > questions[Support wanted] > options[*] > text",
        [
            "Open-source initiatives",
            "Case studies and demos from the real world",
            "Access to cutting-edge research",
            "Guidance on policy",
            "Access to compute on a large scale",
        ],
    ),
    ("survey > questions[Support wanted] > options[*] > figure", [None] * 5),
    ("survey > questions[Support wanted] > options[3] > note", told("lower priority")),
    ("survey > questions[Support wanted] > options[4] > note", told("lower priority")),
    (
        "survey > questions[Emerging trends] > options[*] > text",
        [
            "IoT and industrial applications",
            "Consumer-facing systems",
            "Humanoid robotics",
            "Multimodal AI",
        ],
    ),
    ("survey > questions[Emerging trends] > options[*] > figure", [None] * 4),
    ("survey > questions[Agentic AI at the edge] > options[*] > figure", ["over 76%"]),
    (
        "survey > questions[Agentic AI at the edge] > interpretation > html",
        told("safety", "hallucination", "trusted", "transparent", "education"),
    ),
    (
        "survey > questions[Perceived impact] > options[*] > text",
        ["Transformational", "Incremental", "Uncertain or sceptical"],
    ),
    ("survey > questions[Perceived impact] > options[*] > figure", [None] * 3),
    ("survey > questions[Perceived impact] > options[2] > note", "Very few."),
    (
        "survey > questions[Barriers to adoption] > options[*] > text",
        [
            "Definition of use cases",
            "Concerns about ROI and investment",
            "Limits of energy efficiency",
            "No silicon ready for production",
            "High cost of implementation",
            "Gaps in education",
        ],
    ),
    ("survey > questions[Barriers to adoption] > options[*] > figure", [None] * 6),
    (
        "survey > introduction > html",
        told("Partners of the EDGE AI FOUNDATION", "agentic AI", "outreach", "deliverables"),
    ),
    (
        "survey > conclusion > html",
        told("proof-of-concept deployments", "educational content", "agentic and autonomous"),
    ),
    ("survey > invitation > html", told("is being considered")),
    ("survey > formPage > path", "/take-the-survey/"),
]

ARTICLE = [
    ("article > kind", "ARTICLE"),
    ("article > date", None),
    ("article > authors[*] > person > name", ["Danilo Pietro Pau", "Hajar Mousannif"]),
    ("article > standfirst", told("Between 2024 and 2025", "four forums", "48 organisations")),
    ("article > headerImage > image > credit", "Generated placeholder"),
    ("article > relatedContent[*] > page > path", ["/forums/", "/survey/"]),
    (
        "article > sections[*] > heading",
        [
            "",
            "Does it work at all?",
            "Toolchains matter most",
            "From one device to many",
            "What industry asks for",
            "Where things get stuck",
            "More than text",
            "An ecosystem in the making",
            "What comes next",
        ],
    ),
    (
        "article > sections[0] > text",
        told(
            "two years ago",
            "hyperscale",
            "GPUs",
            "Embedded systems, mobile platforms and industrial gateways",
            "four Generative Edge AI Forums, held between 2024 and 2025",
            "48 organisations from academia and industry",
            "distributed, multimodal",
        ),
    ),
    (
        "article > sections[0] > quotations",
        ["Will a language model run at all on a device as limited as this?"],
    ),
    (
        "article > sections[Does it work at all?] > text",
        told("memory", "quantised", "runtime", "sub-4B", "Small Language Models", "accelerators"),
    ),
    (
        "article > sections[Does it work at all?] > quotations",
        ["They do run. So what shall we do with them?"],
    ),
    (
        "article > sections[Toolchains matter most] > text",
        told("architecture", "compiler", "end to end", "runtime", "engineering discipline"),
    ),
    (
        "article > sections[From one device to many] > text",
        told(
            "Distributed generative inference",
            "agents",
            "communication",
            "faults",
            "edge computing",
        ),
    ),
    (
        "article > sections[What industry asks for] > text",
        told("GenAI on device", "safety", "privacy", "legacy infrastructure", "deterministic"),
    ),
    (
        "article > sections[Where things get stuck] > text",
        told(
            "partners of the EDGE AI FOUNDATION",
            "tooling",
            "Healthcare and industry",
            "interoperable",
        ),
    ),
    (
        "article > sections[More than text] > text",
        told("cameras", "sensors", "biosignals", "telemetry", "energy, memory and latency"),
    ),
    (
        "article > sections[An ecosystem in the making] > text",
        told(
            "last 18 months",
            "agentic workflows",
            "interoperability",
            "adaptation",
            "toolchains",
            "Hardware vendors, developers of compilers, designers of runtimes",
        ),
    ),
    (
        "article > sections[What comes next] > text",
        told("models, systems and tools", "deployment", "interoperability", "orchestration"),
    ),
]

FORMS = [
    ("getInvolved > isOpen", True),
    (
        "getInvolved > formFields[*] > label",
        [
            "Your name",
            "E-mail address",
            "Organisation",
            "How would you like to contribute?",
            "Message",
            "Keep my message",
        ],
    ),
    ("takeTheSurvey > isOpen", False),
    ("takeTheSurvey > formFields", []),
]

ORGANISATIONS = [
    (
        "organisations[*] > name",
        [
            "Arm",
            "Bosch",
            "Cadi Ayyad University",
            "EDGE AI FOUNDATION",
            "EPFL",
            "ETH Zurich",
            "EURECOM",
            "Efabless",
            "Fondazione Bruno Kessler",
            "Harvard",
            "IDC",
            "IDEO",
            "IEEE",
            "IEEE Consumer Electronics Society",
            "Johns Hopkins",
            "Kyung Hee University",
            "Meta",
            "NXP",
            "OPCW",
            "Particle.io",
            "Politecnico di Milano",
            "Qualcomm",
            "STMicroelectronics",
            "Syntiant",
            "Technology Innovation Institute",
            "UC Davis",
            "UNICEF",
            "Useful Sensors",
            "Wipro",
        ],
    ),
    ("organisations[*] > website", [None] * 29),
]

FACTS: list[tuple[str, Any]] = [
    *SITE,
    *HOME,
    *CHARTER,
    *LEADERSHIP,
    *FORUMS,
    *DELIVERABLES,
    *SURVEY,
    *ARTICLE,
    *FORMS,
    *ORGANISATIONS,
]
