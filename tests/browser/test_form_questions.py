"""The questions of a form in the admin: each shows what its kind can have."""

from collections.abc import Iterator

import pytest

from tests.browser.accessibility import problems_of

pytestmark = pytest.mark.browser

MADE = """
from pages.models import FormField, FormPage, HomePage
form = HomePage.objects.first().add_child(instance=FormPage(
    title="Talk at a forum", slug="talk", introduction="<p>Offer a talk.</p>", is_open=True))
form.form_fields = [
    FormField(label="How do you come?", field_type="radio", choices="By train\\nBy bicycle"),
    FormField(label="Where do you arrive?", field_type="singleline"),
]
form.save_revision().publish()
from tests import factories
factories.submission(form, how_do_you_come="By train", where_do_you_arrive="At the old station")
print(form.pk)
"""
# It has no name for who does not see it, in all forms of Wagtail.
WAGTAILS_EDITOR = ".public-DraftEditor-content"
UNDONE = "from pages.models import FormPage; FormPage.objects.get(slug='talk').delete()"


@pytest.fixture(scope="module")
def form(site) -> Iterator[str]:
    """The key of one, and somebody who may edit it. The site is that of other tests."""
    site.add_user("farida", "Editors")
    yield site.run(MADE).strip()
    site.run(UNDONE)


def fields_shown(page, number: int) -> set[str]:
    names = (
        "choices",
        "default_value",
        "consent_text",
        "minimum",
        "earliest",
        "condition_answers",
    )
    shown = (page.locator(f"#id_form_fields-{number}-{name}") for name in names)
    return {name for name, each in zip(names, shown, strict=True) if each.is_visible()}


def test_question_shows_what_its_kind_can_have(site, form, log_in):
    page = log_in("farida")
    page.goto(f"{site.address}/admin/pages/{form}/edit/")
    kind = page.locator("#id_form_fields-1-field_type")
    kind.wait_for()

    shown = {}
    for name in ("singleline", "radio", "checkboxes", "date", "consent", "email", "file"):
        kind.select_option(name)
        shown[name] = fields_shown(page, 1)
    page.fill("#id_form_fields-1-condition_question", "How do you come?")
    with_condition = fields_shown(page, 1)

    assert shown == {
        "singleline": {"default_value", "minimum"},
        "radio": {"choices", "default_value"},
        "checkboxes": {"choices", "default_value", "minimum"},
        "date": {"default_value", "earliest"},
        "consent": {"consent_text"},
        "email": {"default_value"},
        "file": {"minimum"},
    }
    assert with_condition == {"minimum", "condition_answers"}


def test_what_was_filled_in_and_no_longer_fits_stays_in_sight(site, form, log_in):
    page = log_in("farida")
    page.goto(f"{site.address}/admin/pages/{form}/edit/")
    page.select_option("#id_form_fields-0-field_type", "singleline")

    assert fields_shown(page, 0) == {"choices", "default_value", "minimum"}


def test_condition_offers_the_questions_above(site, form, log_in):
    page = log_in("farida")
    page.goto(f"{site.address}/admin/pages/{form}/edit/")
    page.click("#id_form_fields-ADD")
    page.fill("#id_form_fields-2-label", "With whom?")
    page.focus("#id_form_fields-2-condition_question")

    offered = page.locator("#id_form_fields-2-condition_question-above option")
    assert offered.evaluate_all("each => each.map(({ value }) => value)") == [
        "How do you come?",
        "Where do you arrive?",
    ]


@pytest.mark.parametrize("width", [400, 1280])
def test_form_and_answers_can_be_read_by_everyone(site, form, log_in, width):
    page = log_in("farida")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site.address}/admin/pages/{form}/edit/")
    page.locator("#id_form_fields-1-field_type").wait_for()
    problems = problems_of(page, left_out=(WAGTAILS_EDITOR,))
    page.goto(f"{site.address}/admin/forms/submissions/{form}/")
    problems += problems_of(page)
    page.locator("tbody a").first.click()
    page.locator("dd", has_text="At the old station").wait_for()
    problems += problems_of(page)
    page.goto(f"{site.address}/admin/forms/person/?words=station")
    page.locator("h2", has_text="1 answer found").wait_for()

    assert problems + problems_of(page) == []
