"""What an editor reads who publishes an incomplete draft from a place that has no form."""

import pytest
from django.urls import reverse
from wagtail.models import TaskState

from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.submission import submission

pytestmark = pytest.mark.usefixtures("pages_above")


def page_to_approve(requested_by, **fields):
    """An article without a text that waits for approval, and the step it waits at."""
    page = factories.article_page(title="Half a story", live=False, body=[], **fields)
    return page, page.get_workflow().start(page, requested_by).current_task_state


def messages_on(response):
    return [str(message) for message in response.context["messages"]]


def test_approval_says_which_page_and_which_fields(staff, editor, sign_in):
    page, step = page_to_approve(staff, header_image=factories.image())

    response = sign_in(editor).post(
        admin_url(page, "workflow_action", "approve", step.pk),
        {"next": home_url()},
        follow=True,
    )

    assert response.redirect_chain == [(home_url(), 302)]
    (message,) = messages_on(response)
    assert "The article “Half a story” cannot be published yet" in message
    assert "Body: This field is required." in message
    assert "Alternative text of header image: Describe the picture" in message
    assert admin_url(page, "edit") in message


def test_approval_of_an_incomplete_page_changes_nothing(staff, editor, sign_in):
    page, step = page_to_approve(staff)

    sign_in(editor).post(admin_url(page, "workflow_action", "approve", step.pk))

    page.refresh_from_db()
    step.refresh_from_db()
    assert not page.live
    assert step.status == TaskState.STATUS_IN_PROGRESS


def test_publishing_through_the_api_of_the_admin_is_refused(editor, sign_in):
    page = factories.article_page(title="Half a story", live=False, body=[])
    page.save_revision(clean=False)

    response = sign_in(editor).post(
        reverse("wagtailadmin_api:pages:action", args=[page.pk, "publish"]),
        headers={"Accept": "application/json"},
    )

    assert (response.status_code, response.json()) == (
        400,
        {"body": ["This field is required."]},
    )
    page.refresh_from_db()
    assert not page.live


def test_dialog_of_an_approval_leads_back_to_the_message(staff, editor, sign_in):
    page, step = page_to_approve(staff)
    client = sign_in(editor)
    address = admin_url(page, "workflow_action", "approve", step.pk)
    dialog = client.get(address, headers={"X-Requested-With": "XMLHttpRequest"}).json()
    was_on = f"http://testserver{home_url()}#waits-for-me-section"

    answer = client.post(
        address,
        {"comment": "Well done", "next": was_on},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )

    assert dialog["step"] == "action"
    # Without the fragment, with which a browser that is there already would not load the page again
    assert answer.json() == {"step": "success", "redirect": f"http://testserver{home_url()}"}
    assert "Half a story" in messages_on(client.get(home_url()))[0]


def test_approval_of_an_incomplete_organisation_names_it(staff, editor, sign_in):
    organisation = factories.organisation(name="NXP", live=False, logo=factories.image())
    step = organisation.get_workflow().start(organisation, staff).current_task_state

    response = sign_in(editor).post(
        admin_url(organisation, "workflow_action", "approve", step.pk), follow=True
    )

    assert "The organisation “NXP” cannot be published yet" in messages_on(response)[0]
    organisation.refresh_from_db()
    assert not organisation.live


def test_bulk_publishing_is_all_or_nothing(editor, sign_in):
    complete = factories.article_page(live=False)
    incomplete = factories.article_page(title="Half a story", live=False, body=[])
    explorer = reverse("wagtailadmin_explore", args=[complete.get_parent().pk])
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    response = sign_in(editor).post(
        f"{address}?id={complete.pk}&id={incomplete.pk}&next={explorer}", follow=True
    )

    assert response.redirect_chain == [(explorer, 302)]
    assert "The article “Half a story” cannot be published yet" in messages_on(response)[0]
    for page in (complete, incomplete):
        page.refresh_from_db()
        assert not page.live


def test_title_is_shown_as_text(editor, sign_in):
    page = factories.article_page(title="<b>Bold</b>", live=False, body=[])
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    response = sign_in(editor).post(f"{address}?id={page.pk}&next={home_url()}", follow=True)

    assert "“&lt;b&gt;Bold&lt;/b&gt;”" in messages_on(response)[0]


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/admin/", ""])
def test_another_site_is_not_followed(elsewhere, staff, editor, sign_in):
    page, step = page_to_approve(staff)
    address = admin_url(page, "workflow_action", "approve", step.pk)

    response = sign_in(editor).post(address, {"next": elsewhere}, headers={"Referer": elsewhere})

    assert response.url == home_url()


def test_approving_from_the_form_keeps_what_was_written(staff, editor, sign_in):
    page, _step = page_to_approve(staff)
    approve = {"action-workflow-action": "true", "workflow-action-name": "approve"}

    response = sign_in(editor).post(
        admin_url(page, "edit"), submission(page, title="Most of a story", **approve)
    )

    assert response.status_code == 200
    assert "body" in response.context["form"].errors
    assert response.context["form"]["title"].value() == "Most of a story"
    page.refresh_from_db()
    assert not page.live
