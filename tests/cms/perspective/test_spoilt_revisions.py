"""A revision that cannot be shown is left out by itself, and nothing else with it.

Each type of content has an approved change, which is spoilt in one place after the other. At its
moment readers are answered as if it had not been approved, or are shown all of it that can be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import chain, count
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision

from cms.perspective import projection
from cms.releases import steps as release_steps
from cms.scheduling.models import FailedChange
from pages import clock as site_clock
from pages.models import ArticlePage, ForumPage, HomePage, Organisation
from tests import factories
from tests.api_ids import id_for
from tests.cms.addresses import admin_url, home_url
from tests.cms.perspective.scheduled_content import scheduled
from tests.cms.perspective.spoilt_content import (
    CHANGED,
    CONTROL,
    MOMENT,
    Spoilt,
    build_world,
    spoilt,
    spoilt_as_a_whole,
)
from tests.cms.perspective.whole_answers import BROAD, TITLES, all_fields_of
from tests.conftest import post_graphql

pytestmark = pytest.mark.django_db

TYPES = [*factories.PAGE_FACTORIES, *factories.SNIPPET_FACTORIES]
ticks = count(1)
BEFORE = MOMENT - timedelta(days=1)


def ask(query: str, *, what: str = "") -> dict[str, Any]:
    """As readers ask; fails on errors."""
    response = post_graphql(Client(), query)
    answer = response.json()
    assert "errors" not in answer, (what, answer["errors"][:2])
    assert response.status_code == 200
    return answer["data"]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[dict[type[models.Model], Any]]:
    """Made once; whatever a test does to it is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        site_clock.clock.use(lambda: BEFORE)
        made = build_world()
        yield made
        transaction.set_rollback(True)
    site_clock.clock.use(None)


@pytest.fixture
def clock(world) -> Iterator[None]:
    """The moment at which all is due."""
    site_clock.clock.use(lambda: MOMENT)
    yield
    site_clock.clock.use(lambda: BEFORE)


@pytest.fixture(autouse=True)
def _broad(settings):
    settings.GRAPHQL_LIMITS, settings.GRAPHQL_MAX_BODY_SIZE = BROAD, 10**7


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def approved(made: models.Model) -> Revision:
    return Revision.objects.for_instance(made).get(approved_go_live_at=MOMENT)


@contextmanager
def spoiling(revision: Revision, spoilt: Spoilt) -> Iterator[None]:
    """An import wrote this, and when is part of what perspectives are kept by."""
    with undone():
        at = F("created_at") + timedelta(microseconds=next(ticks))
        Revision.objects.filter(pk=revision.pk).update(content=spoilt.content, created_at=at)
        yield


def titles_in(data: Any) -> set[str]:
    return {each["title"] for each in data["articles"]["nodes"]}


@contextmanager
def approved_alone(*revisions: Revision) -> Iterator[None]:
    """And what goes live beside it."""
    kept = Q(pk__in=[each.pk for each in revisions]) | Q(object_str=CONTROL)
    with undone():
        Revision.objects.exclude(kept).update(approved_go_live_at=None)
        yield


def is_shown() -> bool:
    """Whether readers see the changed title, of a site on which nothing else has changed."""
    return CHANGED in json.dumps(ask(f"{{{TITLES}}}"))


def run_scheduler() -> None:
    """Once; it fails if something failed."""
    with suppress(CommandError):
        call_command("run_scheduler", once=True)


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model.__name__)
def test_spoilt_change_is_left_out_or_shown_and_all_else_is_as_it_was(world, clock, model):
    revision = approved(world[model])
    content, query, left_out = revision.content, all_fields_of(model), 0
    with approved_alone():
        without = ask(query)

    with approved_alone(revision):
        for each in ways_to_spoil(model, content):
            with spoiling(revision, each):
                answer = ask(query, what=each.what)
            left_out += answer == without
            assert CONTROL in titles_in(answer), each.what

    assert left_out > 5


def test_whole_site_is_answered_as_if_spoilt_changes_had_not_been_approved(world, clock, client):
    types: Any = TYPES
    query = all_fields_of(*types)
    with approved_alone():
        without = ask(query)

    with undone():
        Revision.objects.exclude(object_str=CONTROL).update(content={}, created_at=BEFORE)
        answer = ask(query)
        statuses = {
            page.url: client.get(page.url).status_code
            for page in world[HomePage].get_descendants(inclusive=True).live()
        }

    assert answer == without
    assert set(statuses.values()) == {200}


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model.__name__)
def test_change_that_is_not_spoilt_is_shown_and_made_permanent(world, clock, model):
    """Otherwise the tests beside this one would show nothing."""
    revision = approved(world[model])
    with approved_alone(revision):
        assert is_shown()

        run_scheduler()

        assert not FailedChange.objects.exists()
        assert is_shown()
        assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model.__name__)
def test_scheduler_makes_the_rest_permanent_and_editors_read_of_what_it_cannot(
    world, clock, model, administrator
):
    revision = approved(world[model])
    browser = Client()
    browser.force_login(administrator)
    asked = set()

    for each in some_of(model, revision.content):
        with spoiling(revision, each), approved_alone(revision):
            seen = is_shown()
            run_scheduler()
            failed = FailedChange.objects.filter(revision=revision).exists()

            assert ArticlePage.objects.get(slug="control").live, each.what
            assert failed or seen, each.what
            # What is spoilt as a whole is read about each time, and what is in a field once.
            if each.is_whole or failed not in asked:
                asked.add(failed)
                page = browser.get(home_url()).content.decode()
                assert ('id="needs-attention-section"' in page) is failed, each.what
                assert failed is (admin_url(world[model], "edit") in attention(page)), each.what


def ways_to_spoil(model: type[models.Model], content: dict[str, Any]) -> Iterator[Spoilt]:
    """PostgreSQL is asked for what each field may do to a statement, with values that a column has
    no room for; Python reads the rest."""
    if connection.vendor == "postgresql":
        extremes = (each for each in spoilt(model, content) if each.is_extreme)
        return chain(some_of(model, content), extremes)
    return iter([*spoilt_as_a_whole(content), *spoilt(model, content)])


def some_of(model: type[models.Model], content: dict[str, Any]) -> Iterator[Spoilt]:
    """The first way for each field."""
    fields = set()
    for each in [*spoilt_as_a_whole(content), *spoilt(model, content)]:
        name = each.what.partition(":")[0]
        if name not in fields:
            fields.add(name)
            yield each


def attention(page: str) -> str:
    return page.partition('id="needs-attention-section"')[2].partition("</section>")[0]


# What else is told, and of whom


def scheduled_article(title: str, **fields: Any) -> Any:
    slug = title.lower().replace(" ", "-")
    return scheduled(factories.article_page, MOMENT, title=title, slug=slug, **fields)


def spoil(made: Any, **values: Any) -> Revision:
    revision = Revision.objects.for_instance(made).latest("created_at", "pk")
    revision.content = {**revision.content, **values}
    revision.created_at += timedelta(microseconds=1)
    revision.save(update_fields=["content", "created_at"])
    return revision


def test_spoilt_change_is_logged_once_however_often_it_is_met(world, clock, caplog):
    revision = spoil(scheduled_article("Spoilt"), date="the day before")

    for _ in range(3):
        ask(f"{{{TITLES}}}")
        projection.written_by.cache_clear()

    [said] = [each for each in caplog.messages if each.startswith(f"Revision {revision.pk} ")]
    assert "Date: this cannot be read." in said


def test_earlier_change_is_shown_where_a_later_one_cannot_be(world, clock):
    made = scheduled_article("First")
    first = Revision.objects.for_instance(made).latest("pk")
    made.title, made.go_live_at = "Second", MOMENT
    Revision.objects.filter(pk=made.save_revision().pk).update(approved_go_live_at=MOMENT)
    Revision.objects.filter(pk=first.pk).update(approved_go_live_at=MOMENT)
    assert "Second" in titles_in(ask(f"{{{TITLES}}}"))

    spoil(made, date="the day before")

    assert "First" in titles_in(ask(f"{{{TITLES}}}"))


def test_lists_as_wagtail_once_stored_them_are_read(world, clock):
    made = world[ForumPage]
    [theme, *_] = json.loads(approved(made).content["themes"])
    keys = [item["value"] for item in theme["value"]["organisations"]]
    theme["value"]["organisations"] = keys
    del theme["id"]
    revision = approved(made)
    content = {**revision.content, "themes": json.dumps([theme])}

    with spoiling(revision, Spoilt("as it once was", content)):
        data = ask("{ forums { nodes { themes { id organisations { id } } } } }")
        made_permanent(revision)
        stored = ask("{ forums { nodes { themes { organisations { id } } } } }")

    [told] = data["forums"]["nodes"][0]["themes"]
    assert told["id"]
    assert [each["id"] for each in told["organisations"]] == [
        id_for(Organisation, key) for key in keys
    ]
    assert stored["forums"]["nodes"][0]["themes"] == [{"organisations": told["organisations"]}]


def made_permanent(revision: Revision) -> None:
    run_scheduler()
    assert Revision.objects.get(pk=revision.pk).approved_go_live_at is None


@pytest.mark.parametrize("expires", ["at nine", "2099-13-45T09:00:00Z", 7, ["today"], {}])
def test_expiry_that_is_no_moment_hides_no_other(world, clock, administrator, expires):
    revision = approved(world[ArticlePage])
    content = {**revision.content, "expire_at": expires}
    browser = Client()
    browser.force_login(administrator)

    with spoiling(revision, Spoilt("no moment", content)):
        site_clock.clock.use(lambda: BEFORE)

        assert ask("{ nextChangeAt }")["nextChangeAt"] == MOMENT.isoformat()
        for address in (home_url(), f"{reverse('calendar')}?at=2099-06-01"):
            assert browser.get(address).status_code == 200


@pytest.mark.parametrize("key", ["first", str(10**30), "", "-1"])
def test_revision_of_an_object_with_no_such_key_hides_no_other(world, clock, key):
    revision = approved(world[ArticlePage])
    with undone():
        Revision.objects.filter(pk=revision.pk).update(object_id=key)
        query = "query ($since: String) { changes(since: $since) { nodes { nodeId } cursor } }"
        cursor = ask(query)["changes"]["cursor"]

        run_scheduler()

        assert ask(query.replace("$since: String", f'$since: String = "{cursor}"'))
        assert ArticlePage.objects.get(slug="control").live
        assert not FailedChange.objects.exists()


def test_revision_of_another_type_than_its_page_is_left_out_and_told(world, clock):
    revision = approved(world[ArticlePage])
    other = ContentType.objects.get_for_model(ForumPage)
    with approved_alone(revision):
        Revision.objects.filter(pk=revision.pk).update(content_type=other)

        assert not is_shown()
        run_scheduler()

        assert FailedChange.objects.get().revision_id == revision.pk


# Releases


def test_release_is_shown_whole_or_not_at_all(world, clock):
    good = factories.article_page(title="In the release", slug="good", live=False)
    bad = factories.article_page(title="Spoilt", slug="bad", live=False)
    gone = factories.organisation(name="Taken down")
    release = factories.release(
        [good, bad], unpublish=[gone], redirects={"/old": "/articles/"}, go_live_at=MOMENT
    )
    by = factories.user("approves", group="Administrators", email="approves@example.org")
    site_clock.clock.use(lambda: BEFORE)
    release_steps.approve(release, by)
    site_clock.clock.use(lambda: MOMENT)
    query = """{ articles(first: 20) { nodes { title } } organisations { nodes { name } }
        route(path: "/old/") { status } }"""
    whole = ask(query)

    spoil(bad, date="the day before")
    without = ask(query)
    run_scheduler()

    assert "In the release" in titles_in(whole)
    assert whole["route"] == {"status": 301}
    assert "In the release" not in titles_in(without)
    assert {"name": "Taken down"} in without["organisations"]["nodes"]
    assert without["route"] == {"status": 404}
    assert ask(query) == without
    assert "date" in FailedChange.objects.get(action="release").reason.lower()


def test_release_with_a_version_that_cannot_be_read_is_not_approved(world, client, administrator):
    bad = factories.article_page(title="Spoilt", slug="bad", live=False)
    release = factories.release([bad], go_live_at=MOMENT)
    spoil(bad, body=json.dumps([{"type": "picture", "value": 7.5}]))
    client.force_login(administrator)

    page = client.get(reverse("releases:approve", args=[release.pk])).content.decode()

    assert "“Spoilt”: Body: " in page
