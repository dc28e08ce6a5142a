"""What editors find in the admin, and what publishing writes for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic, sleep

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.transaction import atomic, set_rollback
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.search.index import SearchField
from wagtail.search.models import IndexEntry

from cms.scheduling.locks import locked_row
from media.models import Document, Image
from pages.models import ArticleAuthor, DeliverableAuthor, Leader, Organisation, Person
from pages.search import BlocksField
from tests import factories
from tests.cms.perspective.scheduled_content import schedule
from tests.cms.rivals import somebody_waits
from tests.filling import Filling

MONDAY = datetime(2099, 6, 1, 9, tzinfo=UTC)


def entry_of(page):
    return IndexEntry.objects.get(object_id=str(page.pk), content_type=page.content_type)


def norms():
    return dict(IndexEntry.objects.values_list("pk", "title_norm"))


def retitle(page, title):
    page.title = title
    page.save_revision().publish()


def titles_found(client, query):
    response = client.get(reverse("wagtailadmin_pages:search"), {"q": query})
    return [page.title for page in response.context["object_list"]]


def test_published_page_is_found_under_its_present_title(staff, sign_in):
    page = factories.article_page(title="Compilers for the edge")
    factories.article_page(title="Another", slug="another")

    retitle(page, "Runtimes for the edge")

    assert titles_found(sign_in(staff), "runtimes") == ["Runtimes for the edge"]
    assert titles_found(sign_in(staff), "compilers") == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("quant", ["On quantisation", "Compilers"]),  # In a title, and in a text.
        ("vent", ["Compilers"]),  # In the name of who wrote it.
        ("wavelet", ["Compilers"]),
        ("wavelets", ["Compilers"]),  # Words are found whole too, of which PostgreSQL knows stems.
    ],
)
def test_words_of_texts_and_names_of_people_are_found_after_titles(staff, sign_in, typed, found):
    author = factories.person(name="Ada Ventura")
    page = factories.article_page(title="Compilers", slug="compilers")
    page.standfirst = "Quantisation and wavelets."
    page.authors.add(ArticleAuthor(person=author))
    page.save_revision().publish()
    factories.article_page(title="On quantisation", slug="quantisation")

    assert titles_found(sign_in(staff), typed) == found
    explorer = reverse("wagtailadmin_explore", args=[page.get_parent().pk])
    shown = sign_in(staff).get(explorer, {"q": typed}).context["pages"]
    assert {each.title for each in shown} == set(found)


def test_leader_is_found_where_they_lead(staff, sign_in):
    page = factories.leadership_page(title="Who leads")
    page.leaders.add(Leader(person=factories.person(name="Ada Ventura"), role="chair"))
    page.save_revision().publish()

    assert titles_found(sign_in(staff), "ventura") == ["Who leads"]


def rename(person, name):
    person.name = name
    person.save_revision().publish()


def written_by(*people, **fields):
    page = factories.article_page(**fields)
    for person in people:
        page.authors.add(ArticleAuthor(person=person))
    page.save_revision().publish()
    return page


def made_by(*people, **fields):
    page = factories.deliverable_page(**fields)
    for person in people:
        page.authors.add(DeliverableAuthor(person=person))
    page.save_revision().publish()
    return page


def led_by(*people, **fields):
    page = factories.leadership_page(**fields)
    for person in people:
        page.leaders.add(Leader(person=person, role="chair"))
    page.save_revision().publish()
    return page


def with_talks_by(*people, **fields):
    talk = {"heading": "A talk", "speakers": [person.pk for person in people]}
    raw = [{"type": "talk", "value": talk}]
    page = factories.forum_page(**fields)
    page.talks = StreamValue(page.talks.stream_block, raw, is_lazy=True)
    page.save_revision().publish()
    return page


NAMING = [written_by, made_by, led_by, with_talks_by]


@pytest.mark.parametrize("name_them", NAMING)
def test_page_is_found_by_the_new_name_of_whom_it_names_at_once(staff, sign_in, name_them):
    person, other = factories.person(name="Ada Ventura"), factories.person(name="Bo Lind")
    name_them(person, other, title="Names them")
    client = sign_in(staff)

    rename(person, "Ada Castell")

    assert titles_found(client, "castell") == ["Names them"]
    assert titles_found(client, "ventura") == []
    assert titles_found(client, "lind") == ["Names them"]


@pytest.mark.parametrize("name_them", NAMING)
def test_renaming_writes_what_publishing_and_rebuilding_write(name_them, db):
    person = factories.person(name="Ada Ventura")
    page = name_them(person, title="Names them")
    rename(person, "Ada Castell")
    renamed = contents_of(page)

    person.refresh_from_db()
    page.save_revision().publish()
    published = contents_of(page)
    call_command("update_index", verbosity=0)

    assert renamed == published == contents_of(page)


def contents_of(page):
    entry = entry_of(page)
    return entry.title, entry.body, entry.autocomplete


WITH_BLOCKS = [
    model
    for model in factories.PAGE_FACTORIES
    if any(isinstance(field, BlocksField) for field in model.search_fields)
]


@pytest.mark.parametrize("model", WITH_BLOCKS)
def test_words_in_blocks_are_those_that_wagtail_finds(model, db):
    page = factories.PAGE_FACTORIES[model]()
    targets = {
        Page: [page],
        Image: [factories.image()],
        Document: [factories.document()],
        Organisation: [factories.organisation()],
        Person: [factories.person()],
        Tag: [Tag.objects.create(name="Tag")],
    }
    Filling("Words", targets).fill(page)
    page.refresh_from_db()

    for field in model.search_fields:
        if isinstance(field, BlocksField):
            found = [words for words in SearchField(field.field_name).get_value(page) if words]
            assert field.get_value(page) == found
            assert found


def test_draft_of_a_new_name_changes_nothing_until_it_is_published(staff, sign_in):
    person = factories.person(name="Ada Ventura")
    written_by(person, title="Names them")
    client = sign_in(staff)

    person.name = "Ada Castell"
    revision = person.save_revision()

    assert titles_found(client, "castell") == []
    assert titles_found(client, "ventura") == ["Names them"]

    revision.publish()

    assert titles_found(client, "castell") == ["Names them"]


def test_page_that_waits_as_a_draft_is_found_by_the_new_name(staff, sign_in):
    person = factories.person(name="Ada Ventura")
    page = written_by(person, title="Names them")
    page.unpublish()

    rename(person, "Ada Castell")

    assert titles_found(sign_in(staff), "castell") == ["Names them"]


def test_name_that_changes_by_schedule_is_found_once_that_is_permanent(staff, sign_in, clock):
    person = factories.person(name="Ada Ventura")
    written_by(person, title="Names them")
    schedule(person, MONDAY, name="Ada Castell")
    client = sign_in(staff)

    clock.moment = MONDAY
    call_command("run_scheduler", once=True)

    assert titles_found(client, "castell") == ["Names them"]
    assert titles_found(client, "ventura") == []


def test_what_is_undone_with_a_rename_is_its_search_too(staff, sign_in):
    person = factories.person(name="Ada Ventura")
    written_by(person, title="Names them")

    with atomic():
        rename(person, "Ada Castell")
        set_rollback(True)

    assert titles_found(sign_in(staff), "ventura") == ["Names them"]
    assert titles_found(sign_in(staff), "castell") == []


def test_renaming_costs_no_statement_for_each_page(db):
    few, many = factories.person(name="Ada Ventura"), factories.person(name="Bo Lind")
    others = [factories.person(name=f"Other {number}") for number in range(3)]
    picture = {"image": factories.image().pk, "alt_text": "Words", "decorative": False}
    body = [("paragraphs", {"text": "<p>Words.</p>"})]
    for person, count in ((few, 2), (many, 6)):
        for number in range(count):
            page = written_by(person, *others, slug=f"of-{person.pk}-{number}", body=body)
            page.body = StreamValue(
                page.body.stream_block,
                [*page.body.raw_data, {"type": "picture", "value": {"picture": picture}}],
                is_lazy=True,
            )
            page.save_revision().publish()
            with_talks_by(person, *others, slug=f"of-{person.pk}-{number}")

    rename(others[0], "Asked before")  # A process keeps the types of content.

    asked = []
    for person in (few, many):
        with CaptureQueriesContext(connection) as captured:
            rename(person, f"{person.name} Castell")
        asked.append([query["sql"] for query in captured])

    assert len(asked[0]) == len(asked[1]), "\n".join(asked[1])


def test_what_is_saved_under_the_same_name_writes_to_no_page(db):
    person = factories.person(name="Ada Ventura")
    written_by(person, title="Names them")
    person.job_title = "Chair"

    with CaptureQueriesContext(connection) as captured:
        person.save()

    assert not any("advisory" in str(each["sql"]) for each in captured)
    assert not any("wagtailcore_page" in str(each["sql"]) for each in captured)


def test_of_two_titles_that_match_the_shorter_comes_first(db):
    long = factories.article_page(title="Edge compilers and everything else that we read about")
    factories.article_page(title="Edge compilers", slug="short")
    retitle(long, "Edge compilers and all else that we have read about this year")

    found = [page.title for page in Page.objects.search("compilers")]

    assert found == [
        "Edge compilers",
        "Edge compilers and all else that we have read about this year",
    ]


def test_publishing_writes_to_no_entry_but_its_own(db):
    page = factories.article_page(title="Short")
    for number in range(5):
        factories.article_page(title=f"Title {number}", slug=f"other-{number}")
    IndexEntry.objects.update(title_norm=1.0)
    own = entry_of(page)

    retitle(page, "A title that is much longer than all the others there are")

    changed = {key for key, norm in norms().items() if norm != 1.0}
    assert changed == {own.pk}


def test_what_has_no_title_is_indexed_where_nothing_has(db):
    IndexEntry.objects.all().delete()

    person = factories.person(name="Ada")

    assert IndexEntry.objects.filter(object_id=str(person.pk)).exists()


def test_rebuilding_the_index_gives_each_title_its_norm(db):
    short = factories.article_page(title="Edge")
    long = factories.article_page(title="Edge compilers of the coming years", slug="long")
    before = entry_of(short).title_norm, entry_of(long).title_norm
    IndexEntry.objects.update(title_norm=0.5)

    call_command("update_index", verbosity=0)

    assert entry_of(short).title_norm > 1 > entry_of(long).title_norm
    assert before[0] > before[1]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_who_publish_at_once_do_not_wait_for_each_other(committed):
    one, other = (factories.article_page(title="Title", slug=slug) for slug in ("one", "other"))
    IndexEntry.objects.update(title_norm=1.0)

    def publish_the_other():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            retitle(other, "Another")
        finally:
            connection.close()

    with atomic(), ThreadPoolExecutor(1) as elsewhere:
        retitle(one, "One")
        elsewhere.submit(publish_the_other).result()

    assert {*Page.objects.filter(pk__in=[one.pk, other.pk]).values_list("title", flat=True)} == {
        "One",
        "Another",
    }


def found_by(typed):
    return [page.title for page in Page.objects.autocomplete(typed)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_who_renames_somebody_waits_for_who_publishes_a_page_that_names_them(committed):
    person = factories.person(name="Ada Ventura")
    page = written_by(person, title="As it was")

    def rename_elsewhere():
        try:
            rename(Person.objects.get(pk=person.pk), "Ada Castell")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as elsewhere:
        with atomic():
            locked_row(Page, page.pk)  # As the admin does before it reads it.
            retitle(page, "As it is now")
            renamed = elsewhere.submit(rename_elsewhere)
            until_somebody_waits()
        renamed.result(timeout=10)

    assert found_by("castell") == found_by("as it is now") == ["As it is now"]
    assert found_by("ventura") == []


def until_somebody_waits():
    ends = monotonic() + 10
    while not somebody_waits():
        assert monotonic() < ends, "Nobody waited for the page."
        sleep(0.05)
