"""Each answer tells what it is of, and for how long it may be kept; whoever has it gets 304."""

from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from cms.outbox.models import ContentEvent
from pages import clock as site_clock
from tests import factories
from tests.cms.feeds.reading import ADDRESSES, last_modified
from tests.cms.perspective.scheduled_content import at, scheduled
from tests.conftest import statements_of

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

SITEMAP = "/sitemap.xml"
SECOND = timedelta(seconds=1)
MOST_STATEMENTS = 40


@pytest.fixture(params=ADDRESSES)
def path(request):
    return request.param


@pytest.fixture
def later(clock):
    def later(**elapsed):
        clock.moment += timedelta(**elapsed)

    return later


def test_whoever_has_it_gets_304(client, path, clock, later):
    factories.article_page()
    later(minutes=1)
    first = client.get(path)

    for condition in (
        {"If-None-Match": first["ETag"]},
        {"If-None-Match": f'"other", W/{first["ETag"]}'},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        again = client.get(path, headers=condition)

        assert (again.status_code, again.content) == (304, b"")
        for name in ("ETag", "Last-Modified", "Cache-Control"):
            assert again[name] == first[name]


def test_etag_counts_before_the_moment(client, clock, later):
    factories.article_page()
    later(minutes=1)
    first = client.get(SITEMAP)

    both = {"If-None-Match": '"other"', "If-Modified-Since": first["Last-Modified"]}

    assert client.get(SITEMAP, headers=both).status_code == 200


def test_etag_is_that_of_the_content(client, path):
    factories.article_page()

    first, second = client.get(path), client.get(path)

    assert first["ETag"] == second["ETag"]
    assert first["ETag"].startswith('"')
    assert first.content == second.content


def test_head_is_answered_as_get_without_content(client, path):
    factories.article_page()

    asked, head = client.get(path), client.head(path)

    assert head.status_code == 200
    assert head.content == b""
    for name in ("ETag", "Content-Type", "Content-Length", "Last-Modified"):
        assert head[name] == asked[name]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_else_is_done_here(path, method):
    factories.home_page()

    response = getattr(Client(enforce_csrf_checks=True), method)(path)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


def test_who_is_signed_in_or_bears_a_token_sees_what_everyone_does(client, path, administrator):
    factories.article_page(slug="there")
    factories.article_page(slug="draft", live=False)
    token = factories.preview_token(sees="drafts")
    known = Client()
    known.force_login(administrator)

    anyone = client.get(path)
    signed_in = known.get(path, headers={"Authorization": f"Bearer {token}"})

    assert signed_in.content == anyone.content
    assert b"draft" not in anyone.content
    assert "Cookie" not in signed_in.get("Vary", "")
    assert not signed_in.cookies
    assert "private" not in signed_in["Cache-Control"]


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.unpublish(),
        lambda page: page.delete(),
        lambda page: PageViewRestriction.objects.create(page=page, restriction_type="login"),
        lambda page: page.move(factories.home_page(slug="elsewhere"), "last-child"),
        lambda page: factories.article_page(slug="new"),
    ],
    ids=["unpublished", "deleted", "private", "moved", "published"],
)
def test_what_changes_and_what_goes_is_told(client, clock, later, change):
    page = factories.article_page()
    later(minutes=1)
    before = client.get(SITEMAP)

    later(seconds=10)
    change(page)
    at_once = client.get(SITEMAP)
    later(minutes=1)
    settled = client.get(SITEMAP)

    assert before["ETag"] != at_once["ETag"] == settled["ETag"]
    assert last_modified(before) < last_modified(at_once) < last_modified(settled)
    old = {"If-Modified-Since": before["Last-Modified"]}
    assert client.get(SITEMAP, headers=old).status_code == 200


def test_two_changes_in_one_second_are_two(client, clock):
    """Also for who asked in between."""
    factories.home_page()
    factories.charter_page()
    between = client.get(SITEMAP)
    factories.forums_page()

    again = client.get(SITEMAP, headers={"If-Modified-Since": between["Last-Modified"]})

    assert again.status_code == 200
    assert last_modified(again) <= site_clock.now()


def test_what_the_clock_changes_is_told_without_a_scheduler(client, clock):
    factories.articles_page()
    scheduled(factories.article_page, at(2), expires=at(3))
    told = []

    for hour in (at(1), at(2), at(2, 10), at(3), at(3, 10)):
        clock.moment = hour
        response = client.get(SITEMAP)
        told.append((last_modified(response), response["ETag"]))
        assert told[-1][0] <= hour

    moments, etags = zip(*told, strict=True)
    assert (moments[2], moments[4]) == (at(2), at(3))
    assert list(moments) == sorted(set(moments))
    assert etags[0] == etags[3] == etags[4] != etags[1] == etags[2]


def test_expiry_of_what_is_stored_is_told(client, clock):
    page = factories.article_page()
    Page.objects.filter(pk=page.pk).update(expire_at=at(3))

    clock.moment = at(3, 10)

    assert last_modified(client.get(SITEMAP)) == at(3)


def test_moments_of_private_sections_are_not_told(client, clock):
    section = factories.articles_page()
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    scheduled(factories.article_page, at(2), parent=section, expires=at(3))
    live = factories.article_page(parent=section, slug="live")
    Page.objects.filter(pk=live.pk).update(expire_at=at(2))
    clock.moment = at(2) - SECOND
    before = client.get(SITEMAP)

    clock.moment = at(2)
    after = client.get(SITEMAP)

    assert (before["Last-Modified"], before["Cache-Control"]) == (
        after["Last-Modified"],
        after["Cache-Control"],
    )


def test_moments_of_other_sites_are_not_told(client, clock, later):
    own = factories.home_page(slug="own")
    there = factories.home_page(slug="there")
    own.sites_rooted_here.model.objects.update(root_page=own)
    later(minutes=1)
    before = client.get(SITEMAP)

    later(minutes=1)
    factories.charter_page(parent=there)
    later(minutes=1)

    assert client.get(SITEMAP)["Last-Modified"] == before["Last-Modified"]


def test_log_that_forgets_does_not_make_what_changed_older(client, clock, later):
    page = factories.article_page()
    later(days=1)
    before = client.get(SITEMAP)
    later(days=1)
    page.unpublish()
    later(days=django_settings.CONTENT_EVENTS_DAYS, seconds=1)
    ContentEvent.objects.all().delete()

    again = client.get(SITEMAP, headers={"If-Modified-Since": before["Last-Modified"]})

    assert again.status_code == 200
    assert last_modified(again) <= site_clock.now()


def test_nothing_is_kept_beyond_the_next_change(client, path, clock):
    factories.articles_page()
    scheduled(factories.article_page, at(2), expires=at(3))
    kept = []

    for moment in (at(1), at(2) - 10 * SECOND, at(2) - SECOND / 2, at(2), at(3) - SECOND):
        clock.moment = moment
        kept.append(client.get(path)["Cache-Control"])

    assert kept == [
        f"public, max-age={seconds}, must-revalidate" for seconds in (300, 10, 0, 300, 1)
    ]


@pytest.mark.parametrize("origin", ["https://www.example.org", "https://other.example.org"])
def test_other_sites_may_read_it_as_they_may_the_api(client, settings, origin):
    settings.CORS_ALLOWED_ORIGINS = ["https://www.example.org"]
    factories.home_page()

    response = client.get(SITEMAP, headers={"Origin": origin})

    allowed = response.headers.get("Access-Control-Allow-Origin")
    assert allowed == (origin if "www" in origin else None)
    assert response["Vary"] == "origin"


@pytest.mark.parametrize("statements", [0, 1, 3])
def test_without_the_database_it_can_be_had_later(path, statements):
    factories.article_page()
    left = iter(range(statements))

    def execute(run, *arguments):
        if next(left, None) is None:
            raise OperationalError("server closed the connection")
        return run(*arguments)

    with connection.execute_wrapper(execute):
        response = Client(raise_request_exception=False).get(path)

    assert response.status_code == 503
    assert response["Retry-After"]
    assert response["Cache-Control"] == "no-store"


@pytest.mark.decided_in_python  # How many statements run, that is.
def test_cost_does_not_depend_on_how_many_there_are(client, clock):
    """Of what is public, and of what is due."""
    factories.articles_page()
    factories.deliverable_category_page()
    factories.forums_page()
    costs = []

    for more in (5, 45):
        for number in range(more):
            for make in (factories.article_page, factories.deliverable_page, factories.forum_page):
                make(slug=f"live-{more}-{number}")
            scheduled(factories.article_page, at(2), slug=f"due-{more}-{number}")
        clock.moment = at(2, 10)
        a_page_of_each_type_is_new(clock.moment)
        for path in ADDRESSES:
            client.get(path)
        costs.append([len(statements_of(partial(client.get, path))) for path in ADDRESSES])
        clock.set("2026-01-15T12:00:00+00:00")

    assert costs[0] == costs[1]
    assert max(costs[0]) <= MOST_STATEMENTS


def a_page_of_each_type_is_new(moment):
    """What a page of a feed costs depends on how many types of pages it has."""
    newest = {page.content_type_id: page.pk for page in Page.objects.order_by("pk")}
    Page.objects.filter(pk__in=newest.values()).update(last_published_at=moment)
