"""What each role may do, tried through the admin itself."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
)

from media.models import Document, Image
from pages.models import Navigation, Organisation
from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.approving import approve
from tests.cms.submission import submission
from tests.factories import PAGE_FACTORIES, SNIPPET_FACTORIES

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

FACTORIES = {**PAGE_FACTORIES, **SNIPPET_FACTORIES}
ROLES = ["Communications staff", "Editors", "Administrators"]
roles_migration = import_module("cms.editing.migrations.0001_roles")
tokens_migration = import_module("cms.editing.migrations.0002_editors_make_preview_tokens")
releases_migration = import_module("cms.editing.migrations.0003_roles_in_releases")
search_migration = import_module("cms.editing.migrations.0012_editors_promote_results")
answers_migration = import_module("cms.editing.migrations.0014_editors_delete_answers")
subscribers_migration = import_module("cms.editing.migrations.0016_editors_see_subscribers")
in_vain_migration = import_module("cms.editing.migrations.0013_editors_see_searches_in_vain")

translations_migration = import_module("cms.editing.migrations.0015_writers_begin_translations")


def name_of(model):
    return model.__name__


def title_field(subject):
    return "title" if isinstance(subject, Page) else "name"


# Communications staff: write, submit, no publishing


@pytest.mark.parametrize("model", FACTORIES, ids=name_of)
def test_staff_cannot_publish_even_by_asking_for_it(model, staff, sign_in):
    draft = FACTORIES[model](live=False)

    sign_in(staff).post(
        admin_url(draft, "edit"), submission(draft, **{"action-publish": "action-publish"})
    )

    draft.refresh_from_db()
    assert not draft.live


@pytest.mark.parametrize("model", FACTORIES, ids=name_of)
def test_staff_edit_what_is_live_as_a_draft(model, staff, sign_in):
    subject = FACTORIES[model]()
    title = title_field(subject)
    before = getattr(subject, title)

    response = sign_in(staff).post(
        admin_url(subject, "edit"), submission(subject, **{title: "Written anew"})
    )

    assert response.status_code == 302
    subject.refresh_from_db()
    assert getattr(subject, title) == before
    assert getattr(subject.get_latest_revision_as_object(), title) == "Written anew"


@pytest.mark.parametrize("model", FACTORIES, ids=name_of)
def test_staff_cannot_unpublish(model, staff, sign_in):
    subject = FACTORIES[model]()

    sign_in(staff).post(admin_url(subject, "unpublish"))

    subject.refresh_from_db()
    assert subject.live


@pytest.mark.parametrize("model", FACTORIES, ids=name_of)
def test_locked_object_is_not_unpublished(model, editor, sign_in):
    subject = FACTORIES[model]()
    subject.locked, subject.locked_by = True, factories.user("someone else")
    subject.save()

    sign_in(editor).post(admin_url(subject, "unpublish"))

    subject.refresh_from_db()
    assert subject.live


@pytest.mark.parametrize("group", ["Communications staff", "Editors"])
def test_locked_page_is_deleted_by_those_who_may_unlock_it(group, sign_in, db):
    draft = factories.article_page(live=False)
    draft.locked, draft.locked_by = True, factories.user("someone else")
    draft.save()

    sign_in(factories.user(group=group)).post(admin_url(draft, "delete"))

    assert Page.objects.filter(pk=draft.pk).exists() is (group == "Communications staff")


def test_alias_published_in_bulk_is_left_as_it_is(editor, sign_in):
    page = factories.article_page()
    alias = page.create_alias(update_slug="mirror")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    response = sign_in(editor).post(f"{address}?id={alias.pk}")

    assert response.status_code == 302
    assert Page.objects.get(pk=alias.pk).alias_of_id == page.pk


@pytest.mark.parametrize("model", FACTORIES, ids=name_of)
def test_staff_cannot_lock(model, staff, sign_in):
    subject = FACTORIES[model]()

    sign_in(staff).post(admin_url(subject, "lock"))

    subject.refresh_from_db()
    assert not subject.locked


def test_staff_cannot_schedule(staff, sign_in):
    draft = factories.article_page(live=False)
    tomorrow = timezone.now() + timedelta(days=1)

    sign_in(staff).post(
        admin_url(draft, "edit"),
        submission(draft, go_live_at=f"{tomorrow:%Y-%m-%d %H:%M}", **{"action-publish": "1"}),
    )

    assert not Page.objects.get(pk=draft.pk).approved_schedule


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete"])
def test_staff_change_nothing_in_bulk(action, staff, sign_in):
    live, draft = factories.article_page(), factories.article_page(live=False)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])

    sign_in(staff).post(f"{address}?id={live.pk if action != 'publish' else draft.pk}")

    live.refresh_from_db()
    draft.refresh_from_db()
    assert live.live
    assert not draft.live


def test_staff_cannot_delete_a_page_with_others_beneath_it(staff, sign_in):
    index = factories.articles_page(live=False)
    factories.article_page(parent=index, live=False)

    sign_in(staff).post(admin_url(index, "delete"))

    assert Page.objects.filter(pk=index.pk).exists()


@pytest.mark.parametrize("model", SNIPPET_FACTORIES, ids=name_of)
def test_staff_cannot_delete_people_or_organisations(model, staff, sign_in):
    subject = SNIPPET_FACTORIES[model]()

    sign_in(staff).post(admin_url(subject, "delete"))

    assert model.objects.filter(pk=subject.pk).exists()


def test_staff_add_an_organisation_as_a_draft(staff, sign_in):
    address = reverse(Organisation.snippet_viewset.get_url_name("add"))

    sign_in(staff).post(address, submission(Organisation(), name="Silicon Valley Co-op"))

    assert not Organisation.objects.get(name="Silicon Valley Co-op").live


@pytest.mark.parametrize("kind", ["image", "document"])
def test_staff_upload_and_choose_files(kind, staff, sign_in):
    model: Any = {"image": Image, "document": Document}[kind]
    by_someone_else = getattr(factories, kind)(title="From before")
    with by_someone_else.file.open() as file:
        upload = SimpleUploadedFile(by_someone_else.filename, file.read())
    client = sign_in(staff)
    chooser = {"image": "wagtailimages_chooser", "document": "wagtaildocs_chooser"}[kind]
    fields = {"title": "Uploaded", "file": upload, "collection": 1}

    client.post(
        reverse(f"{chooser}:create"),
        {f"{kind}-chooser-upload-{name}": value for name, value in fields.items()},
    )
    offered = client.get(reverse(f"{chooser}:choose_results")).content.decode()

    assert model.objects.get(title="Uploaded").uploaded_by_user == staff
    assert "Uploaded" in offered
    assert "From before" in offered


# Submission and approval


@pytest.mark.parametrize("model", FACTORIES, ids=name_of)
def test_staff_submit_and_an_editor_approves(model, staff, editor, sign_in):
    draft = FACTORIES[model](live=False)
    sign_in(staff).post(admin_url(draft, "edit"), submission(draft, **{"action-submit": "1"}))
    step = draft.current_workflow_task_state
    live_before = model.objects.get(pk=draft.pk).live

    approve(sign_in(editor), step)

    assert not live_before
    assert model.objects.get(pk=draft.pk).live


def test_staff_cannot_approve_their_own(staff, sign_in):
    draft = factories.article_page(live=False)
    client = sign_in(staff)
    client.post(admin_url(draft, "edit"), submission(draft, **{"action-submit": "1"}))
    step = draft.current_workflow_task_state

    client.post(admin_url(draft, "workflow_action", "approve", step.pk))

    draft.refresh_from_db()
    assert not draft.live


def test_editor_sends_a_page_back_with_a_comment(staff, editor, sign_in):
    draft = factories.article_page(live=False)
    sign_in(staff).post(admin_url(draft, "edit"), submission(draft, **{"action-submit": "1"}))
    step = draft.current_workflow_task_state

    sign_in(editor).post(
        admin_url(draft, "workflow_action", "reject", step.pk), {"comment": "Add the date."}
    )

    step.refresh_from_db()
    assert step.status == "rejected"
    assert step.comment == "Add the date."


@pytest.mark.parametrize("model", FACTORIES, ids=name_of)
def test_editor_publishes_and_unpublishes(model, editor, sign_in):
    draft = FACTORIES[model](live=False)
    client = sign_in(editor)

    client.post(admin_url(draft, "edit"), submission(draft, **{"action-publish": "1"}))
    published = model.objects.get(pk=draft.pk).live
    client.post(admin_url(draft, "unpublish"))

    assert published
    assert not model.objects.get(pk=draft.pk).live


@pytest.mark.parametrize("model", FACTORIES, ids=name_of)
def test_editor_locks_and_unlocks(model, editor, sign_in):
    subject = FACTORIES[model]()
    client = sign_in(editor)

    client.post(admin_url(subject, "lock"))
    locked = model.objects.get(pk=subject.pk).locked
    client.post(admin_url(subject, "unlock"))

    assert locked
    assert not model.objects.get(pk=subject.pk).locked


def test_editor_schedules(editor, sign_in):
    draft = factories.article_page(live=False)
    tomorrow = timezone.now() + timedelta(days=1)

    sign_in(editor).post(
        admin_url(draft, "edit"),
        submission(draft, go_live_at=f"{tomorrow:%Y-%m-%d %H:%M}", **{"action-publish": "1"}),
    )

    assert Page.objects.get(pk=draft.pk).approved_schedule


# Which parts of the admin are open to whom


PARTS = {
    "wagtailadmin_explore_root": ROLES,
    "wagtailimages:index": ROLES,
    "wagtaildocs:index": ROLES,
    "wagtailsnippets_pages_person:list": ROLES,
    "wagtailsnippets_pages_organisation:list": ROLES,
    "wagtailadmin_account": ROLES,
    "wagtailredirects:index": ["Editors", "Administrators"],
    "promoted_results:index": ["Editors", "Administrators"],
    "searches_in_vain:index": ["Editors", "Administrators"],
    "wagtailadmin_collections:index": ["Editors", "Administrators"],
    "wagtailusers_users:index": ["Administrators"],
    "wagtailusers_groups:index": ["Administrators"],
    "wagtailsites:index": ["Administrators"],
    "wagtaillocales:index": ["Administrators"],
    "wagtailadmin_workflows:index": ["Administrators"],
    "wagtailadmin_workflows:task_index": ["Administrators"],
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("part", PARTS)
def test_part_of_the_admin_is_open_to_those_who_need_it(part, role, sign_in, db):
    client = sign_in(factories.user(group=role))

    response = client.get(reverse(part))

    assert (response.status_code == 200) is (role in PARTS[part])


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("setting", ["navigation", "sitesettings"])
def test_navigation_and_site_settings_are_for_those_who_publish(setting, role, sign_in, db):
    home = factories.home_page()
    site = home.get_site()
    client = sign_in(factories.user(group=role))

    response = client.get(reverse("wagtailsettings:edit", args=["pages", setting, site.pk]))

    assert (response.status_code == 200) is (role != "Communications staff")


def test_editor_changes_the_navigation(editor, sign_in):
    site = factories.home_page().get_site()
    address = reverse("wagtailsettings:edit", args=["pages", "navigation", site.pk])

    sign_in(editor).post(
        address, {"header-count": "0", "footer-count": "0", "footer_text": "© The group"}
    )

    assert Navigation.objects.get(site=site).footer_text == "© The group"


@pytest.mark.parametrize("role", ROLES)
def test_answers_of_readers_are_for_those_who_publish(role, sign_in, db):
    form = factories.form_page()
    client = sign_in(factories.user(group=role))

    response = client.get(reverse("wagtailforms:list_submissions", args=[form.pk]))

    assert (response.status_code == 200) is (role != "Communications staff")


def test_nobody_outside_the_groups_enters_the_admin(client, db):
    client.force_login(factories.user())

    response = client.get(home_url())

    assert response.status_code == 302


# Administrators keep the accounts


def account(**changes):
    password = "a long and quiet river"
    return {
        "username": "nora",
        "email": "nora@example.org",
        "first_name": "Nora",
        "last_name": "Berg",
        "password1": password,
        "password2": password,
        "is_active": "on",
        **changes,
    }


def test_administrator_makes_an_account_with_a_role(administrator, sign_in):
    group = Group.objects.get(name="Communications staff")

    sign_in(administrator).post(reverse("wagtailusers_users:add"), account(groups=[str(group.pk)]))

    assert User.objects.get(username="nora").groups.get() == group


def test_administrator_makes_no_superuser(administrator, sign_in):
    client = sign_in(administrator)

    client.post(reverse("wagtailusers_users:add"), account(is_superuser="on"))
    made = User.objects.get(username="nora")
    client.post(reverse("wagtailusers_users:edit", args=[made.pk]), account(is_superuser="on"))

    made.refresh_from_db()
    assert not made.is_superuser


def test_administrator_does_not_touch_a_superuser(administrator, sign_in):
    superuser = User.objects.create_superuser("root", "root@example.org", "password")

    sign_in(administrator).post(
        reverse("wagtailusers_users:edit", args=[superuser.pk]), account(username="root")
    )

    superuser.refresh_from_db()
    assert superuser.check_password("password")


def test_superuser_makes_a_superuser(client, db):
    client.force_login(User.objects.create_superuser("root", "root@example.org", "password"))

    client.post(reverse("wagtailusers_users:add"), account(is_superuser="on"))

    assert User.objects.get(username="nora").is_superuser


# The migration


def test_fresh_site_has_three_roles_and_one_approval(db):
    approval = Workflow.objects.get()

    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)
    assert WorkflowPage.objects.get(page__depth=1).workflow == approval
    assert WorkflowContentType.objects.filter(workflow=approval).count() == 2
    assert {group.name for group in GroupApprovalTask.objects.get().groups.all()} == {
        "Editors",
        "Administrators",
    }


def make_roles():
    roles_migration.make_roles(apps, None)
    tokens_migration.allow(apps, None)
    releases_migration.allow(apps, None)
    search_migration.allow(apps, None)
    in_vain_migration.allow(apps, None)
    answers_migration.allow(apps, None)
    subscribers_migration.allow(apps, None)
    translations_migration.allow(apps, None)


def permissions_of(group):
    return (
        set(group.permissions.values_list("pk", flat=True)),
        set(group.page_permissions.values_list("page", "permission")),
        set(group.collection_permissions.values_list("collection", "permission")),
    )


def test_roles_made_again_are_the_same(editor):
    before = {group.name: permissions_of(group) for group in Group.objects.all()}

    make_roles()

    assert {group.name: permissions_of(group) for group in Group.objects.all()} == before
    assert Workflow.objects.count() == GroupApprovalTask.objects.count() == 1


def test_roles_return_after_they_were_taken_back(db):
    before = {group.name: permissions_of(group) for group in Group.objects.all()}

    roles_migration.remove_roles(apps, None)
    none_left = not Group.objects.exists()
    make_roles()

    assert none_left
    assert {group.name: permissions_of(group) for group in Group.objects.all()} == before


def test_groups_that_people_are_in_stay_as_they_are(db):
    roles_migration.remove_roles(apps, None)
    theirs = [Group.objects.create(name=name) for name in ("Editors", "Moderators")]
    for group in theirs:
        group.user_set.add(factories.user(f"someone in {group}"))
    asked = GroupApprovalTask.objects.create(name="Moderators approval")
    asked.groups.set(theirs)
    approval = Workflow.objects.create(name="Moderators approval")
    approval.workflow_tasks.create(task=asked)
    WorkflowPage.objects.create(page=Page.get_first_root_node(), workflow=approval)

    make_roles()

    assert [permissions_of(group) for group in theirs] == [(set(), set(), set())] * 2
    assert Group.objects.filter(name="Editors of this site").exists()
    assert WorkflowPage.objects.get().workflow == approval
