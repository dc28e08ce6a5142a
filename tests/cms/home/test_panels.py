"""The first page of the admin: what waits for me, what goes live next, what was published last."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.html import escape
from wagtail.models import GroupPagePermission, Page
from wagtail.users.models import UserProfile

from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.approving import approve
from tests.cms.submission import submission
from tests.conftest import check_number, signed_in, statements_of

pytestmark = pytest.mark.decided_in_python

NEXT_SUMMER = datetime(2100, 7, 1, 7, 0, tzinfo=UTC)
NEXT_WINTER = datetime(2100, 12, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def panel(sign_in):
    """A panel of a user's first page, by its id, as text without the spaces between words."""

    def panel(user, name):
        page = sign_in(user).get(home_url()).content.decode()
        _before, _, rest = page.partition(f'id="{name}-section"')
        return " ".join(rest.partition("</section>")[0].split())

    return panel


def submit(subject, user, sign_in):
    sign_in(user).post(admin_url(subject, "edit"), submission(subject, **{"action-submit": "1"}))
    return subject.current_workflow_task_state


def schedule(page, moment, user=None):
    page.go_live_at = moment
    page.save_revision(user=user).publish(user=user)
    return page


# What waits for me


def test_editor_sees_what_waits_for_an_approval(staff, editor, sign_in, panel):
    article = factories.article_page(title="Spring news", live=False)
    submit(article, staff, sign_in)
    organisation = factories.organisation(name="NXP", live=False)
    step = submit(organisation, staff, sign_in)

    waiting = panel(editor, "waits-for-me")

    assert waiting.index("Spring news") < waiting.index("NXP")  # the longest wait comes first
    assert f'href="{admin_url(article, "edit")}"' in waiting
    assert f'href="{admin_url(organisation, "edit")}"' in waiting
    assert admin_url(organisation, "workflow_action", "reject", step.pk) in waiting
    assert reverse("review", args=[step.pk]) in waiting


def test_staff_see_what_they_sent_and_what_came_back(staff, editor, sign_in, panel):
    factories.article_page(title="Not sent yet", live=False)
    submit(factories.article_page(title="Spring news", live=False), staff, sign_in)
    sent_back = factories.article_page(title="Autumn news", live=False)
    step = submit(sent_back, staff, sign_in)
    sign_in(editor).post(
        admin_url(sent_back, "workflow_action", "reject", step.pk), {"comment": "Add a date."}
    )

    waiting = panel(staff, "waits-for-me")

    back, _, sent = waiting.partition("You sent these for approval")
    assert "Autumn news" in back
    assert "Add a date." in back
    assert "edith" in back
    assert "Spring news" in sent
    assert "Not sent yet" not in waiting
    assert "data-workflow-action-url" not in waiting


def test_what_others_sent_does_not_wait_for_staff(staff, sign_in, panel):
    colleague = factories.user("colin", group="Communications staff", email="c@example.org")
    submit(factories.article_page(title="Spring news", live=False), colleague, sign_in)

    assert "Nothing waits for you." in panel(staff, "waits-for-me")


def test_what_was_approved_waits_no_longer(staff, editor, sign_in, panel):
    article = factories.article_page(title="Spring news", live=False)
    step = submit(article, staff, sign_in)

    approve(sign_in(editor), step)

    assert "Nothing waits for you." in panel(editor, "waits-for-me")
    assert "Nothing waits for you." in panel(staff, "waits-for-me")


# What goes live next


def test_schedule_is_shown_soonest_first(editor, panel):
    winter = schedule(factories.article_page(title="Winter news", live=False), NEXT_WINTER)
    factories.article_page(title="Old call", expire_at=NEXT_SUMMER)
    factories.person(name="Ada", expire_at=NEXT_WINTER + timedelta(days=1))
    factories.article_page(title="Never scheduled")

    coming = panel(editor, "goes-live-next")

    assert coming.index("Old call") < coming.index("Winter news") < coming.index("Ada")
    assert coming.index("Expires") < coming.index("Goes live")
    assert f'href="{admin_url(winter, "edit")}"' in coming
    assert "Never scheduled" not in coming


def test_update_of_a_live_page_is_shown_under_its_new_title(editor, panel):
    page = factories.article_page(title="As it is")
    page.title = "As it will be"
    schedule(page, NEXT_SUMMER)

    assert "As it will be" in panel(editor, "goes-live-next")


def test_draft_with_a_date_is_not_scheduled_before_it_is_approved(editor, panel):
    factories.article_page(title="A wish", live=False, go_live_at=NEXT_SUMMER)

    assert "Nothing is scheduled" in panel(editor, "goes-live-next")


def test_what_is_past_its_time_is_due(editor, panel):
    page = factories.article_page(title="Due")
    Page.objects.filter(pk=page.pk).update(expire_at=datetime(2020, 1, 1, tzinfo=UTC))

    assert "(due now)" in panel(editor, "goes-live-next")


def test_times_are_in_the_editors_own_zone(editor, panel):
    UserProfile.objects.create(user=editor, current_time_zone="Europe/Rome")
    schedule(factories.article_page(title="Summer news", live=False), NEXT_SUMMER)
    schedule(factories.article_page(title="Winter news", live=False), NEXT_WINTER)

    coming = panel(editor, "goes-live-next")

    assert "When (Europe/Rome)" in coming
    assert "Thu 1 July 2100, 09:00 UTC+02:00" in coming
    assert "Wed 1 December 2100, 09:00 UTC+01:00" in coming
    assert 'datetime="2100-07-01T07:00:00+00:00"' in coming


# What was published last


def test_publications_tell_what_who_and_when(staff, editor, sign_in, panel):
    editor.first_name, editor.last_name = "Edith", "Weber"
    editor.save()
    client = sign_in(editor)
    for subject in (
        factories.article_page(title="Spring news", live=False),
        factories.organisation(name="NXP", live=False),
    ):
        client.post(admin_url(subject, "edit"), submission(subject, **{"action-publish": "1"}))

    published = panel(staff, "published-last")

    assert published.index("NXP") < published.index("Spring news")
    assert published.count("Edith Weber") == 2
    assert "<time" in published


def test_page_published_twice_stands_once(editor, panel):
    page = factories.article_page(title="Spring news")
    page.save_revision().publish()

    assert panel(editor, "published-last").count("Spring news") == 1


def test_deleted_page_is_not_linked(editor, panel):
    page = factories.article_page(title="Spring news")
    page.delete()

    assert "Spring news" not in panel(editor, "published-last")


def test_publication_by_nobody_in_particular_says_so(editor, panel):
    factories.article_page(title="Spring news")

    assert "Automatically" in panel(editor, "published-last")


# For everyone


def test_empty_panels_say_so_in_words(editor, panel):
    assert "Nothing waits for you." in panel(editor, "waits-for-me")
    assert "Nothing is scheduled to go live or to expire." in panel(editor, "goes-live-next")
    assert "Nothing has been published yet." in panel(editor, "published-last")


def test_only_what_someone_may_edit_is_shown(panel, db):
    public = factories.articles_page(title="Articles")
    schedule(factories.charter_page(title="Secret charter", live=False), NEXT_SUMMER)
    factories.survey_page(title="Secret survey", expire_at=NEXT_WINTER)
    factories.person(name="Secret person", expire_at=NEXT_WINTER)
    schedule(factories.article_page(title="Open article", parent=public, live=False), NEXT_SUMMER)
    writers = Group.objects.create(name="Writers of articles")
    writers.permissions.add(Permission.objects.get(codename="access_admin"))
    change = Permission.objects.get(
        codename="change_page", content_type=ContentType.objects.get_for_model(Page)
    )
    GroupPagePermission.objects.create(group=writers, page=public, permission=change)
    writer = factories.user("wanda", group="Writers of articles")

    panels = [panel(writer, name) for name in ("goes-live-next", "published-last")]

    assert "Open article" in panels[0]
    assert "Articles" in panels[1]
    assert not any("Secret" in words for words in panels)


def test_titles_are_shown_as_text(editor, panel):
    title = "<script>alert(1)</script>"
    factories.article_page(title=title)

    published = panel(editor, "published-last")

    assert escape(title) in published
    assert title not in published


def test_tables_have_headings_that_assistive_technology_reads(staff, editor, sign_in, panel):
    submit(factories.article_page(title="Spring news", live=False), staff, sign_in)
    schedule(factories.article_page(title="Summer news", live=False), NEXT_SUMMER)
    factories.article_page(title="Autumn news")

    for name in ("waits-for-me", "goes-live-next", "published-last"):
        words = panel(editor, name)
        assert "<h2" in words
        assert "<caption" in words
        assert '<th scope="col"' in words
        assert '<th scope="row"' in words


def one_of_each(staff, editor, sign_in):
    """Of a page type and a snippet: something waiting, sent back, expiring, coming and live."""
    for make in (factories.article_page, factories.organisation):
        submit(make(live=False), staff, sign_in)
        submit(make(live=False), staff, sign_in).reject(user=editor)
        make(expire_at=NEXT_SUMMER)
        schedule(make(live=False), NEXT_WINTER, user=editor)


@pytest.fixture(scope="module")
def costs(undone):
    """What ran for each who asks: with one of each, and with ten."""
    with undone():
        users = factories.user_of_each_role()
        clients = {who: signed_in(user) for who, user in users.items()}
        one_of_each(users["staff"], users["editor"], signed_in)
        what_runs(clients)
        few = what_runs(clients)
        for _ in range(9):
            one_of_each(users["staff"], users["editor"], signed_in)
        many = what_runs(clients)
    return few, many


def what_runs(clients):
    return {who: statements_of(partial(client.get, home_url())) for who, client in clients.items()}


@pytest.mark.decided_in_python  # How many statements run, that is.
@pytest.mark.parametrize("who", ["staff", "editor", "administrator"])
def test_first_page_costs_the_same_however_much_there_is(who, costs):
    few, many = costs

    check_number(len(few[who]), many[who])
