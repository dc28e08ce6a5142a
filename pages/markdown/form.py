"""Forms as Markdown: what is asked, and whether answers are taken. They are given at the page."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.formats import date_format

from pages.markdown.document import Answer, Document, Markdown, joined, label, strong
from pages.markdown.writers import writes
from pages.models.form import FormPage
from pages.questions.kinds import FormFieldType
from pages.questions.words import demands, steps

__all__ = ["form"]


@writes(
    FormPage,
    asks="""
    introduction { markdown(firstHeading: 2) }
    isOpen
    opensAt
    closesAt
    formFields {
      cleanName label fieldType required choices defaultValue helpText minimum maximum earliest
      latest accept maxFileSize consentText stepTitle condition { cleanName answers }
    }
    thankYouText { markdown }
    """,
)
def form(page: Document, found: Answer) -> None:
    page.text(found["introduction"])
    if not found["isOpen"]:
        page.paragraph("This form is closed at the moment.")
    page.facts(Opens=moment(found["opensAt"]), Closes=moment(found["closesAt"]))
    fields = list(filter(None, found["formFields"]))
    for title, asked in steps(fields):
        page.section(title or "What is asked").items(questions(asked, fields))
    page.section("Once it has been sent").text(found["thankYouText"])


def moment(value: str | None) -> str | None:
    return value and date_format(datetime.fromisoformat(value), "j F Y H:i e")


def questions(fields: Iterable[Answer], all_fields: Iterable[Answer]) -> Iterator[Markdown]:
    labels = {field["cleanName"]: field["label"] for field in all_fields}
    for field in fields:
        if field["fieldType"] == "HIDDEN":
            continue
        how = label(FormFieldType, field["fieldType"])
        needed = "needed" if field["required"] else "optional"
        filled = "; ".join((field["defaultValue"] or "").splitlines())
        begins = f"Filled in: {filled}." if filled else None
        choices = f"Choices: {'; '.join(field['choices'])}." if field["choices"] else None
        about = Markdown(f"{strong(field['label'])} ({joined([how, needed], ', ')}).")
        wants = demands(field, labels)
        yield joined([about, field["helpText"], field["consentText"], choices, begins, *wants], " ")
