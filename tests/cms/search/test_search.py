"""Search as a frontend asks for it: what is found, what is not, and in which order.

The same on SQLite and PostgreSQL, since the suite runs on both.
"""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from wagtail.models import Locale, PageViewRestriction, Site

from cms.scheduling.signals import scheduler_idle
from cms.search.models import SearchDocument
from pages.models import ArticlePage, FormField
from tests import factories
from tests.cms.perspective.scheduled_content import at, schedule, scheduled
from tests.conftest import statements_of

pytestmark = pytest.mark.django_db

# With all facets, on SQLite, which begins its transaction in a statement of its own.
MOST_STATEMENTS = 25

SEARCH = """
query ($words: String!, $types: [SearchType!], $filter: SearchFilter, $first: Int, $after: String,
    $last: Int, $before: String, $locale: String) {
  search(query: $words, types: $types, filter: $filter, first: $first, after: $after, last: $last,
      before: $before, locale: $locale) {
    totalCount wordsRequired
    corrections { word takenFor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes {
      score
      title { text html }
      excerpt { text html parts { text isHit } }
      item {
        __typename
        ... on PageInterface { path title }
        ... on Person { name }
        ... on Organisation { name }
        ... on Document { title }
      }
    }
    facets {
      types { type count }
      articleKinds { kind count }
      deliverableKinds { kind count }
      categories { category { title } count }
      tags { tag count }
      years { year count }
    }
  }
}
"""
SUGGESTIONS = """
query ($words: String!, $first: Int! = 8) {
  searchSuggestions(query: $words, first: $first) { title { text html } item { __typename } }
}
"""


@pytest.fixture
def search(ask):
    return lambda query, **arguments: ask(SEARCH, words=query, **arguments)["search"]


@pytest.fixture
def titles(search):
    return lambda query, **arguments: [
        node["title"]["text"] for node in search(query, **arguments)["nodes"]
    ]


@pytest.fixture
def offered(ask):
    def offer(query, **arguments):
        found = ask(SUGGESTIONS, words=query, **arguments)["searchSuggestions"]
        return [each["title"]["text"] for each in found]

    return offer


def article(title, text="Words.", **fields):
    body = [("paragraphs", {"text": f"<p>{text}</p>"})]
    return factories.article_page(title=title, body=body, **fields)


# What is found


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("compiler", True),
        ("COMPILERS", True),
        ("compiling", True),
        ("cafe", True),
        ("café", True),
        ("CAFÉ!", True),
        ("energie", True),
        ("naive", True),
        ("rosslers", True),
        ("group", True),
        ("groups’", True),
        ("82", True),
        ("edge-ai", True),
        ("compilation ovens", False),
        ("comp", False),
    ],
)
def test_words_match_whatever_their_endings_case_and_accents(titles, query, is_found):
    article(
        "Found",
        "Compilers in a Café: L’énergie, the group’s naïve Rößler, 82.4% of edge AI.",
        slug="found",
    )

    assert titles(query) == (["Found"] if is_found or query == "compilation ovens" else [])


def test_text_is_found_wherever_an_editor_may_write_it(titles):
    factories.article_page(
        title="Article",
        standfirst="Standfirstword",
        search_description="Descriptionword",
        body=[
            ("heading", {"heading": "Headingword"}),
            ("paragraphs", {"text": "<h3>Subheadingword</h3><ul><li>Itemword</li></ul>"}),
            ("quotation", {"quotation": "Quotedword", "attribution": "Attributedword"}),
        ],
    ).tags.add("Taggedword")
    made = ArticlePage.objects.get()
    made.save_revision().publish()

    for word in (
        *("standfirstword", "descriptionword", "headingword", "subheadingword", "itemword"),
        *("quotedword", "attributedword"),
    ):
        assert titles(word) == ["Article"], word


def form(**fields):
    asked = FormField(
        label="Questionword",
        help_text="Helpword",
        step_title="Stepword",
        field_type="singleline",
    )
    hidden = FormField(label="Hiddenword", field_type="hidden")
    return factories.form_page(title="Form", form_fields=[asked, hidden], **fields)


def test_form_is_found_by_its_questions_as_far_as_readers_are_asked_them(titles):
    page = form(is_open=True)
    words = ("questionword", "helpword", "stepword")
    found = [titles(word) for word in words]

    page.form_fields = [FormField(label="Otherword", field_type="singleline")]
    page.save_revision().publish()
    reworded = [titles("questionword"), titles("otherword")]
    page.is_open = False
    page.save_revision().publish()

    assert found == [["Form"]] * 3
    assert titles("hiddenword") == []
    assert reworded == [[], ["Form"]]
    assert titles("otherword") == []


def test_form_that_the_clock_opens_is_found_by_its_questions_until_it_closes(titles, clock):
    form(is_open=True, opens_at=at(2), closes_at=at(3))
    found = []

    for moment in (at(2) - timedelta(seconds=1), at(2), at(3)):
        clock.moment = moment
        scheduler_idle.send(None)
        found.append(titles("questionword"))

    assert found == [[], ["Form"], []]


def test_form_from_a_file_is_found_by_its_questions(titles, tmp_path):
    page, dumped = form(is_open=True), tmp_path / "dump.json"
    call_command("dumpdata", "pages.formpage", "pages.formfield", output=dumped, verbosity=0)
    SearchDocument.objects.filter(title="Form").delete()
    FormField.objects.filter(page=page).delete()

    call_command("loaddata", dumped, verbosity=0)

    assert titles("questionword") == ["Form"]


def test_tag_is_found(titles):
    made = article("Article")
    made.tags.add("Neuromorphic")
    made.save_revision().publish()

    assert titles("neuromorphic") == ["Article"]


@pytest.mark.parametrize("model", list(factories.PAGE_FACTORIES))
def test_page_of_each_type_is_found_by_its_title(search, model):
    factories.PAGE_FACTORIES[model](title="Peculiarity")

    (found,) = search("peculiarities")["nodes"]

    assert found["item"]["__typename"] == model.__name__
    assert found["item"]["title"] == "Peculiarity"


def test_people_organisations_and_documents_are_found(search):
    factories.home_page()
    factories.person(name="Ngozi Peculiar", biography="<p>Knows about photonics.</p>")
    factories.organisation(name="Peculiar Works")
    factories.deliverable_page(document=factories.document("Peculiar slides"))

    found = search("peculiar")["nodes"]

    assert {each["item"]["__typename"] for each in found} == {"Person", "Organisation", "Document"}
    assert [each["title"]["text"] for each in search("photonics")["nodes"]] == ["Ngozi Peculiar"]


def test_address_of_a_link_is_no_text(titles):
    article("Article", '<a href="https://hiddenword.example.org/pathword">Shownword</a>')

    assert titles("shownword") == ["Article"]
    assert titles("pathword") == titles("hiddenword") == []


def test_word_of_any_length_can_be_written_and_is_found(titles):
    article("Article", "x" * 5_000)

    assert titles("x" * 200) == ["Article"]


# In which order


def test_best_comes_first_and_of_the_same_the_newest(titles):
    article("Often", "Photonics, photonics and again photonics.", slug="often")
    article("Once", "Photonics.", slug="once")
    article("Photonics", "Nothing else.", slug="title")
    factories.article_page(title="Before", standfirst="Photonics.", slug="standfirst")
    article("Once again", "Photonics.", slug="again")

    assert titles("photonics")[0] == "Photonics"
    assert titles("photonics")[-2:] == ["Once again", "Once"]
    assert set(titles("photonics")[1:3]) == {"Often", "Before"}


def test_what_has_all_words_is_found_and_else_what_has_most(search):
    article("Both", "Light and sound.", slug="both")
    article("Light", "Light alone.", slug="light")

    both = search("light sound")
    most = search("light sound smell")

    assert [each["title"]["text"] for each in both["nodes"]] == ["Both"]
    assert both["wordsRequired"] == 2
    assert [each["title"]["text"] for each in most["nodes"]] == ["Both"]
    assert most["wordsRequired"] == 2
    assert most["totalCount"] == 1


def test_pages_of_results_follow_one_another_in_both_directions(search):
    for number in range(7):
        article(f"Light {number}", slug=f"light-{number}")
    whole = [each["title"]["text"] for each in search("light")["nodes"]]

    first = search("light", first=3)
    second = search("light", first=3, after=first["pageInfo"]["endCursor"])
    third = search("light", first=3, after=second["pageInfo"]["endCursor"])
    back = search("light", last=3, before=third["pageInfo"]["startCursor"])

    pages = [[each["title"]["text"] for each in one["nodes"]] for one in (first, second, third)]
    assert [*pages[0], *pages[1], *pages[2]] == whole
    assert len(whole) == 7
    assert [each["title"]["text"] for each in back["nodes"]] == pages[1]
    assert [one["pageInfo"]["hasNextPage"] for one in (first, second, third)] == [True, True, False]
    assert {one["totalCount"] for one in (first, second, third)} == {7}


def test_number_of_results_is_told_where_a_window_has_none(search):
    for number in range(3):
        article(f"Light {number}", slug=f"light-{number}")
    whole = search("light")

    behind = search("light", after=whole["pageInfo"]["endCursor"])

    assert behind["nodes"] == []
    assert (behind["totalCount"], behind["wordsRequired"]) == (3, 1)
    assert behind["facets"]["types"] == [{"type": "ARTICLE_PAGE", "count": 3}]
    assert search("light", first=0)["totalCount"] == 3


# Slips of the keyboard


@pytest.mark.parametrize("typed", ["compilres", "compiler", "compilrs", "compilerss", "vompilers"])
def test_mistyped_word_is_taken_for_the_one_that_is_found(search, typed):
    article("Found", "Compilers.")

    found = search(typed)

    assert [each["title"]["text"] for each in found["nodes"]] == ["Found"]
    if typed not in ("compiler", "compilerss"):
        assert found["corrections"] == [{"word": typed, "takenFor": "compilers"}]


@pytest.mark.parametrize("typed", ["ligt", "zzzzzzzz", "2026", "12345"])
def test_short_words_numbers_and_what_is_like_nothing_are_not_taken_for_others(search, typed):
    article("Found", "Light 2025 12346.")

    assert search(typed)["corrections"] == []
    assert search(typed)["nodes"] == []


def test_of_words_as_near_the_one_that_most_has_is_meant(search):
    article("One", "Marker.", slug="one")
    article("Two", "Market.", slug="two")
    article("Three", "Market.", slug="three")

    found = search("markeq")

    assert found["corrections"] == [{"word": "markeq", "takenFor": "market"}]
    assert found["totalCount"] == 2


def test_nearest_word_is_meant_if_anything_has_it_and_else_the_next(search):
    nearest = article("Nearest", "Compilers.", slug="nearest")
    article("Further", "Compliers everywhere.", slug="further")

    assert search("compilerz")["corrections"] == [{"word": "compilerz", "takenFor": "compilers"}]

    nearest.unpublish()

    assert search("compilerz")["corrections"] == [{"word": "compilerz", "takenFor": "compliers"}]


def test_mistyped_word_is_corrected_whatever_the_search_is_narrowed_to(search):
    article("Found", "Compilers of light.")

    none = search("compilres", types=["PERSON"])
    beside_another = search("compilres lighthouses")

    assert none["corrections"] == [{"word": "compilres", "takenFor": "compilers"}]
    assert none["totalCount"] == 0
    assert beside_another["corrections"] == [{"word": "compilres", "takenFor": "compilers"}]
    assert (beside_another["totalCount"], beside_another["wordsRequired"]) == (1, 1)


def test_known_word_is_taken_for_no_other_where_nothing_of_a_type_has_it(search):
    article("Found", "Compilers of light.")

    none = search("compilers", types=["PERSON"])
    behind = search("compilers", after=search("compilers")["pageInfo"]["endCursor"])

    assert [each["corrections"] for each in (none, behind)] == [[], []]


def test_words_of_what_is_hidden_keep_nobody_from_being_understood(search):
    article("Public", "Compliers.")
    near = " ".join(f"compiler{letter}" for letter in "abcdefghijklmnopqrstuvwxy")
    article("Secret", near, slug="secret", live=False)

    assert search("compilerz")["corrections"] == [{"word": "compilerz", "takenFor": "compliers"}]


def test_word_of_what_is_hidden_is_nobodys_correction(search):
    article("Secret", "Photonics.", live=False)
    article("Public", "Phonetics.")

    found = search("photonic")

    assert found["nodes"] == []
    assert found["corrections"] == []


# What readers may not see


def hidden_article(how):
    made = article("Secret photonics", "Photonics photonics", slug="secret")
    if how == "draft":
        made.unpublish()
    elif how == "expired":
        made.expire_at = at(1)
        made.save_revision().publish()
    elif how == "private":
        PageViewRestriction.objects.create(page=made, restriction_type="login")
    elif how == "private above":
        PageViewRestriction.objects.create(page=made.get_parent(), restriction_type="login")
    elif how == "deleted":
        made.delete()
    return made


@pytest.mark.parametrize("how", ["draft", "expired", "private", "private above", "deleted"])
def test_hidden_content_neither_matches_nor_counts_nor_is_offered(search, offered, clock, how):
    hidden_article(how)
    factories.charter_page(title="Photonics")
    clock.set(at(2).isoformat())

    found = search("photonics")

    assert [each["item"]["title"] for each in found["nodes"]] == ["Photonics"]
    assert found["totalCount"] == 1
    assert found["facets"]["types"] == [{"type": "CHARTER_PAGE", "count": 1}]
    assert found["facets"]["articleKinds"] == found["facets"]["years"] == []
    assert offered("photo") == ["Photonics"]
    assert offered("secr") == []


def test_hidden_content_shifts_no_rank(search):
    article("One", "Light light light sound.", slug="one")
    article("Two", "Light and much sound, sound.", slug="two")
    before = [(each["score"], each["title"]["text"]) for each in search("light sound")["nodes"]]

    for number in range(20):
        article(f"Sound {number}", "Sound " * 5, slug=f"hidden-{number}", live=False)

    found = search("light sound")["nodes"]
    assert [(each["score"], each["title"]["text"]) for each in found] == before


def test_hidden_person_organisation_and_private_document_are_not_found(search):
    factories.home_page()
    factories.person(name="Peculiar person", live=False)
    factories.organisation(name="Peculiar organisation", live=False)
    public = factories.document("Peculiar file")
    private = public.collection.add_child(name="Private")
    private.view_restrictions.create(restriction_type="login")
    secret = factories.document("Peculiar secret", collection=private)
    for number, each in enumerate((public, secret)):
        factories.deliverable_page(document=each, slug=f"deliverable-{number}")

    assert [each["title"]["text"] for each in search("peculiar")["nodes"]] == ["Peculiar file"]


def test_document_is_found_once_readers_see_a_deliverable_that_offers_it(search, offered, clock):
    """It is uploaded long before: its title would tell what is to come."""
    page = factories.deliverable_page(document=factories.document("Peculiar slides"), live=False)
    factories.document("Peculiar notes")
    schedule(page, at(1))

    assert search("peculiar")["totalCount"] == 0
    assert search("peculiar", types=["DOCUMENT"])["facets"]["types"] == []
    assert offered("pecu") == []

    clock.set(at(1).isoformat())

    assert [each["title"]["text"] for each in search("peculiar")["nodes"]] == ["Peculiar slides"]
    assert offered("pecu") == ["Peculiar slides"]


def test_name_of_a_hidden_person_does_not_find_the_page_that_names_them(search):
    hidden = factories.person(name="Zebedee", live=False)
    made = article("Article")
    made.authors.create(person=hidden, sort_order=0)
    made.save_revision().publish()

    assert search("zebedee")["nodes"] == []


def test_other_site_is_not_searched(search):
    article("Own", "Photonics.")
    site = Site.objects.get()
    root = site.root_page
    other = factories.home_page(title="Photonics elsewhere", slug="elsewhere")
    Site.objects.filter(pk=site.pk).update(root_page=root)
    Site.objects.create(hostname="other.example.org", root_page=other)

    assert [each["title"]["text"] for each in search("photonics")["nodes"]] == ["Own"]


# To the second


def test_what_goes_live_is_found_from_its_second_on(titles, clock):
    factories.home_page()
    scheduled(factories.article_page, at(2), title="Photonics")

    clock.set("2099-06-02T08:59:59+00:00")
    before = titles("photonics")
    clock.set("2099-06-02T09:00:00+00:00")

    assert before == []
    assert titles("photonics") == ["Photonics"]


def test_new_words_are_found_in_the_place_of_old_ones_from_their_second_on(titles, clock):
    made = article("Acoustics", "Old words.")
    schedule(made, at(2), title="Photonics")

    clock.set("2099-06-02T08:59:59+00:00")
    assert (titles("acoustics"), titles("photonics")) == (["Acoustics"], [])
    clock.set("2099-06-02T09:00:00+00:00")
    assert (titles("acoustics"), titles("photonics")) == ([], ["Photonics"])


def test_form_is_found_by_new_questions_from_their_second_on(titles, clock):
    page = form(is_open=True)
    page.form_fields = [FormField(label="Otherword", field_type="singleline")]
    schedule(page, at(2))

    clock.moment = at(2) - timedelta(seconds=1)
    assert (titles("questionword"), titles("otherword")) == (["Form"], [])
    clock.moment = at(2)
    assert (titles("questionword"), titles("otherword")) == ([], ["Form"])


def test_person_is_found_by_a_new_name_from_its_second_on(titles, offered, clock):
    factories.home_page()
    made = factories.person(name="Before")
    schedule(made, at(2), name="Afterwards")

    clock.set("2099-06-02T09:00:00+00:00")

    assert (titles("before"), titles("afterwards")) == ([], ["Afterwards"])
    assert (offered("bef"), offered("aft")) == ([], ["Afterwards"])


# Perspectives


def found_with(client, token, query):
    response = client.post(
        "/graphql",
        {"query": SEARCH, "variables": {"words": query}},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    return response.json()["data"]["search"]


def test_drafts_are_found_by_who_may_see_them_alone(client, titles):
    made = article("Acoustics", slug="changed")
    made.title = "Photonics changed"
    made.save_revision()
    article("Photonics draft", slug="draft", live=False)
    token = factories.preview_token()

    found = found_with(client, token, "photonics")

    names = {each["title"]["text"] for each in found["nodes"]}
    assert names == {"Photonics changed", "Photonics draft"}
    assert found["totalCount"] == 2
    assert found["facets"]["types"] == [{"type": "ARTICLE_PAGE", "count": 2}]
    assert found_with(client, token, "acoustics")["nodes"] == []
    assert titles("photonics") == []
    assert titles("acoustics") == ["Acoustics"]


def test_form_is_found_by_drafted_questions_by_who_may_see_them_alone(client, titles):
    page = form(is_open=True)
    page.form_fields = [FormField(label="Otherword", field_type="singleline")]
    page.save_revision()
    token = factories.preview_token()

    assert [each["title"]["text"] for each in found_with(client, token, "otherword")["nodes"]] == [
        "Form"
    ]
    assert found_with(client, token, "questionword")["nodes"] == []
    assert (titles("questionword"), titles("otherword")) == (["Form"], [])


# Counts and filters


@pytest.fixture
def site_to_filter():
    for number, (kind, tag, year) in enumerate(
        [("news", "edge", 2024), ("news", "cloud", 2025), ("article", "edge", 2025)]
    ):
        made = article("Light", slug=f"light-{number}", kind=kind, date=f"{year}-06-01")
        made.tags.add(tag)
        made.save_revision().publish()
    category = factories.deliverable_category_page(title="Papers")
    factories.deliverable_page(title="Light paper", parent=category, date="2025-01-01")
    factories.person(name="Light")
    return category


def test_facets_count_what_another_choice_would_find(search, site_to_filter):
    facets = search("light", filter={"years": [2025]})["facets"]

    assert facets["years"] == [{"year": 2025, "count": 3}, {"year": 2024, "count": 1}]
    assert facets["articleKinds"] == [
        {"kind": "ARTICLE", "count": 1},
        {"kind": "NEWS", "count": 1},
    ]
    assert facets["tags"] == [{"tag": "cloud", "count": 1}, {"tag": "edge", "count": 1}]
    assert facets["categories"] == [{"category": {"title": "Papers"}, "count": 1}]
    assert facets["types"] == [
        {"type": "ARTICLE_PAGE", "count": 2},
        {"type": "DELIVERABLE_PAGE", "count": 1},
    ]


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [
        ({}, 5),
        ({"types": ["ARTICLE_PAGE"]}, 3),
        ({"types": ["PERSON"]}, 1),
        ({"types": ["ARTICLE_PAGE", "PERSON"]}, 4),
        ({"filter": {"articleKinds": ["NEWS"]}}, 2),
        ({"filter": {"tags": ["edge"]}}, 2),
        ({"filter": {"tags": ["edge", "cloud"]}}, 3),
        ({"filter": {"years": [2025]}}, 3),
        ({"filter": {"years": [2025], "tags": ["edge"]}}, 1),
        ({"filter": {"years": [2025]}, "types": ["DELIVERABLE_PAGE"]}, 1),
        ({"filter": {"articleKinds": ["NEWS"], "deliverableKinds": ["CASE_STUDY"]}}, 0),
        ({"filter": {"tags": []}}, 0),
        ({"filter": {"tags": ["\0"]}}, 0),
        ({"filter": {"years": [-1, 0, 10**6]}}, 0),
        ({"types": []}, 5),
    ],
)
def test_filters_keep_what_meets_all_of_them(search, site_to_filter, narrowed, count):
    found = search("light", **narrowed)

    assert found["totalCount"] == len(found["nodes"]) == count


def test_category_is_a_filter_unless_it_is_hidden(ask, search, site_to_filter):
    query = "{ deliverablesPage { categories { nodes { id } } } }"
    (category,) = ask(query)["deliverablesPage"]["categories"]["nodes"]
    chosen = {"categories": [category["id"]]}

    assert search("light", filter=chosen)["totalCount"] == 1
    site_to_filter.unpublish()
    found = search("light", filter=chosen)
    assert found["totalCount"] == 0
    assert found["facets"]["categories"] == []


# Texts


def test_excerpt_shows_the_words_and_is_safe(search):
    made = article("<b>Light</b> & more")
    made.body = [
        ("quotation", {"quotation": "x" * 3 + " words <script>light</script> & dark " * 9})
    ]
    made.save_revision().publish()

    (found,) = search("light")["nodes"]

    assert found["title"]["html"] == "&lt;b&gt;<mark>Light</mark>&lt;/b&gt; &amp; more"
    assert "<mark>light</mark>" in found["excerpt"]["html"]
    assert "<script" not in found["excerpt"]["html"]
    assert len(found["excerpt"]["text"]) <= 200
    parts = found["excerpt"]["parts"]
    assert "".join(each["text"] for each in parts) == found["excerpt"]["text"]
    assert {each["text"] for each in parts if each["isHit"]} == {"light"}


def test_excerpt_is_cut_around_the_words(search):
    article("Article", "Before. " * 100 + "Here is the photonics. " + "After. " * 100)

    (found,) = search("photonics")["nodes"]

    assert found["excerpt"]["text"].startswith("…")
    assert found["excerpt"]["text"].endswith("…")
    assert "<mark>photonics</mark>" in found["excerpt"]["html"]


def test_suggestions_begin_as_what_is_typed(offered):
    article("Light at the edge", slug="a")
    article("The edge of light", slug="b")
    factories.person(name="Édith Lightfoot")

    assert offered("lig")[0] == "Light at the edge"
    assert set(offered("lig")) == {"Light at the edge", "The edge of light", "Édith Lightfoot"}
    assert offered("edi") == ["Édith Lightfoot"]
    assert offered("edge lig") == ["Light at the edge", "The edge of light"]
    assert offered("lig", first=1) == ["Light at the edge"]
    assert offered("") == offered("!") == []


# Languages


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("fr", "Les réseaux neuronaux économisent de l’énergie.", "reseau neuronal"),
        ("de", "Die Häuser der Übersetzer.", "hauses"),
        ("ar", "الذكاء الاصطناعي التوليدي على الحافة", "ذكاء"),
        ("ar", "مُؤَسَّسَة", "مؤسسة"),
        ("ja", "生成AIをエッジで動かす", "生成"),
    ],
)
def test_words_are_those_of_the_language_of_the_page(titles, language, text, query):
    home = factories.home_page()
    locale, _ = Locale.objects.get_or_create(language_code=language)
    there = home.copy_for_translation(locale)
    there.title, there.introduction = "Found", f"<p>{text}</p>"
    there.save_revision().publish()

    assert titles(query, locale=language) == ["Found"]
    assert titles(query) == []


def test_language_that_the_site_does_not_have_finds_nothing(search):
    article("Light")

    found = search("light", locale="xx")

    assert (found["nodes"], found["totalCount"], found["facets"]["types"]) == ([], 0, [])


# What is wrong, or hostile


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "\0",
        '"',
        "'",
        "* OR a",
        "light AND (",
        "NEAR(light, 2)",
        "light:*",
        "-light",
        "{}[]\\",
        "%_",
        "🙂",
        "\ud83d"[:0] + "a" * 200,
        "’",
        "light\u0000dark",
        "\u202elight",
        " ".join(map(str, range(60))),
        "SELECT 1; --",
    ],
)
def test_whatever_is_typed_is_only_words(search, offered, query):
    article("Light", "a light b")

    found = search(query)
    offered(query)

    assert found["totalCount"] == len(found["nodes"])


def test_too_long_a_query_and_a_foreign_cursor_are_refused(client):
    def error(**variables):
        response = client.post(
            "/graphql", {"query": SEARCH, "variables": variables}, content_type="application/json"
        )
        return response.json()["errors"][0]["extensions"]["code"]

    article("Light")

    assert error(words="a" * 201) == "BAD_USER_INPUT"
    assert error(words="light", after="x") == "BAD_USER_INPUT"
    assert error(words="light", first=-1) == "BAD_USER_INPUT"
    assert error(words="light", filter={"years": [1] * 101}) == "BAD_USER_INPUT"
    assert error(words="light", filter={"categories": ["x"]}) == "BAD_USER_INPUT"


# What it costs


def test_search_costs_as_many_statements_however_much_is_found(ask):
    for number in range(50):
        made = article(f"Light {number}", "Light.", slug=f"light-{number}")
        made.tags.add(f"tag {number}")
        made.save_revision().publish()
    ask(SEARCH, words="light", first=5)

    few = statements_of(lambda: ask(SEARCH, words="light", first=5))
    many = statements_of(lambda: ask(SEARCH, words="light", first=50))

    assert len(few) == len(many), json.dumps([few, many], indent=1)
    assert len(many) <= MOST_STATEMENTS


@pytest.mark.decided_in_python
def test_what_is_found_and_how_much_is_one_statement(ask):
    article("Light", "Compilers of light.")
    query = "query ($words: String!) { search(query: $words) { totalCount nodes { score } } }"

    found = statements_of(lambda: ask(query, words="light"))
    mistyped = statements_of(lambda: ask(query, words="compilres"))

    assert sum("search_seen_hit" in sql for sql in found) == 1, found
    # That nothing has the word as it is typed, and what has the one that is meant.
    assert sum("search_seen_hit" in sql for sql in mistyped) == 2, mistyped


# The index


def test_index_is_written_with_the_change_and_taken_back_with_it(titles):
    made = article("Acoustics", "Light.")
    made.title = "Photonics"
    made.save_revision().publish()
    assert (titles("acoustics"), titles("photonics")) == ([], ["Photonics"])

    key = SearchDocument.objects.get(title="Photonics").pk
    made.delete()
    assert not SearchDocument.objects.filter(pk=key).exists()


def test_what_the_index_lacks_is_written_by_the_next_migration(titles):
    article("Light")
    SearchDocument.objects.all().delete()
    assert titles("light") == []

    call_command("migrate", verbosity=0)

    assert titles("light") == ["Light"]


def test_data_can_be_dumped_with_its_index(tmp_path):
    article("Light")

    dumped = tmp_path / "dump.json"

    call_command("dumpdata", "--natural-foreign", output=dumped, verbosity=0)

    told = {each["model"] for each in json.loads(dumped.read_text())}
    assert "search.searchdocument" in told
    assert told.isdisjoint({"search.pagehit", "search.otherhit"})


def test_what_was_written_past_the_site_is_found_once_it_is_indexed_anew(titles):
    made = article("Acoustics")
    ArticlePage.objects.filter(pk=made.pk).update(title="Photonics")
    assert titles("acoustics") == ["Acoustics"]

    call_command("index_search", anew=True, verbosity=0)

    assert (titles("acoustics"), titles("photonics")) == ([], ["Photonics"])


def test_index_of_an_earlier_version_is_written_anew(titles):
    article("Light")
    SearchDocument.objects.update(words="", made_by=0)
    assert titles("light") == []

    call_command("migrate", verbosity=0)

    assert titles("light") == ["Light"]
