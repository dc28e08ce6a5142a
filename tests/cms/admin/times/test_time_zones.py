"""The editor's own time zone: where it comes from, and where it is shown."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from pages.models import ForumPage
from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.submission import submission

pytestmark = pytest.mark.usefixtures("pages_above")

WINTER = "2026-01-15T12:00:00+00:00"
SUMMER = "2026-07-15T12:00:00+00:00"
PUBLISHING = {"go_live_at", "expire_at"}
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

    choosers = re.findall(r'init(?:Date|Time|DateTime)Chooser\("id_(\w+)"', form)
    assert set(choosers) == FIELDS[make]
    for name in choosers:
        note = f"id_{name}-time-zone"
        assert f'<span class="genedge-zone" id="{note}">Europe/Rome, UTC+01:00</span>' in form
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
    page = factories.forum_page(live=False)

    sign_in(editor).post(admin_url(page, "edit"), submission(page, starts_at="2026-07-01 09:00"))

    draft = ForumPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.starts_at == datetime(2026, 7, 1, 7, 0, tzinfo=UTC)


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
