"""Whichever way a page comes to be beneath another: not at an address that a release is to fill."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Page

from cms.releases import steps as release_steps
from pages.models import ArticlePage, ArticlesPage
from tests import factories

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
AS_A_SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def here(db, clock):
    clock.moment = NINE - timedelta(days=1)
    return ArticlesPage.objects.get()


@pytest.fixture
def there(here):
    """Where pages come from."""
    return factories.articles_page(title="News", slug="news", parent=here.get_parent())


@pytest.fixture
def release(here, editor):
    """It gives a page that readers see the address ``wanted``."""
    page = factories.article_page(title="First", slug="first", parent=here)
    page.slug = "wanted"
    page.save_revision(clean=False)
    made = factories.release([page], by=editor, go_live_at=NINE, name="Spring")
    release_steps.approve(made, editor)
    return made


def moved(window, page, parent):
    return window.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, parent.pk]))


def moved_with_another(window, page, parent):
    other = factories.article_page(title="Also", slug="also", parent=page.get_parent())
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    return window.post(f"{address}?id={other.pk}&id={page.pk}", {"chooser": parent.pk})


def moved_by_a_script(window, page, parent):
    address = reverse("wagtailadmin_api:pages:action", args=[page.pk, "move"])
    sent = {"destination_page_id": parent.pk, "position": "last-child"}
    return window.post(address, sent, headers=AS_A_SCRIPT)


def copied(window, page, parent, **fields):
    sent = {"new_title": "Copy", "new_slug": "wanted", "new_parent_page": parent.pk, **fields}
    return window.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), sent)


def published_as_a_copy(window, page, parent):
    return copied(window, page, parent, publish_copies="on")


def mirrored(window, page, parent):
    return copied(window, page, parent, alias="on")


def copied_by_a_script(window, page, parent):
    address = reverse("wagtailadmin_api:pages:action", args=[page.pk, "copy"])
    sent = {"destination_page_id": parent.pk, "slug": "wanted"}
    return window.post(address, sent, headers=AS_A_SCRIPT)


def mirrored_by_a_script(window, page, parent):
    address = reverse("wagtailadmin_api:pages:action", args=[page.pk, "create_alias"])
    sent = {"destination_page_id": parent.pk, "update_slug": "wanted"}
    return window.post(address, sent, headers=AS_A_SCRIPT)


WAYS = [
    moved,
    moved_with_another,
    moved_by_a_script,
    copied,
    published_as_a_copy,
    mirrored,
    copied_by_a_script,
    mirrored_by_a_script,
]


@pytest.mark.parametrize("way", WAYS)
def test_page_does_not_come_to_where_a_release_is_to_publish_another(
    way, here, there, release, administrator, sign_in, clock, ask
):
    page = factories.article_page(title="Second", slug="wanted", parent=there)

    response = way(sign_in(administrator), page, here)

    assert response.status_code == 409
    is_script = response.headers["Content-Type"] == "application/json"
    said = response.json()["message"] if is_script else response.context["refusal"].sentence
    assert said.startswith("“First” takes the address “wanted” by the release “Spring”")
    assert Page.objects.child_of(here).values_list("title", flat=True).get() == "First"
    assert ArticlePage.objects.get(pk=page.pk).is_child_of(there)
    clock.moment = NINE
    call_command("run_scheduler", once=True)
    assert ArticlePage.objects.child_of(here).get().slug == "wanted"


@pytest.mark.parametrize("way", [mirrored, mirrored_by_a_script])
def test_alias_of_a_draft_does_not_come_there_either(
    way, here, there, release, administrator, sign_in
):
    page = factories.article_page(title="Second", slug="second", parent=there, live=False)

    response = way(sign_in(administrator), page, here)

    assert response.status_code == 409
    assert Page.objects.child_of(here).values_list("title", flat=True).get() == "First"


@pytest.mark.parametrize("way", [mirrored, mirrored_by_a_script])
def test_alias_of_a_draft_does_not_take_the_address_that_the_draft_itself_is_to_have(
    way, here, administrator, sign_in, clock
):
    page = factories.article_page(title="Second", slug="second", parent=here, live=False)
    page.slug, page.go_live_at = "wanted", NINE
    page.save_revision(clean=False).publish()
    page = ArticlePage.objects.get(pk=page.pk)
    draft = page.get_latest_revision_as_object()
    draft.slug, draft.go_live_at = "between", None
    draft.save_revision()

    response = way(sign_in(administrator), page, here)
    clock.moment = NINE
    call_command("run_scheduler", once=True)

    assert response.status_code >= 400 or response.context["form"].errors["new_slug"]
    assert ArticlePage.objects.child_of(here).get().slug == "wanted"


@pytest.mark.parametrize("way", WAYS)
def test_page_comes_to_where_nothing_is_planned(way, here, there, administrator, sign_in):
    page = factories.article_page(title="Second", slug="wanted", parent=there)

    response = way(sign_in(administrator), page, here)

    assert response.status_code < 400
    assert ArticlePage.objects.child_of(here).filter(slug="wanted").exists()
