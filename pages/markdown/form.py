"""Forms as Markdown: what is asked, and whether answers are taken. They are given at the page."""

from collections.abc import Iterator

from pages.markdown.document import Answer, Document, Markdown, joined, label, strong
from pages.markdown.writers import writes
from pages.models.form import FormFieldType, FormPage

__all__ = ["form"]


@writes(
    FormPage,
    asks="""
    introduction { markdown(firstHeading: 2) }
    isOpen
    formFields { label fieldType required choices defaultValue helpText }
    thankYouText { markdown }
    """,
)
def form(page: Document, found: Answer) -> None:
    page.text(found["introduction"])
    if not found["isOpen"]:
        page.paragraph("This form is closed at the moment.")
    page.section("What is asked").items(questions(found["formFields"]))
    page.section("Once it has been sent").text(found["thankYouText"])


def questions(fields: list[Answer | None]) -> Iterator[Markdown]:
    for field in filter(None, fields):
        if field["fieldType"] == "HIDDEN":
            continue
        how = label(FormFieldType, field["fieldType"])
        needed = "needed" if field["required"] else "optional"
        begins = f"Filled in: {field['defaultValue']}." if field["defaultValue"] else None
        choices = f"Choices: {'; '.join(field['choices'])}." if field["choices"] else None
        about = Markdown(f"{strong(field['label'])} ({joined([how, needed], ', ')}).")
        yield joined([about, field["helpText"], choices, begins], " ")
