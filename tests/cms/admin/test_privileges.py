"""Nobody gives more than they have, or takes over an account or group that may do more."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Collection, Page

from tests import factories
from tests.cms.html_forms import posted

PASSWORD = "a long and quiet river"
ROOT = "root@example.org"


def account(**changes):
    return {
        "username": "nora",
        "email": "nora@example.org",
        "first_name": "Nora",
        "last_name": "Berg",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "is_active": "on",
        **changes,
    }


def users_url(view, *arguments):
    return reverse(f"wagtailusers_users:{view}", args=arguments)


def bulk_url(action, *users):
    address = reverse("wagtail_bulk_action", args=["auth", "user", action])
    return f"{address}?{'&'.join(f'id={user.pk}' for user in users)}"


def group_form(group=None, *, everywhere=(), **changes):
    panels = ("page", "collection_member", "document", "image", "collection")
    prefixes = [*(f"{panel}_permissions" for panel in panels), "collection_mgmt_permissions"]
    counts = {
        f"{prefix}-{count}_FORMS": "0" for prefix in prefixes for count in ("TOTAL", "INITIAL")
    }
    return {
        "name": group.name if group else "New",
        "permissions": [permission.pk for permission in everywhere],
        **counts,
        **changes,
    }


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", ROOT, "password")


@pytest.fixture
def keeper(db):
    """Manages users and groups, and may do nothing else."""
    group = Group.objects.create(name="Keepers")
    group.permissions.set(
        Permission.objects.filter(
            codename__in=["access_admin", "add_user", "change_user", "delete_user"]
        )
        | Permission.objects.filter(codename__in=["add_group", "change_group", "delete_group"])
    )
    return factories.user("keeper", group="Keepers")


# Superusers


SUPERUSER_IS_CHANGED = {
    "edited": lambda root: (users_url("edit", root.pk), account(username="root")),
    "deleted": lambda root: (users_url("delete", root.pk), {}),
    "switched off": lambda root: (bulk_url("set_active_state", root), {"mark_as_active": "False"}),
    "deleted in bulk": lambda root: (bulk_url("delete", root), {}),
    "put into a group": lambda root: (
        bulk_url("assign_role", root),
        {"role": Group.objects.get(name="Editors").pk},
    ),
}


@pytest.mark.parametrize("way", SUPERUSER_IS_CHANGED)
def test_administrator_does_nothing_to_a_superuser(way, root, administrator, sign_in):
    address, data = SUPERUSER_IS_CHANGED[way](root)

    sign_in(administrator).post(address, data)

    now = User.objects.get(pk=root.pk)
    assert now.email == ROOT
    assert now.is_active
    assert now.check_password("password")
    assert not now.groups.exists()


def test_superuser_switches_off_a_superuser(root, client):
    client.force_login(User.objects.create_superuser("rita", "rita@example.org", "password"))

    client.post(bulk_url("set_active_state", root), {"mark_as_active": "False"})

    root.refresh_from_db()
    assert not root.is_active


def test_administrator_switches_off_those_who_may_do_no_more(root, editor, administrator, sign_in):
    sign_in(administrator).post(
        bulk_url("set_active_state", root, editor), {"mark_as_active": "False"}
    )

    assert set(User.objects.filter(is_active=False)) == {editor}


def test_superuser_signs_in_and_resets_a_password_as_before(root, client, mailoutbox):
    client.post(reverse("wagtailadmin_password_reset"), {"email": ROOT})
    call_command("run_scheduler", once=True)
    address = next(line for line in mailoutbox[0].body.splitlines() if "/confirm/" in line)
    form = client.get(address.strip(), follow=True)
    client.post(form.redirect_chain[-1][0], {"new_password1": PASSWORD, "new_password2": PASSWORD})

    client.post(reverse("wagtailadmin_login"), {"username": "root", "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(root.pk)


# Others who may do more


def test_nobody_takes_over_the_account_of_someone_who_may_do_more(keeper, editor, sign_in):
    sign_in(keeper).post(users_url("edit", editor.pk), account(username="edith"))

    editor.refresh_from_db()
    assert editor.check_password("password")


def test_nobody_puts_themself_into_a_group_that_allows_more(keeper, sign_in):
    group = Group.objects.get(name="Administrators")
    client = sign_in(keeper)

    client.post(users_url("edit", keeper.pk), account(username="keeper", groups=[str(group.pk)]))
    client.post(bulk_url("assign_role", keeper), {"role": group.pk})
    client.post(users_url("add"), account(groups=[str(group.pk)]))

    assert not group.user_set.exists()


def test_keeper_keeps_the_accounts_of_those_who_may_do_no_more(keeper, sign_in):
    other = factories.user("other", group="Keepers")
    group = Group.objects.get(name="Keepers")

    sign_in(keeper).post(
        users_url("edit", other.pk), account(username="other", groups=[str(group.pk)])
    )

    other.refresh_from_db()
    assert other.check_password(PASSWORD)


# Groups


def everything_beyond():
    root_page, collection = Page.get_first_root_node(), Collection.get_first_root_node()
    return {
        "everywhere": {"everywhere": Permission.objects.filter(codename="add_site")},
        "pages": {
            "page_permissions-TOTAL_FORMS": "1",
            "page_permissions-0-page": root_page.pk,
            "page_permissions-0-permissions": ["publish_page"],
        },
        "files": {
            "image_permissions-TOTAL_FORMS": "1",
            "image_permissions-0-collection": collection.pk,
            "image_permissions-0-permissions": list(
                Permission.objects.filter(
                    content_type__app_label="wagtailimages", codename="change_image"
                ).values_list("pk", flat=True)
            ),
        },
    }


@pytest.mark.parametrize("beyond", ["everywhere", "pages", "files"])
@pytest.mark.parametrize("made", [False, True], ids=["own group", "new group"])
def test_nobody_gives_a_group_what_they_do_not_have(beyond, made, keeper, sign_in):
    group = Group.objects.get(name="Keepers")
    held = group.permissions.count()
    address = "wagtailusers_groups:add" if made else "wagtailusers_groups:edit"

    sign_in(keeper).post(
        reverse(address, args=[] if made else [group.pk]),
        group_form(None if made else group, **everything_beyond()[beyond]),
    )

    for each in Group.objects.filter(name__in=["Keepers", "New"]):
        assert each.permissions.count() in (0, held)
        assert not each.permissions.filter(codename="add_site").exists()
        assert not each.page_permissions.exists()
        assert not each.collection_permissions.exists()


@pytest.mark.parametrize("beyond", ["everywhere", "pages", "files"])
def test_administrator_gives_a_group_what_administrators_have(beyond, administrator, sign_in):
    sign_in(administrator).post(
        reverse("wagtailusers_groups:add"), group_form(**everything_beyond()[beyond])
    )

    made = Group.objects.get(name="New")
    assert (
        made.permissions.exists()
        or made.page_permissions.exists()
        or made.collection_permissions.exists()
    )


@pytest.mark.parametrize("view", ["edit", "delete"])
def test_nobody_changes_a_group_that_allows_more(view, keeper, sign_in):
    group = Group.objects.get(name="Editors")
    held = group.permissions.count()

    sign_in(keeper).post(reverse(f"wagtailusers_groups:{view}", args=[group.pk]), group_form(group))

    assert Group.objects.get(name="Editors").permissions.count() == held


def test_administrator_saves_their_own_group(administrator, sign_in):
    """Saving takes permissions away that the form does not show, and gives them again."""
    group = Group.objects.get(name="Administrators")
    held = group.permissions.count()
    address = reverse("wagtailusers_groups:edit", args=[group.pk])
    client = sign_in(administrator)

    client.post(address, posted(client.get(address)) | {"name": "Managers"})

    group.refresh_from_db()
    assert group.name == "Managers"
    assert group.permissions.count() == held
