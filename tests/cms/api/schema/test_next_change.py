"""``nextChangeAt``: when the clock alone may change an answer."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import PageViewRestriction, Site

from cms.releases import steps as release_steps
from pages.models import ArticlePage, HomePage
from tests import factories
from tests.cms.perspective.scheduled_content import at, scheduled

STATUS = "{ nextChangeAt forums { nodes { ...edition } } } fragment edition on ForumPage { status }"
FILTER = "{ nextChangeAt forums(filter: {status: [LIVE]}) { totalCount } }"
DATES = "{ nextChangeAt forums { nodes { title } } }"


@pytest.fixture
def site(db, clock):
    """On the 2nd an article goes live that expires on the 5th; on the 3rd another expires."""
    clock.set("2099-06-01T00:00:00+00:00")
    scheduled(factories.article_page, at(2), expires=at(5), slug="new")
    factories.article_page(slug="old")
    ArticlePage.objects.filter(slug="old").update(expire_at=at(3))


def asked(ask, query="{ nextChangeAt }"):
    moment = ask(query)["nextChangeAt"]
    return moment and datetime.fromisoformat(moment)


def test_each_go_live_and_expiry_is_told_until_it_has_come(site, ask, clock):
    expected = [(1, at(2)), (2, at(3)), (3, at(5)), (5, None)]

    for day, moment in expected:
        clock.moment = at(day)
        assert asked(ask) == moment


def test_answer_is_the_same_until_the_moment_told(site, ask, clock):
    clock.moment = at(1)
    before = ask("{ nextChangeAt articles { nodes { title } } }")
    moment = datetime.fromisoformat(before["nextChangeAt"])

    clock.moment = moment.replace(hour=8, minute=59, second=59)
    assert ask("{ nextChangeAt articles { nodes { title } } }") == before
    clock.moment = moment
    assert ask("{ articles { nodes { title } } }")["articles"] != before["articles"]


def test_nothing_is_told_where_the_clock_changes_nothing(db, ask):
    factories.article_page()
    factories.article_page(slug="draft", live=False, go_live_at=at(1), expire_at=at(2))

    assert asked(ask) is None


# Whose moments are told


def private(page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def test_nothing_is_told_of_a_private_section(db, ask, clock):
    clock.moment = at(1)
    private(factories.articles_page())
    scheduled(factories.article_page, at(2), expires=at(5), slug="new")
    factories.article_page(slug="old")
    ArticlePage.objects.filter(slug="old").update(expire_at=at(3))

    assert asked(ask) is None
    PageViewRestriction.objects.all().delete()
    assert asked(ask) == at(2)


def test_nothing_is_told_of_another_site_but_what_stands_here_as_well(db, ask, clock):
    clock.moment = at(1)
    here = factories.home_page()
    texts = {"tagline": "There.", "introduction": "<p>There.</p>"}
    there = here.get_root().add_child(instance=HomePage(title="There", slug="there", **texts))
    Site.objects.create(hostname="elsewhere.example.org", root_page=there)
    charter = scheduled(factories.charter_page, at(2), parent=there)
    there.expire_at = at(3)
    there.save()
    factories.forums_page(parent=there, slug="forums")
    forum = factories.forum_page(date_precision="time", starts_at=at(4), ends_at=at(4, 12))

    assert asked(ask) is None
    assert asked(ask, STATUS) is None
    CreatePageAliasAction(charter, parent=here, user=None).execute(skip_permission_checks=True)
    assert asked(ask) == at(2)
    forum.move(here, pos="last-child")
    clock.moment = at(3)
    assert asked(ask, STATUS) == at(4)


def test_release_is_told_of_by_what_is_public_in_it(db, ask, clock):
    clock.moment = at(1)
    hidden, shown = factories.charter_page(), factories.article_page()
    private(hidden)
    editor = factories.user(is_superuser=True)
    for moment, page in ((at(2), hidden), (at(3), shown)):
        made = factories.release([page], name=page.title, by=editor, go_live_at=moment)
        release_steps.approve(made, editor)

    assert asked(ask) == at(3)


def test_redirect_of_a_release_is_told_of_where_it_leads_on(db, ask, clock):
    clock.moment = at(1)
    here, editor = Site.objects.get(), factories.user(is_superuser=True)
    there = Site.objects.create(hostname="elsewhere.example.org", root_page=here.root_page)
    for day, site in ((2, there), (4, here), (3, None)):
        made = factories.release(
            redirects={"/old": "/"}, site=site, name=f"{day}", by=editor, go_live_at=at(day)
        )
        release_steps.approve(made, editor)

    told = []
    for day in (1, 3, 4):
        clock.moment = at(day)
        told.append(asked(ask))

    assert told == [at(3), at(4), None]


@pytest.mark.parametrize("query", [STATUS, FILTER])
def test_forum_counts_where_its_status_was_asked_for(db, ask, clock, query):
    factories.forum_page(date_precision="time", starts_at=at(2), ends_at=at(2, 12))

    clock.moment = at(1)
    assert asked(ask, query) == at(2)
    assert asked(ask, DATES) is None
    clock.moment = at(2)
    assert asked(ask, query) == at(2, 12)
    clock.moment = at(2, 12)
    assert asked(ask, query) is None


def test_forum_that_readers_may_not_see_does_not_count(db, ask, clock):
    clock.moment = at(1)
    factories.forum_page(live=False, date_precision="time", starts_at=at(2))

    assert asked(ask, STATUS) is None


@pytest.mark.parametrize(
    ("options", "told"),
    [(["--at", at(2).isoformat()], None), ([], at(7)), (None, at(2))],
    ids=["of a moment", "of all drafts", "none"],
)
def test_under_a_token_that_fixes_the_moment_nothing_changes(site, client, clock, options, told):
    clock.moment = at(1)
    factories.forum_page(date_precision="time", starts_at=at(7), ends_at=at(7, 12))
    headers = {}
    if options is not None:
        out = StringIO()
        root = factories.user("root", is_superuser=True)
        by = ["--by", root.get_username()]
        call_command("create_preview_token", "For a test", *by, *options, stdout=out)
        headers["Authorization"] = f"Bearer {out.getvalue().strip()}"

    response = client.post(
        "/graphql", {"query": STATUS}, content_type="application/json", headers=headers
    )

    moment = response.json()["data"]["nextChangeAt"]
    assert (moment and datetime.fromisoformat(moment)) == told


def test_moment_is_given_in_utc(site, ask, clock):
    clock.moment = at(1)

    assert ask("{ nextChangeAt }") == {"nextChangeAt": at(2).astimezone(UTC).isoformat()}
