"""Of two pages that are to have one address at one moment, the second is refused as it is planned.

Each refusal names the other page and says what to do; what is not refused becomes permanent as
readers have seen it.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import BadRequest
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail import hooks
from wagtail.models import Page, Revision, Site

from cms.releases import steps as release_steps
from cms.releases.steps import NotPossible
from cms.scheduling.addresses.taken import AddressIsTaken
from pages.lifecycle.forms import PublicationPageForm
from pages.models import ArticlePage, ArticlesPage, HomePage
from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.approving import approve
from tests.cms.submission import submission

pytestmark = pytest.mark.usefixtures("pages_above")

EIGHT, NINE, TEN = (datetime(2099, 6, 2, hour, tzinfo=UTC) for hour in (8, 9, 10))
HOUR = timedelta(hours=1)
ROUTE = """query ($path: String!) { route(path: $path) { page { title } } }"""


@pytest.fixture(autouse=True)
def day_before(db, clock):
    clock.moment = NINE - timedelta(days=1)


@pytest.fixture
def window(editor, sign_in):
    return sign_in(editor)


@pytest.fixture
def title_at(ask):
    def title_at(slug, above="articles"):
        page = ask(ROUTE, path=f"/{above}/{slug}/")["route"]["page"]
        return page and page["title"]

    return title_at


@pytest.fixture
def same_afterwards(clock, title_at):
    """Readers at a moment see what the rows say once the scheduler has been there."""

    def same_afterwards(moment, *slugs):
        clock.moment = moment
        before = [title_at(slug) for slug in slugs]
        call_command("run_scheduler", once=True)
        assert [title_at(slug) for slug in slugs] == before
        return before

    return same_afterwards


def article(title, **fields):
    return factories.article_page(title=title, slug=title.lower(), **fields)


def versions(page, **changes):
    version = ArticlePage.objects.get(pk=page.pk)
    for name, value in changes.items():
        setattr(version, name, value)
    return version


def post(window, page, slug, at=None, action="action-publish", **fields):
    """Through the form of the page."""
    version = versions(page, slug=slug, go_live_at=at)
    ids = {f"body-{place}-id": block.id for place, block in enumerate(version.body)}
    sent = submission(version, **{"go_live_at": at or "", action: "1", **ids, **fields})
    return window.post(admin_url(page, "edit"), sent)


def plan(page, slug, at):
    versions(page, slug=slug, go_live_at=at).save_revision(clean=False).publish()


def approved(page):
    return Revision.objects.for_instance(page).filter(approved_go_live_at__isnull=False)


def refusal(response):
    assert response.status_code == 409, response.status_code
    return response.context["refusal"].sentence


def test_second_of_two_for_one_address_at_one_minute_is_refused(window):
    first, second = article("First"), article("Second")
    assert post(window, first, "wanted", NINE).status_code == 302

    said = refusal(post(window, second, "wanted", NINE))

    assert said == (
        "“First” takes the address “wanted” by what is scheduled for Tue 2 June 2099, 09:00"
        " UTC+00:00. Give “Second” another address, or change that first."
    )
    assert not approved(second).exists()


@pytest.mark.parametrize("moment", [EIGHT, TEN, None], ids=["before", "after", "now"])
def test_address_that_something_scheduled_takes_is_taken_at_any_other_moment(window, moment):
    first, second = article("First"), article("Second")
    plan(first, "wanted", NINE)

    said = refusal(post(window, second, "wanted", moment))

    assert "“First” takes the address “wanted” by what is scheduled for Tue 2 June 2099" in said
    assert ArticlePage.objects.get(pk=second.pk).slug == "second"


def test_address_that_is_taken_by_now_is_taken_before_that_is_permanent(window, clock):
    first, second = article("First"), article("Second")
    plan(first, "wanted", NINE)
    clock.moment = NINE

    said = refusal(post(window, second, "wanted"))

    assert said.startswith("“First” takes the address “wanted” by what is scheduled for Tue")


def test_plan_by_which_another_has_the_address_then_is_named(window):
    """Neither what it was to have before, nor what keeps it there later."""
    first = article("First")
    plan(first, "before", EIGHT)
    plan(first, "wanted", NINE)
    plan(first, "wanted", TEN + HOUR)

    said = refusal(post(window, article("Second"), "wanted", TEN))

    assert "“wanted” by what is scheduled for Tue 2 June 2099, 09:00" in said


def test_page_that_keeps_its_address_has_it_whatever_is_scheduled_of_it(window):
    there = article("There")
    plan(there, "there", EIGHT)

    assert "“There” has the address “there”." in refusal(
        post(window, article("Other"), "there", NINE)
    )


def test_plan_by_which_a_page_comes_back_to_its_address_is_named(window):
    there, other = article("There"), article("Other")
    plan(there, "away", EIGHT)
    plan(there, "there", TEN)

    said = refusal(post(window, other, "there", NINE))

    assert "“there” by what is scheduled for Tue 2 June 2099, 10:00" in said


def test_plan_by_which_a_page_has_an_address_is_named_though_it_is_taken_down_there(window, editor):
    first, second = article("First"), article("Second")
    release_steps.approve(factories.release(unpublish=[first], by=editor, go_live_at=NINE), editor)
    plan(first, "wanted", EIGHT)

    said = refusal(post(window, second, "wanted", TEN))

    assert "“wanted” by what is scheduled for Tue 2 June 2099, 08:00" in said


@pytest.mark.parametrize("live", [False, True])
def test_page_that_nobody_sees_yet_has_its_address_as_soon_as_it_is_scheduled(window, live):
    """One that readers see keeps its own until then."""
    first, new = article("First"), article("New", live=live)
    plan(first, "wanted", EIGHT)
    plan(first, "away", NINE)

    response = post(window, new, "wanted", TEN)

    if live:
        assert response.status_code == 302
    else:
        assert refusal(response).startswith("“First” takes the address “wanted” by what")


def test_page_that_a_script_schedules_has_its_address_at_once_if_nobody_sees_it(db):
    first, new = article("First"), article("New", live=False)
    plan(first, "wanted", EIGHT)
    plan(first, "away", NINE)

    with pytest.raises(AddressIsTaken, match="“First” takes the address “wanted”"):
        plan(new, "wanted", TEN)


def test_root_of_another_tree_meets_no_page(db):
    article("First")

    root = Page.add_root(instance=Page(title="First", slug="first"))

    assert root.get_parent() is None


def test_home_page_does_not_take_the_address_of_another(window):
    home = HomePage.objects.get()
    Page.objects.get(depth=1).add_child(instance=Page(title="Other", slug="other"))
    home.slug = "other"

    sent = submission(home, **{"go_live_at": NINE, "action-publish": "1"})
    said = refusal(window.post(admin_url(home, "edit"), sent))

    assert said.startswith("“Other” has the address “other”.")


def begin(window, slug):
    """A page, through its form."""
    add = reverse(
        "wagtailadmin_pages:add", args=("pages", "articlepage", ArticlesPage.objects.get().pk)
    )
    return window.post(add, submission(ArticlePage(title="New", slug=slug)))


def test_page_is_not_begun_at_an_address_that_something_scheduled_takes(window):
    plan(article("First"), "wanted", NINE)

    response = begin(window, "wanted")

    [message] = response.context["form"].errors["slug"]
    assert message.startswith("“First” takes the address “wanted” by what is scheduled for Tue")
    assert not ArticlePage.objects.filter(title="New").exists()


def test_page_is_begun_at_an_address_that_nothing_scheduled_takes(window):
    plan(article("First"), "wanted", NINE)

    assert begin(window, "free").status_code == 302


def test_each_that_is_to_take_the_address_of_a_new_page_is_named_with_its_moment(window):
    first, second = article("First"), article("Second")
    plan(first, "wanted", EIGHT)
    plan(first, "away", NINE)
    plan(second, "wanted", TEN)

    [message] = begin(window, "wanted").context["form"].errors["slug"]

    for title, hour in (("First", "08:00"), ("Second", "10:00")):
        plan_of_it = f"by what is scheduled for Tue 2 June 2099, {hour}"
        assert f"“{title}” takes the address “wanted” {plan_of_it}" in message


def test_page_is_not_copied_to_an_address_that_something_scheduled_takes(window):
    plan(article("First"), "wanted", NINE)
    source = article("Source")

    response = window.post(
        admin_url(source, "copy"),
        {
            "new_title": "Copy",
            "new_slug": "wanted",
            "new_parent_page": source.get_parent().pk,
        },
    )

    assert "“First” takes the address “wanted”" in refusal(response)
    assert not ArticlePage.objects.filter(title="Copy").exists()


def test_published_page_that_has_the_address_is_named_beside_the_field(window):
    article("There")
    other = article("Other")

    response = post(window, other, "there")

    assert response.status_code == 200
    [message] = response.context["form"].errors["slug"]
    assert message.startswith("“There” has the address “there”. Choose another address, or")


def test_hidden_page_that_has_the_address_is_named_as_hidden(window):
    article("There", live=False)

    response = post(window, article("Other"), "there")

    [message] = response.context["form"].errors["slug"]
    assert message.startswith("“There”, which is not published, has the address “there”.")


@pytest.mark.parametrize(
    ("live", "has"),
    [
        (True, "“There” has the address"),
        (False, "“There”, which is not published, has the address"),
    ],
)
def test_schedule_for_an_address_that_another_page_keeps_is_refused(window, live, has):
    article("There", live=live)
    other = article("Other")

    said = refusal(post(window, other, "there", NINE))

    assert said == f"{has} “there”. Give “Other” another address, or change that first."
    assert not approved(other).exists()


@pytest.mark.parametrize("leaves_at", [EIGHT, NINE], ids=["before", "at once"])
def test_address_that_is_left_by_then_can_be_planned(window, same_afterwards, leaves_at):
    there, other = article("There"), article("Other")
    plan(there, "elsewhere", leaves_at)

    assert post(window, other, "there", NINE).status_code == 302

    assert same_afterwards(NINE, "there", "elsewhere") == ["Other", "There"]


def test_address_that_a_page_has_left_stays_free_whatever_is_scheduled_of_it_later(window, clock):
    first, second = article("First"), article("Second")
    plan(first, "away", EIGHT)
    plan(second, "first", TEN)
    clock.moment = NINE  # No scheduler has been there.

    assert post(window, first, "away", TEN + HOUR).status_code == 302


def test_page_does_not_come_back_by_hand_to_an_address_that_it_leaves_to_another(window, clock):
    first, second = article("First"), article("Second")
    plan(first, "away", EIGHT)
    plan(second, "first", TEN)
    clock.moment = NINE  # No scheduler has been there.

    said = refusal(post(window, first, "first"))

    assert said.startswith("“Second” takes the address “first” by what is scheduled for Tue")
    assert approved(first).exists()


def test_address_that_is_left_only_later_is_refused(window):
    there, other = article("There"), article("Other")
    plan(there, "elsewhere", TEN)

    assert "“There” has the address “there”" in refusal(post(window, other, "there", NINE))


def test_two_that_change_places_each_by_itself_are_sent_to_a_release(window):
    there, other = article("There"), article("Other")
    response = post(window, there, "other", NINE)
    assert "“Other” has the address “other”" in refusal(response)
    # As an import can leave it.
    revision = versions(there, slug="other", go_live_at=NINE).save_revision(clean=False)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=NINE)

    said = refusal(post(window, other, "there", NINE))

    assert said.endswith("Each is to leave it to the other: put both into one release.")


def test_what_leaves_an_address_for_another_is_neither_cancelled_nor_moved_past_it(window):
    there, other = article("There"), article("Other")
    plan(there, "elsewhere", EIGHT)
    plan(other, "there", NINE)
    leaves = approved(there).get()

    cancelled = window.post(reverse("cancel_scheduled", args=[leaves.pk]))
    moved = window.post(
        reverse("calendar_move_go_live", args=[leaves.pk]),
        {"old": EIGHT.isoformat(), "day": "2099-06-03"},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )

    expected = "“Other” takes the address “there” by what is scheduled for Tue 2 June 2099, 09:00"
    assert expected in refusal(cancelled)
    assert moved.status_code == 409
    assert expected in moved.json()["message"]
    assert approved(there).get().approved_go_live_at == EIGHT


def test_page_that_is_taken_down_all_the_same_says_what_has_no_address_now(window, title_at):
    there, other = article("There"), article("Other")
    plan(there, "elsewhere", EIGHT)
    plan(other, "there", NINE)

    response = window.post(admin_url(there, "unpublish"), follow=True)

    assert title_at("there") is None
    assert "“Other” takes the address “there”" in response.content.decode()


@pytest.mark.parametrize("error", [RuntimeError, BadRequest])
def test_nothing_is_said_of_a_page_that_was_not_taken_down_after_all(window, error):
    there, other = article("There"), article("Other")
    plan(there, "elsewhere", EIGHT)
    plan(other, "there", NINE)
    window.raise_request_exception = False

    def fail(request, page):
        raise error("A mistake of ours")

    with hooks.register_temporarily("after_unpublish_page", fail):
        response = window.post(admin_url(there, "unpublish"))

    assert response.status_code >= 400
    assert "takes the address" not in window.get(home_url()).content.decode()


def test_nothing_is_said_to_a_script_for_whoever_opens_the_next_page(window):
    article("There")
    other = article("Other")
    sent = submission(versions(other, slug="there"))

    saved = window.post(admin_url(other, "edit"), sent, headers={"Accept": "application/json"})

    assert saved.json()["success"]
    assert "“There” has the address" not in window.get(home_url()).content.decode()


def test_page_that_is_taken_down_names_another_that_is_stored_at_its_address(window):
    """As an import can leave it."""
    there, other = article("There"), article("Other")
    kept = versions(other, slug="there", go_live_at=NINE).save_revision(clean=False)
    Revision.objects.filter(pk=kept.pk).update(approved_go_live_at=NINE)
    Page.objects.filter(pk=other.pk).update(slug="there")

    said = window.post(admin_url(there, "unpublish"), follow=True).content.decode()

    assert "“Other” has the address “there”. Give “There” another address" in said


def test_page_does_not_come_back_to_an_address_that_another_has_by_then(window):
    there, other = article("There"), article("Other")
    plan(there, "elsewhere", EIGHT)
    plan(other, "there", NINE)

    said = refusal(post(window, there, "there", TEN))

    assert "“Other” takes the address “there” by what is scheduled for Tue 2 June 2099" in said


def test_page_that_keeps_its_address_is_corrected_whatever_others_plan(window):
    """As an import can leave it: another is to take the address that this one keeps."""
    there, other = article("There"), article("Other")
    revision = versions(other, slug="there", go_live_at=NINE).save_revision(clean=False)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=NINE)

    assert post(window, there, "there", standfirst="Corrected.").status_code == 302

    assert ArticlePage.objects.get(pk=there.pk).standfirst == "Corrected."


def test_page_that_is_to_leave_its_address_to_another_is_corrected_until_then(
    window, same_afterwards
):
    there, other = article("There"), article("Other")
    plan(there, "elsewhere", EIGHT)
    plan(other, "there", NINE)

    assert post(window, there, "there", standfirst="Corrected.").status_code == 302

    assert same_afterwards(NINE, "there", "elsewhere") == ["Other", "There"]


def test_correction_is_taken_into_what_takes_an_address_that_is_left_by_then(
    window, same_afterwards
):
    there, other = article("There"), article("Other")
    plan(there, "elsewhere", EIGHT)
    plan(other, "there", NINE)

    assert post(window, other, "other", standfirst="Corrected.").status_code == 302

    assert same_afterwards(NINE, "there") == ["Other"]
    assert ArticlePage.objects.get(slug="there").standfirst == "Corrected."


def test_correction_is_taken_into_a_release_that_takes_an_address_which_it_frees(
    window, editor, same_afterwards
):
    there, other = article("There"), article("Other")
    versions(there, slug="elsewhere").save_revision()
    versions(other, slug="there").save_revision(clean=False)
    release = factories.release([there, other], by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)

    assert post(window, other, "other", standfirst="Corrected.").status_code == 302

    assert same_afterwards(NINE, "there", "elsewhere") == ["Other", "There"]
    assert ArticlePage.objects.get(slug="there").standfirst == "Corrected."


def test_release_is_not_approved_for_an_address_that_something_scheduled_takes(editor):
    plan(article("First"), "wanted", NINE)
    second = article("Second")
    versions(second, slug="wanted").save_revision()
    release = factories.release([second], by=editor, go_live_at=TEN)

    with pytest.raises(NotPossible) as problem:
        release_steps.approve(release, editor)

    [said] = problem.value.reasons
    assert said.startswith("“First” takes the address “wanted” by what is scheduled for Tue 2 June")


def test_address_that_an_approved_release_takes_is_named_with_it(window, editor):
    first, second = article("First"), article("Second")
    versions(first, slug="wanted").save_revision()
    release_steps.approve(factories.release([first], by=editor, go_live_at=NINE), editor)
    versions(second, slug="wanted").save_revision()
    other = factories.release([second], by=editor, go_live_at=TEN, name="Summer")

    expected = "“First” takes the address “wanted” by the release “Spring” on Tue 2 June 2099"
    for moment in (EIGHT, None):
        assert expected in refusal(post(window, second, "wanted", moment))
    with pytest.raises(NotPossible, match=expected):
        release_steps.approve(other, editor)


def test_two_pages_of_one_release_do_not_take_one_address(editor):
    pages = [article("First"), article("Second")]
    for page in pages:
        versions(page, slug="wanted").save_revision()
    release = factories.release(pages, by=editor, go_live_at=NINE)

    with pytest.raises(NotPossible, match="the address “wanted”"):
        release_steps.approve(release, editor)


def test_release_that_frees_an_address_is_not_moved_cancelled_or_reopened(editor):
    there, other = article("There"), article("Other")
    versions(there, slug="elsewhere").save_revision()
    release = factories.release([there], by=editor, go_live_at=EIGHT)
    release_steps.approve(release, editor)
    plan(other, "there", NINE)

    for step in (
        lambda: release_steps.move(release, TEN, editor),
        lambda: release_steps.cancel(release, editor),
        lambda: release_steps.reopen(release, editor),
    ):
        with pytest.raises(NotPossible, match="“Other” takes the address “there”"):
            step()

    release.refresh_from_db()
    assert (release.state, release.go_live_at) == ("approved", EIGHT)


def test_release_is_not_reverted_to_an_address_that_another_has_since(editor, clock):
    there = article("There")
    versions(there, slug="elsewhere").save_revision()
    release = factories.release([there], by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)
    clock.moment = NINE
    call_command("run_scheduler", once=True)
    new = article("There")

    with pytest.raises(NotPossible, match=r"“There” cannot be put back.*the address “there”"):
        release_steps.revert(release, editor)

    new.delete()
    release_steps.revert(release, editor)
    assert ArticlePage.objects.get().slug == "there"


def test_release_is_not_reverted_to_an_address_that_something_scheduled_takes(editor, clock):
    there, other = article("There"), article("Other")
    versions(there, slug="elsewhere").save_revision()
    release = factories.release([there], by=editor, go_live_at=EIGHT)
    release_steps.approve(release, editor)
    clock.moment = EIGHT
    call_command("run_scheduler", once=True)
    plan(other, "there", TEN)

    with pytest.raises(NotPossible, match="“Other” takes the address “there”"):
        release_steps.revert(release, editor)


def test_page_is_not_moved_in_the_tree_to_where_another_takes_its_address(window):
    """Nor to where what is scheduled of it meets another."""
    here = ArticlesPage.objects.get()
    there = factories.articles_page(title="News", slug="news", parent=here.get_parent())
    moving = article("Moving", parent=there)
    plan(article("First", parent=here), "moving", NINE)
    article("Stays", parent=here)
    second = article("Second", parent=there)
    plan(second, "stays", NINE)

    one = window.post(reverse("wagtailadmin_pages:move_confirm", args=[moving.pk, here.pk]))
    other = window.post(reverse("wagtailadmin_pages:move_confirm", args=[second.pk, here.pk]))

    assert "“First” takes the address “moving”" in refusal(one)
    assert "“Stays” has the address “stays”" in refusal(other)
    assert ArticlePage.objects.get(pk=moving.pk).is_child_of(there)
    assert ArticlePage.objects.get(pk=second.pk).is_child_of(there)


def test_page_is_not_moved_to_where_another_came_while_it_was_asked(window):
    """Wagtail asks before its hooks, which this one comes in at as somebody else would."""
    here = ArticlesPage.objects.get()
    there = factories.articles_page(title="News", slug="news", parent=here.get_parent())
    moving = article("Moving", parent=there)

    def somebody_comes(request, page, destination):
        factories.article_page(title="First", slug="moving", parent=here)

    with hooks.register_temporarily("before_move_page", somebody_comes):
        response = window.post(
            reverse("wagtailadmin_pages:move_confirm", args=[moving.pk, here.pk])
        )

    assert refusal(response) == (
        "“First” has the address “moving”. Give “Moving” another address, or change that first."
    )
    assert ArticlePage.objects.get(pk=moving.pk).is_child_of(there)


@pytest.mark.parametrize("by_script", [False, True])
def test_page_is_not_begun_where_another_came_since_its_form_was_checked(
    window, monkeypatch, by_script
):
    here = ArticlesPage.objects.get()
    save = PublicationPageForm.save

    def somebody_comes_first(form, *args, **kwargs):
        factories.article_page(title="First", slug="wanted", parent=here)
        return save(form, *args, **kwargs)

    monkeypatch.setattr(PublicationPageForm, "save", somebody_comes_first)
    response = window.post(
        reverse("wagtailadmin_pages:add", args=("pages", "articlepage", here.pk)),
        submission(
            ArticlePage(title="New", slug="wanted", body=[("paragraphs", {"text": "<p>T.</p>"})]),
            **{"action-publish": "1"},
        ),
        headers={"Accept": "application/json"} if by_script else {},
    )

    assert response.status_code == 409, response.content
    sentence = response.json()["message"] if by_script else response.context["refusal"].sentence
    assert sentence.startswith("“First” has the address “wanted”. Choose another address, or")
    assert not ArticlePage.objects.filter(title="New").exists()


def test_page_is_not_begun_where_another_is_to_come_since_its_form_was_checked(window, monkeypatch):
    first, save = article("First"), PublicationPageForm.save

    def somebody_plans_first(form, *args, **kwargs):
        plan(first, "wanted", NINE)
        return save(form, *args, **kwargs)

    monkeypatch.setattr(PublicationPageForm, "save", somebody_plans_first)

    said = refusal(begin(window, "wanted"))

    assert said.startswith("“First” takes the address “wanted” by what is scheduled for Tue")
    assert not ArticlePage.objects.filter(title="New").exists()


def test_approval_of_a_task_is_refused_as_publishing_is(window, staff):
    plan(article("First"), "wanted", NINE)
    second = article("Second", live=False)
    versions(second, slug="wanted").save_revision()
    state = second.get_workflow().start(second, staff)

    response = approve(window, state.current_task_state)

    assert "“First” takes the address “wanted”" in refusal(response)
    assert not ArticlePage.objects.get(pk=second.pk).live


def test_publishing_several_pages_is_refused_as_a_whole(window):
    plan(article("First"), "wanted", NINE)
    pages = [article("Second", live=False), article("Third", live=False)]
    versions(pages[1], slug="wanted").save_revision()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    response = window.post(f"{address}?id={pages[0].pk}&id={pages[1].pk}")

    assert "“First” takes the address “wanted”" in refusal(response)
    assert not ArticlePage.objects.filter(live=True, title__in=["Second", "Third"]).exists()


def test_publishing_through_the_api_of_the_admin_is_refused(window):
    plan(article("First"), "wanted", NINE)
    second = article("Second")
    versions(second, slug="wanted").save_revision()

    response = window.post(
        reverse("wagtailadmin_api:pages:action", args=[second.pk, "publish"]),
        headers={"Accept": "application/json"},
    )

    assert response.status_code == 409
    assert "“First” takes the address “wanted”" in response.json()["message"]


def test_draft_may_have_an_address_that_another_has_and_says_so(window):
    article("There")
    other = article("Other")

    response = post(window, other, "there", action="action-none")

    assert response.status_code == 302
    assert ArticlePage.objects.get(pk=other.pk).get_latest_revision_as_object().slug == "there"
    assert ArticlePage.objects.get(pk=other.pk).slug == "other"
    said = window.get(admin_url(other, "edit")).content.decode()
    assert "“There” has the address “there”" in said


def test_what_failed_before_does_not_hold_up_an_address_for_others(window, clock):
    """As an import can leave it: both were to take one address."""
    for title in ("First", "Second"):
        page = article(title)
        revision = versions(page, slug="wanted", go_live_at=NINE).save_revision(clean=False)
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=NINE)
    clock.moment = NINE
    with pytest.raises(CommandError):
        call_command("run_scheduler", once=True)

    assert post(window, article("Third"), "free").status_code == 302
    assert post(window, ArticlePage.objects.get(title="First"), "first").status_code == 302


def test_page_is_not_published_where_an_approved_release_redirects(window, editor):
    new = article("New", live=False)
    redirects = {"/articles/new": "/"}
    release = factories.release(redirects=redirects, by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)

    said = refusal(post(window, new, "new"))

    assert said == (
        "The release on Tue 2 June 2099, 09:00 UTC+00:00 redirects /articles/new elsewhere, and"
        " nobody would be led on while “New” is there. Choose another address, or take the redirect"
        " out of the release."
    )


def test_page_that_makes_way_for_a_redirect_is_taken_down_without_a_word_of_it(window, editor):
    page = article("New")
    redirects = {"/articles/new": "/"}
    release = factories.release(unpublish=[page], redirects=redirects, by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)

    window.post(admin_url(page, "unpublish"))

    assert not ArticlePage.objects.get().live
    assert "redirects /articles/new" not in window.get(home_url()).content.decode()


@pytest.mark.parametrize("elsewhere", ["other path", "other site"])
def test_page_is_published_where_no_release_redirects_from_its_own_address(
    window, editor, elsewhere
):
    new = article("New", live=False)
    root = Page.objects.get(depth=1).add_child(instance=Page(title="Other", slug="other-root"))
    other = Site.objects.create(hostname="other.example.org", root_page=root)
    path, site = ("/articles/old", None) if elsewhere == "other path" else ("/articles/new", other)
    release = factories.release(redirects={path: "/"}, site=site, by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)

    assert post(window, new, "new").status_code == 302


def test_two_releases_of_one_moment_do_not_redirect_one_address(editor):
    redirects = {"/old": "/"}
    first, second = (
        factories.release(redirects=redirects, by=editor, go_live_at=NINE, name=name)
        for name in ("Spring", "Summer")
    )
    release_steps.approve(first, editor)

    with pytest.raises(NotPossible, match="/old is also redirected by the release “Spring” on Tue"):
        release_steps.approve(second, editor)


def test_whoever_lets_a_section_expire_is_told_what_stays_beneath(window):
    section = factories.deliverable_category_page(title="Papers", slug="papers")
    factories.deliverable_page(parent=section, title="Paper", slug="paper")
    other = factories.deliverable_category_page(title="Reports", slug="reports")
    factories.deliverable_page(parent=other, title="Gone", slug="gone", expire_at=NINE)
    fields = {"action-publish": "1", "expire_at": TEN}

    for page in (section, other):
        window.post(admin_url(page, "edit"), submission(page, **fields))
        said = window.get(reverse("wagtailadmin_home")).content.decode()
        stays = "“Papers” expires on Tue 2 June 2099, 10:00 UTC+00:00, and “Paper” beneath it"
        assert (stays in said) == (page == section), page
        assert "“Gone”" not in said


def test_whoever_publishes_what_nothing_stays_beneath_is_told_nothing(window):
    section = factories.deliverable_category_page(title="Papers", slug="papers")
    factories.deliverable_page(parent=section, title="Paper", slug="paper")
    drafts = factories.deliverable_category_page(title="Drafts", slug="drafts")
    factories.deliverable_page(parent=drafts, title="Draft", slug="draft", live=False)
    empty = factories.deliverable_category_page(title="Empty", slug="empty")
    person = factories.person(name="Ada")
    expires = {"expire_at": TEN}

    for subject, fields in ((section, {}), (drafts, expires), (empty, expires), (person, expires)):
        sent = submission(subject, **{"action-publish": "1", **fields})
        answer = window.post(admin_url(subject, "edit"), sent)
        assert answer.status_code == 302, subject
        said = window.get(reverse("wagtailadmin_home")).content.decode()
        assert "beneath it stays published" not in said, subject


def test_what_a_script_lets_expire_is_told_to_nobody(db):
    section = factories.deliverable_category_page(title="Papers", slug="papers")
    factories.deliverable_page(parent=section, title="Paper", slug="paper")
    section.expire_at = TEN

    section.save_revision().publish()

    assert Page.objects.get(pk=section.pk).expire_at == TEN
