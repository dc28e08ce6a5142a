"""What publishing demands is marked in the form before somebody is refused."""

import re
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Site

from pages.models import ForumPage, HomePage, SiteSettings
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission
from tests.factories import PAGE_FACTORIES, SNIPPET_FACTORIES

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

MODELS = {**PAGE_FACTORIES, **SNIPPET_FACTORIES}
WHEN = datetime(2100, 7, 1, 7, 0, tzinfo=UTC)


def marked(response):
    """The names of the fields and rows whose labels and headings have a mark."""
    html = response.content.decode()
    labels = re.findall(r'<label[^>]*for="id_([\w-]+)"[^>]*>(.*?)</label>', html, re.DOTALL)
    headings = re.findall(
        r'<section[^>]*id="panel-child-\w+-([\w]+)-section"[^>]*>(.*?)</h2>', html, re.DOTALL
    )
    # Blocks in a group of fields have a heading, and their name in what follows.
    blocks = re.findall(
        r'<h3 class="w-field__label">([^/]*)<.*?data-contentpath="(\w+)"', html, re.DOTALL
    )
    named = [*labels, *headings, *((name, heading) for heading, name in blocks)]
    return {name for name, heading in named if "w-required-mark" in heading}


def demanded_of(model):
    """What an empty one lacks, of what its form asks; an address is made of the title."""
    try:
        model().check_publishable()
    except ValidationError as error:
        return set(error.message_dict) - {"slug", "depth", "path"}
    return set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_is_missing_in_an_empty_one_is_marked(model, administrator, sign_in):
    draft = MODELS[model](live=False)

    response = sign_in(administrator).get(admin_url(draft, "edit"))

    assert demanded_of(model) - marked(response) == set()


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        ("unknown", set()),
        ("month", {"starts_at"}),
        ("day", {"starts_at"}),
        ("time", {"starts_at", "ends_at"}),
    ],
)
def test_dates_of_a_forum_are_marked_as_far_as_they_are_known(precision, expected, staff, sign_in):
    forum = factories.forum_page(date_precision=precision, starts_at=WHEN, live=False)

    found = marked(sign_in(staff).get(admin_url(forum, "edit")))

    assert found & {"starts_at", "ends_at"} == expected


def test_description_of_a_picture_is_marked_once_there_is_one(staff, editor, sign_in):
    article = factories.article_page(live=False)
    described = "header_image_alt_text"
    without = marked(sign_in(staff).get(admin_url(article, "edit")))
    article.header_image = factories.image()
    article.save_revision()
    with_picture = marked(sign_in(staff).get(admin_url(article, "edit")))
    article.header_image_decorative = True
    article.save_revision()
    decorative = marked(sign_in(staff).get(admin_url(article, "edit")))

    assert described not in without
    assert described in with_picture
    assert described not in decorative
    site = SiteSettings.for_site(Site.objects.get())
    site.social_image = factories.image()
    site.save()
    address = reverse("wagtailsettings:edit", args=["pages", "sitesettings", site.site_id])
    assert "social_image_alt_text" in marked(sign_in(editor).get(address))


def test_both_parts_of_a_button_are_marked_when_there_is_one(editor, sign_in):
    home = HomePage.objects.get()
    home.join_link_text = "Join"
    home.save_revision()
    response = sign_in(editor).get(admin_url(home, "edit"))

    assert "join_page" in marked(response)
    assert "join_link_text" not in marked(response)


def test_draft_is_saved_without_what_is_marked(staff, sign_in):
    forum = factories.forum_page(live=False)
    sent = submission(forum, edition="", date_precision="time", starts_at="", ends_at="")

    response = sign_in(staff).post(admin_url(forum, "edit"), sent)

    assert response.status_code == 302
    saved = ForumPage.objects.get(pk=forum.pk).get_latest_revision_as_object()
    assert (saved.date_precision, saved.starts_at, saved.edition) == ("time", None, None)


def test_publishing_says_in_the_same_words_what_is_missing(editor, sign_in):
    forum = factories.forum_page(live=False)
    missing = {"edition": "", "starts_at": "", "ends_at": "", "time_zone": ""}
    sent = submission(forum, date_precision="time", **missing)

    response = sign_in(editor).post(admin_url(forum, "edit"), {**sent, "action-publish": "1"})

    draft = ForumPage(date_precision="time")
    for name, sentences in draft.publication_problems().items():
        assert response.context["form"].errors[name] == sentences
    assert set(missing) == set(draft.publication_problems())
