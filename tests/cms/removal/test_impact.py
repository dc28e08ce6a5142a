"""Before something is unpublished or deleted, editors read what readers will notice."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from cms.releases import steps as release_steps
from cms.releases.models import ReleaseItem
from pages.models import ArticleAuthor, HomePage, Navigation
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.perspective.scheduled_content import link_to, paragraphs, schedule

pytestmark = pytest.mark.usefixtures("home_page")

MONDAY = datetime(2099, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def window(administrator, sign_in):
    return sign_in(administrator)


@pytest.fixture
def impact(window):
    """What the screen before an action says, as text without the spaces between words."""

    def impact(subject, view="unpublish"):
        page = window.get(admin_url(subject, view)).content.decode()
        _before, _, rest = page.partition('aria-labelledby="impact-heading"')
        return " ".join(rest.partition("</section>")[0].split())

    return impact


def article(title, *, links_to=None, related=None, **fields):
    body = [paragraphs("Words.")]
    if links_to:
        body = [("paragraphs", {"text": link_to(links_to)})]
    if related:
        fields["related_content"] = [("page", {"page": related})]
    return factories.article_page(title=title, body=body, **fields)


@pytest.mark.parametrize("view", ["unpublish", "delete"])
def test_links_are_listed_with_what_readers_will_see(view, impact):
    target = article("Target")
    in_text = article("In text", links_to=target)
    chosen = article("Chosen", related=target)

    said = impact(target, view)

    assert "2 published items link here" in said
    first, second = said.split('<th scope="row" class="title">')[1:3]
    assert admin_url(chosen, "edit") in first
    assert "Where it was chosen, it is left out." in first
    assert admin_url(in_text, "edit") in second
    assert "the words stay and the link goes" in second


def test_what_readers_do_not_see_is_not_listed(impact):
    target = article("Target")
    article("Draft", links_to=target, live=False)
    private = article("Private", links_to=target)
    PageViewRestriction.objects.create(page=private, restriction_type="login")

    said = impact(target)

    assert "Nothing that is published links to this" in said


@pytest.mark.parametrize("view", ["edit", "unpublish", "delete"])
def test_no_screen_counts_references_and_leaves_some_out(window, view):
    """Wagtail's number knows neither the navigation nor drafts."""
    target = article("Target")
    item = {"text": "Read", "page": target, "url": "", "children": []}
    Navigation.objects.create(site=Site.objects.get(), header=[("item", item)])

    page = window.get(admin_url(target, view)).content.decode()

    assert reverse("wagtailadmin_pages:usage", args=[target.pk]) in page
    assert not re.search(r"(?i)(referenced|used)\s+[\d,]+\s+time", page)


def test_entry_in_the_navigation_is_listed(impact):
    target = article("Target")
    items = [{"text": "Read", "page": target, "url": "", "children": []}]
    navigation = Navigation.objects.create(
        site=Site.objects.get(), header=[("item", item) for item in items]
    )

    said = impact(target)

    assert "1 published item links here" in said
    assert str(navigation) in said
    assert "left out" in said


def test_pages_beneath_and_links_to_them_are_told(impact):
    forums = factories.forums_page()
    forum = factories.forum_page(title="Spring forum", parent=forums)
    factories.forum_page(title="Draft forum", parent=forums, live=False)
    article("About the forum", links_to=forum)

    unpublished, deleted = impact(forums, "unpublish"), impact(forums, "delete")

    assert "1 published page stands beneath and stays public" in unpublished
    assert "Concerns only pages beneath this one, if they go as well." in unpublished
    assert "1 published page stands beneath and goes with it: Spring forum." in deleted
    assert "Concerns only pages beneath this one." in deleted


def test_changes_to_come_and_releases_are_told(impact, clock, administrator):
    page = article("Target")
    release = factories.release([article("Other"), page], by=administrator, go_live_at=MONDAY)
    release_steps.approve(release, administrator)
    schedule(page, datetime(2099, 6, 2, 9, tzinfo=UTC), title="As of Tuesday")

    said = impact(page)

    assert "1 scheduled change will not take place" in said
    assert "“As of Tuesday”" in said
    assert "Tue 2 June 2099, 09:00 UTC+00:00" in said
    assert "Part of an approved release: Spring." in said


def test_release_that_will_redirect_here_is_told(impact, clock, administrator):
    page = article("Target")
    release = factories.release(by=administrator, go_live_at=MONDAY)
    item = ReleaseItem(release=release, old_path="/old", redirect_page=page)
    release_steps.add_redirect(item, administrator)
    release_steps.approve(release, administrator)

    assert "Part of an approved release: Spring." in impact(page, "delete")


def test_redirects_that_lead_here_are_told(impact):
    page = article("Target")
    Redirect.add_redirect("/old/", redirect_to=page)

    assert "1 redirect leads here, and will lead nowhere while" in impact(page, "unpublish")
    assert "1 redirect leads here, and will be deleted as well" in impact(page, "delete")


@pytest.mark.parametrize("view", ["unpublish", "delete"])
def test_person_is_missed_where_they_are_an_author(view, impact):
    person = factories.person(name="Ada")
    factories.article_page(title="By Ada", authors=[ArticleAuthor(person=person)])

    said = impact(person, view)

    assert "By Ada" in said
    assert "Where it was chosen, it is left out." in said


def test_words_that_a_page_is_promoted_for(impact):
    page = article("Join")
    factories.promoted_term("open positions", page)
    factories.promoted_term("jobs", page)

    said = "who search for “jobs”, “open positions” are shown this first, and will no longer be"
    assert f"{said} while it is not published." in impact(page, "unpublish")
    assert f"{said}." in impact(page, "delete")


@pytest.mark.parametrize("action", ["unpublish", "delete"])
def test_several_pages_at_once(action, window):
    targets = [article("One"), article("Two")]
    article("Links to one", links_to=targets[0])
    article("Links to two", links_to=targets[1])
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", action))

    page = window.get(address, {"id": [target.pk for target in targets], "next": "/admin/"})

    said = page.content.decode()
    assert "2 published items link here" in said
    assert "Links to one" in said
    assert "Links to two" in said


def test_more_than_fit_are_counted(impact):
    target = article("Target")
    for number in range(13):
        article(f"Article {number:02}", links_to=target)

    said = impact(target)

    assert "13 published items link here" in said
    assert "And 3 more." in said
    assert "Article 09" in said
    assert "Article 10" not in said


def test_titles_are_shown_as_text(impact):
    target = article("Target")
    article("<script>alert(1)</script>", links_to=target)

    assert "<script>" not in impact(target)


@pytest.mark.parametrize("view", ["unpublish", "delete"])
def test_statements_do_not_grow_with_links_and_pages(view, window):
    forums = factories.forums_page()

    def grow(count):
        for _ in range(count):
            forum = factories.forum_page(parent=forums)
            article("Linking", links_to=forum)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert window.get(admin_url(forums, view)).status_code == 200
        return len(captured), [query["sql"] for query in captured.captured_queries]

    grow(2)
    cost()
    few, _ = cost()
    grow(6)
    many, ran = cost()

    assert many == few, "\n\n".join(ran)


# The offer of a redirect


def remove(window, subject, view="unpublish", **chosen):
    data = {f"redirect-{name}": value for name, value in chosen.items()}
    return window.post(admin_url(subject, view), data, follow=True)


def readers_at(ask, path):
    query = "query ($path: String!) { route(path: $path) { status redirect { target } } }"
    found = ask(query, path=path)["route"]
    return found["status"], found["redirect"] and found["redirect"]["target"]


@pytest.mark.parametrize(("view", "status"), [("unpublish", 302), ("delete", 301)])
def test_address_leads_to_the_page_that_was_chosen(view, status, window, ask):
    articles = factories.articles_page()
    page = article("Gone", slug="gone", parent=articles)

    response = remove(window, page, view, to="page", page=articles.pk)

    assert readers_at(ask, "/articles/gone/") == (status, "/articles/")
    assert "Its address leads to" in response.content.decode()


def test_page_above_is_offered_first(window):
    articles = factories.articles_page()
    page = article("Gone", slug="gone", parent=articles)

    shown = window.get(admin_url(page, "unpublish")).content.decode()

    assert f'name="redirect-page" value="{articles.pk}"' in shown
    assert '<input type="radio" name="redirect-to" value=""' in shown


@pytest.mark.parametrize(
    "target", ["/elsewhere/", "https://example.org/gone", "http://e.org/", "http://localhost//["]
)
def test_address_leads_to_an_address(target, window, ask):
    page = article("Gone", slug="gone")

    remove(window, page, "delete", to="address", address=target)

    assert readers_at(ask, "/articles/gone/") == (301, target)


@pytest.mark.parametrize("view", ["unpublish", "delete"])
def test_nothing_is_redirected_unasked(view, window):
    remove(window, article("Gone"), view, to="")

    assert not Redirect.objects.exists()
    assert not Page.objects.filter(title="Gone", live=True).exists()


@pytest.mark.parametrize("view", ["unpublish", "delete"])
@pytest.mark.parametrize(
    "address",
    [
        "",
        "elsewhere",
        "//example.org/",
        "/\\example.org",
        "javascript:alert(1)",
        "ftp://example.org/",
        "/\t/example.org/",
        "http://[",
        "/articles/gone/",
        "/articles/gone",
        "http://localhost/articles/gone/?x=1",
        "http://localhost//articles/gone/",
        "/back/",
    ],
)
def test_address_that_will_not_do_changes_nothing(address, view, window):
    page = article("Gone", slug="gone")
    Redirect.objects.create(old_path="/back", redirect_link="/articles/gone")

    response = remove(window, page, view, to="address", address=address)

    said = response.content.decode()
    assert "Nothing has been changed yet." in said
    assert Page.objects.get(pk=page.pk).live
    assert Redirect.objects.count() == 1


def test_what_was_entered_is_kept(window):
    page = article("Gone", slug="gone")

    response = remove(window, page, to="address", address="elsewhere")

    said = response.content.decode()
    assert 'value="elsewhere"' in said
    assert "Begin with a slash" in said


def test_page_that_readers_do_not_see_is_no_target(window):
    page, draft = article("Gone"), article("Draft", live=False)

    for target in (page, draft):
        response = remove(window, page, to="page", page=target.pk)
        assert "Nothing has been changed yet." in response.content.decode()

    assert Page.objects.get(pk=page.pk).live


def test_page_beneath_is_a_target_only_if_it_stays(window, ask):
    forums = factories.forums_page(slug="forums")
    forum = factories.forum_page(parent=forums, slug="first")

    refused = remove(window, forums, "delete", to="page", page=forum.pk)
    assert "goes as well" in refused.content.decode()

    remove(window, forums, "unpublish", to="page", page=forum.pk)
    assert readers_at(ask, "/forums/") == (302, "/forums/first/")


def test_addresses_beneath_are_redirected_when_asked(window, ask):
    home = HomePage.objects.get()
    forums = factories.forums_page(slug="forums")
    factories.forum_page(parent=forums, slug="first")
    factories.forum_page(parent=forums, slug="draft", live=False)

    remove(window, forums, "delete", to="page", page=home.pk, with_beneath="on")

    assert readers_at(ask, "/forums/") == (301, "/")
    assert readers_at(ask, "/forums/first/") == (301, "/")
    assert readers_at(ask, "/forums/draft/") == (404, None)


def test_page_that_stays_public_keeps_its_address(window, ask):
    home = HomePage.objects.get()
    forums = factories.forums_page(slug="forums")
    factories.forum_page(parent=forums, slug="first")

    remove(window, forums, "unpublish", to="page", page=home.pk, with_beneath="on")

    assert readers_at(ask, "/forums/") == (302, "/")
    assert readers_at(ask, "/forums/first/") == (200, None)


def test_page_that_is_published_again_is_at_its_address(window, ask):
    page = article("Gone", slug="gone")
    remove(window, page, to="address", address="/elsewhere/")

    page.refresh_from_db()
    page.save_revision().publish()

    assert readers_at(ask, "/articles/gone/") == (200, None)


def test_redirects_are_offered_to_those_who_may_add_them(administrator, sign_in, window):
    page = article("Gone", slug="gone")
    assert "redirect-to" in window.get(admin_url(page, "unpublish")).content.decode()
    administrator.groups.all()[0].permissions.filter(codename="add_redirect").delete()
    other = sign_in(type(administrator).objects.get(pk=administrator.pk))

    assert "redirect-to" not in other.get(admin_url(page, "unpublish")).content.decode()
    remove(other, page, to="address", address="/elsewhere/")

    assert not Redirect.objects.exists()
    assert not Page.objects.get(pk=page.pk).live


def test_nothing_is_redirected_when_it_fails(window, monkeypatch):
    page = article("Gone", slug="gone")

    def fail(*args, **kwargs):
        raise RuntimeError("The log is full.")

    monkeypatch.setattr("cms.removal.redirect_offer.log", fail)
    with pytest.raises(RuntimeError):
        remove(window, page, to="address", address="/elsewhere/")

    assert not Redirect.objects.exists()
    assert Page.objects.get(pk=page.pk).live


def bulk_url(action, pages):
    keys = "&".join(f"id={page.pk}" for page in pages)
    return reverse("wagtail_bulk_action", args=("wagtailcore", "page", action)) + "?" + keys


def remove_together(window, pages, action="unpublish", **chosen):
    data = {f"redirect-{name}": value for name, value in chosen.items()}
    return window.post(f"{bulk_url(action, pages)}&next=/admin/", data, follow=True)


@pytest.mark.parametrize(("action", "status"), [("unpublish", 302), ("delete", 301)])
def test_addresses_of_several_pages_lead_to_one_target(action, status, window, ask):
    articles = factories.articles_page()
    gone = [article(slug, slug=slug, parent=articles) for slug in ("one", "two")]
    draft = article("Draft", slug="draft", parent=articles, live=False)
    shown = window.get(bulk_url(action, gone)).content.decode()

    response = remove_together(window, [*gone, draft], action, to="page", page=articles.pk)

    assert f'name="redirect-page" value="{articles.pk}"' in shown
    assert readers_at(ask, "/articles/one/") == (status, "/articles/")
    assert readers_at(ask, "/articles/two/") == (status, "/articles/")
    assert readers_at(ask, "/articles/draft/") == (404, None)
    assert "2 addresses lead to" in response.content.decode()


def test_addresses_beneath_several_pages_are_redirected_when_asked(window, ask):
    home = HomePage.objects.get()
    forums = factories.forums_page(slug="forums")
    factories.forum_page(parent=forums, slug="first")
    page = article("Gone", slug="gone")

    remove_together(window, [forums, page], "delete", to="page", page=home.pk, with_beneath="on")

    for path in ("/forums/", "/forums/first/", "/articles/gone/"):
        assert readers_at(ask, path) == (301, "/")


@pytest.mark.parametrize("action", ["unpublish", "delete"])
def test_no_target_may_go_in_the_same_action(action, window):
    first, second = article("First", slug="first"), article("Second", slug="second")
    hidden = article("Hidden", live=False)

    for chosen, why in [
        ({"to": "page", "page": second.pk}, "goes as well"),
        ({"to": "page", "page": hidden.pk}, "Readers do not see"),
        ({"to": "address", "address": "/articles/second/"}, "This leads back"),
    ]:
        response = remove_together(window, [first, second], action, **chosen)

        said = response.content.decode()
        assert "Nothing has been changed yet." in said
        assert why in said
        assert f"id={first.pk}&amp;id={second.pk}" in said
    assert Page.objects.filter(pk__in=[first.pk, second.pk], live=True).count() == 2
    assert not Redirect.objects.exists()


def test_address_of_a_page_beneath_that_goes_is_no_target(window):
    forums = factories.forums_page(slug="forums")
    factories.forum_page(parent=forums, slug="first")

    response = remove(window, forums, "delete", to="address", address="/forums/first/")

    assert "This leads back" in response.content.decode()
    assert Page.objects.filter(pk=forums.pk).exists()


def test_several_pages_are_offered_no_redirect_without_permission(administrator, sign_in):
    pages = [article("First"), article("Second")]
    administrator.groups.all()[0].permissions.filter(codename="add_redirect").delete()
    window = sign_in(type(administrator).objects.get(pk=administrator.pk))

    assert "redirect-to" not in window.get(bulk_url("unpublish", pages)).content.decode()
    remove_together(window, pages, to="address", address="/elsewhere/")

    assert not Redirect.objects.exists()
    assert not Page.objects.filter(pk__in=[page.pk for page in pages], live=True).exists()


def test_readers_and_strangers_unpublish_nothing(client, staff, sign_in):
    page = article("Stays")

    client.post(admin_url(page, "unpublish"))
    sign_in(staff).post(admin_url(page, "unpublish"))

    assert Page.objects.get(pk=page.pk).live


def test_answers_that_go_with_a_form(impact):
    page = factories.form_page()
    factories.submission(page, name="Ada")
    factories.submission(page, name="Ben")

    assert "2 answers of readers stay, and no more are taken." in impact(page, "unpublish")
    assert "2 answers of readers are deleted with it." in impact(page, "delete")
