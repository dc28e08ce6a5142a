"""What editors find in the admin, and what publishing writes for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.transaction import atomic
from django.urls import reverse
from wagtail.models import Page
from wagtail.search.models import IndexEntry

from pages.models import ArticleAuthor, Leader
from tests import factories


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
