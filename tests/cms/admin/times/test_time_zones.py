"""The editor's own time zone: where it comes from, and where it is shown."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.html_forms import posted
from tests.cms.submission import submission

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

WINTER = "2026-01-15T12:00:00+00:00"
SUMMER = "2026-07-15T12:00:00+00:00"
PUBLISHING = {"go_live_at", "expire_at"}
# In the zone of the forum, which has not been chosen.
OF_A_FORUM = {"starts_at", "ends_at"}
FIELDS = {
    "article_page": PUBLISHING | {"date"},
    "deliverable_page": PUBLISHING | {"date"},
    "forum_page": PUBLISHING | {"starts_at", "ends_at"},
    "survey_page": PUBLISHING | {"fieldwork_from", "fieldwork_to"},
    "charter_page": PUBLISHING,
    "person": PUBLISHING,
    "organisation": PUBLISHING,
}


@pytest.fixture
def live_in(editor):
    def live_in(zone):
        UserProfile.objects.update_or_create(user=editor, defaults={"current_time_zone": zone})

    return live_in


@pytest.mark.parametrize("make", FIELDS)
def test_every_date_and_time_says_which_zone_it_is_in(make, editor, live_in, clock, sign_in):
    live_in("Europe/Rome")
    subject = getattr(factories, make)()

    form = sign_in(editor).get(admin_url(subject, "edit")).content.decode()

    started = (
        r'name-value="init(?:Date|Time|DateTime)Chooser"[^>]*with-value="\[&quot;id_(\w+)&quot;'
    )
    choosers = re.findall(started, form)
    assert set(choosers) == FIELDS[make]
    for name in choosers:
        note = f"id_{name}-time-zone"
        words = re.findall(rf'<span class="genedge-zone" id="{note}"[^>]*>([^<]*)</span>', form)
        zone = "UTC, UTC+00:00" if name in OF_A_FORUM else "Europe/Rome, UTC+01:00"
        assert words == [zone]
        assert re.search(rf'<input[^>]*name="{name}"[^>]*aria-describedby="[^"]*{note}"', form)


@pytest.mark.parametrize(
    ("zone", "moment", "words"),
    [
        ("Europe/Rome", WINTER, "Europe/Rome, UTC+01:00"),
        ("Europe/Rome", SUMMER, "Europe/Rome, UTC+02:00"),
        ("America/New_York", WINTER, "America/New York, UTC-05:00"),
        ("Asia/Kolkata", WINTER, "Asia/Kolkata, UTC+05:30"),
        ("", WINTER, "UTC, UTC+00:00"),
    ],
)
def test_zone_is_named_with_its_present_offset(
    zone, moment, words, editor, live_in, clock, sign_in
):
    live_in(zone)
    clock.set(moment)
    page = factories.article_page()

    form = sign_in(editor).get(admin_url(page, "edit")).content.decode()

    assert f'id="id_date-time-zone">{words}<' in form


def test_time_is_taken_in_the_zone_that_was_shown(editor, live_in, sign_in):
    live_in("Europe/Rome")
    page = factories.article_page(live=False)

    sign_in(editor).post(admin_url(page, "edit"), submission(page, go_live_at="2099-07-01 09:00"))

    draft = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.go_live_at == datetime(2099, 7, 1, 7, 0, tzinfo=UTC)


def sign_in_by_form(client, **fields):
    return client.post(
        reverse("wagtailadmin_login"),
        {"username": "edith", "password": "password", "next": home_url(), **fields},
        follow=True,
    )


def zone_of(user):
    profile = UserProfile.objects.filter(user=user).first()
    return profile.current_time_zone if profile else ""


def test_sign_in_page_asks_the_browser_for_its_zone(client, db):
    page = client.get(reverse("wagtailadmin_login")).content.decode()

    assert '<input type="hidden" name="time_zone" data-own-time-zone>' in page


def test_new_editor_works_in_the_browsers_zone(client, editor):
    page = sign_in_by_form(client, time_zone="America/New_York")

    assert zone_of(editor) == "America/New_York"
    assert "America/New York" in page.content.decode()


def test_chosen_zone_stays(client, editor, live_in):
    live_in("Europe/Rome")

    sign_in_by_form(client, time_zone="America/New_York")

    assert zone_of(editor) == "Europe/Rome"


@pytest.mark.parametrize("sent", [{}, {"time_zone": ""}, {"time_zone": "Middle-earth/Shire"}])
def test_zone_that_is_not_known_is_left_out(sent, client, editor):
    page = sign_in_by_form(client, **sent)

    assert page.status_code == 200
    assert zone_of(editor) == ""


def test_first_page_leads_to_the_setting(editor, live_in, clock, sign_in):
    live_in("Europe/Rome")

    page = sign_in(editor).get(home_url()).content.decode()

    assert "Europe/Rome, UTC+01:00." in page
    assert f'<a href="{reverse("wagtailadmin_account")}">Change your time zone</a>' in page


def test_setting_is_on_the_account_page(editor, sign_in):
    page = sign_in(editor).get(reverse("wagtailadmin_account")).content.decode()

    assert 'name="locale-current_time_zone"' in page
    assert '<option value="Europe/Rome"' in page
    assert '<option value="localtime"' not in page


def offered(form):
    return re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', form)


def test_zones_are_offered_by_their_places(editor, sign_in):
    window = sign_in(editor)
    account = window.get(reverse("wagtailadmin_account")).content.decode()
    forum = window.get(admin_url(factories.forum_page(), "edit")).content.decode()

    for form in (account, forum):
        zones = {zone: words for zone, _, words in offered(form)}
        assert zones["America/New_York"] == "New York, United States"
        assert '<optgroup label="Indian Ocean">' in form
        unplaced = [zone for zone in zones if zone.startswith(("Etc/", "US/"))]
        assert unplaced == []


@pytest.mark.parametrize("zone", ["Etc/GMT+1", "US/Eastern", "Asia/Calcutta"])
def test_zone_that_is_no_longer_offered_stays_where_it_was_chosen(zone, editor, live_in, sign_in):
    window = sign_in(editor)
    live_in(zone)
    forum = factories.forum_page(time_zone=zone, live=False)

    for address in (reverse("wagtailadmin_account"), admin_url(forum, "edit")):
        assert (zone, " selected", zone) in offered(window.get(address).content.decode())
    saved = window.post(admin_url(forum, "edit"), submission(forum, title="Another title"))
    assert saved.status_code == 302
    address = reverse("wagtailadmin_account")
    account = posted(window.get(address)) | {
        "name_email-first_name": "Edith",
        "name_email-last_name": "Holm",
        "name_email-email": "edith@example.org",
    }
    answer = window.post(
        address, {name: value for name, value in account.items() if "password" not in name}
    )
    assert answer.status_code == 302
    assert zone_of(editor) == zone
