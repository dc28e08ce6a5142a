"""The charter as Markdown."""

from pages.markdown.document import Answer, Document, Markdown, joined, label
from pages.markdown.parts import points
from pages.markdown.writers import writes
from pages.models.charter import CharterPage, EfficiencyQualifier

__all__ = ["charter"]


@writes(
    CharterPage,
    asks="""
    statement { markdown(firstHeading: 2) }
    efficiencyQualifier efficiencyScale efficiencyUnit
    technologies { heading abbreviation }
    definition { markdown }
    mission { markdown }
    objectivesIntroduction { markdown }
    objectives { heading text }
    """,
)
def charter(page: Document, found: Answer) -> None:
    page.text(found["statement"])
    figure = joined([found["efficiencyUnit"], found["efficiencyScale"]], ": ")
    if figure:
        qualifier = label(EfficiencyQualifier, found["efficiencyQualifier"])
        page.section("Energy efficiency").paragraph(joined([f"{figure}.", f"{qualifier}."], " "))
    technologies = filter(None, found["technologies"])
    page.section("What it is built from").items(map(technology, technologies))
    page.section("What the name means").text(found["definition"])
    page.section("Mission").text(found["mission"])
    objectives = page.section("Objectives")
    objectives.text(found["objectivesIntroduction"])
    objectives.items(points(found["objectives"]), numbered=True)


def technology(block: Answer) -> Markdown:
    short = f"({block['abbreviation']})" if block["abbreviation"] else None
    return joined([block["heading"], short], " ")
