"""What readers see from a perspective.

There is no way yet to ask for another perspective than *now* over HTTP: the tests of the others
hand it to the operation.
"""

from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client, RequestFactory, TestCase
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from taggit.managers import TaggableManager
from wagtail.models import COMMENTS_RELATION_NAME, PageViewRestriction, Revision

from cms.api.operations import OperationContext, run_operation
from cms.api.reading.sites import Sites
from cms.perspective.perspectives import (
    DRAFTS,
    PUBLISHED_NOW,
    Perspective,
    published_at,
)
from pages.models import ArticleAuthor, ArticlePage, Organisation, Person
from tests import factories
from tests.api_ids import id_of
from tests.cms.perspective.scheduled_content import at, build_site, publish_due, schedule, scheduled
from tests.conftest import answer_of, post_graphql, stopped_clock
from tests.operation_variables import operation_variables

LISTS = """query {
    articles { totalCount nodes { id title path tags firstPublishedAt lastPublishedAt } }
    oldest: articles(orderBy: OLDEST_FIRST, first: 2) {
        edges { cursor node { title } } pageInfo { hasNextPage }
    }
    tagged: articles(filter: {tags: ["chips", "ai"]}) { nodes { title tags } }
    news: articles(filter: {kind: [NEWS]}) { totalCount }
    forums { nodes { title status startsAt } }
    upcoming: forums(filter: {status: [UPCOMING]}) { nodes { title } }
    deliverables { totalCount nodes { title path category { title path } date } }
    people { nodes { name organisation { name } } }
    organisations(orderBy: NAME_REVERSED) { totalCount nodes { name kind website } }
}"""
TREE = """query {
    home { title slug path children(first: 50) {
        totalCount
        nodes { title slug path children { totalCount nodes { title path } } }
    } }
}"""
BY_PERSON = """query ($id: ID!) {
    articles(filter: {author: $id}) { totalCount nodes { title } }
    deliverables(filter: {author: $id}) { nodes { title } }
}"""
BY_ORGANISATION = """query ($id: ID!) {
    people(filter: {organisation: $id}) { nodes { name } }
    forums(filter: {organisation: $id}) { nodes { title } }
}"""
ROUTE = """query ($path: String!) { route(path: $path) {
    status
    page { title url path locale slug parent { title path } ancestors { title path } }
    redirect { id permanent target page { title path } }
} }"""
PATHS = [
    "/",
    *(f"/{slug}/" for slug in ("charter", "new-charter", "form", "join", "get-involved", "start")),
    *(f"/articles/{slug}/" for slug in ("", "old", "older", "alias", "other", "fresh", "brief")),
    *(f"/forums/{slug}/" for slug in ("forum-1", "forum-2", "forum-3")),
    *(
        f"/deliverables/{category}/{slug}/"
        for category in ("papers", "white-papers", "tools")
        for slug in ("", "paper", "first-paper", "other", "new", "tool")
    ),
]


DAYS = (1, 2, 3, 4)
FORESEEN = 3


def over_http(query: str, **variables: Any) -> Any:
    return answer_of(post_graphql(Client(), query, variables))


def everything(ask) -> dict[str, Any]:
    """The answers to all queries of the contract, and to questions about every list and path."""
    questions = {
        file.stem: text
        for file in (settings.FRONTEND_CONTRACT / "operations").glob("*.graphql")
        if "\nmutation " not in (text := file.read_text())
    }
    questions |= {"lists": LISTS, "tree": TREE, "route": ROUTE}
    questions |= {"by person": BY_PERSON, "by organisation": BY_ORGANISATION}
    answers = {}
    for name, text in questions.items():
        model = Organisation if "organisation" in name else Person
        ids = [id_of(made) for made in model.objects.order_by("pk")]
        tries: dict[str, list[Any]] = {"path": PATHS, "id": ids}
        asked = [key for key in tries if key in operation_variables(text)]
        for value in tries[asked[0]] if asked else [None]:
            variables = {asked[0]: value} if asked else {}
            answers[f"{name} {value or ''}"] = ask(text, **variables)
    return answers


@dataclass
class Days:
    """What readers are answered on each day: while changes are due, and once they are made."""

    due: dict[int, dict[str, Any]] = field(default_factory=dict)
    published: dict[int, dict[str, Any]] = field(default_factory=dict)
    foreseen: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def days(undone) -> Days:
    """All is asked once. Each day is undone before the next, as if it were the only one."""
    told = Days()
    with undone(), stopped_clock() as moments:
        build_site()
        moments.moment = at(1)
        told.foreseen = everything(partial(seen, published_at(at(FORESEEN, 10))))
        for day in DAYS:
            moments.moment = at(day, 10)
            told.due[day] = everything(over_http)
            with undone():
                publish_due(
                    moments.moment, partial(TestCase.captureOnCommitCallbacks, execute=True)
                )
                told.published[day] = everything(over_http)
    return told


@pytest.mark.parametrize("day", DAYS)
def test_answers_are_the_same_before_and_after_the_scheduler_publishes_what_is_due(days, day):
    due, published = days.due[day], days.published[day]

    assert due.keys() == published.keys()
    for question, answer in due.items():
        assert answer == published[question], question


def test_answers_of_the_days_differ(days):
    """Otherwise the test above would show nothing."""
    for before, after in pairwise(days.due[day] for day in DAYS):
        assert sum(before[question] != after[question] for question in before) > 5


# The perspectives


def seen(perspective: Perspective, query: str, **variables: Any) -> Any:
    context = OperationContext(Sites(RequestFactory().get("/")), perspective=perspective)
    answer = run_operation(query, context=context, variables=variables).body
    assert "errors" not in answer, answer
    return answer["data"]


def test_published_at_a_moment_is_what_readers_will_see_then(days):
    assert days.foreseen == days.due[FORESEEN]


TITLES = "{ articles { nodes { title firstPublishedAt } } organisations { nodes { name } } }"


def titles(data: Any) -> list[str]:
    things = data["articles"]["nodes"] + data["organisations"]["nodes"]
    return sorted(thing.get("title") or thing["name"] for thing in things)


def test_drafts_are_every_object_as_it_was_last_written(db, clock):
    factories.article_page(title="Live", slug="live")
    changed = factories.article_page(title="Changed", slug="changed")
    changed.title = "Changed again"
    changed.save_revision()
    factories.article_page(title="Never live", slug="never", live=False)
    factories.article_page(title="Unpublished", slug="unpublished").unpublish()
    ended = factories.article_page(title="Ended", slug="ended")
    ArticlePage.objects.filter(pk=ended.pk).update(expire_at=clock.moment)
    scheduled(factories.article_page, at(2), title="Ends soon", slug="ends", expires=at(3))
    factories.organisation(name="Draft", live=False)

    assert titles(seen(PUBLISHED_NOW, TITLES)) == ["Changed", "Live"]
    assert titles(seen(DRAFTS, TITLES)) == [
        "Changed again",
        "Draft",
        "Ended",
        "Ends soon",
        "Live",
        "Never live",
        "Unpublished",
    ]


def test_release_publishes_and_withdraws_on_top_of_what_is_due(db, clock):
    clock.moment = at(1)
    due = scheduled(factories.article_page, at(2), title="Due", slug="due")
    changed = factories.article_page(title="Old", slug="changed")
    changed.title = "New"
    changed.save_revision()
    gone = factories.organisation(name="Gone")
    factories.organisation(name="Stays")
    changes = factories.release([changed], go_live_at=at(3))
    removals = factories.release([changed], unpublish=[due, gone], go_live_at=at(3))

    assert titles(seen(PUBLISHED_NOW, TITLES)) == ["Gone", "Old", "Stays"]
    assert titles(seen(changes.perspective(), TITLES)) == ["Due", "Gone", "New", "Stays"]
    assert titles(seen(removals.perspective(), TITLES)) == ["New", "Stays"]


def test_release_without_a_moment_is_seen_as_if_it_went_live_now(db, clock):
    clock.moment = at(1)
    scheduled(factories.article_page, at(2), title="Due", slug="due")
    fresh = factories.article_page(title="Fresh", slug="fresh", live=False)

    assert titles(seen(factories.release([fresh]).perspective(), TITLES)) == ["Fresh"]


def test_private_pages_stay_private_in_every_perspective(db, clock):
    section = factories.deliverable_category_page(slug="members")
    factories.deliverable_page(parent=section, title="Member's", slug="due", live=False)
    scheduled(factories.deliverable_page, at(2), parent=section, title="Later", slug="later")
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    release = factories.release([section])

    for perspective in (PUBLISHED_NOW, published_at(at(3)), DRAFTS, release.perspective()):
        data = seen(
            perspective,
            """{ deliverables { totalCount }
            page(path: "/deliverables/members/later/") { title }
            deliverablesPage { categories { totalCount } } }""",
        )

        assert data == {
            "deliverables": {"totalCount": 0},
            "page": None,
            "deliverablesPage": {"categories": {"totalCount": 0}},
        }


# What it is made from


ONE = """query ($path: String!) { page(path: $path) { title path ancestors { path } } }"""


def test_pending_change_follows_its_page_through_the_tree(db, clock):
    """What is worked out once is kept, but not for longer than it is right."""
    papers = factories.deliverable_category_page(title="Papers", slug="papers")
    tools = factories.deliverable_category_page(title="Tools", slug="tools")
    page = scheduled(factories.deliverable_page, at(2), parent=papers, title="New", slug="new")
    later = published_at(at(3))
    assert seen(later, ONE, path="/deliverables/papers/new/")["page"]

    page.refresh_from_db()
    page.move(tools, pos="last-child")
    moved = seen(later, ONE, path="/deliverables/tools/new/")
    tools.refresh_from_db()
    tools.slug = "software"
    tools.save_revision().publish()
    renamed = seen(later, ONE, path="/deliverables/software/new/")

    assert moved["page"]["ancestors"][-1] == {"path": "/deliverables/tools/"}
    assert renamed["page"]["ancestors"][-1] == {"path": "/deliverables/software/"}


def test_revision_that_is_overwritten_shows_its_last_words(db, clock):
    writer = factories.user()
    page = factories.charter_page()
    page.title = "First"
    revision = page.save_revision(user=writer, approved_go_live_at=at(2))
    assert seen(published_at(at(3)), "{ charter { title } }") == {"charter": {"title": "First"}}

    page.title = "Second"
    page.save_revision(user=writer, approved_go_live_at=at(2), overwrite_revision=revision)

    assert seen(published_at(at(3)), "{ charter { title } }") == {"charter": {"title": "Second"}}


def test_revision_that_cannot_be_read_is_reported_and_hides_no_other(db, clock, caplog):
    scheduled(factories.article_page, at(2), title="Good", slug="good")
    broken = scheduled(factories.article_page, at(2), title="Broken", slug="broken")
    revision = broken.get_latest_revision()
    revision.content["date"] = "the day before"
    revision.save()
    unknown = ContentType.objects.create(app_label="pages", model="gone")
    removed = scheduled(factories.organisation, at(2))
    Revision.objects.filter(object_id=removed.pk, content_type__model="organisation").update(
        content_type=unknown, base_content_type=unknown
    )

    data = seen(published_at(at(3)), TITLES)

    assert titles(data) == ["Good"]
    assert f"Revision {revision.pk} " in caplog.text


def test_statements_of_others_read_the_same_rows(db, clock):
    """A statement may begin with expressions of its own, and hold what looks like a parameter."""
    scheduled(factories.article_page, at(2), title="100% new")
    context = OperationContext(Sites(RequestFactory().get("/")), perspective=published_at(at(3)))
    sql = """WITH "those" AS (SELECT "title" FROM "wagtailcore_page" WHERE "live")
        SELECT "title" FROM "those" WHERE "title" LIKE '100%'"""

    with context.in_force(), connection.cursor() as cursor:
        cursor.execute(sql)
        told = cursor.fetchall()

    assert told == [("100% new",)]


# What it costs


@pytest.mark.parametrize("pending", [2, 12])
def test_list_costs_the_same_however_much_is_due_and_at_most_twice_as_much(
    db, clock, ask, statements, pending
):
    query = "{ articles(first: 10) { totalCount nodes { path authors { person { name } } } } }"
    people = [factories.person() for _ in range(2)]
    for number in range(pending):
        page = factories.article_page(
            slug=f"page-{number}", authors=[ArticleAuthor(person=people[0])]
        )
        page.authors.add(ArticleAuthor(person=people[1]))
        schedule(page, at(2), title=f"New {number}", slug=f"new-{number}")
    for number, made in enumerate(people):
        schedule(made, at(2), name=f"Renamed {number}")
    clock.moment = at(1)
    ask(query)
    with statements(5):
        ask(query)

    clock.moment = at(3)
    with statements(10):
        ask(query)
    with statements(9):  # What the revisions hold is known by now.
        data = ask(query)

    assert data["articles"]["totalCount"] == pending
    assert data["articles"]["nodes"][0] == {
        "path": f"/articles/new-{pending - 1}/",
        "authors": [{"person": {"name": "Renamed 0"}}, {"person": {"name": "Renamed 1"}}],
    }


# What publishing writes


@pytest.mark.parametrize("model", [*factories.PAGE_FACTORIES, *factories.SNIPPET_FACTORIES])
def test_models_keep_no_rows_but_those_that_perspectives_know(model):
    """Those of an object's own tables and child rows, among which are its tags."""
    relations = get_all_child_relations(model)
    of_models = [
        each.related_model
        for each in relations
        if each.get_accessor_name() != COMMENTS_RELATION_NAME
    ]

    assert get_all_child_m2m_relations(model) == []
    assert all(isinstance(each, TaggableManager) for each in model._meta.many_to_many)
    assert [each for each in of_models if each._meta.get_parent_list()] == []
    assert [each for each in of_models if get_all_child_relations(each)] == []
