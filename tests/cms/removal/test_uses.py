"""What readers see of a picture or document is changed by those who may publish what uses it."""

from copy import copy
from datetime import UTC, datetime
from io import BytesIO
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image as Picture
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupPagePermission,
    Site,
)

from cms.releases import steps as release_steps
from cms.scheduling import durable
from media.models import Document, Image
from pages.models import SiteSettings
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.perspective.scheduled_content import schedule

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("pages_above"),
]

MONDAY = datetime(2099, 6, 1, 9, tzinfo=UTC)
SAID = "which you may not publish"


def at_the_head(image, **fields):
    return factories.article_page(
        title="Uses it", header_image=image, header_image_decorative=True, **fields
    )


def in_a_picture(image, **fields):
    use = copy(image)
    use.contextual_alt_text, use.decorative = "Words", False
    body = [("picture", {"picture": use})]
    return factories.article_page(title="Uses it", body=body, **fields)


def as_portrait(image, **fields):
    return factories.person(name="Uses it", portrait=image, portrait_alt_text="Her face", **fields)


def as_logo(image, **fields):
    return factories.organisation(name="Uses it", logo=image, logo_alt_text="The logo", **fields)


def in_the_settings(image):
    settings, _ = SiteSettings.objects.get_or_create(site=Site.objects.get())
    settings.social_image, settings.social_image_alt_text = image, "Words"
    settings.save()
    return settings


def as_deliverable(document, **fields):
    return factories.deliverable_page(title="Uses it", document=document, **fields)


def in_a_text(document, **fields):
    text = f'<p><a linktype="document" id="{document.pk}">Read</a></p>'
    return factories.article_page(title="Uses it", body=[("paragraphs", {"text": text})], **fields)


USES = {
    at_the_head: factories.image,
    in_a_picture: factories.image,
    as_portrait: factories.image,
    as_logo: factories.image,
    in_the_settings: factories.image,
    as_deliverable: factories.document,
    in_a_text: factories.document,
}
WITH_DRAFTS = [use for use in USES if use is not in_the_settings]


def named(function):
    return function.__name__


def labels(file):
    return ("image", "images") if isinstance(file, Image) else ("document", "docs")


def screen(file, view="edit"):
    return reverse(f"wagtail{labels(file)[1]}:{view}", args=(file.pk,))


def form(kept, **changes):
    fields = {"title": kept.title, "description": "", "credit": "", "licence": "", "tags": ""}
    return {**fields, "collection": kept.collection_id, **changes}


def another(file):
    if isinstance(file, Document):
        return SimpleUploadedFile("other.txt", b"Others.", "text/plain")
    content = BytesIO()
    Picture.new("RGB", (10, 10), "black").save(content, "PNG")
    return SimpleUploadedFile("other.png", content.getvalue(), "image/png")


def stored(file):
    """Its columns, but for the size, which is noted when someone looks at it first."""
    columns = [each.attname for each in type(file)._meta.concrete_fields]
    columns.remove("file_size")
    return type(file).objects.filter(pk=file.pk).values(*columns).first()


def private_collection():
    made = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=made, restriction_type="login")
    return made


# Whatever is done


def replaced(client, file):
    return client.post(screen(file), form(file, file=another(file)), follow=True)


def renamed(client, file):
    return client.post(screen(file), form(file, title="Another"), follow=True)


def made_private(client, file):
    return client.post(screen(file), form(file, collection=private_collection().pk), follow=True)


def edited_after_upload(client, file):
    prefix = "image" if isinstance(file, Image) else "doc"
    row = f"{prefix}-{file.pk}"
    sent = {f"{row}-{name}": value for name, value in form(file, title="Another").items()}
    return client.post(screen(file, "edit_multiple"), sent, headers=AS_A_SCRIPT)


def deleted(client, file):
    return client.post(screen(file, "delete"), follow=True)


def deleted_after_upload(client, file):
    return client.post(screen(file, "delete_multiple"), headers=AS_A_SCRIPT)


def in_bulk(client, file, action, **sent):
    address = reverse("wagtail_bulk_action", args=("media", labels(file)[0], action))
    return client.post(f"{address}?id={file.pk}", sent, follow=True)


def deleted_in_bulk(client, file):
    return in_bulk(client, file, "delete")


def made_private_in_bulk(client, file):
    return in_bulk(client, file, "add_to_collection", collection=private_collection().pk)


AS_A_SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
ACTIONS = [
    *(replaced, renamed, made_private, edited_after_upload),
    *(deleted, deleted_after_upload, deleted_in_bulk, made_private_in_bulk),
]


@pytest.mark.parametrize("do", ACTIONS, ids=named)
@pytest.mark.parametrize("use", [at_the_head, as_deliverable], ids=named)
def test_staff_change_nothing_that_readers_see_of_a_file(use, do, staff, sign_in):
    file = USES[use]()
    use(file)
    before = stored(file)

    response = do(sign_in(staff), file)

    assert stored(file) == before
    if do is deleted_after_upload:
        assert response.status_code == 403
        assert response.json()["success"] is False
        assert response.json()["code"] == "USED_BY_LIVE_CONTENT"
        said = response.json()["error_message"]
    elif do is edited_after_upload:
        assert not response.json()["success"]
        said = response.json()["form"]
    else:
        said = response.content.decode()
    assert "“Uses it”, which you may not publish" in said


@pytest.mark.parametrize("do", ACTIONS, ids=named)
@pytest.mark.parametrize("role", ["Editors", "Administrators"])
def test_who_may_publish_what_uses_a_file_changes_it(role, do, sign_in):
    file = factories.image()
    at_the_head(file)
    before = stored(file)

    do(sign_in(factories.user(group=role)), file)

    assert stored(file) != before


@pytest.mark.parametrize("use", USES, ids=named)
def test_staff_do_not_replace_what_is_live_wherever_it_is_used(use, staff, sign_in):
    file = USES[use]()
    user = use(file)
    before = stored(file)
    window = sign_in(staff)

    shown = window.get(screen(file)).content.decode()
    response = replaced(window, file)

    assert stored(file) == before
    for said in (shown, response.content.decode()):
        assert str(user) in said
    assert "readers would see it at once" in shown
    assert SAID in response.content.decode()


@pytest.mark.parametrize("use", WITH_DRAFTS, ids=named)
def test_staff_change_what_only_a_draft_uses(use, staff, sign_in):
    file = USES[use]()
    use(file, live=False)
    before = stored(file)

    replaced(sign_in(staff), file)

    assert stored(file) != before


def scheduled(subject, editor):
    schedule(subject, MONDAY)


def released(subject, editor):
    release = factories.release([subject], by=editor, go_live_at=MONDAY)
    release_steps.approve(release, editor)


@pytest.mark.parametrize("approve", [scheduled, released], ids=named)
@pytest.mark.parametrize("use", WITH_DRAFTS, ids=named)
def test_staff_do_not_change_what_has_been_approved(use, approve, staff, editor, sign_in, clock):
    file = USES[use]()
    approve(use(file, live=False), editor)
    before = stored(file)

    refused = [replaced(sign_in(staff), file)]
    clock.set("2099-06-01T09:00:01+00:00")  # Readers see it, and no scheduler has run.
    refused.append(renamed(sign_in(staff), file))

    assert stored(file) == before
    assert all(SAID in response.content.decode() for response in refused)


def test_what_went_live_a_moment_ago_counts_before_it_is_indexed(staff, sign_in, clock):
    file, other = factories.image(), factories.image()
    page = at_the_head(factories.image())
    schedule(page, MONDAY, header_image=file)
    clock.set("2099-06-01T09:00:01+00:00")
    with patch.object(durable, "index_what_went_live", return_value=False):
        call_command("run_scheduler", once=True)
    before = stored(file)

    replaced(sign_in(staff), file)
    renamed(sign_in(staff), other)

    assert stored(file) == before
    assert stored(other)["title"] == "Another"


def test_staff_describe_and_tag_a_picture_that_readers_see(staff, sign_in):
    file = factories.image()
    at_the_head(file)
    window = sign_in(staff)

    window.post(screen(file), form(file, description="What it shows", tags="autumn"))
    in_bulk(window, file, "add_tags", tags="winter")

    file.refresh_from_db()
    assert file.description == "What it shows"
    assert set(file.tags.names()) == {"autumn", "winter"}


def test_staff_move_a_file_between_collections_that_everyone_sees(staff, sign_in):
    file = factories.image()
    at_the_head(file)
    public = Collection.get_first_root_node().add_child(name="Public")

    in_bulk(sign_in(staff), file, "add_to_collection", collection=public.pk)

    file.refresh_from_db()
    assert file.collection == public


@pytest.mark.parametrize("publishes_it", [True, False])
def test_who_publishes_one_section_changes_what_is_used_there_alone(publishes_it, sign_in):
    file = factories.image()
    page = at_the_head(file)
    elsewhere = factories.forums_page()
    person = factories.user(group="Communications staff")
    section = Group.objects.create(name="Section")
    GroupPagePermission.objects.create(
        group=section,
        page=page.get_parent() if publishes_it else elsewhere,
        permission=Permission.objects.get(codename="publish_page"),
    )
    person.groups.add(section)

    renamed(sign_in(person), file)

    file.refresh_from_db()
    assert (file.title == "Another") is publishes_it


# Collections


def closed(client, collection):
    address = reverse("wagtailadmin_collections:set_privacy", args=(collection.pk,))
    return client.post(address, {"restriction_type": "login"})


def put_beneath_a_private_one(client, collection):
    address = reverse("wagtailadmin_collections:edit", args=(collection.pk,))
    return client.post(address, {"name": "Pictures", "parent": private_collection().pk})


@pytest.mark.parametrize("publishes", [True, False])
@pytest.mark.parametrize("do", [closed, put_beneath_a_private_one], ids=named)
def test_collection_hides_what_readers_see_only_by_who_may_publish(
    do, publishes, collection, keeper, editor, sign_in
):
    at_the_head(factories.image(collection=collection))

    do(sign_in(editor if publishes else keeper), collection)

    collection = Collection.objects.get(pk=collection.pk)
    assert collection.get_view_restrictions().exists() is publishes


def test_collection_is_opened_only_by_who_may_publish_what_uses_it(keeper, sign_in):
    hidden = private_collection()
    at_the_head(factories.image(collection=hidden))
    address = reverse("wagtailadmin_collections:set_privacy", args=(hidden.pk,))

    sign_in(keeper).post(address, {"restriction_type": "none"})

    assert hidden.get_view_restrictions().exists()


def test_collection_says_where_readers_see_what_is_in_it(collection, keeper, sign_in):
    at_the_head(factories.image(collection=collection))
    address = reverse("wagtailadmin_collections:edit", args=(collection.pk,))

    shown = sign_in(keeper).get(address).content.decode()

    assert "Uses it" in shown
    assert "not who sees it" in shown


# What the screens say


def bulk_screen(file, action):
    return f"{reverse('wagtail_bulk_action', args=('media', labels(file)[0], action))}?id={file.pk}"


@pytest.mark.parametrize("make", [factories.image, factories.document])
def test_screens_name_what_uses_a_file_and_who_may_change_it(make, staff, editor, sign_in):
    file = make()
    use = at_the_head if make is factories.image else as_deliverable
    page = use(file)
    screens = [
        *(screen(file), screen(file, "delete")),
        *(bulk_screen(file, action) for action in ("delete", "add_to_collection")),
    ]

    for address in screens:
        to_staff = sign_in(staff).get(address).content.decode()
        to_editor = sign_in(editor).get(address).content.decode()

        assert admin_url(page, "edit") in to_staff
        assert "You may not publish it." in to_staff
        assert admin_url(page, "edit") in to_editor
        assert "Readers see this change at once" in to_editor
        assert "You may not publish it." not in to_editor
        if "delete" in address:
            assert "Yes, delete" not in to_staff
            assert "Yes, delete" in to_editor


def test_screen_says_that_nothing_uses_a_file(staff, sign_in):
    shown = sign_in(staff).get(screen(factories.image(), "delete")).content.decode()

    assert "Nothing that is published or goes live soon uses this picture." in shown
    assert "Yes, delete" in shown


def test_list_of_uses_costs_no_statement_for_each(staff, sign_in):
    few, many = factories.image(), factories.image()
    at_the_head(few)
    for _ in range(4):
        at_the_head(many)
    for number in range(2):
        factories.organisation(
            name=f"Uses it {number}", logo=many if number else few, logo_alt_text="The logo"
        )
    window = sign_in(staff)
    for file in (few, many):
        window.get(screen(file))

    asked = []
    for file in (few, many):
        with CaptureQueriesContext(connection) as captured:
            window.get(screen(file))
        asked.append(len(captured))

    assert asked[0] == asked[1]


def test_screens_that_save_straight_to_readers_say_so(administrator, sign_in):
    window = sign_in(administrator)
    site = Site.objects.get()
    promoted = factories.promoted_term("jobs", factories.article_page())
    addresses = [
        reverse("wagtailsettings:edit", args=("pages", "navigation", site.pk)),
        reverse("wagtailsettings:edit", args=("pages", "sitesettings", site.pk)),
        reverse("wagtailredirects:add"),
        reverse("wagtailsites:add"),
        reverse("wagtailsites:edit", args=(site.pk,)),
        reverse("promoted_results:add"),
        reverse("promoted_results:edit", args=(promoted.pk,)),
    ]

    for address in addresses:
        shown = window.get(address).content.decode()
        assert "Readers see at once what you save here" in shown


def test_command_replaces_what_readers_see(db):
    file = factories.image()
    at_the_head(file)

    file.file = ContentFile(another(file).read(), "other.png")
    file.title = "By a command"
    file.save()

    assert stored(file)["title"] == "By a command"
