"""Three roles and one way of approval, in the place of those that Wagtail makes.

Each permission is written out, so that this page answers who may do what. Permissions belong to
models whose rows Django makes only after all migrations, so they are made here when missing, under
the names Django and Wagtail would give them.
"""

from django.conf import settings
from django.db import migrations

COMMUNICATIONS = "Communications staff"
EDITORS = "Editors"
ADMINISTRATORS = "Administrators"
APPROVAL = "Editorial approval"

# What Wagtail makes on a fresh database.
DEFAULT_GROUPS = ["Moderators", "Editors"]
DEFAULT_APPROVAL = "Moderators approval"


def may(app_label, model, verbose_name, *actions):
    """Permissions as Django and Wagtail name them: app, model, codename, name."""
    return [
        (app_label, model, f"{action}_{model}", f"Can {action} {verbose_name}")
        for action in actions
    ]


# What holds for the whole site

WRITES = [
    ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
    *may("pages", "person", "person", "add", "change", "view"),
    *may("pages", "organisation", "organisation", "add", "change", "view"),
]
PUBLISHES = [
    *WRITES,
    *may("pages", "person", "person", "publish", "lock", "unlock"),
    *may("pages", "organisation", "organisation", "publish", "lock", "unlock"),
    *may("pages", "navigation", "navigation", "change"),
    *may("pages", "sitesettings", "site settings", "change"),
    *may("wagtailredirects", "redirect", "redirect", "add", "change", "delete", "view"),
    *may("wagtailforms", "formsubmission", "form submission", "view"),
]
ADMINISTERS = [
    *PUBLISHES,
    *may("pages", "person", "person", "delete"),
    *may("pages", "organisation", "organisation", "delete"),
    *may("auth", "user", "user", "add", "change", "delete", "view"),
    *may("auth", "group", "group", "add", "change", "delete", "view"),
    *may("wagtailcore", "site", "site", "add", "change", "delete", "view"),
    *may("wagtailcore", "locale", "locale", "add", "change", "delete", "view"),
    *may("wagtailcore", "workflow", "workflow", "add", "change", "delete", "view"),
    *may("wagtailcore", "task", "task", "add", "change", "delete", "view"),
    (
        "simple_translation",
        "simpletranslation",
        "submit_translation",
        "Can submit translations",
    ),
]

# What holds for the root page and every page under it

PAGES_WRITTEN = may("wagtailcore", "page", "page", "add", "change")
PAGES_PUBLISHED = [
    *PAGES_WRITTEN,
    ("wagtailcore", "page", "publish_page", "Publish any page"),
    ("wagtailcore", "page", "lock_page", "Lock/unlock pages you've locked"),
    ("wagtailcore", "page", "unlock_page", "Unlock any page"),
]
PAGES_ADMINISTERED = [
    *PAGES_PUBLISHED,
    ("wagtailcore", "page", "bulk_delete_page", "Delete pages with children"),
]

# What holds for the root collection of files and every collection under it

FILES_KEPT = [
    *may("wagtailimages", "image", "image", "add", "change", "choose"),
    *may("wagtaildocs", "document", "document", "add", "change", "choose"),
]
COLLECTIONS_KEPT = [
    *FILES_KEPT,
    *may("wagtailcore", "collection", "collection", "add", "change", "delete"),
]

ROLES = {
    COMMUNICATIONS: (WRITES, PAGES_WRITTEN, FILES_KEPT),
    EDITORS: (PUBLISHES, PAGES_PUBLISHED, COLLECTIONS_KEPT),
    ADMINISTRATORS: (ADMINISTERS, PAGES_ADMINISTERED, COLLECTIONS_KEPT),
}


def make_roles(apps, schema_editor):
    retire_default_approval(apps)
    apps.get_model("auth", "Group").objects.filter(
        name__in=set(DEFAULT_GROUPS) - set(ROLES), user__isnull=True
    ).delete()
    groups = {name: role(apps, name, *allowed) for name, allowed in ROLES.items()}
    approve_with(apps, [groups[EDITORS], groups[ADMINISTRATORS]])


def remove_roles(apps, schema_editor):
    """Take back what nobody uses yet. Wagtail's own groups do not return."""
    WorkflowState = apps.get_model("wagtailcore", "WorkflowState")
    Group = apps.get_model("auth", "Group")
    if not WorkflowState.objects.filter(workflow__name=APPROVAL).exists():
        apps.get_model("wagtailcore", "Workflow").objects.filter(name=APPROVAL).delete()
        apps.get_model("wagtailcore", "GroupApprovalTask").objects.filter(name=APPROVAL).delete()
    Group.objects.filter(name__in=ROLES, user__isnull=True).delete()


def retire_default_approval(apps):
    """Remove Wagtail's workflow, unless someone has the role it asks or something went through it."""
    Workflow = apps.get_model("wagtailcore", "Workflow")
    WorkflowState = apps.get_model("wagtailcore", "WorkflowState")
    GroupApprovalTask = apps.get_model("wagtailcore", "GroupApprovalTask")
    tasks = GroupApprovalTask.objects.filter(name=DEFAULT_APPROVAL)
    someone_approves = tasks.filter(groups__user__isnull=False).exists()
    used = WorkflowState.objects.filter(workflow__name=DEFAULT_APPROVAL).exists()
    if not someone_approves and not used:
        Workflow.objects.filter(name=DEFAULT_APPROVAL).delete()
        tasks.delete()


def role(apps, name, everywhere, on_pages, on_files):
    """The group of that name with exactly these permissions.

    A group that people are in already is theirs. If it allows less than the role, the role gets a
    group beside it.
    """
    Group = apps.get_model("auth", "Group")
    root_page = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    root_collection = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    everywhere, on_pages, on_files = (
        [permission(apps, *entry) for entry in entries]
        for entries in (everywhere, on_pages, on_files)
    )
    group, _ = Group.objects.get_or_create(name=name)
    if group.user_set.exists():
        held = {
            *group.permissions.values_list("pk", flat=True),
            *group.page_permissions.filter(page=root_page).values_list("permission", flat=True),
            *group.collection_permissions.filter(collection=root_collection).values_list(
                "permission", flat=True
            ),
        }
        if held.issuperset(needed.pk for needed in [*everywhere, *on_pages, *on_files]):
            return group
        group, made = Group.objects.get_or_create(name=f"{name} of this site")
        if not made:
            return group
    group.permissions.set(everywhere)
    group.page_permissions.all().delete()
    group.collection_permissions.all().delete()
    for allowed in on_pages:
        group.page_permissions.create(page=root_page, permission=allowed)
    for allowed in on_files:
        group.collection_permissions.create(collection=root_collection, permission=allowed)
    return group


def permission(apps, app_label, model, codename, name):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )
    return found


def approve_with(apps, groups):
    """Pages, people and organisations go live once one of these groups has approved them."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    GroupApprovalTask = apps.get_model("wagtailcore", "GroupApprovalTask")
    Workflow = apps.get_model("wagtailcore", "Workflow")
    task_type, _ = ContentType.objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    task, _ = GroupApprovalTask.objects.get_or_create(
        name=APPROVAL, defaults={"content_type": task_type}
    )
    task.groups.set(groups)
    workflow, _ = Workflow.objects.get_or_create(name=APPROVAL)
    apps.get_model("wagtailcore", "WorkflowTask").objects.get_or_create(
        workflow=workflow, task=task, defaults={"sort_order": 0}
    )
    root_page = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    apps.get_model("wagtailcore", "WorkflowPage").objects.get_or_create(
        page=root_page, defaults={"workflow": workflow}
    )
    for model in ("person", "organisation"):
        content_type, _ = ContentType.objects.get_or_create(app_label="pages", model=model)
        apps.get_model("wagtailcore", "WorkflowContentType").objects.get_or_create(
            content_type=content_type, defaults={"workflow": workflow}
        )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("pages", "0001_initial"),
        ("simple_translation", "0001_initial"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        # These give permissions to groups by name, and must not meet ours.
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailforms", "0005_alter_formsubmission_form_data"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(make_roles, remove_roles)]
