"""Beside the form of a translation stands its original, and what has changed in it since."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, PageLogEntry, Site

from cms.translation.models import UpToDateNote
from pages.models import FormField
from tests import factories
from tests.cms.translation.test_report import states
from tests.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]


@pytest.fixture
def client():
    return signed_in(factories.user("editor", group="Editors"))


@pytest.fixture
def charter():
    charter = factories.charter_page(title="Charter")
    charter.save_revision().publish()
    Site.objects.update(root_page=charter.get_parent())
    return charter


@pytest.fixture
def french(charter):
    factories.translation(charter.get_parent().specific, "fr", title="Accueil")
    return factories.translation(charter, "fr", title="Charte")


def edit(subject):
    if isinstance(subject, Page):
        return reverse("wagtailadmin_pages:edit", args=[subject.pk])
    return reverse(subject.snippet_viewset.get_url_name("edit"), args=[subject.pk])


def beside(client, subject):
    """What stands there; None where nothing does."""
    text = unescape(client.get(edit(subject)).content.decode())
    if 'class="genedge-original"' not in text:
        return None
    return text.partition('class="genedge-original"')[2].partition("</aside>")[0]


def publish(page, **changes):
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision(log_action=True).publish()
    page.refresh_from_db()


def note_address(translation, original):
    of = ContentType.objects.get_for_model(
        Page if isinstance(translation, Page) else type(translation)
    )
    address = reverse("translation_up_to_date", args=[of.pk, translation.pk])
    seen = original.last_published_at.isoformat().replace("+", "%2B")
    return f"{address}?seen={seen}"


def said(response):
    return [str(message).strip() for message in response.context["messages"]]


def test_text_of_the_original_stands_there_field_by_field(client, charter, french):
    shown = beside(client, french)

    assert edit(charter) in shown
    assert 'lang="en" dir="ltr"' in shown
    assert "Charter" in shown
    assert "Mission" in shown
    assert "It is up to date" not in shown
    assert beside(client, charter) is None


@pytest.fixture
def article(charter):
    """An article of several blocks, and its translation."""
    body = [
        ("paragraphs", {"text": "<h2>Why</h2><p>First.</p><p>Second.</p><ul><li>One</li></ul>"}),
        ("quotation", {"quotation": "A quotation.", "attribution": "Ada"}),
    ]
    made = factories.article_page(title="On the edge", standfirst="<p>Here.</p>", body=body)
    made.save_revision().publish()
    home = charter.get_parent().specific
    factories.translation(home, "fr", title="Accueil")
    factories.translation(made.get_parent().specific, "fr", title="Articles")
    return made, factories.translation(made, "fr", title="Au bord")


def test_blocks_are_read_whole_with_their_headings_and_lists(client, article):
    shown = beside(client, article[1])

    for words in (
        "<h4",
        ">Why</h4>",
        "<p>First.</p><p>Second.</p>",
        "<ul><li>One</li></ul>",
        "A quotation.",
        "Ada",
    ):
        assert words in shown, words
    assert "Changed" not in shown
    assert "formatting" not in shown


def test_of_blocks_it_is_marked_what_has_changed_and_all_of_it_can_be_read(client, article):
    original, french = article
    body = original.body.get_prep_value()
    body[0]["value"]["text"] = body[0]["value"]["text"].replace("Second", "Last")
    publish(original, body=json.dumps(body))

    shown = beside(client, french)

    marked, _, whole = shown.partition("<summary>All of it</summary>")
    assert re.search('class="deletion">Second', marked)
    assert re.search('class="addition">Last', marked)
    assert "A quotation." not in marked
    assert "A quotation." in whole


def test_rows_are_read_whole(client, charter):
    form = factories.form_page(
        form_fields=[
            FormField(label="Your name", field_type="singleline", help_text="As on a badge."),
            FormField(label="E-mail", field_type="email"),
        ]
    )
    form.save_revision().publish()
    factories.translation(charter.get_parent().specific, "fr", title="Accueil")
    french = factories.translation(form, "fr", title="Participer")

    shown = beside(client, french)

    for words in ("Your name", "As on a badge.", "An e-mail address"):
        assert words in shown


def test_what_has_changed_since_the_translation_was_published_is_marked(client, charter, french):
    publish(charter, title="Our charter")

    shown = beside(client, french)

    assert 'class="addition">Our' in shown
    assert "It was published after this translation: what has changed is marked below." in shown
    assert "It is up to date" in shown


def test_people_have_their_original_beside_them(client, charter):
    person = factories.person(name="Ada", job_title="Professor")
    person.save_revision().publish()
    french = factories.translation(person, "fr", job_title="Professeure")
    publish(person, job_title="Full professor")

    shown = beside(client, french)

    assert "Full" in shown
    assert "It is up to date" in shown


def test_a_note_says_that_it_is_up_to_date_until_the_original_is_published_again(
    client, charter, french
):
    publish(charter, title="Our charter")
    before = states(client)["Our charter"]

    response = client.post(note_address(french, charter), follow=True)

    noted, shown = states(client)["Our charter"], beside(client, french)
    publish(charter, title="The charter")
    assert said(response) == ["It is noted that “Charte” is up to date."]
    assert (before, noted) == ("Original changed since", "Up to date")
    assert "This translation is up to date, as editor noted on" in shown
    assert states(client)["The charter"] == "Original changed since"
    assert UpToDateNote.objects.get().noted_by.username == "editor"
    assert PageLogEntry.objects.filter(action="translation.up_to_date", page=french.pk).exists()
    # What is marked from then on is what has changed since it was noted.
    assert 'class="deletion">Our' in beside(client, french)


def test_a_note_is_about_the_version_that_was_read(client, charter, french):
    publish(charter, title="Our charter")
    address = note_address(french, charter)
    publish(charter, title="The charter")

    response = client.post(address, follow=True)

    assert "was published again while you read" in said(response)[0]
    assert not UpToDateNote.objects.exists()


def test_what_is_no_older_than_the_original_needs_no_note(client, charter, french):
    response = client.post(note_address(french, charter), follow=True)

    assert said(response) == ["“Charte” needs no note: it is no older than “Charter”."]
    assert not UpToDateNote.objects.exists()


def test_a_scheduled_translation_is_noted_without_touching_its_schedule(client, charter, french):
    later = french.last_published_at + timedelta(days=1)
    french.title, french.go_live_at = "La charte", later
    french.save_revision().publish()
    publish(charter, title="Our charter")

    client.post(note_address(french, charter))

    french.refresh_from_db()
    assert UpToDateNote.objects.exists()
    assert french.scheduled_revision.approved_go_live_at == later


@pytest.mark.parametrize("key", ["0", "nonsense", "99999999999999999999"])
def test_what_is_gone_is_not_found(client, charter, key):
    of = ContentType.objects.get_for_model(Page)
    wrong = ContentType.objects.get_for_model(Site)

    for each in (of.pk, wrong.pk, 0):
        address = reverse("translation_up_to_date", args=[each, key])
        assert client.post(address).status_code in (400, 404)


def test_whoever_may_not_edit_the_translation_may_not_note(charter, french):
    publish(charter, title="Our charter")
    readers = Group.objects.create(name="English")
    readers.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=readers, page=charter, permission=Permission.objects.get(codename="change_page")
    )
    user = factories.user("writer")
    user.groups.add(readers)

    signed_in(user).post(note_address(french, charter))

    assert not UpToDateNote.objects.exists()


def test_whoever_may_not_see_the_original_is_shown_nothing_of_it(charter, french):
    writers = Group.objects.create(name="French")
    writers.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=writers, page=french, permission=Permission.objects.get(codename="change_page")
    )
    user = factories.user("writer")
    user.groups.add(writers)

    assert beside(signed_in(user), french) is None
    assert signed_in(user).post(note_address(french, charter)).status_code == 404


@pytest.mark.parametrize("live", [True, False])
def test_without_a_history_the_original_is_shown_as_it_is(client, charter, french, live):
    publish(charter, title="Our charter")
    PageLogEntry.objects.all().delete()
    if not live:
        charter.unpublish()

    shown = beside(client, french)

    assert "addition" not in shown
    assert "Our charter" in shown
    assert ("Readers do not see it." in shown) is not live
