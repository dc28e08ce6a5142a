"""The chairs' article: how Generative Edge AI changed over the course of four forums.

It is told in other words than theirs, quotations included, so a quotation names nobody. Its date is
not known.
"""

from wagtail.models import Page

from pages.models import ArticleAuthor, ArticlePage, ArticlesPage, HomePage
from pages.models.article import ArticleKind
from pages.starter.person import People
from pages.starter.placeholder import Placeholders
from pages.starter.prose import line, rich
from pages.starter.publishing import add_page

__all__ = ["create"]

INDEX_INTRODUCTION = rich("""
    What members of the working group think and report: articles and news, newsletters, spotlights
    and case studies.
""")

TITLE = "Four forums on: the chairs look back at how generative AI came to the edge"

STANDFIRST = line("""
    Between 2024 and 2025, four forums brought 48 organisations together. In this personal look
    back, the chairs of the working group tell how one question gave way to another: first whether
    generative AI runs at the edge, then what it takes to build on it.
""")

BODY = [
    (
        "text",
        """
        When the community of the EDGE AI FOUNDATION first talked about generative AI at the edge,
        two years ago, it did so with curiosity and with caution. One question stood above all the
        others, and there was something innocent about its simplicity:
        """,
    ),
    ("quotation", "Will a language model run at all on a device as limited as this?"),
    (
        "text",
        """
        In those days generative AI belonged to the cloud and to hyperscale infrastructure. The
        story everyone told was one of large models, of GPUs in great numbers, and of one centre
        from which everything is orchestrated. Embedded systems, mobile platforms and industrial
        gateways did not seem a place for transformers. And still, things had started to move.

        At four Generative Edge AI Forums, held between 2024 and 2025 and attended by 48
        organisations from academia and industry, we could watch the movement from close by. It
        began as an experiment: would this work? It has become a much bigger undertaking, the
        building of an ecosystem for generative intelligence that is distributed, multimodal and in
        operation at the edge. Seen from today, the change is remarkable.
        """,
    ),
    ("heading", "Does it work at all?"),
    (
        "text",
        """
        Our first talks were about technology, and about little else. How much memory does a
        model take up? How coarsely may it be quantised, and how can its runtime be tuned? Do models
        with fewer than 4 billion parameters, sub-4B for short, fit into such narrow limits?

        When Small Language Models came up, nothing stayed as it had been. They are not giants
        of the cloud made smaller. Efficiency was part of their design from the first day, and it is
        on purpose that they are compact: nothing had to be sacrificed to make them so.

        Little by little, the demonstrations persuaded us. Answers came sooner, memory could be
        managed, and the accelerators in embedded hardware were up to the task. What had passed for
        an exception began to look like something others could repeat. Then, with no fuss about it,
        another question had come up in place of the first:
        """,
    ),
    ("quotation", "They do run. So what shall we do with them?"),
    ("heading", "Toolchains matter most"),
    (
        "text",
        """
        Now that the models ran, we had to admit something awkward. How well they did depended only
        in part on their architecture, and more on the toolchain. With each discussion at the forums
        it grew plainer: support from the compiler, optimisation that knows the hardware, and a
        pipeline for inference that is complete from end to end count for more than another small
        change to a model.

        The debate grew up. A demo of one model on its own was no longer cause for celebration, and
        people began to look hard at the pipeline:

        - How does the model fit in with the runtime?
        - How far can it be carried over to other platforms?
        - Can others get the same result?
        - What becomes of it on an architecture that is not the same?

        Single models were what Generative Edge AI had been about. Step by step, it became a matter
        of engineering discipline.
        """,
    ),
    ("heading", "From one device to many"),
    (
        "text",
        """
        What came next was more interesting still. If one device can run a generative model, what
        can several do together? Distributed generative inference appeared in its early forms: small
        models that cooperate, tasks that are split among nodes of different kinds, and systems, not
        unlike agents, that coordinate what devices do.

        All at once the familiar problems of distributed systems were back in new surroundings.
        Nodes have to be synchronised, communication has its cost, faults must be tolerated, and no
        two nodes need be alike. To optimise one device was no longer the task. The task was to
        orchestrate a system.

        Whoever comes, as we do, from edge computing and from distributed systems did not take this
        for a novelty: two fields were growing together. The edge gave generative AI a place to run,
        and more than that, it changed how such intelligence must be engineered.
        """,
    ),
    ("heading", "What industry asks for"),
    (
        "text",
        """
        Perhaps nothing changed the debate as much as industry, once it took a larger part in it.
        The first forums showed demonstrations of a general kind, under the label “GenAI on device”.
        One watched them with interest, but they stayed abstract. The later forums had another feel.

        - In cars, latency and safety must be guaranteed, and strictly so.
        - In healthcare, people asked about privacy, about energy efficiency, and whether a signal
          can be relied on.
        - In industrial plant, a system must fit in with legacy infrastructure and behave in a
          deterministic way.

        Where this is what counts, the scores of a benchmark come second, and first comes how good
        the integration is. Coherent text from a model used to be the measure of success. Now it is
        a system that can be deployed and maintained, and that people can trust where it operates
        for real. With that, things took a different course.
        """,
    ),
    ("heading", "Where things get stuck"),
    (
        "text",
        """
        What was said at the forums, and what partners of the EDGE AI FOUNDATION answered in our
        survey, pointed one way. The performance of models has ceased to be the main obstacle. The
        obstacle is tooling, and the integration of systems.

        Organisations are optimistic that adoption is near. Healthcare and industry above all see
        what they would gain at once from generative intelligence that is local and low in latency.
        They say, too, what is hard: to put a software stack together from parts that differ, to
        manage the workflows of deployment, and to make sure that results can be reproduced.

        It is the ecosystem, then, in which things get stuck. Models that can do the work exist. Not
        so the infrastructure around them, at least none that is mature, interoperable and pleasant
        for developers to the degree we need.
        """,
    ),
    ("heading", "More than text"),
    (
        "text",
        """
        Less conspicuous, and no less important, is the turn towards several modalities. At the
        edge, text is seldom all there is. Devices deal with cameras and other sensors, with
        biosignals, with telemetry from industry. More and more, generative reasoning has to connect
        language with perceiving and with acting.

        Nobody asks for this because it looks good: without it, systems cannot be deployed. It sets
        new tasks for architecture. Generative reasoning and the pipelines of a particular field
        must be coupled more tightly, and the budgets for energy, memory and latency must be weighed
        against each other with care. Here again, it is the system as a whole that is complex.
        """,
    ),
    ("heading", "An ecosystem in the making"),
    (
        "text",
        """
        If the last 18 months had to fit into one sentence, we would choose this one:
        """,
    ),
    (
        "quotation",
        """
        Generative Edge AI is no longer a technology being explored: it is an ecosystem being built.
        """,
    ),
    (
        "text",
        """
        Whether constrained devices can run small models was the central question. By and large it
        has its answer. Those that take its place are more difficult:

        - How can agentic workflows be orchestrated when the nodes at the edge are not alike?
        - What would mechanisms for interoperability look like that take account of resources?
        - What makes techniques of adaptation viable where energy and storage are tightly limited?
        - How do we get toolchains that spare developers the diversity of hardware, are a pleasure
          to use, and lead to the same result each time?

        Such questions are about the system more than about the model. Hardware vendors, developers
        of compilers, designers of runtimes, application engineers and researchers can only answer
        them in coordination. It is for this that the community of the EDGE AI FOUNDATION matters.
        """,
    ),
    ("heading", "What comes next"),
    (
        "text",
        """
        One more model, a little better than the last, will not settle what the next phase is. That
        depends on whether models, systems and tools can be brought into line, so that ecosystems
        come about which hold together.

        It may be that, in the end, less depends on the models than on how good the infrastructure
        around them is: the pipelines for deployment, the standards for interoperability, the
        frameworks for orchestration. In many respects this leads back to what pervasive systems and
        edge computing have stood for from the start. Systems should be robust and interoperate,
        results should be reproducible, and engineering should be rigorous.

        Generative AI reached the edge some time ago. Now the edge is changing generative AI, and
        the work that interests us most has only begun.
        """,
    ),
]


def create(
    home: HomePage, people: People, placeholders: Placeholders, *, related: list[Page]
) -> ArticlesPage:
    index = add_page(
        home,
        ArticlesPage(
            title="Articles",
            slug="articles",
            seo_title="Articles on Generative Edge AI",
            search_description=line("""
                Articles, news, newsletters, spotlights and case studies from the Generative Edge AI
                Working Group.
            """),
            introduction=INDEX_INTRODUCTION,
        ),
    )
    article = ArticlePage(
        title=TITLE,
        slug="four-forums-on",
        seo_title="Four forums on: generative AI at the edge",
        search_description=line("""
            The chairs of the working group look back at four forums, from the question whether
            generative AI runs at the edge to the ecosystem it needs.
        """),
        kind=ArticleKind.ARTICLE,
        standfirst=STANDFIRST,
        header_image=placeholders.picture(
            "four forums on", size=(1600, 900), words=["Four forums on"]
        ),
        body=[block(kind, text) for kind, text in BODY],
        related_content=[("page", {"page": page}) for page in related],
    )
    article.header_image_alt_text = article.header_image.description
    article.authors = [
        ArticleAuthor(person=people[name]) for name in ("Danilo Pietro Pau", "Hajar Mousannif")
    ]
    add_page(index, article)
    index.refresh_from_db()
    return index


def block(kind: str, text: str) -> tuple[str, dict[str, str]]:
    if kind == "text":
        return "paragraphs", {"text": rich(text)}
    return kind, {kind: line(text)}
