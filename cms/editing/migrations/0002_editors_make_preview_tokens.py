"""Editors and administrators make and revoke preview tokens; staff see drafts in the admin."""

from importlib import import_module

from django.db import migrations

roles = import_module("cms.editing.migrations.0001_roles")

ALLOWED = roles.may("publishing", "previewtoken", "preview token", "add", "delete", "view")


def groups(apps):
    """The groups of the roles: where people were in one of that name, the one made beside it."""
    Group = apps.get_model("auth", "Group")
    for name in (roles.EDITORS, roles.ADMINISTRATORS):
        beside = Group.objects.filter(name=f"{name} of this site")
        yield from beside or Group.objects.filter(name=name)


def allow(apps, schema_editor):
    for group in groups(apps):
        group.permissions.add(*(roles.permission(apps, *entry) for entry in ALLOWED))


def forbid(apps, schema_editor):
    for group in groups(apps):
        group.permissions.remove(*(roles.permission(apps, *entry) for entry in ALLOWED))


class Migration(migrations.Migration):
    dependencies = [("editing", "0001_roles"), ("publishing", "0004_preview_token")]

    operations = [migrations.RunPython(allow, forbid)]
