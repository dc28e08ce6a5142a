"""Times that daylight saving skips or repeats: pointed out, asked about, and kept as they are."""

import re
import zoneinfo
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from cms.perspective.tokens import PreviewToken
from pages.models import ForumPage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
SKIPPED = [
    (BERLIN, "2027-03-28 02:30", "2027-03-28 01:30 (UTC+01:00)", "2027-03-28 03:30 (UTC+02:00)"),
    (BERLIN, "2027-03-28 02:00", "2027-03-28 01:00 (UTC+01:00)", "2027-03-28 03:00 (UTC+02:00)"),
    (NEW_YORK, "2027-03-14 02:59", "2027-03-14 01:59 (UTC-05:00)", "2027-03-14 03:59 (UTC-04:00)"),
    (LORD_HOWE, "2027-10-03 02:15", "2027-10-03 01:45 (UTC+10:30)", "2027-10-03 02:45 (UTC+11:00)"),
]
REPEATED = [
    (BERLIN, "2027-10-31 02:30", "+02:00", "+01:00"),
    (BERLIN, "2027-10-31 02:00", "+02:00", "+01:00"),
    (NEW_YORK, "2027-11-07 01:59", "-04:00", "-05:00"),
    (LORD_HOWE, "2027-04-04 01:45", "+11:00", "+10:30"),
]
EDGES = [
    (BERLIN, "2027-03-28 01:59", "2027-03-28T00:59+00:00"),
    (BERLIN, "2027-03-28 03:00", "2027-03-28T01:00+00:00"),
    (BERLIN, "2027-10-31 01:59", "2027-10-30T23:59+00:00"),
    (BERLIN, "2027-10-31 03:00", "2027-10-31T02:00+00:00"),
    (NEW_YORK, "2027-03-14 03:00", "2027-03-14T07:00+00:00"),
    (NEW_YORK, "2027-11-07 02:00", "2027-11-07T07:00+00:00"),
    (LORD_HOWE, "2027-10-03 02:30", "2027-10-02T15:30+00:00"),
    (LORD_HOWE, "2027-04-04 02:00", "2027-04-03T15:30+00:00"),
]


@pytest.fixture
def window_in(editor, sign_in):
    def window_in(zone):
        UserProfile.objects.update_or_create(user=editor, defaults={"current_time_zone": zone})
        return sign_in(editor)

    return window_in


@pytest.fixture
def forum(db):
    return factories.forum_page(live=False)


def save(window, page, **fields):
    """Whoever organises the forum enters its times in their own zone, for it has the same."""
    zone = UserProfile.objects.get(user__username="edith").current_time_zone
    return window.post(admin_url(page, "edit"), submission(page, time_zone=zone, **fields))


def draft(page):
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


def moment_of(local, offset):
    return datetime.fromisoformat(f"{local}{offset}").astimezone(UTC)


# Skipped


@pytest.mark.parametrize(("zone", "entered", "before", "after"), SKIPPED)
def test_skipped_time_is_refused_and_its_neighbours_named(
    zone, entered, before, after, forum, window_in
):
    response = save(window_in(zone), forum, starts_at=entered)

    problem = response.context["form"].errors["starts_at"][0]
    assert f"{entered[11:]} does not exist on" in problem
    assert f"Enter {before} or {after}." in problem


@pytest.mark.parametrize(("zone", "entered", "moment"), EDGES)
def test_times_on_the_edge_are_taken_as_they_are(zone, entered, moment, forum, window_in):
    save(window_in(zone), forum, starts_at=entered)

    assert draft(forum).starts_at == datetime.fromisoformat(moment)


# Repeated


@pytest.mark.parametrize(("zone", "entered", "first", "second"), REPEATED)
def test_repeated_time_is_asked_about(zone, entered, first, second, forum, window_in):
    response = save(window_in(zone), forum, starts_at=entered)

    problem = response.context["form"].errors["starts_at"][0]
    assert f"{entered[11:]} comes twice on" in problem
    assert f"“{entered} {first}” for the first or “{entered} {second}” for the second" in problem
    page = response.content.decode()
    choices = re.findall(r'<input type="radio" name="starts_at-offset" value="([^"]+)"', page)
    assert choices == [first, second]
    assert f'value="{entered}"' in page


@pytest.mark.parametrize("choice", [0, 1])
@pytest.mark.parametrize(("zone", "entered", "first", "second"), REPEATED)
def test_the_one_that_was_chosen_is_taken(zone, entered, first, second, choice, forum, window_in):
    offset = (first, second)[choice]

    save(window_in(zone), forum, starts_at=entered, **{"starts_at-offset": offset})

    assert draft(forum).starts_at == moment_of(entered, offset)


@pytest.mark.parametrize("offset", ["+02:00", "+01:00"])
def test_offset_can_be_typed_as_well(offset, forum, window_in):
    save(window_in(BERLIN), forum, starts_at=f"2027-10-31 02:30 {offset}")

    assert draft(forum).starts_at == moment_of("2027-10-31 02:30", offset)


@pytest.mark.parametrize("offset", ["+02:00", "+01:00"])
@pytest.mark.parametrize("make", [factories.article_page, factories.person])
def test_opening_and_saving_does_not_move_a_repeated_time(make, offset, window_in):
    window = window_in(BERLIN)
    subject = make(live=False)
    choice = {"go_live_at": "2027-10-31 02:30", "go_live_at-offset": offset}
    window.post(admin_url(subject, "edit"), submission(subject, **choice))
    shown = window.get(admin_url(subject, "edit")).content.decode()
    assert re.search(rf'name="go_live_at-offset" value="\{offset}" checked', shown)
    assert 'value="2027-10-31 02:30"' in shown

    with timezone.override(BERLIN):
        as_shown = submission(draft(subject))
    window.post(admin_url(subject, "edit"), as_shown)

    assert draft(subject).go_live_at == moment_of("2027-10-31 02:30", offset)


def test_choice_for_another_time_is_left_out(forum, window_in):
    choice = {"starts_at": "2027-07-01 09:00", "starts_at-offset": "+01:00"}

    save(window_in(BERLIN), forum, **choice)

    assert draft(forum).starts_at == datetime(2027, 7, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize("entered", ["soon", "2027-13-01 09:00", "2027-02-30 09:00", "9999999"])
def test_what_is_no_time_is_refused(entered, forum, window_in):
    response = save(window_in(BERLIN), forum, starts_at=entered)

    assert "starts_at" in response.context["form"].errors


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK])
@pytest.mark.parametrize(
    "entered",
    ["0001-01-01 00:00", "9999-12-31 23:59", "9999-12-31 23:59 -10:00", "0226-06-01 09:00"],
)
def test_year_that_not_every_zone_has_is_refused(zone, entered, forum, window_in):
    response = save(window_in(zone), forum, starts_at=entered)

    assert "Enter a year from 1900 to 2999." in response.content.decode()


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"])
def test_address_with_such_a_year_leads_nowhere(moment, window_in, forum):
    window = window_in(BERLIN)

    assert window.get(reverse("as_of_show", args=[moment])).status_code == 404
    forum.save_revision()
    move = reverse("calendar_move_go_live", args=[forum.latest_revision_id])
    assert window.get(move, {"old": moment}).status_code == 404


@pytest.mark.parametrize("offset", ["nonsense", "+99:99", "<b>bold"])
def test_offset_that_is_none_is_refused(offset, forum, window_in):
    choice = {"starts_at": "2027-10-31 02:30", "starts_at-offset": offset}

    response = save(window_in(BERLIN), forum, **choice)

    assert "starts_at" in response.context["form"].errors
    assert "<b>bold" not in response.content.decode()


# In a zone that is not one's own


@pytest.mark.parametrize(
    ("entered", "note"),
    [
        ("2027-05-03 09:00", "America/New York, UTC-04:00: 09:00 in New York, 15:00 for you"),
        (
            "2027-12-03 23:00",
            "America/New York, UTC-05:00: 23:00 in New York, 05:00 for you on Sat 4 December 2027",
        ),
    ],
)
def test_times_of_a_forum_are_entered_in_its_zone_and_shown_in_both(
    entered, note, forum, window_in
):
    window = window_in(BERLIN)
    fields = submission(forum, time_zone=NEW_YORK, starts_at=entered)

    window.post(admin_url(forum, "edit"), fields)

    assert draft(forum).starts_at == datetime.fromisoformat(entered).replace(
        tzinfo=ZoneInfo(NEW_YORK)
    )
    form = window.get(admin_url(forum, "edit")).content.decode()
    assert f'value="{entered}"' in form
    assert f'data-zone-chosen-in="id_time_zone">{note}<' in form


def test_opening_and_saving_does_not_move_the_times_of_a_forum_in_another_zone(forum, window_in):
    window = window_in(BERLIN)
    fields = submission(forum, time_zone=NEW_YORK, starts_at="2027-11-07 01:30")
    window.post(admin_url(forum, "edit"), {**fields, "starts_at-offset": "-05:00"})

    with timezone.override(BERLIN):
        as_shown = submission(draft(forum))
    window.post(admin_url(forum, "edit"), as_shown)

    assert draft(forum).starts_at == moment_of("2027-11-07 01:30", "-05:00")


def test_time_that_a_forums_zone_skips_is_refused_there_and_nowhere_else(forum, window_in):
    window = window_in(BERLIN)

    fields = submission(forum, time_zone=NEW_YORK, starts_at="2027-03-14 02:30")
    refused = window.post(admin_url(forum, "edit"), fields)
    fields = submission(forum, time_zone=NEW_YORK, starts_at="2027-03-28 02:30")
    window.post(admin_url(forum, "edit"), fields)

    problem = refused.context["form"].errors["starts_at"][0]
    assert "02:30 does not exist on 14 March 2027 in America/New York" in problem
    assert draft(forum).starts_at == moment_of("2027-03-28 02:30", "-04:00")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"entered": "2027-07-01 09:00"}, "Europe/Berlin, UTC+02:00"),
        ({"entered": "2027-07-01"}, "Europe/Berlin, UTC+02:00"),
        ({"entered": "2027-03-28 02:30"}, "clocks go forward"),
        ({"entered": "2027-10-31 02:30", "offset_name": "x-offset"}, "The second, UTC+01:00"),
        ({"entered": "2027-07-01 09:00", "zone": NEW_YORK}, "09:00 in New York, 15:00 for you"),
        ({"entered": "2027-07-01 09:00", "zone": "Middle-earth/Shire"}, "Europe/Berlin, UTC+02:00"),
        # Neither the system's zone data nor a browser's may know of this change of a law.
        ({"entered": "2027-01-01 09:00", "zone": "America/Vancouver"}, "UTC-07:00: 09:00"),
        ({"entered": "0001-01-01 00:00"}, "Europe/Berlin, UTC+01:00"),
        ({"entered": "<b>bold", "offset_name": "<b>"}, "Europe/Berlin, UTC+01:00"),
    ],
)
def test_what_is_said_while_someone_types_is_what_the_server_knows(asked, said, window_in, clock):
    answer = window_in(BERLIN).get(reverse("note_on_a_time"), asked).content.decode()

    assert said in answer
    assert "<b>" not in answer


def test_zone_data_are_those_of_the_pinned_package():
    assert zoneinfo.TZPATH == ()


# Everywhere


@pytest.mark.parametrize("make", [factories.article_page, factories.person])
@pytest.mark.parametrize("field", ["go_live_at", "expire_at"])
def test_schedules_ask_too(make, field, window_in):
    subject = make(live=False)

    response = save(window_in(BERLIN), subject, **{field: "2027-10-31 02:30"})

    assert "comes twice" in response.context["form"].errors[field][0]


def test_site_as_of_asks_too(window_in):
    answer = window_in(BERLIN).get(
        reverse("as_of"), {"sees": "moment", "moment": "2027-03-28 02:30", "path": "/"}
    )

    assert "02:30 does not exist on 28 March 2027 in Europe/Berlin" in answer.content.decode()


def test_preview_tokens_ask_too(window_in):
    fields = {"name": "Board", "sees": "moment", "moment": "2027-10-31 02:30", "page": ""}
    window = window_in(BERLIN)
    address = reverse("preview_tokens:add")

    answer = window.post(address, fields)

    assert "02:30 comes twice on 31 October 2027 in Europe/Berlin" in answer.content.decode()
    assert not PreviewToken.objects.exists()


@pytest.mark.parametrize(
    ("starts_at", "offset"),
    [
        (datetime(2027, 7, 1, 7, tzinfo=UTC), "UTC+02:00"),
        (datetime(2027, 12, 1, 8, tzinfo=UTC), "UTC+01:00"),
    ],
)
def test_offset_of_the_very_date_stands_beside_it(starts_at, offset, window_in):
    page = factories.forum_page(date_precision="day", starts_at=starts_at, time_zone=BERLIN)

    form = window_in(BERLIN).get(admin_url(page, "edit")).content.decode()

    words = f'data-zone-chosen-in="id_time_zone">Europe/Berlin, {offset}<'
    assert f'id="id_starts_at-time-zone" {words}' in form


def test_every_time_of_a_page_is_entered_this_way():
    fields = ForumPage.get_edit_handler().get_form_class().base_fields

    kinds = {type(fields[name]).__name__ for name in ("starts_at", "ends_at", "go_live_at")}

    assert kinds == {"LocalDateTimeField"}
