"""Our own screens of the admin, in the light, in the dark and on a telephone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import problems_of, wider_than_the_window

pytestmark = pytest.mark.browser

# What is waiting, scheduled, late, in a release, and changed.
CONTENT = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from pages.models import ArticlesPage
from tests import factories

user = User.objects.get(username="administrator")
index = ArticlesPage.objects.first()
article = factories.article_page(parent=index, title="Scheduled", slug="scheduled")
article.title = "Scheduled anew"
article.save_revision(approved_go_live_at=timezone.now() + timedelta(days=1), user=user)
waiting = factories.article_page(parent=index, title="Waiting", slug="waiting")
waiting.title = "Changed since"
waiting.save_revision(user=user)
state = waiting.get_workflow().start(waiting, user)
release = factories.release(publish=[waiting], name="Autumn", by=user,
                            go_live_at=timezone.now() + timedelta(days=2))
factories.promoted_term("autumn", article, waiting)
factories.search_in_vain("winter")
print(article.pk, waiting.pk, state.current_task_state.pk, release.pk)
"""


@pytest.fixture(scope="module")
def screens(site) -> dict[str, str]:
    # After the mails to whoever may approve, which are printed as well.
    article, waiting, step, release = site.run(CONTENT).splitlines()[-1].split()
    return {
        "home": "",
        "calendar": "calendar/",
        "list": "calendar/?view=list",
        "guide": "guide/",
        "as of": "as-of/",
        "release": f"releases/inspect/{release}/",
        "scheduled": f"pages/{article}/edit/",
        "approval": f"approvals/{step}/",
        "waiting": f"pages/{waiting}/edit/",
        "compared": f"pages/{waiting}/revisions/compare/live...latest/",
        "unpublish": f"pages/{waiting}/unpublish/",
        "delete": f"pages/{article}/delete/",
        "history": f"pages/{article}/history/",
        "promoted results": "promoted_results/",
        "promote": "promoted_results/new/",
        "searches in vain": "searches_in_vain/",
    }


# What is said only when something is wrong.
OURS = ["genedge-zone", "genedge-zone genedge-zone--problem", "genedge-kept", "genedge-home__kind"]
SAY_ALL = """classes => {
    const all = document.createElement("div");
    for (const name of classes) {
        const words = document.createElement("p");
        words.className = name;
        words.textContent = "Words";
        // Nothing may cover them: what is covered is not measured.
        words.style.position = "static";
        all.append(words);
    }
    all.style.padding = "6rem 0";
    document.querySelector("main").prepend(all);
    window.scrollTo(0, 0);
}"""


def contrast_of(page: Page) -> list[str]:
    return [problem for problem in problems_of(page) if problem.startswith("color-contrast")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_on_our_screens_can_be_told_from_what_is_behind(site, log_in, screens, scheme):
    page = log_in("administrator", color_scheme=scheme)
    found = {}

    for name, address in screens.items():
        page.goto(f"{site.address}/admin/{address}")
        if name == "scheduled":
            page.get_by_role("button", name="Toggle status").click()
            page.locator(".genedge-queue").first.wait_for()
        page.evaluate(SAY_ALL, OURS)
        if problems := contrast_of(page):
            found[name] = problems

    assert found == {}


def test_guide_fits_a_telephone_and_leads_to_its_sections(site, log_in):
    page = log_in("administrator")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site.address}/admin/guide/")

    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Schedule").click()

    assert not wider_than_the_window(page)
    expect(page.get_by_role("heading", name="Schedule", exact=True)).to_be_in_viewport()
    pictures = page.locator(".genedge-guide img")
    pictures.first.scroll_into_view_if_needed()
    expect(pictures.first).to_have_js_property("complete", True)
    assert pictures.first.evaluate("picture => picture.naturalWidth") > 0
