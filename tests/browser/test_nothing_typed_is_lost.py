"""What an editor types is saved, or kept until it can be: with no session, server or network."""

import time

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.browser

LONG_ENOUGH = 90_000
WRITE = """
from pages.models import ArticlePage, ArticlesPage
for left in ArticlePage.objects.filter(title__startswith="Begun"):
    left.delete()
page = ArticlePage(title="Begun", live=False)
ArticlesPage.objects.first().add_child(instance=page)
page.save_revision()
print(page.pk)
"""
TITLE = """
from wagtail.models import Page
print(Page.objects.get(pk={key}).get_latest_revision().object_str)
"""
KNOWN = """
from django.contrib.auth.models import User
print(*User.objects.filter(username="keeper"))
"""
SIGN_OUT = """
from django.contrib.sessions.models import Session
Session.objects.all().delete()
"""
VERSIONS = """
from wagtail.models import Page
print(Page.objects.get(pk={key}).latest_revision.content["title"])
print(*Page.objects.get(pk={key}).revisions.values_list("pk", "created_at"))
"""
SETTINGS = """
from pages.models import SiteSettings
settings = SiteSettings.objects.first() or SiteSettings.objects.create(site_id=1)
settings.name, settings.description, settings.social_links = "The site", "As it was", []
settings.save()
print(settings.site_id)
"""
SETTINGS_NOW = """
from pages.models import SiteSettings
settings = SiteSettings.objects.get()
links = [f"{link.value['text']} {link.value['url']}" for link in settings.social_links]
print(settings.name, settings.description, *links, sep=" | ")
"""
ASKED = """
from django.urls import reverse
from cms.releases.models import Release
print(reverse("releases:add_redirect", args=[Release.objects.create(name="Begun").pk]))
"""
KEPT_WORDS = """() => Object.entries(localStorage)
    .filter(([place]) => place.startsWith("genedge-kept")).map(String).join()"""
SLOWLY = """
const start = window.setTimeout;
window.setTimeout = (run, after, ...more) => start(run, after === 2000 ? 8000 : after, ...more);
"""
# As in a slow browser, in which the second of the times that a form is watched from comes later.
TWICE = """
const start = window.setTimeout;
let times = 0;
window.setTimeout = (run, after, ...more) =>
    start(run, after === 2000 && times++ ? 2300 : after, ...more);
"""
LOOKED_AT = """() => {
    const form = document.querySelector("#page-edit-form");
    const app = window.wagtail?.app;
    return Boolean(app?.getControllerForElementAndIdentifier(form, "w-unsaved")?.initialFormData);
}"""


@pytest.fixture
def writer(site, log_in):
    """A window of someone who writes."""
    if not site.run(KNOWN).strip():
        site.add_user("keeper", "Communications staff")
    return log_in("keeper")


@pytest.fixture
def article(site):
    return site.run(WRITE).strip()


def open_form(page, site, article):
    page.goto(f"{site.address}/admin/pages/{article}/edit/")
    page.wait_for_function(LOOKED_AT)


def open_at_once(page, site, article):
    """As who types within two seconds, however slow the browser is: what takes two takes eight."""
    page.add_init_script(SLOWLY)
    page.goto(f"{site.address}/admin/pages/{article}/edit/", wait_until="domcontentloaded")


def write(page, words):
    page.locator("#id_title").click()
    page.keyboard.press("End")
    page.keyboard.type(words)


def expect_stored(page, site, article, title):
    """Before the first save after it the form says of the one before that all is saved."""
    for _ in range(LONG_ENOUGH // 500):
        if stored(site, article) == title:
            return
        page.wait_for_timeout(500)
    assert stored(site, article) == title


def stored(site, article):
    return site.run(TITLE.format(key=article)).strip()


def wait_until_stored(site, article, title):
    for _ in range(30):
        if stored(site, article) == title:
            return
        time.sleep(0.5)
    assert stored(site, article) == title


def kept(page):
    return page.locator(".genedge-kept")


def sign_in_beside(page, name="keeper"):
    with page.expect_popup() as opened:
        kept(page).get_by_role("button", name="Sign in").click()
    beside = opened.value
    beside.get_by_label("Username").fill(name)
    beside.get_by_label("Password").fill(PASSWORD)
    beside.get_by_role("button", name="Sign in").click()


def expect_saved(page):
    expect(kept(page)).to_have_count(0, timeout=LONG_ENOUGH)
    indicator = page.locator("#w-autosave-indicator")
    expect(indicator).to_have_attribute("data-w-autosave-state-value", "saved", timeout=LONG_ENOUGH)


def test_what_is_typed_after_the_session_has_ended_is_saved_once_signed_in_beside(
    site, writer, article
):
    open_form(writer, site, article)
    site.run(SIGN_OUT)

    write(writer, ", and more")
    expect(kept(writer)).to_contain_text("You have been signed out.", timeout=LONG_ENOUGH)
    assert stored(site, article) == "Begun"
    sign_in_beside(writer)

    expect_saved(writer)
    assert stored(site, article) == "Begun, and more"


def test_form_is_not_left_for_a_page_to_sign_in_on(site, writer, article):
    open_form(writer, site, article)
    site.run(SIGN_OUT)
    address = writer.url

    write(writer, ", and more")
    writer.get_by_role("button", name="Save draft").click()
    expect(kept(writer)).to_contain_text("You have been signed out.", timeout=LONG_ENOUGH)
    assert writer.url == address
    expect(writer.locator("#id_title")).to_have_value("Begun, and more")
    sign_in_beside(writer)

    expect_saved(writer)
    assert stored(site, article) == "Begun, and more"


def test_form_that_is_sent_by_hand_says_which_button_was_pressed(site, writer, article):
    open_form(writer, site, article)

    write(writer, ", to be sent")
    expect_saved(writer)
    writer.get_by_role("button", name="More actions").click()
    writer.get_by_role("button", name="Submit to Editorial approval").click()

    # Its text is missing, which only matters to who submits it.
    expect(writer.locator(".messages")).to_contain_text(
        "could not be saved due to validation errors", timeout=LONG_ENOUGH
    )


def test_what_is_typed_without_a_network_is_saved_once_it_is_back(site, writer, article):
    open_form(writer, site, article)
    writer.context.set_offline(True)

    write(writer, ", and more")
    expect(kept(writer)).to_contain_text("you are offline", timeout=LONG_ENOUGH)
    writer.context.set_offline(False)

    expect_saved(writer)
    assert stored(site, article) == "Begun, and more"


def test_what_is_typed_as_soon_as_the_form_is_there_counts(site, writer, article):
    open_at_once(writer, site, article)
    write(writer, ", and more")
    assert not writer.evaluate(LOOKED_AT)

    expect_saved(writer)
    assert stored(site, article) == "Begun, and more"
    # It is saved once, and not over and over.
    versions = site.run(VERSIONS.format(key=article))
    writer.wait_for_timeout(3000)
    assert site.run(VERSIONS.format(key=article)) == versions


def test_what_is_typed_as_the_form_begins_to_be_watched_counts(site, writer, article):
    writer.add_init_script(TWICE)
    open_form(writer, site, article)

    write(writer, "!")

    expect_saved(writer)
    assert stored(site, article) == "Begun!"


def test_a_click_as_soon_as_the_form_is_there_is_no_edit(site, writer, article):
    versions = site.run(VERSIONS.format(key=article))

    open_at_once(writer, site, article)
    writer.locator("#id_title").click()
    assert not writer.evaluate(LOOKED_AT)
    writer.wait_for_function(LOOKED_AT)
    writer.wait_for_timeout(3000)

    assert site.run(VERSIONS.format(key=article)) == versions


def test_form_is_not_left_in_silence_before_it_is_watched(site, writer, article):
    asked = []

    def leave(dialog):
        asked.append(dialog.type)
        dialog.accept()

    writer.on("dialog", leave)
    open_at_once(writer, site, article)
    write(writer, ", and more")
    assert not writer.evaluate(LOOKED_AT)

    writer.goto(f"{site.address}/admin/")

    assert asked == ["beforeunload"]


def test_what_is_typed_while_the_server_starts_again_is_saved_once_it_is_there(
    site, writer, article
):
    open_at_once(writer, site, article)
    write(writer, ", and")
    assert not writer.evaluate(LOOKED_AT)
    site.stop()
    try:
        write(writer, " more")
        expect(kept(writer)).to_contain_text("The server does not answer", timeout=LONG_ENOUGH)
        assert "Begun, and more" in writer.evaluate(KEPT_WORDS)
    finally:
        site.start()

    expect_saved(writer)
    assert stored(site, article) == "Begun, and more"
    assert writer.evaluate(KEPT_WORDS) == ""


def test_what_was_kept_is_offered_when_the_form_is_opened_again(site, writer, article):
    open_form(writer, site, article)
    writer.context.set_offline(True)
    write(writer, ", and more")
    expect(kept(writer)).to_contain_text("you are offline", timeout=LONG_ENOUGH)
    context = writer.context
    writer.close()
    context.set_offline(False)

    again = context.new_page()
    open_form(again, site, article)
    expect(kept(again)).to_contain_text("was not saved, and was kept", timeout=LONG_ENOUGH)
    expect(again.locator("#id_title")).to_have_value("Begun")
    kept(again).get_by_role("button", name="Save it").click()

    expect(again.locator("#id_title")).to_have_value("Begun, and more", timeout=LONG_ENOUGH)
    expect(kept(again)).to_have_count(0)
    assert stored(site, article) == "Begun, and more"


def test_who_signs_out_is_asked_before_what_was_kept_is_dropped(site, writer, article):
    open_form(writer, site, article)
    writer.context.set_offline(True)
    write(writer, ", and more")
    expect(kept(writer)).to_contain_text("you are offline", timeout=LONG_ENOUGH)
    context = writer.context
    writer.close()
    context.set_offline(False)
    other = context.new_page()
    other.goto(f"{site.address}/admin/")

    sign_out(other)
    expect(kept(other)).to_contain_text("if you sign out, it is thrown away")
    kept(other).get_by_role("button", name="Stay signed in").click()
    assert "Begun, and more" in other.evaluate(KEPT_WORDS)
    sign_out(other)
    kept(other).get_by_role("button", name="Throw it away and sign out").click()

    other.get_by_label("Username").wait_for()
    assert other.evaluate(KEPT_WORDS) == ""


def test_windows_that_stay_open_leave_nothing_behind_who_has_signed_out(site, writer, article):
    open_form(writer, site, article)
    other = writer.context.new_page()
    other.goto(f"{site.address}/admin/")
    sign_out(other)
    other.get_by_label("Username").wait_for()

    write(writer, ", and more")
    expect(kept(writer)).to_contain_text("is in this window alone", timeout=LONG_ENOUGH)
    assert writer.evaluate(KEPT_WORDS) == ""
    sign_in_beside(writer)

    expect_saved(writer)
    assert stored(site, article) == "Begun, and more"


def sign_out(page):
    page.get_by_role("button", name="keeper").click()
    page.get_by_role("button", name="Log out").click()


def test_what_is_typed_while_it_is_saved_is_saved_too(site, writer, article):
    """Wagtail takes what is in the form when a save has come back for what was saved."""
    open_form(writer, site, article)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    writer.route("**/edit/", hold)
    write(writer, ", and more")
    with writer.expect_request(lambda request: request.method == "POST"):
        pass
    writer.keyboard.type(", at the end")
    held.pop().continue_()
    writer.unroute("**/edit/")

    expect(writer.locator("#id_title")).to_have_value("Begun, and more, at the end")
    wait_until_stored(site, article, "Begun, and more, at the end")


def test_what_was_saved_is_not_saved_again(site, writer, article):
    open_form(writer, site, article)
    saves: list[Request] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/edit/"):
            saves.append(request)

    writer.on("request", note)

    write(writer, "!")
    expect_saved(writer)
    writer.wait_for_timeout(3000)

    assert len(saves) == 1


def test_whoever_types_an_address_that_another_page_has_is_told_of_it_until_it_is_another(
    site, writer, article
):
    site.run(WRITE.replace("Begun", "Already there"))
    open_form(writer, site, article)
    writer.get_by_role("tab", name="Promote").click()
    slug = writer.locator("#id_slug")
    told = "“Already there” has the address “already-there”."

    slug.fill("already-there")
    expect(kept(writer)).to_contain_text(told, timeout=LONG_ENOUGH)
    kept(writer).get_by_role("button", name="Close").click()
    writer.get_by_role("tab", name="Content").click()
    write(writer, ", and more")
    expect_stored(writer, site, article, "Begun, and more")
    expect_saved(writer)

    writer.get_by_role("tab", name="Promote").click()
    slug.fill("nobody-else-is-here")
    writer.get_by_role("tab", name="Content").click()
    write(writer, ", elsewhere")
    expect_stored(writer, site, article, "Begun, and more, elsewhere")
    writer.get_by_role("tab", name="Promote").click()
    slug.fill("already-there")
    expect(kept(writer)).to_contain_text(told, timeout=LONG_ENOUGH)
    slug.fill("nobody-else-is-here")

    expect_saved(writer)


@pytest.fixture
def administrator(site, log_in):
    """A window of someone who changes settings, which are saved by nobody but them."""
    return log_in("administrator")


@pytest.fixture
def settings_address(site):
    return f"{site.address}/admin/settings/pages/sitesettings/{site.run(SETTINGS).strip()}/"


def settings_now(site):
    return site.run(SETTINGS_NOW).strip()


def press_save_signed_out(page, site):
    site.run(SIGN_OUT)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(kept(page)).to_contain_text("You have been signed out.", timeout=LONG_ENOUGH)
    expect(kept(page)).to_contain_text("press the button again once this message is gone")


def save_by_hand(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible(timeout=LONG_ENOUGH)


def expect_not_offered(page, address):
    with page.expect_response(lambda response: "still-signed-in" in response.url):
        page.goto(address)
    page.wait_for_timeout(500)
    expect(kept(page)).to_have_count(0)


def test_settings_are_saved_by_the_button_once_signed_in_and_are_not_offered_afterwards(
    site, administrator, settings_address
):
    administrator.goto(settings_address)
    administrator.get_by_label("Name").fill("Another name")
    press_save_signed_out(administrator, site)
    assert "Another name" in administrator.evaluate(KEPT_WORDS)
    sign_in_beside(administrator, "administrator")

    expect(kept(administrator)).to_have_count(0, timeout=LONG_ENOUGH)
    assert settings_now(site) == "The site | As it was"
    save_by_hand(administrator)

    assert settings_now(site) == "Another name | As it was"
    assert administrator.evaluate(KEPT_WORDS) == ""
    expect_not_offered(administrator, settings_address)


def test_settings_that_were_kept_are_filled_in_and_saved_by_whoever_has_looked_at_them(
    site, administrator, settings_address
):
    administrator.goto(settings_address)
    administrator.get_by_label("Name").fill("Another name")
    administrator.get_by_role("button", name="Insert a block").first.click()
    administrator.locator("#social_links-0-value-text").fill("Video")
    administrator.locator("#social_links-0-value-url").fill("https://example.org/video")
    administrator.locator("#id_parent_organisation").evaluate("input => { input.value = '123'; }")
    press_save_signed_out(administrator, site)
    sign_in_beside(administrator, "administrator")
    expect(kept(administrator)).to_have_count(0, timeout=LONG_ENOUGH)
    context = administrator.context
    administrator.close()
    again = context.new_page()

    again.goto(settings_address)
    expect(kept(again)).to_contain_text("until then nothing changes", timeout=LONG_ENOUGH)
    expect(again.get_by_label("Name")).to_have_value("The site")
    kept(again).get_by_role("button", name="Fill it in").click()

    expect(kept(again)).to_contain_text("What you typed is filled in. Look at it, then save it.")
    expect(kept(again)).to_contain_text("could not be: Parent organisation.")
    expect(again.get_by_label("Name")).to_have_value("Another name")
    expect(again.locator("#social_links-0-value-text")).to_have_value("Video")
    assert settings_now(site) == "The site | As it was"
    save_by_hand(again)
    assert settings_now(site) == "Another name | As it was | Video https://example.org/video"
    assert again.evaluate(KEPT_WORDS) == ""
    expect_not_offered(again, settings_address)


def test_settings_that_could_not_be_saved_when_sent_are_still_kept(
    site, administrator, settings_address
):
    administrator.goto(settings_address)
    administrator.get_by_label("Name").fill("Another name")
    press_save_signed_out(administrator, site)
    sign_in_beside(administrator, "administrator")
    expect(kept(administrator)).to_have_count(0, timeout=LONG_ENOUGH)

    def fail(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=500, body="Something went wrong here")
        else:
            route.continue_()

    administrator.route(settings_address, fail)
    administrator.get_by_role("button", name="Save", exact=True).click()
    administrator.get_by_text("Something went wrong here").wait_for()
    administrator.goto(settings_address)

    expect(kept(administrator)).to_contain_text("until then nothing changes", timeout=LONG_ENOUGH)
    assert "Another name" in administrator.evaluate(KEPT_WORDS)


def test_nothing_of_a_form_with_a_password_is_kept(site, administrator):
    administrator.goto(f"{site.address}/admin/users/new/")
    administrator.get_by_label("Username").fill("somebody-new")
    administrator.locator("#id_password1").fill("not to be found")
    site.run(SIGN_OUT)

    administrator.locator("#w-editor-form .footer button[type=submit]").click()
    expect(kept(administrator)).to_contain_text("in this window alone", timeout=LONG_ENOUGH)
    administrator.locator("#id_password2").press_sequentially("not to be found")

    assert administrator.evaluate("() => JSON.stringify(localStorage)").count("not to be") == 0
    assert administrator.evaluate(KEPT_WORDS) == ""
    expect(administrator.locator("#id_password1")).to_have_value("not to be found")


def test_page_that_is_sent_by_hand_after_it_could_not_save_itself_is_not_offered(
    site, writer, article
):
    open_form(writer, site, article)

    def fail(route: Route) -> None:
        if route.request.method == "POST" and route.request.resource_type == "fetch":
            route.abort()
        else:
            route.continue_()

    writer.route("**/edit/", fail)
    write(writer, ", and more")
    expect(kept(writer)).to_contain_text("The server cannot save this now", timeout=LONG_ENOUGH)
    assert "Begun, and more" in writer.evaluate(KEPT_WORDS)
    writer.get_by_role("button", name="Save draft").click()
    # Wagtail asks first.
    question = writer.get_by_role("dialog", name="A network error occurred")
    question.get_by_role("button", name="Save draft").click()
    expect(writer.locator(".messages .success")).to_be_visible(timeout=LONG_ENOUGH)

    assert stored(site, article) == "Begun, and more"
    assert writer.evaluate(KEPT_WORDS) == ""
    expect_not_offered(writer, writer.url)


def test_question_is_not_left_for_a_page_to_sign_in_on(site, administrator):
    address = site.address + site.run(ASKED).strip()
    administrator.goto(address)
    administrator.get_by_label("From").fill("/begun/")
    administrator.get_by_label("Or to an address").fill("/elsewhere/")
    site.run(SIGN_OUT)

    administrator.get_by_role("button", name="Add", exact=True).click()
    expect(kept(administrator)).to_contain_text("in this window alone", timeout=LONG_ENOUGH)
    assert administrator.url == address
    sign_in_beside(administrator, "administrator")
    expect(kept(administrator)).to_have_count(0, timeout=LONG_ENOUGH)
    administrator.get_by_role("button", name="Add", exact=True).click()

    expect(administrator.locator(".messages")).to_contain_text("/begun", timeout=LONG_ENOUGH)
    assert administrator.evaluate(KEPT_WORDS) == ""
