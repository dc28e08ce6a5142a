"""What readers searched for in vain is noted, and nothing of who they were; editors see it."""

import csv
from datetime import date, timedelta
from io import StringIO
from unittest import mock

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Locale, PageViewRestriction, Site

from cms.search import in_vain
from cms.search.models import PromotedTerm, SearchInVain
from tests import factories
from tests.conftest import statements_of

pytestmark = pytest.mark.django_db

SEARCH = """
query ($words: String!, $types: [SearchType!], $filter: SearchFilter, $first: Int, $after: String,
    $last: Int, $before: String, $locale: String) {
  search(query: $words, types: $types, filter: $filter, first: $first, after: $after, last: $last,
      before: $before, locale: $locale) {
    totalCount pageInfo { endCursor } nodes { title { text } }
  }
}
"""


@pytest.fixture(autouse=True)
def _site(home_page):
    """There is one."""


@pytest.fixture
def search(ask):
    return lambda query, **arguments: ask(SEARCH, words=query, **arguments)["search"]


def noted() -> dict[str, int]:
    return dict(SearchInVain.objects.order_by("pk").values_list("words", "times"))


def address(name, *args):
    return reverse(f"searches_in_vain:{name}", args=args)


# What is noted


def test_words_that_find_nothing_are_counted_with_the_day(search, clock):
    search("Photonic Gateways")
    clock.set("2026-02-01T10:00:00+00:00")
    search("gateway, PHOTONICS!")

    (row,) = SearchInVain.objects.all()

    assert (row.words, row.times, row.last_on) == ("photonic gateways", 2, date(2026, 2, 1))
    assert (row.site, row.locale) == (Site.objects.get(), Locale.get_default())


def test_words_that_find_something_are_not_noted(search):
    factories.article_page(title="Photonics")
    factories.promoted_term("jobs", factories.article_page(title="Join", slug="join"))

    for query in ("photonics", "photonic nonesuch", "phtonics", "jobs"):
        assert search(query)["nodes"]

    assert noted() == {}


def test_words_that_find_hidden_content_alone_are_noted(search):
    hidden = factories.article_page(title="Photonics")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    factories.promoted_term("jobs", hidden)

    search("photonics")
    search("jobs")

    assert noted() == {"photonics": 1, "jobs": 1}


@pytest.mark.parametrize(
    "asked",
    [
        {"types": ["PERSON"]},
        {"filter": {"years": [2025]}},
        {"locale": "xx"},
    ],
)
def test_narrowed_searches_are_not_noted(search, asked):
    assert search("nonesuch", **asked)["nodes"] == []

    assert noted() == {}


def test_end_of_what_was_found_is_not_noted(search):
    factories.article_page(title="Light")
    end = search("light")["pageInfo"]["endCursor"]

    assert search("light", after=end)["nodes"] == []

    assert noted() == {}


def test_neither_previews_nor_suggestions_are_noted(client, ask):
    ask('{ searchSuggestions(query: "nonesuch") { title { text } } }')
    client.post(
        "/graphql",
        {"query": SEARCH, "variables": {"words": "nonesuch"}},
        content_type="application/json",
        headers={"Authorization": f"Bearer {factories.preview_token()}"},
    )

    assert noted() == {}


def test_search_by_get_is_noted_too(client):
    query = '{ search(query: "nonesuch") { totalCount } }'

    assert client.get("/graphql", {"query": query}).status_code == 200

    assert noted() == {"nonesuch": 1}


def test_each_language_has_its_own(search):
    home = Site.objects.get().root_page
    locale, _ = Locale.objects.get_or_create(language_code="de")
    home.copy_for_translation(locale)

    search("haus")
    search("haus", locale="de")

    assert sorted(SearchInVain.objects.values_list("locale__language_code", "times")) == [
        ("de", 1),
        ("en", 1),
    ]


def test_searches_of_one_answer_are_noted_once_each_and_five_at_most(ask):
    words = ["same", "same", *(f"other{letter}" for letter in "abcdef")]
    fields = " ".join(
        f'r{number}: search(query: "{word}") {{ totalCount nodes {{ score }} }}'
        for number, word in enumerate(words)
    )

    ask(f"{{ {fields} }}")

    assert list(noted().items()) == [(word, 1) for word in words[1:6]]


# What is not kept


@pytest.mark.parametrize(
    "query",
    [
        "",
        "!",
        "x",
        "x y",
        "someone@example.org",
        "someone @ example.org",
        "someone＠example.org",  # noqa: RUF001
        "someone (at) example.org",
        "https://example.org/secret",
        "+49 170 1234567",
        "DE89 3704 0044 0532 0130 00",
        "4111-1111-1111-1111",
        "١٢٣٤٥٦٧٨",
        "call 030/1234567",
        "a" * 41,
        "nonesuch " * 12,
    ],
)
def test_what_may_tell_who_asked_or_says_nothing_is_not_kept(search, query):
    assert search(query)["nodes"] == []

    assert noted() == {}


@pytest.mark.parametrize("query", ["edge ai 2025", "go", "生成", "naïve bayes", "iso 27001"])
def test_what_people_look_for_is_kept(search, query):
    search(query)

    assert noted() == {query: 1}


def test_nothing_but_words_place_number_and_day_is_stored():
    columns = {field.name for field in SearchInVain._meta.fields}

    assert columns == {"id", "site", "locale", "key", "words", "times", "last_on"}


# How much, and how long


def test_script_with_many_words_keeps_no_more_than_so_many(search):
    with mock.patch.multiple(in_vain, MOST_KEPT=5, MOST_STORED=8):
        for _ in range(3):
            search("often")
        for number in range(40):
            search(f"word{number}q")

            assert SearchInVain.objects.count() <= 8

    assert noted()["often"] == 3
    assert "word39q" in noted()
    assert "word0q" not in noted()


def test_what_is_old_goes_when_something_new_is_noted_and_is_not_listed_before(
    search, clock, editor, sign_in
):
    search("once")
    clock.moment += timedelta(days=90)
    window = sign_in(editor)
    assert [each.words for each in window.get(address("index")).context["object_list"]] == ["once"]
    clock.moment += timedelta(days=1)

    assert not window.get(address("index")).context["object_list"]
    search("again")

    assert noted() == {"again": 1}


def test_command_forgets_what_is_old(search, clock, capsys):
    search("once")
    clock.moment += timedelta(days=91)
    search_now = SearchInVain.objects.create(
        site=Site.objects.get(),
        locale=Locale.get_default(),
        key="new",
        words="new",
        times=1,
        last_on=clock.moment.date(),
    )

    call_command("prune_searches")

    assert capsys.readouterr().out == "Deleted 1 searches that found nothing.\n"
    assert list(SearchInVain.objects.all()) == [search_now]


# What it costs the reader


def test_answer_is_the_same_when_nothing_can_be_noted(search, caplog):
    with mock.patch.object(
        in_vain, "NOTE", "INSERT INTO no_such_table VALUES (%s, %s, %s, %s, %s)"
    ):
        answer = search("nonesuch")

    assert answer["totalCount"] == 0
    assert "A search that found nothing was not noted." in caplog.text
    search("nonesuch")
    assert noted() == {"nonesuch": 1}


def test_searches_that_find_something_write_nothing(ask):
    factories.article_page(title="Light")
    ask(SEARCH, words="light")

    ran = statements_of(lambda: ask(SEARCH, words="light"))

    assert not [sql for sql in ran if "searchinvain" in sql]


def test_noting_again_is_one_statement(ask):
    ask(SEARCH, words="nonesuch")

    ran = statements_of(lambda: ask(SEARCH, words="nonesuch"))

    assert len([sql for sql in ran if "searchinvain" in sql]) == 1


# What editors see


@pytest.fixture
def window(editor, sign_in):
    return sign_in(editor)


def test_editors_see_the_most_frequent_first(window, search):
    for query in ("once", "often", "often", "twice", "twice", "often"):
        search(query)

    page = window.get(address("index"))

    assert [each.words for each in page.context["object_list"]] == ["often", "twice", "once"]
    assert "Searches that found nothing" in page.content.decode()


def test_button_leads_to_the_form_with_the_words_and_then_to_what_was_written(window, search):
    made = factories.article_page(title="Join")
    search("open positions")

    (row,) = window.get(address("index")).context["object_list"]
    form = window.get(row.promote_address).context["form"]

    place = (form["term"].value(), form["site"].value(), form["locale"].value())
    assert place == ("open positions", str(row.site_id), str(row.locale_id))
    factories.promoted_term("Position, open", made)
    (row,) = window.get(address("index")).context["object_list"]
    term = PromotedTerm.objects.get()
    assert row.promote_address == reverse("promoted_results:edit", args=[term.pk])


def test_editor_takes_a_search_off_the_list(window, search):
    search("nonesuch")
    row = SearchInVain.objects.get()
    listed = window.get(address("index")).content.decode()

    answer = window.post(address("delete", row.pk), follow=True)

    assert address("delete", row.pk) in listed
    assert "was taken off the list" in answer.content.decode()
    assert noted() == {}


def test_list_is_searched_and_downloaded(window, search):
    search("edge nonesuch")
    search("other")

    found = window.get(address("index"), {"q": "nonesuch"}).context["object_list"]
    file = window.get(address("index"), {"export": "csv"})

    assert [each.words for each in found] == ["edge nonesuch"]
    rows = list(csv.reader(StringIO(file.getvalue().decode())))
    assert rows[0] == ["Search words", "Times", "Last searched", "Site", "Language"]
    assert [row[:2] for row in rows[1:]] == [["edge nonesuch", "1"], ["other", "1"]]


def test_what_readers_wrote_is_shown_as_text(window, search):
    search("<script>alert</script> nonesuch")
    SearchInVain.objects.update(words="<script>alert(1)</script>")

    assert "<script>alert(1)" not in window.get(address("index")).content.decode()


@pytest.mark.parametrize("view", ["index", "add", "edit", "delete", "history", "usage"])
def test_staff_see_none_of_it(staff, sign_in, view):
    row = factories.search_in_vain("nonesuch")
    arguments = [] if view in ("index", "add") else [row.pk]
    browser = sign_in(staff)

    for response in (
        browser.get(address(view, *arguments)),
        browser.post(address(view, *arguments)),
    ):
        assert response.status_code in (302, 403, 405)

    assert noted() == {"nonesuch": 1}


@pytest.mark.parametrize("view", ["add", "edit"])
def test_nobody_writes_what_readers_write(administrator, sign_in, view):
    row = factories.search_in_vain("nonesuch")
    administrator.is_superuser = True
    administrator.save()

    response = sign_in(administrator).post(
        address(view, *([] if view == "add" else [row.pk])), {"words": "other"}
    )

    assert response.status_code == 302
    assert noted() == {"nonesuch": 1}
