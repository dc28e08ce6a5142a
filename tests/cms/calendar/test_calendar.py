"""The calendar of the admin: what it shows, to whom, and in which part one finds it."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.html import escape
from wagtail.models import GroupPagePermission, Page, Revision
from wagtail.users.models import UserProfile

from pages.models import Person
from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.conftest import check_number, signed_in, statements_of, stopped_clock

pytestmark = pytest.mark.usefixtures("pages_above")

# What is approved for a moment that has passed is published at once, so this is far ahead.
NOW = datetime(2099, 6, 10, 12, tzinfo=UTC)


def june(day, hour=9):
    return datetime(2099, 6, day, hour, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(clock):
    clock.moment = NOW


@pytest.fixture
def live_in():
    def live_in(user, zone):
        UserProfile.objects.update_or_create(user=user, defaults={"current_time_zone": zone})

    return live_in


@pytest.fixture
def calendar(sign_in):
    """The calendar as someone sees it, without the spaces between words."""

    def calendar(user, **query):
        answer = sign_in(user).get(reverse("calendar"), query)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return calendar


@pytest.fixture
def run_at(clock):
    def run_at(moment, *, fails=False):
        clock.moment = moment
        if fails:
            with pytest.raises(CommandError):
                call_command("run_scheduler", once=True)
        else:
            call_command("run_scheduler", once=True)

    return run_at


def schedule(made, moment, *, user=None, author=None, expires=None, **changes):
    for name, value in changes.items():
        setattr(made, name, value)
    made.go_live_at, made.expire_at = moment, expires
    made.save_revision(user=author or user).publish(user=user)
    return made


def article(title="News", **fields):
    return factories.article_page(title=title, **fields)


def coming(title, moment, **how):
    return schedule(article(title, live=False), moment, **how)


def on(words, day):
    """What stands on a day of the grid."""
    _before, found, rest = words.partition(f'data-day="{day}"')
    assert found, f"{day} is not shown"
    return rest.partition("</td>")[0]


def entry(words, title):
    """The entry of something in the grid."""
    found = [
        each for each in re.findall(r"<li class=.genedge-entry.*?</li>", words) if title in each
    ]
    assert len(found) == 1, found
    return found[0]


# What is in it


def test_month_shows_what_goes_live_and_expires_on_its_day(editor, calendar):
    page = coming("Summer news", june(12))
    factories.person(name="Ada", expire_at=june(20))
    article("Never scheduled")

    words = calendar(editor, date="2099-06-01")

    assert "Calendar: June 2099" in words
    assert "Goes live" in on(words, "2099-06-12")
    assert f'href="{admin_url(page, "edit")}"' in on(words, "2099-06-12")
    assert "Expires" in on(words, "2099-06-20")
    assert "Ada" in on(words, "2099-06-20")
    assert "Never scheduled" not in words


def test_wish_that_nobody_has_approved_is_not_shown(editor, calendar):
    article("A wish", live=False, go_live_at=june(12))

    assert "A wish" not in calendar(editor)


def test_expiry_of_what_is_to_go_live_is_shown(editor, calendar):
    coming("Brief", june(12), expires=june(14))

    words = calendar(editor)

    assert "Goes live" in on(words, "2099-06-12")
    assert "Expires" in on(words, "2099-06-14")


def test_expiry_that_a_later_version_takes_back_is_not_shown(editor, calendar):
    page = article("For good", expire_at=june(20))
    schedule(page, june(12))

    words = calendar(editor)

    assert "Goes live" in on(words, "2099-06-12")
    assert "Expires" not in words


def test_what_was_done_is_shown_when_it_was_due(editor, calendar, run_at):
    coming("Punctual", june(11))
    factories.person(name="Ada", expire_at=june(11, 10))
    run_at(june(11))
    run_at(june(11, 10))

    words = calendar(editor)

    assert "Went live" in entry(words, "Punctual")
    assert "Expired" in entry(words, "Ada")
    assert "Late" not in words


def test_what_was_late_stands_out_and_says_how_late(editor, calendar, run_at):
    coming("Tardy", june(11))
    run_at(june(11, 11))

    late = entry(calendar(editor), "Tardy")

    assert "genedge-entry--stands-out" in late
    assert "made permanent 2 hours after its time" in late


def test_what_failed_stands_out_with_the_reason_and_what_to_do(editor, calendar, run_at):
    coming("Gap", june(11), user=editor)
    revision = Revision.objects.get(approved_go_live_at=june(11))
    revision.content["body"] = "[]"
    revision.save()
    Person.objects.filter(pk=factories.person(name="Ada").pk).update(expire_at=june(11))

    run_at(june(11), fails=True)

    failed = entry(calendar(editor), "Gap")
    assert "genedge-entry--stands-out" in failed
    assert "Did not go live" in failed
    assert "Body: This field is required." in failed
    assert "Open it and correct this" in failed
    assert "Move…" not in failed


def test_what_was_edited_since_it_was_scheduled_says_so(editor, calendar):
    page = coming("Summer news", june(12))
    assert "edited since" not in calendar(editor)

    page.save_revision()

    assert "edited since scheduled" in entry(calendar(editor), "Summer news")


def test_what_is_due_and_not_permanent_yet_says_so(editor, calendar, clock):
    coming("Due", june(11))
    clock.moment = june(11, 10)

    assert "due now" in entry(calendar(editor), "Due")


@pytest.mark.parametrize(
    ("known", "days", "words"),
    [
        ("time", ["2099-06-16", "2099-06-17"], "Forum"),
        ("day", ["2099-06-16", "2099-06-17"], "time not known"),
        ("month", ["2099-06-01"], "some time in June 2099"),
    ],
)
def test_forum_stands_on_its_days_as_far_as_they_are_known(known, days, words, editor, calendar):
    factories.forum_page(
        title="Forum X", date_precision=known, starts_at=june(16), ends_at=june(17, 16)
    )

    shown = calendar(editor)

    found = re.findall(r'data-day="([\d-]+)"((?:(?!data-day).)*Forum X)', shown)
    assert [day for day, _words in found] == days
    assert words in shown


def test_days_of_a_forum_are_those_of_its_place(editor, calendar, live_in):
    live_in(editor, "America/Los_Angeles")
    factories.forum_page(
        title="Forum X",
        date_precision="day",
        time_zone="Asia/Tokyo",
        starts_at=june(16, 3),
        ends_at=june(16, 9),
    )

    words = calendar(editor)

    assert "Forum X" in on(words, "2099-06-16")
    assert words.count("Forum X") == 1
    assert "Forum X" in calendar(editor, view="day", date="2099-06-16")
    assert "Forum X" not in calendar(editor, view="day", date="2099-06-15")


# In the editor's zone


def test_entry_stands_on_the_day_that_it_is_in_the_editors_zone(editor, calendar, live_in):
    live_in(editor, "Asia/Tokyo")
    coming("Late at night", june(12, 20))

    words = calendar(editor)

    assert "Late at night" in on(words, "2099-06-13")
    assert ">05:00</time>" in entry(words, "Late at night")
    assert "Asia/Tokyo: UTC+09:00." in words


def test_today_is_that_of_the_editors_zone_and_is_marked_in_words(editor, calendar, live_in):
    live_in(editor, "Pacific/Kiritimati")

    words = calendar(editor)

    assert ">Today</span>" in on(words, "2099-06-11")
    assert words.count(">Today</span>") == 1


def test_list_gives_each_date_with_its_own_offset(editor, calendar, live_in):
    live_in(editor, "Europe/Rome")
    coming("Before", datetime(2099, 10, 20, 7, tzinfo=UTC))
    coming("After", datetime(2099, 10, 30, 8, tzinfo=UTC))

    words = calendar(editor, view="list", date="2099-10-05")

    assert "When (Europe/Rome)" in words
    assert "Tue 20 October 2099, 09:00 UTC+02:00" in words
    assert "Fri 30 October 2099, 09:00 UTC+01:00" in words
    assert "Europe/Rome: UTC+02:00, from 25 October on UTC+01:00." in words


# Its parts


def test_weeks_begin_with_monday(editor, calendar):
    words = calendar(editor, date="2099-06-17")

    headings = re.findall(r'<th scope="col">(\w+)</th>', words)
    days = re.findall(r'data-day="([\d-]+)"', words)
    assert (headings[-7], headings[-1]) == ("Monday", "Sunday")
    assert date.fromisoformat(days[0]).weekday() == 0
    assert (days[0], days[-1]) == ("2099-06-01", "2099-07-05")


def test_week_has_its_seven_days(editor, calendar):
    coming("Summer news", june(18))

    words = calendar(editor, view="week", date="2099-06-17")

    assert re.findall(r'data-day="([\d-]+)"', words) == [f"2099-06-{day}" for day in range(15, 22)]
    assert ">09:00</time>" in entry(words, "Summer news")


def test_all_of_a_full_day_can_be_reached(editor, calendar):
    for number in range(60):
        schedule(factories.person(name=f"Person no. {number:02}", live=False), june(12))

    month = on(calendar(editor), "2099-06-12")
    link = re.search(r'href="([^"]+)">55 more', month)

    assert link, month
    address = link[1].replace("&amp;", "&").partition("?")[2]
    query = dict(part.split("=") for part in address.split("&"))
    pages = [calendar(editor, **query), calendar(editor, **query, p="2")]
    for number in range(60):
        assert sum(f"Person no. {number:02}<" in page for page in pages) == 1
    assert "Page 1 of 2, 60 entries" in pages[0]


@pytest.mark.parametrize(
    ("view", "day", "before", "after"),
    [
        ("month", "2099-01-31", "2098-12-31", "2099-02-01"),
        ("list", "2099-01-31", "2098-12-31", "2099-02-01"),
        ("week", "2099-06-17", "2099-06-14", "2099-06-22"),
        ("day", "2099-06-17", "2099-06-16", "2099-06-18"),
    ],
)
def test_one_can_go_on_and_back_with_the_filter_kept(view, day, before, after, editor, calendar):
    words = calendar(editor, view=view, date=day, kind="forum", person=str(editor.pk))

    kept = f"&amp;kind=forum&amp;person={editor.pk}"
    assert f'?view={view}&amp;date={before}{kept}" rel="prev"' in words
    assert f'?view={view}&amp;date={after}{kept}" rel="next"' in words
    assert f'?view={view}&amp;date=2099-06-10{kept}">Today' in words
    assert f'?view=week&amp;date={day}{kept}"' in words


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"view": "year"}, "There is no view “year”"),
        ({"date": "2099-02-30"}, "names no day"),
        ({"date": "soon"}, "names no day"),
        ({"date": "0001-01-01"}, "names no day"),
        ({"date": "9999-12-31"}, "names no day"),
        ({"kind": "birthday"}, "no such kind"),
        ({"type": "auth.user"}, "no such type"),
        ({"person": "99999999999999999999"}, "no such person"),
        ({"person": "\x00"}, "no such person"),
        ({"view": "list", "p": "many"}, "Nothing is in the calendar"),
        ({"date": "2999-12-31"}, "December 2999"),
        ({"date": "1990-01-01"}, "January 1990"),
    ],
)
def test_address_that_makes_no_sense_is_answered_in_words(query, words, editor, calendar):
    assert words in calendar(editor, **query)


# Filters


def test_filter_by_kind_and_type(editor, calendar):
    coming("Summer news", june(12), expires=june(14))
    schedule(factories.person(name="Ada", live=False), june(12))

    by_kind = calendar(editor, kind="expiry")
    by_type = calendar(editor, type="pages.person")

    assert by_kind.count(">Summer news</a>") == 1
    assert "Expires" in entry(by_kind, "Summer news")
    assert ">Ada</a>" not in by_kind
    assert ">Ada</a>" in by_type
    assert "Summer news" not in by_type


def test_filter_by_who_wrote_or_scheduled_it(staff, editor, administrator, calendar, run_at):
    coming("Written and scheduled", june(12), author=staff, user=editor)
    done = coming("Done", june(11), author=staff, user=editor)
    article("Ends", expire_at=june(14)).save_revision(user=administrator).publish(
        user=administrator
    )
    coming("Of others", june(12), user=administrator)
    run_at(june(11))
    assert Page.objects.get(pk=done.pk).live

    for person in (staff, editor):
        words = calendar(administrator, person=person.pk)
        assert "Written and scheduled" in words
        assert "Done" in words
        assert "Ends" not in words
        assert "Of others" not in words
    words = calendar(administrator, person=administrator.pk)
    assert "Ends" in words
    assert "Of others" in words
    assert "Done" not in words


def test_list_names_who_scheduled_it(staff, editor, calendar):
    coming("Summer news", june(12), author=staff, user=editor)

    row = calendar(editor, view="list").partition("Summer news")[2].partition("</tr>")[0]

    assert "edith" in row
    assert "carla" not in row


# For whom


def test_menu_leads_there(staff, sign_in):
    assert reverse("calendar") in sign_in(staff).get(home_url()).content.decode()


def test_only_those_who_may_enter_the_admin_see_it(db, client, sign_in):
    for browser in (client, sign_in(factories.user("reader"))):
        answer = browser.get(reverse("calendar"))
        assert answer.status_code == 302
        assert "/login/" in answer.url


def test_only_what_someone_may_see_in_the_admin_is_shown(db, calendar, run_at):
    public = factories.articles_page(title="Articles")
    coming_there = factories.article_page(title="Open article", parent=public, live=False)
    schedule(coming_there, june(12))
    schedule(factories.charter_page(title="Secret charter", live=False), june(12))
    factories.survey_page(title="Secret survey", expire_at=june(13))
    factories.person(name="Secret person", expire_at=june(14))
    schedule(factories.organisation(name="Secret organisation", live=False), june(11))
    factories.forum_page(title="Secret forum", date_precision="day", starts_at=june(15))
    run_at(june(11))
    writers = Group.objects.create(name="Writers of articles")
    writers.permissions.add(Permission.objects.get(codename="access_admin"))
    change = Permission.objects.get(
        codename="change_page", content_type=ContentType.objects.get_for_model(Page)
    )
    GroupPagePermission.objects.create(group=writers, page=public, permission=change)
    writer = factories.user("wanda", group="Writers of articles")

    for view in ("month", "list"):
        words = calendar(writer, view=view)
        assert "Open article" in words
        assert "Secret" not in words
        assert "Move…" not in words


def test_titles_are_shown_as_text(editor, calendar):
    title = "<script>alert(1)</script>"
    coming(title, june(12))

    for view in ("month", "list"):
        words = calendar(editor, view=view)
        assert escape(title) in words
        assert title not in words


# What it costs


def one_of_each(editor, moments):
    for make in (factories.article_page, factories.organisation):
        schedule(make(live=False), june(12), user=editor, expires=june(14))
        make(expire_at=june(13))
        schedule(make(live=False), NOW + timedelta(hours=1), user=editor)
    broken = schedule(factories.person(live=False), NOW + timedelta(hours=1))
    Revision.objects.filter(object_id=str(broken.pk), approved_go_live_at__isnull=False).update(
        content={"pk": broken.pk}
    )
    factories.forum_page(date_precision="day", starts_at=june(15))
    moments.moment = NOW + timedelta(hours=2)
    with pytest.raises(CommandError):
        call_command("run_scheduler", once=True)
    moments.moment = NOW


def what_runs(clients):
    return {
        (who, view): statements_of(partial(client.get, reverse("calendar"), {"view": view}))
        for who, client in clients.items()
        for view in ("month", "list")
    }


@pytest.fixture(scope="module")
def costs(undone):
    """What ran for each who asks and each view: with one of each, and with five."""
    with undone(), stopped_clock() as moments:
        moments.moment = NOW
        users = factories.user_of_each_role()
        clients = {who: signed_in(user) for who, user in users.items()}
        one_of_each(users["editor"], moments)
        what_runs(clients)
        few = what_runs(clients)
        for _ in range(4):
            one_of_each(users["editor"], moments)
        many = what_runs(clients)
    return few, many


@pytest.mark.parametrize("view", ["month", "list"])
@pytest.mark.parametrize("who", ["staff", "editor", "administrator"])
def test_calendar_costs_the_same_however_much_is_in_it(who, view, costs):
    few, many = costs

    check_number(len(few[who, view]), many[who, view])


def test_calendar_shows_when_forms_open_and_close(calendar, editor):
    factories.form_page(title="Survey", is_open=True, opens_at=june(15), closes_at=june(19, 17))
    factories.form_page(title="Shut", slug="shut", closes_at=june(20))
    factories.form_page(title="Always", slug="always", is_open=True)

    shown = calendar(editor, kind="form", date="2099-06-10", view="list")

    assert shown.count("Takes answers from now on") == 1
    assert shown.count("Closes: takes no more answers") == 2
    assert shown.count("not open for answers") == 1
    assert "Survey" in shown
    assert "Always" not in shown
