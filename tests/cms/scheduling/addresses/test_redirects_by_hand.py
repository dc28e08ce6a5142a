"""A redirect made by hand at the address of a page is said to lead nobody on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from cms.releases import steps as release_steps
from pages.models import ArticlePage, ArticlesPage
from tests import factories
from tests.cms.perspective.scheduled_content import schedule

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]


@pytest.fixture
def page(db):
    return factories.article_page(title="Edge devices", slug="edge-devices")


NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
ROUTE = "query ($path: String!) { route(path: $path) { page { title } redirect { target } } }"


def save(browser, old_path, site="", redirect=None, link="https://example.org/"):
    address = reverse("wagtailredirects:add")
    if redirect:
        address = reverse("wagtailredirects:edit", args=[redirect.pk])
    sent = {"old_path": old_path, "site": site, "redirect_link": link}
    return browser.post(address, sent, follow=True).content.decode()


SAID = "“Edge devices” is published at {}, and readers are shown it there."


@pytest.mark.parametrize("of_one_site", [False, True])
def test_whoever_makes_it_is_told_which_page_is_there(page, editor, sign_in, of_one_site):
    path = page.get_url_parts()[2]
    site = Site.objects.get(is_default_site=True).pk if of_one_site else ""

    assert SAID.format(path.rstrip("/")) in save(sign_in(editor), path, site)

    assert Redirect.objects.get().redirect_link == "https://example.org/"


def test_script_is_told_in_an_answer_that_is_written_for_it(page, editor, sign_in):
    """One that is led to a screen shows nobody what stands there."""
    browser = sign_in(editor)
    address = reverse("wagtailredirects:add")
    sent = {"old_path": "/articles/edge-devices/", "site": "", "redirect_link": "https://e.org/"}

    led_on = browser.post(address, sent, headers={"X-Requested-With": "XMLHttpRequest"})
    Redirect.objects.all().delete()
    told = browser.post(address, sent, headers={"Accept": "application/json"})

    assert led_on.status_code == 302
    assert told.json()["notes"][0].startswith(SAID.format("/articles/edge-devices"))


def test_home_page_is_at_the_beginning_of_its_site(db, editor, sign_in):
    home = Site.objects.get().root_page.specific

    said = save(sign_in(editor), "/")

    assert f"“{home.title}” is published at" in said


def test_nothing_is_said_of_what_another_site_leads_on_from(page, editor, sign_in):
    other = Site.objects.create(hostname="other.example.org", root_page=page.get_parent())
    browser = sign_in(editor)

    elsewhere = save(browser, "/articles/edge-devices/", other.pk)
    here = save(browser, "/edge-devices/", other.pk)

    assert "is published at" not in elsewhere
    assert SAID.format("/edge-devices") in here


def test_whoever_changes_it_is_told(page, editor, sign_in):
    browser = sign_in(editor)
    save(browser, "/elsewhere/")

    said = save(browser, page.get_url_parts()[2], redirect=Redirect.objects.get())

    assert "readers are shown it there" in said


@pytest.mark.parametrize("of_page", [{"live": False}, {"slug": "other"}])
def test_nothing_is_said_where_readers_find_nothing(editor, sign_in, of_page):
    page = factories.article_page(title="Edge devices", **{"slug": "edge-devices", **of_page})
    path = page.get_url_parts()[2].replace("/other/", "/edge-devices/")

    assert "is published at" not in save(sign_in(editor), path)


def test_whoever_makes_it_is_told_of_a_page_that_is_published_but_not_permanently(
    editor, sign_in, clock
):
    page = factories.article_page(title="Edge devices", slug="edge-devices", live=False)
    schedule(page, NINE)
    clock.moment = NINE

    assert SAID.format("/articles/edge-devices") in save(sign_in(editor), "/articles/edge-devices/")


# Once the page has left


def expires(page, editor):
    page.expire_at = NINE
    page.save_revision().publish()


def is_taken_down_with_a_release(page, editor):
    release = factories.release(unpublish=[page], by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)


def is_renamed(page, editor):
    schedule(page, NINE, slug="elsewhere")


def is_renamed_with_a_release(page, editor):
    page.slug = "elsewhere"
    page.save_revision(clean=False)
    release_steps.approve(factories.release([page], by=editor, go_live_at=NINE), editor)


@pytest.mark.parametrize(
    "leaves", [expires, is_taken_down_with_a_release, is_renamed, is_renamed_with_a_release]
)
@pytest.mark.parametrize("of_one_site", [False, True])
def test_it_leads_where_it_says_from_the_second_on_in_which_the_page_leaves(
    editor, sign_in, ask, clock, leaves, of_one_site
):
    clock.moment = NINE - timedelta(days=1)
    page = factories.article_page(title="Edge devices", slug="edge-devices")
    leaves(page, editor)
    site = Site.objects.get().pk if of_one_site else ""
    save(sign_in(editor), "/articles/edge-devices/", site)

    def answer():
        return ask(ROUTE, path="/articles/edge-devices/")["route"]

    assert answer() == {"page": {"title": "Edge devices"}, "redirect": None}
    clock.moment = NINE
    led_on = {"page": None, "redirect": {"target": "https://example.org/"}}
    assert answer() == led_on
    call_command("run_scheduler", once=True)
    assert answer() == led_on


def test_it_leads_where_it_says_once_the_page_is_moved(page, administrator, sign_in, ask):
    browser = sign_in(administrator)
    save(browser, "/articles/edge-devices/")
    news = factories.articles_page(title="News", slug="news")

    moved = browser.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, news.pk]))

    assert moved.status_code == 302
    assert ArticlePage.objects.child_of(news).exists()
    route = ask(ROUTE, path="/articles/edge-devices/")["route"]
    assert route["redirect"] == {"target": "https://example.org/"}


def test_page_that_is_renamed_leads_on_where_nothing_else_is_said(page, editor, sign_in, ask):
    save(sign_in(editor), "/articles/another/")
    save(sign_in(editor), "/articles/", Site.objects.get().pk)

    section = ArticlesPage.objects.get()
    section.slug = "news"
    section.save_revision().publish()

    targets = [
        ask(ROUTE, path=path)["route"]["redirect"]["target"]
        for path in ("/articles/edge-devices/", "/articles/")
    ]
    assert targets == ["/news/edge-devices/", "https://example.org/"]


def test_one_for_all_sites_comes_in_the_place_of_what_a_page_has_left(page, editor, sign_in, ask):
    page.slug = "elsewhere"
    page.save_revision().publish()
    assert Redirect.objects.get().automatically_created

    save(sign_in(editor), "/articles/edge-devices/")

    route = ask(ROUTE, path="/articles/edge-devices/")["route"]
    assert route["redirect"] == {"target": "https://example.org/"}


def test_it_does_not_lead_in_a_circle(editor, sign_in):
    browser = sign_in(editor)
    host = Site.objects.get().hostname
    save(browser, "/first/", link=f"http://{host}/second/")

    said = save(browser, "/second/", link=f"http://{host}/first/")
    save(browser, "/third/", link=f"http://{host}/third/")
    save(browser, "/first/", redirect=Redirect.objects.get(), link=f"http://{host}/fourth/")

    assert "Readers would be led in a circle: choose another." in said
    kept = Redirect.objects.values_list("old_path", "redirect_link")
    assert list(kept) == [("/first", f"http://{host}/fourth/")]


def test_one_that_gets_another_path_may_lead_to_the_one_it_had(db, editor, sign_in):
    browser = sign_in(editor)
    host = Site.objects.get().hostname
    save(browser, "/first/", link=f"http://{host}/second/")

    save(browser, "/second/", redirect=Redirect.objects.get(), link=f"http://{host}/first/")

    kept = Redirect.objects.values_list("old_path", "redirect_link")
    assert list(kept) == [("/second", f"http://{host}/first/")]


@pytest.mark.parametrize(("path", "link"), [("", "https://example.org/"), ("/first/", "nowhere")])
def test_form_that_is_not_filled_in_is_shown_again(db, editor, sign_in, path, link):
    sent = {"old_path": path, "site": "", "redirect_link": link}

    shown = sign_in(editor).post(reverse("wagtailredirects:add"), sent)

    assert shown.status_code == 200
    assert "could not be created due to errors" in shown.content.decode()
    assert not Redirect.objects.exists()


def test_another_that_nobody_can_follow_does_not_matter(db, editor, sign_in):
    """As an import can leave it."""
    host = Site.objects.get().hostname
    Redirect.objects.create(old_path="/broken", redirect_link="http://[")

    save(sign_in(editor), "/first/", link=f"http://{host}/broken/")

    assert Redirect.objects.filter(old_path="/first").exists()


def test_one_of_one_site_leaves_what_a_page_has_left_on_another(page, editor, sign_in, ask):
    other = Site.objects.create(hostname="other.example.org", root_page=page.get_parent())
    page.slug = "elsewhere"
    page.save_revision().publish()

    save(sign_in(editor), "/articles/edge-devices/", other.pk)

    route = ask(ROUTE, path="/articles/edge-devices/")["route"]
    assert route["redirect"] == {"target": "/articles/elsewhere/"}


def test_it_leads_to_the_same_path_of_another_site(page, editor, sign_in):
    here = Site.objects.get()
    other = Site.objects.create(hostname="other.example.org", root_page=page.get_parent())
    browser = sign_in(editor)

    save(browser, "/first/", here.pk, link="http://other.example.org/first/")
    save(browser, "/first/", other.pk, link="https://example.org/")
    save(browser, "/second/", link="http://other.example.org/second/")  # Of that site too.

    assert set(Redirect.objects.values_list("old_path", "site")) == {
        ("/first", here.pk),
        ("/first", other.pk),
    }


def test_it_leads_to_a_path_of_this_site(db, editor, sign_in, ask, client):
    save(sign_in(editor), "/old", link="/articles/?page=2")

    assert ask(ROUTE, path="/old")["route"]["redirect"] == {"target": "/articles/?page=2"}
    assert client.get("/old/").headers["Location"] == "/articles/?page=2"


@pytest.mark.parametrize("link", ["//example.org/", "articles", "javascript:alert(1)", "/a b"])
def test_link_that_leads_elsewhere_than_it_says_is_refused(db, editor, sign_in, link):
    said = save(sign_in(editor), "/old", link=link)

    assert "Begin with a slash, “/articles/”, or with “https://”." in said
    assert not Redirect.objects.exists()
