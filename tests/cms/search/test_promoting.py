"""Editors say in the admin which pages go first for which words; staff do not."""

from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.models import Locale, PageViewRestriction, Site

from cms.search.models import PromotedTerm
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.perspective.scheduled_content import at
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

FOUND = "query ($words: String!) { search(query: $words) { nodes { promoted title { text } } } }"


def address(name, *args):
    return reverse(f"promoted_results:{name}", args=args)


def form(term, *pages, site=None, locale=None):
    """What a browser sends that has filled in the form."""
    sent = {
        "term": term,
        "site": (site or Site.objects.get(is_default_site=True)).pk,
        "locale": (locale or Locale.get_default()).pk,
        "results-TOTAL_FORMS": len(pages),
        "results-INITIAL_FORMS": 0,
        "results-MIN_NUM_FORMS": 0,
        "results-MAX_NUM_FORMS": 10,
    }
    for place, page in enumerate(pages):
        row = {"page": page.pk, "ORDER": place + 1, "DELETE": "", "id": ""}
        sent |= {f"results-{place}-{name}": value for name, value in row.items()}
    return sent


@pytest.fixture
def window(editor, sign_in):
    return sign_in(editor)


@pytest.fixture
def said(window):
    """What the form answers to what it does not take, and nothing is written."""

    def said(*args, **kwargs):
        before = PromotedTerm.objects.count()
        response = window.post(address("add"), form(*args, **kwargs))
        assert response.status_code == 200
        assert PromotedTerm.objects.count() == before
        return unescape(response.content.decode())

    return said


@pytest.fixture
def first(ask):
    def first(words):
        found = ask(FOUND, words=words)["search"]["nodes"]
        return [each["title"]["text"] for each in found if each["promoted"]]

    return first


def article(title, **fields):
    return factories.article_page(title=title, **{"slug": title.lower(), **fields})


# What editors write


def test_editor_promotes_pages_in_an_order(window, first):
    one, two = article("One"), article("Two")

    response = window.post(address("add"), form("Open positions", two, one), follow=True)

    assert "created" in response.content.decode()
    assert first("open position") == ["Two", "One"]


def changed(term, words, *pages, **fields):
    """What is sent when pages were there before."""
    stored = list(term.results.order_by("sort_order"))
    sent = form(words, *pages) | {"results-INITIAL_FORMS": len(stored)}
    return sent | {f"results-{place}-id": row.pk for place, row in enumerate(stored)} | fields


def test_editor_changes_words_pages_and_their_order(window, first):
    one, two, three = article("One"), article("Two"), article("Three")
    term = factories.promoted_term("jobs", one, two)
    order = {"results-0-ORDER": 3, "results-1-ORDER": 2, "results-2-ORDER": 1}

    response = window.post(
        address("edit", term.pk), changed(term, "vacancies", one, two, three, **order)
    )

    assert response.status_code == 302
    assert first("jobs") == []
    assert first("vacancy") == ["Three", "Two", "One"]


def test_editor_takes_a_page_out_and_the_words_away(window, first):
    one, two = article("One"), article("Two")
    term = factories.promoted_term("jobs", one, two)
    taken_out = {"results-0-DELETE": "on"}

    window.post(address("edit", term.pk), changed(term, "jobs", one, two, **taken_out))
    assert first("jobs") == ["Two"]
    window.post(address("delete", term.pk))

    assert first("jobs") == []
    assert not PromotedTerm.objects.exists()


def test_form_begins_with_the_own_site_and_what_its_address_says(window):
    factories.home_page()

    plain = window.get(address("add")).context["form"]
    filled = window.get(address("add"), {"term": "jobs", "site": "x", "language": "99"})

    assert plain["site"].value() == Site.objects.get().pk
    assert plain["locale"].value() == Locale.get_default().pk
    assert filled.context["form"]["term"].value() == "jobs"


# What is refused, in one sentence


@pytest.mark.parametrize("typed", ["jobs and careers", "Careers, JOBS and", "career ánd job!"])
def test_same_words_are_refused_and_the_ones_that_are_there_are_named(said, typed):
    made = article("Join")
    factories.promoted_term("jobs and careers", made)

    assert (
        "“jobs and careers” has promoted results on this site in this language, and means the same"
        " words: change those."
    ) in said(typed, made)


def test_same_words_are_taken_for_another_language_and_another_site(window):
    home = factories.home_page()
    locale, _ = Locale.objects.get_or_create(language_code="de")
    there = home.copy_for_translation(locale)
    made = article("Join")
    elsewhere = Site.objects.create(hostname="other.example.org", root_page=made)

    for sent in (
        form("jobs", made),
        form("jobs", there, locale=locale),
        form("jobs", made, site=elsewhere),
    ):
        assert window.post(address("add"), sent).status_code == 302

    assert PromotedTerm.objects.count() == 3


@pytest.mark.parametrize("typed", ["!", "’ – …", "🙂"])
def test_signs_alone_are_refused(said, typed):
    assert "Write at least one word: signs alone find nothing." in said(typed, article("Join"))


def test_words_have_to_be_there_and_short(said):
    made = article("Join")

    assert "This field is required." in said(" ", made)
    assert "at most 100 characters" in said("a" * 101, made)


def test_page_has_to_be_chosen_and_once(said):
    made = article("Join")

    assert "Choose at least one page that is to go first." in said("jobs")
    assert "This page is chosen twice: take it out here." in said("jobs", made, made)


def test_page_of_another_site_or_language_is_refused(said):
    home = factories.home_page()
    locale, _ = Locale.objects.get_or_create(language_code="de")
    there = home.copy_for_translation(locale)
    made = article("Join")
    elsewhere = Site.objects.create(
        hostname="other.example.org", site_name="Other", root_page=article("Elsewhere")
    )

    wrong = "so that who searches there would not find it."
    assert wrong in said("jobs", there)
    assert wrong in said("jobs", made, locale=locale)
    refused = said("jobs", made, site=elsewhere)
    assert wrong in refused
    assert "has no pages in" in said("jobs", made, site=elsewhere, locale=locale)


# What the list says


def test_list_shows_pages_in_order_and_which_readers_do_not_see(window, clock):
    home = factories.home_page()
    seen, draft = article("Seen"), article("Draft", live=False)
    private, expired = article("Private"), article("Expired")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    expired.expire_at = at(1)
    expired.save_revision().publish()
    locale, _ = Locale.objects.get_or_create(language_code="de")
    there = home.copy_for_translation(locale)
    there.title = "Start"
    there.save_revision().publish()
    factories.promoted_term("jobs", draft, seen, private, expired, there)
    factories.promoted_term("nothing")
    clock.set(at(2).isoformat())

    page = window.get(address("index"))

    jobs, nothing = page.context["object_list"]
    assert [(each.title, each.hidden) for each in jobs.shown_results] == [
        ("Draft", "is not published"),
        ("Seen", ""),
        ("Private", "is private"),
        ("Expired", "has expired"),
        ("Start", "is not on this site in this language"),
    ]
    assert nothing.shown_results == []
    text = page.content.decode()
    assert "not shown: is private" in text
    assert "no page left" in text


def test_list_is_searched(window):
    factories.promoted_term("jobs", article("Join"))
    factories.promoted_term("light", article("Light"))

    page = window.get(address("index"), {"q": "job"})

    assert [str(each) for each in page.context["object_list"]] == ["jobs"]


def test_history_and_use_are_told(window):
    made = article("Join")
    window.post(address("add"), form("jobs", made))
    term = PromotedTerm.objects.get()

    history = window.get(address("history", term.pk)).content.decode()
    use = window.get(reverse("wagtailadmin_pages:usage", args=[made.pk])).content.decode()

    assert "Created" in history
    assert address("edit", term.pk) in use


def test_page_that_is_promoted_can_be_deleted(window, editor, administrator, sign_in):
    made = article("Join")
    term = factories.promoted_term("jobs", made)

    response = sign_in(administrator).post(admin_url(made, "delete"))

    assert response.status_code == 302
    assert term.results.count() == 0
    assert "no page left" in window.get(address("index")).content.decode()


@pytest.mark.parametrize("named_by", ["promoted result", "preview token"])
def test_page_that_the_admin_names_can_be_unpublished_with_a_release(window, editor, named_by):
    made = article("Join")
    if named_by == "promoted result":
        factories.promoted_term("jobs", made)
    else:
        factories.preview_token(page=made)
    release = factories.release(unpublish=[made], go_live_at=at(2), by=editor)

    page = window.get(reverse("releases:approve", args=[release.pk]))

    assert page.status_code == 200
    assert "links to" not in page.content.decode()


# Who may


@pytest.mark.parametrize("view", ["index", "add", "edit", "delete", "history", "usage"])
def test_staff_neither_see_nor_change_what_is_promoted(staff, sign_in, view):
    made = article("Join")
    term = factories.promoted_term("jobs", made)
    arguments = [] if view in ("index", "add") else [term.pk]
    browser = sign_in(staff)

    for response in (
        browser.get(address(view, *arguments)),
        browser.post(address(view, *arguments), form("other", made)),
    ):
        assert response.status_code in (302, 403, 405)

    assert [each.term for each in PromotedTerm.objects.all()] == ["jobs"]
    assert "Site search" not in browser.get(reverse("wagtailadmin_home")).content.decode()


# Two at once


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_second_of_two_who_write_the_same_words_is_told(committed):
    made = article("Join")
    people = [factories.user(name, group="Editors") for name in ("one", "two")]
    windows = [signed_in(person) for person in people]

    def promote(window):
        try:
            return window.post(address("add"), form("jobs", made))
        finally:
            connection.close()

    for _ in range(5):
        PromotedTerm.objects.all().delete()
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(promote, windows))
        assert sorted(each.status_code for each in answers) == [200, 302]
        refused = next(each for each in answers if each.status_code == 200)
        assert "has promoted results on this site" in refused.content.decode()
        assert PromotedTerm.objects.count() == 1
