"""Dates are written in one form in the admin, and read in none that means two days."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from pages.models import ArticlePage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission

pytestmark = pytest.mark.usefixtures("pages_above")


@pytest.fixture
def article(db):
    return factories.article_page(live=False)


def test_weeks_of_every_picker_begin_on_monday(article, editor, sign_in):
    form = sign_in(editor).get(admin_url(article, "edit")).content.decode()

    assert set(re.findall(r'"dayOfWeekStart": (\d)', form)) == {"1"}


def test_dates_that_wagtail_shows_are_written_as_ours_are(article, editor, clock, sign_in):
    moment = datetime(2025, 6, 3, 14, 5, tzinfo=UTC)
    ArticlePage.objects.filter(pk=article.pk).update(latest_revision_created_at=moment)

    listing = sign_in(editor).get(reverse("wagtailadmin_explore", args=[article.get_parent().pk]))

    assert "3 June 2025, 14:05" in listing.content.decode()


@pytest.mark.parametrize("entered", ["2027-04-03", "3 April 2027", "3 Apr 2027"])
def test_date_is_read_in_either_of_its_forms(entered, article, editor, sign_in):
    sign_in(editor).post(admin_url(article, "edit"), submission(article, date=entered))

    article.refresh_from_db()
    assert article.get_latest_revision_as_object().date == date(2027, 4, 3)


@pytest.mark.parametrize("entered", ["03/04/2027", "soon"])
def test_date_that_could_be_two_or_none_is_refused_with_an_example(
    entered, article, editor, sign_in
):
    answer = sign_in(editor).post(admin_url(article, "edit"), submission(article, date=entered))

    assert answer.context["form"].errors["date"] == ["Enter a date, such as 2026-07-01."]
