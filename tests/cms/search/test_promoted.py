"""Promoted results as a frontend meets them: first, in the editors' order, and only what is seen.

The same on SQLite and PostgreSQL, since the suite runs on both.
"""

import json

import pytest
from django.core.management import call_command
from wagtail.models import Locale, PageViewRestriction, Site

from cms.search.models import PromotedTerm
from tests import factories
from tests.cms.perspective.scheduled_content import at, schedule, scheduled
from tests.conftest import statements_of

pytestmark = pytest.mark.django_db

SEARCH = """
query ($words: String!, $types: [SearchType!], $filter: SearchFilter, $first: Int, $after: String,
    $last: Int, $before: String, $locale: String) {
  search(query: $words, types: $types, filter: $filter, first: $first, after: $after, last: $last,
      before: $before, locale: $locale) {
    totalCount wordsRequired
    corrections { word takenFor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { promoted score title { text html } item { __typename } }
    facets { types { type count } articleKinds { kind count } years { year count } }
  }
}
"""


@pytest.fixture
def search(ask):
    return lambda query, **arguments: ask(SEARCH, words=query, **arguments)["search"]


@pytest.fixture
def found(search):
    """Titles, those promoted with a star before them."""
    return lambda query, **arguments: starred(search(query, **arguments))


def starred(answer):
    return [f"{'*' * node['promoted']}{node['title']['text']}" for node in answer["nodes"]]


def article(title, text="Words.", **fields):
    body = [("paragraphs", {"text": f"<p>{text}</p>"})]
    return factories.article_page(title=title, body=body, **fields)


@pytest.fixture
def jobs():
    """Three articles, of which the last is promoted for what the others have more often."""
    article("Vacancies", "Vacancies", slug="most")
    article("Another", "Vacancies", slug="another")
    return article("Join", "Nothing of it.", slug="join")


# First, in their order


def test_promoted_pages_go_first_in_their_order_whatever_they_say(found, jobs):
    second = article("Second", slug="second")
    factories.promoted_term("Vacancies", jobs, second)

    assert found("vacancies") == ["*Join", "*Second", "Vacancies", "Another"]
    assert found("another") == ["Another"]


def test_window_of_promoted_pages_alone_tells_what_is_found_behind_them(search, jobs):
    factories.promoted_term("vacancies", jobs, article("Second", slug="second"))

    answer = search("vacancies", first=1)

    assert starred(answer) == ["*Join"]
    assert (answer["totalCount"], answer["corrections"]) == (4, [])


@pytest.mark.parametrize(
    ("typed", "is_promoted"),
    [
        ("Open Positions", True),
        ("open position", True),
        ("positions open", True),
        ("ÓPEN pósitions!", True),
        ("open open positions", True),
        ("open", False),
        ("open positions here", False),
        ("opem positions", False),
    ],
)
def test_words_are_the_same_as_search_compares_them(found, typed, is_promoted):
    factories.promoted_term("open positions", article("Join"))

    assert found(typed) == (["*Join"] if is_promoted else [])


def test_page_that_has_the_words_as_well_is_found_once(search):
    made = article("Light", "Light.", slug="light")
    article("Light light", "Light.", slug="other")
    factories.promoted_term("light", made)

    answer = search("light")

    assert starred(answer) == ["*Light", "Light light"]
    assert answer["totalCount"] == 2
    assert answer["nodes"][0]["score"] == answer["nodes"][1]["score"] > 0
    assert answer["nodes"][0]["title"]["html"] == "<mark>Light</mark>"


def test_everything_else_is_found_as_if_nothing_were_promoted(search, jobs):
    article("Photonics", "Photonics.", slug="photonics")
    plain = [search("vacancies photonisc"), search("photonisc")]

    factories.promoted_term("vacancies photonisc", jobs)
    factories.promoted_term("photonisc", jobs)

    for query, before in zip(["vacancies photonisc", "photonisc"], plain, strict=True):
        after = search(query)
        assert after["nodes"][0]["promoted"]
        assert after["nodes"][1:] == before["nodes"] != []
        assert after["totalCount"] == before["totalCount"] + 1
        assert after["corrections"] == before["corrections"]
        assert after["wordsRequired"] == before["wordsRequired"]


def test_promoted_pages_alone_are_an_answer(search):
    factories.promoted_term("zzz", article("Join"))

    answer = search("zzz")

    assert starred(answer) == ["*Join"]
    assert answer["totalCount"] == 1
    assert answer["nodes"][0]["score"] == 0


# A page at a time, narrowed and counted


def test_pages_of_results_follow_one_another_in_both_directions(search):
    made = [article(f"Light {number}", slug=f"light-{number}") for number in range(6)]
    promoted = [article(f"First {number}", slug=f"first-{number}") for number in range(3)]
    factories.promoted_term("light", *promoted, made[2])
    whole = starred(search("light"))

    windows = [search("light", first=2)]
    while windows[-1]["pageInfo"]["hasNextPage"]:
        windows.append(search("light", first=2, after=windows[-1]["pageInfo"]["endCursor"]))
    back = [search("light", last=2)]
    while back[-1]["pageInfo"]["hasPreviousPage"]:
        back.append(search("light", last=2, before=back[-1]["pageInfo"]["startCursor"]))

    assert whole[:4] == ["*First 0", "*First 1", "*First 2", "*Light 2"]
    assert len(whole) == 9
    assert [title for each in windows for title in starred(each)] == whole
    assert [title for each in reversed(back) for title in starred(each)] == whole
    assert {each["totalCount"] for each in [*windows, *back]} == {9}


@pytest.fixture
def to_narrow():
    news = article("News", slug="news", kind="news", date="2024-01-01")
    article("Light", slug="light", kind="article", date="2025-01-01")
    charter = factories.charter_page(title="Charter")
    factories.promoted_term("light", charter, news)


@pytest.mark.parametrize(
    ("narrowed", "titles"),
    [
        ({}, ["*Charter", "*News", "Light"]),
        ({"types": ["ARTICLE_PAGE"]}, ["*News", "Light"]),
        ({"types": ["CHARTER_PAGE"]}, ["*Charter"]),
        ({"types": ["PERSON"]}, []),
        ({"filter": {"years": [2024]}}, ["*News"]),
        ({"filter": {"years": [2025]}}, ["Light"]),
        ({"filter": {"articleKinds": ["NEWS"]}}, ["*News"]),
        ({"filter": {"articleKinds": ["ARTICLE"]}, "types": ["ARTICLE_PAGE"]}, ["Light"]),
    ],
)
def test_promoted_pages_are_narrowed_and_counted_like_all_others(
    search, to_narrow, narrowed, titles
):
    answer = search("light", **narrowed)

    assert starred(answer) == titles
    assert answer["totalCount"] == len(titles)


def test_facets_count_promoted_pages_once(search, to_narrow):
    facets = search("light")["facets"]

    assert facets["types"] == [
        {"type": "ARTICLE_PAGE", "count": 2},
        {"type": "CHARTER_PAGE", "count": 1},
    ]
    assert {each["kind"]: each["count"] for each in facets["articleKinds"]} == {
        "NEWS": 1,
        "ARTICLE": 1,
    }
    assert facets["years"] == [{"year": 2025, "count": 1}, {"year": 2024, "count": 1}]


def test_ten_at_most_and_each_once_are_promoted(found):
    pages = [article(f"Page {number}", slug=f"page-{number}") for number in range(12)]
    factories.promoted_term("zzz", pages[0], *pages)

    assert found("zzz", first=20) == [f"*Page {number}" for number in range(9)]


# Of a site and a language


def test_another_language_and_another_site_have_their_own(found):
    home = factories.home_page()
    locale, _ = Locale.objects.get_or_create(language_code="de")
    there = home.copy_for_translation(locale)
    there.title = "Start"
    there.save_revision().publish()
    made = article("Join")
    factories.promoted_term("stellen", made, there, locale=locale)
    elsewhere = Site.objects.create(hostname="other.example.org", root_page=made)
    factories.promoted_term("stelle", made, site=elsewhere)

    assert found("stellen") == found("stelle") == []
    assert found("Stelle", locale="de") == ["*Start"]


def test_page_of_another_site_is_not_shown(found):
    made = article("Join")
    factories.promoted_term("jobs", made)
    site = Site.objects.get()
    root = site.root_page
    other = factories.home_page(title="Elsewhere", slug="elsewhere")
    Site.objects.filter(pk=site.pk).update(root_page=root)
    Site.objects.create(hostname="other.example.org", root_page=other)
    assert found("jobs") == ["*Join"]

    made.move(other, pos="last-child")

    assert found("jobs") == []


# What readers may not see


@pytest.mark.parametrize("how", ["draft", "expired", "private", "private above", "deleted"])
def test_hidden_page_is_neither_shown_nor_counted(search, clock, how):
    hidden, shown = article("Hidden", slug="hidden"), article("Shown", slug="shown")
    factories.promoted_term("jobs", hidden, shown)
    if how == "draft":
        hidden.unpublish()
    elif how == "expired":
        hidden.expire_at = at(1)
        hidden.save_revision().publish()
    elif how == "private":
        PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    elif how == "private above":
        above = hidden.get_parent()
        PageViewRestriction.objects.create(page=above, restriction_type="login")
    else:
        hidden.delete()
    clock.set(at(2).isoformat())

    answer = search("jobs")

    expected = [] if how == "private above" else ["*Shown"]
    assert starred(answer) == expected
    assert answer["totalCount"] == len(expected)
    assert sum(each["count"] for each in answer["facets"]["types"]) == len(expected)


def test_page_that_is_published_again_is_promoted_again(found):
    made = article("Join")
    factories.promoted_term("jobs", made)
    made.unpublish()
    assert found("jobs") == []

    made.save_revision().publish()

    assert found("jobs") == ["*Join"]


def test_page_is_promoted_from_the_second_at_which_it_goes_live(found, clock):
    factories.home_page()
    made = scheduled(factories.article_page, at(2), title="Join")
    factories.promoted_term("jobs", made)

    clock.set("2099-06-02T08:59:59+00:00")
    assert found("jobs") == []
    clock.set("2099-06-02T09:00:00+00:00")
    assert found("jobs") == ["*Join"]


def test_page_that_is_to_change_is_promoted_once_with_what_it_says_then(found, clock):
    made = article("Before")
    factories.promoted_term("jobs", made)
    schedule(made, at(2), title="Jobs")

    clock.set("2099-06-02T08:59:59+00:00")
    assert found("jobs") == ["*Before"]
    clock.set("2099-06-02T09:00:00+00:00")
    assert found("jobs") == ["*Jobs"]


def test_draft_is_promoted_for_who_may_see_it_alone(client, found):
    factories.promoted_term("jobs", article("Draft", live=False))

    response = client.post(
        "/graphql",
        {"query": SEARCH, "variables": {"words": "jobs"}},
        content_type="application/json",
        headers={"Authorization": f"Bearer {factories.preview_token()}"},
    )

    assert starred(response.json()["data"]["search"]) == ["*Draft"]
    assert found("jobs") == []


# What it costs, and what becomes of it


def test_promoted_results_cost_one_statement_however_many_there_are(ask):
    pages = [article(f"Light {number}", slug=f"light-{number}") for number in range(10)]

    ask(SEARCH, words="light")
    without = statements_of(lambda: ask(SEARCH, words="light"))
    term = factories.promoted_term("light", pages[0])
    ask(SEARCH, words="light")
    one = statements_of(lambda: ask(SEARCH, words="light"))
    term.delete()
    factories.promoted_term("light", *pages)
    many = statements_of(lambda: ask(SEARCH, words="light"))

    assert len(without) == len(one) == len(many), json.dumps([without, one, many], indent=1)
    assert len([sql for sql in without if "search_promoted" in sql]) == 1


def test_searches_of_one_answer_ask_for_promoted_results_together(ask):
    factories.promoted_term("light", article("Light"))
    query = '{ a: search(query: "light") { totalCount } b: search(query: "x") { totalCount } }'
    ask(query)

    asked = statements_of(lambda: ask(query))

    assert len([sql for sql in asked if "search_promoted" in sql]) == 1


def test_words_without_letters_ask_for_none(ask):
    article("Light")

    asked = statements_of(lambda: ask(SEARCH, words="!"))

    assert not any("search_promoted" in sql for sql in asked)


def test_words_are_compared_anew_when_that_has_changed(found):
    factories.promoted_term("open positions", article("Join"))
    PromotedTerm.objects.update(key="made otherwise")
    assert found("open positions") == []

    call_command("index_search", verbosity=0)

    assert found("open positions") == ["*Join"]


def test_page_that_is_deleted_leaves_the_rest(found):
    gone, kept = article("Gone", slug="gone"), article("Kept", slug="kept")
    factories.promoted_term("jobs", gone, kept)

    gone.delete()

    assert found("jobs") == ["*Kept"]
