"""Everyone who writes prepares releases; who may publish all of one decides about it."""

from importlib import import_module

from django.db import migrations

roles = import_module("cms.editing.migrations.0001_roles")

PREPARES = roles.may("publishing", "release", "release", "add", "change", "view")
ALLOWED = {
    roles.COMMUNICATIONS: PREPARES,
    roles.EDITORS: [*PREPARES, *roles.may("publishing", "release", "release", "delete")],
    roles.ADMINISTRATORS: [*PREPARES, *roles.may("publishing", "release", "release", "delete")],
}


def groups(apps):
    """The groups of the roles, each with what it may do.

    Where people were in one of that name, the role has the one made beside it.
    """
    Group = apps.get_model("auth", "Group")
    for name, allowed in ALLOWED.items():
        beside = Group.objects.filter(name=f"{name} of this site")
        for group in beside or Group.objects.filter(name=name):
            yield group, [roles.permission(apps, *entry) for entry in allowed]


def allow(apps, schema_editor):
    for group, permissions in groups(apps):
        group.permissions.add(*permissions)


def forbid(apps, schema_editor):
    for group, permissions in groups(apps):
        group.permissions.remove(*permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("editing", "0002_editors_make_preview_tokens"),
        ("publishing", "0005_release"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
