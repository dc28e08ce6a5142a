"""The survey as Markdown, each question with its answers as a table."""

from pages.markdown.document import Answer, Document, label
from pages.markdown.parts import TARGET, link_to
from pages.markdown.writers import writes
from pages.models.survey import AnswerType, SurveyPage

__all__ = ["survey"]


@writes(
    SurveyPage,
    asks=f"""
    introduction {{ markdown(firstHeading: 2) }}
    wave audience fieldworkFrom fieldworkTo baseSize
    summary {{ markdown }}
    questions {{
      heading question answerType baseSize
      table {{ columns rows }}
      interpretation {{ markdown(firstHeading: 4) }}
    }}
    comparisons {{ heading table {{ columns rows }} }}
    earlierWaves {{
      name fieldworkFrom fieldworkTo baseSize
      questions {{
        heading question answerType baseSize
        table {{ columns rows }}
        interpretation {{ markdown(firstHeading: 5) }}
      }}
    }}
    conclusion {{ markdown }}
    invitation {{ markdown }}
    formPage {{ {TARGET} }}
    """,
)
def survey(page: Document, found: Answer) -> None:
    page.text(found["introduction"])
    page.facts(
        wave=found["wave"],
        who_was_asked=found["audience"],
        answers_from=found["fieldworkFrom"],
        answers_to=found["fieldworkTo"],
        respondents=found["baseSize"],
    )
    page.section("In short").text(found["summary"])
    questions = page.section("Question by question")
    for question in filter(None, found["questions"]):
        show(questions.section(question["heading"]), question)
    waves = page.section("From wave to wave")
    for each in found["comparisons"]:
        waves.section(each["heading"]).table(each["table"]["columns"], each["table"]["rows"])
    earlier = page.section("Earlier waves")
    for wave in filter(None, found["earlierWaves"]):
        show_wave(earlier.section(wave["name"]), wave)
    page.section("What follows").text(found["conclusion"])
    invitation = page.section("Take part")
    invitation.text(found["invitation"])
    invitation.paragraph(link_to(found["formPage"]))


def show_wave(section: Document, wave: Answer) -> None:
    section.facts(
        answers_from=wave["fieldworkFrom"],
        answers_to=wave["fieldworkTo"],
        respondents=wave["baseSize"],
    )
    for question in filter(None, wave["questions"]):
        show(section.section(question["heading"]), question)


def show(section: Document, question: Answer) -> None:
    section.paragraph(question["question"])
    chosen = label(AnswerType, question["answerType"])
    section.facts(respondents=question["baseSize"], they_could_choose=chosen)
    table = question["table"] or {}
    if table.get("rows"):
        section.table(table["columns"], table["rows"])
    section.text(question["interpretation"])
