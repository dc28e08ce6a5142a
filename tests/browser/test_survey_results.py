"""From the answers to a survey to its chart, by way of the screen that shows what would change."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import problems_of, wider_than_the_window

pytestmark = pytest.mark.browser

ANSWERS = """
from pages.models import FormPage
from tests import factories
form = FormPage.objects.get(slug="take-the-survey")
timing, uses = list(form.form_fields.all())[:2]
years, kinds = timing.choices.splitlines(), uses.choices.splitlines()
for number in range(24):
    factories.submission(
        form,
        **{
            timing.clean_name: years[0 if number < 16 else 1 + number % 3],
            uses.clean_name: kinds[number % 2 : 2 + number % 3],
        },
    )
"""


def test_editor_puts_results_into_the_survey_and_looks_at_its_chart(site, log_in):
    site.run(ANSWERS)
    site.add_user("sara", "Editors")
    page = log_in("sara")
    page.goto(f"{site.address}/admin/")
    key = site.run("from pages.models import SurveyPage; print(SurveyPage.objects.get().pk)")
    page.goto(f"{site.address}/admin/surveys/{key.strip()}/results/")
    assert problems_of(page) == []
    assert not wider_than_the_window(page)

    page.get_by_role("button", name="Look at what would change").click()
    expect(page.get_by_role("heading", name="When will the first")).to_be_visible()
    assert problems_of(page) == []
    assert not wider_than_the_window(page)

    timing = page.get_by_label("Goes to the highlight").first
    timing.select_option(label="“Market timing”")
    page.get_by_role("button", name="Look again with these choices").click()
    expect(page.get_by_role("cell", name="67% (16)").first).to_be_visible()
    expect(page.get_by_role("cell", name="over 70%").first).to_be_visible()
    page.get_by_role("button", name="Put it into a draft").click()
    expect(page.get_by_text("The results are in a draft of this page")).to_be_visible()

    page.goto(f"{site.address}/admin/pages/{key.strip()}/view_draft/")
    chart = page.get_by_role("img", name="In which year will the first").first
    expect(chart).to_be_visible()
    expect(chart).to_contain_text("67%")
    assert problems_of(page) == []
    for width in (1400, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert not wider_than_the_window(page)
