"""A release beside others who write and read, with real processes and connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from time import monotonic, sleep

import psycopg
import pytest
from django.db import connection, connections, transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from cms.releases import steps as release_steps
from cms.releases.models import Release
from cms.releases.steps import NotPossible
from cms.scheduling.locks import locked_object
from cms.scheduling.plans import PlansRefused
from cms.scheduling.takedown import take_down
from pages.models import ArticlePage
from tests import factories
from tests.cms.rivals import WAITING, somebody_waits
from tests.cms.scheduling.process.scheduler_processes import COMMAND, stop
from tests.genedge_site.commands import run

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)
ITEMS = 20


@pytest.fixture
def release(committed):
    editor = factories.user("edith", group="Editors")
    pages = [
        factories.article_page(title=f"Old {number}", slug=f"page-{number}")
        for number in range(ITEMS)
    ]
    for page in pages:
        page.title = page.title.replace("Old", "New")
        page.save_revision()
    return factories.release(pages, redirects={"/old": "/"}, by=editor)


def wait_until(condition):
    deadline = monotonic() + 60
    while not condition():
        assert monotonic() < deadline
        sleep(0.02)


def titles():
    return {title.split()[0] for title in ArticlePage.objects.values_list("title", flat=True)}


def test_scheduler_killed_in_the_middle_of_it_leaves_none_of_it_and_the_next_does_all(
    release, site, scheduler
):
    release_steps.approve(release, release.created_by, now=True)
    site = site()

    with psycopg.connect(**connection.get_connection_params()) as other:
        # Redirects come last: all pages are published by then, in the same transaction.
        other.execute("LOCK TABLE wagtailredirects_redirect IN ACCESS EXCLUSIVE MODE")
        process = scheduler(site)
        wait_until(lambda: site.execute(WAITING))
        assert titles() == {"Old"}
        process.kill()
        process.wait()
    assert titles() == {"Old"}
    assert not Redirect.objects.exists()

    caught_up = run(*COMMAND, "--once", given=site.environment)

    assert caught_up.returncode == 0, caught_up.stderr
    assert titles() == {"New"}
    assert Redirect.objects.count() == 1
    assert site.execute("SELECT count(*) FROM publishing_completedchange") == [(1,)]
    assert Release.objects.get().state == "live"


def test_several_schedulers_make_it_permanent_once(release, site, scheduler):
    site = site()
    running = [scheduler(site) for _ in range(3)]

    release_steps.approve(release, release.created_by, now=True)
    wait_until(lambda: Release.objects.get().state == "live")

    for process in running:
        status, errors = stop(process)
        assert status == 0, errors
    assert site.execute("SELECT count(*) FROM publishing_completedchange") == [(1,)]
    done = site.execute(
        "SELECT count(*) FROM wagtailcore_pagelogentry WHERE action = ?",
        "publishing.publish_in_release",
    )
    assert done == [(ITEMS,)]


def test_of_several_who_approve_at_once_all_but_one_are_told(release):
    editor = release.created_by
    Release.objects.update(go_live_at=datetime(2099, 6, 2, 9, tzinfo=UTC))

    def decide(step):
        try:
            step(Release.objects.get(pk=release.pk), editor)
        except NotPossible as error:
            return error.reasons[0]
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor() as pool:
        results = list(pool.map(decide, [release_steps.approve] * 4))

    assert min(results) == ""
    assert [result for result in results if result] == ["“Spring” is approved already."] * 3


def decide(step, both_there, *arguments):
    try:
        both_there.wait(timeout=60)
        step(*arguments)
    except (NotPossible, PlansRefused):
        return False
    finally:
        connections.close_all()
    return True


def at_once(*steps):
    both_there = Barrier(len(steps))
    with ThreadPoolExecutor() as pool:
        waiting = [pool.submit(decide, step[0], both_there, *step[1:]) for step in steps]
        return sorted(each.result() for each in waiting)


def test_of_two_releases_that_contradict_each_other_only_one_is_approved_or_moved(release):
    """Approved by two people at once, or approved by one while another moves the other."""
    editor, page = release.created_by, ArticlePage.objects.first()
    nine, ten = datetime(2099, 6, 2, 9, tzinfo=UTC), datetime(2099, 6, 2, 10, tzinfo=UTC)

    for _ in range(6):
        one = factories.release([page], by=editor, go_live_at=nine)
        other = factories.release([page], by=editor, go_live_at=nine)
        approve = release_steps.approve
        assert at_once((approve, one, editor), (approve, other, editor)) == [False, True]
        Release.objects.filter(go_live_at=nine).delete()

    for _ in range(6):
        moved = factories.release([page], by=editor, go_live_at=nine)
        approve(moved, editor)
        page.save_revision()
        later = factories.release([page], by=editor, go_live_at=ten)
        to_the_same = (release_steps.move, moved, ten, editor)
        assert at_once(to_the_same, (approve, later, editor)) == [False, True]
        Release.objects.filter(go_live_at__in=[nine, ten]).delete()


def test_release_waits_for_who_is_changing_a_page_and_keeps_that_change(release, site, scheduler):
    release_steps.approve(release, release.created_by, now=True)
    site = site()
    page = ArticlePage.objects.first()

    with psycopg.connect(**connection.get_connection_params()) as editing:
        editing.execute("SELECT FROM wagtailcore_page WHERE id = %s FOR UPDATE", [page.pk])
        process = scheduler(site)
        wait_until(lambda: site.execute(WAITING))
        editing.execute("UPDATE wagtailcore_page SET locked = true WHERE id = %s", [page.pk])
    wait_until(lambda: Release.objects.get().state == "live")
    assert stop(process)[0] == 0

    assert titles() == {"New"}
    assert Page.objects.get(pk=page.pk).locked


def schedule(page, moment):
    version = ArticlePage.objects.get(pk=page.pk)
    version.go_live_at = moment
    with transaction.atomic():
        version.save_revision().publish()


def test_of_a_release_and_a_schedule_for_one_moment_only_one_is_approved(release):
    editor, page = release.created_by, ArticlePage.objects.first()
    nine = datetime(2099, 6, 2, 9, tzinfo=UTC)

    for _ in range(6):
        one = factories.release([page], by=editor, go_live_at=nine)
        assert at_once((release_steps.approve, one, editor), (schedule, page, nine)) == [
            False,
            True,
        ]
        Release.objects.filter(go_live_at=nine).delete()
        Revision.objects.update(approved_go_live_at=None)


def test_page_stays_in_a_release_that_is_cancelled_while_it_is_taken_down(release):
    """Only of one that is still to go live is anything taken out."""
    page = ArticlePage.objects.first()
    release_steps.approve(release, release.created_by, now=True)

    def take_down_page():
        try:
            with transaction.atomic():
                page_held = locked_object(Page, page.pk)
                take_down(page_held, keeps_coming=False, user=release.created_by)
        finally:
            connections.close_all()

    with ThreadPoolExecutor() as pool:
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute("UPDATE publishing_release SET state = 'cancelled'")
            taken = pool.submit(take_down_page)
            wait_until(lambda: taken.done() or somebody_waits())
        taken.result(timeout=60)

    assert release.items.of(page).exists()
