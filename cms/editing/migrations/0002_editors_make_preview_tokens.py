"""Editors and administrators make and revoke preview tokens; staff see drafts in the admin."""

from importlib import import_module

from django.db import migrations

roles = import_module("cms.editing.migrations.0001_roles")

ALLOWED = roles.may("publishing", "previewtoken", "preview token", "add", "delete", "view")


def groups(apps):
    names = [
        f"{name}{suffix}"
        for name in (roles.EDITORS, roles.ADMINISTRATORS)
        for suffix in ("", " of this site")
    ]
    return apps.get_model("auth", "Group").objects.filter(name__in=names)


def allow(apps, schema_editor):
    for group in groups(apps):
        group.permissions.add(*(roles.permission(apps, *entry) for entry in ALLOWED))


def forbid(apps, schema_editor):
    for group in groups(apps):
        group.permissions.remove(*(roles.permission(apps, *entry) for entry in ALLOWED))


class Migration(migrations.Migration):
    dependencies = [("editing", "0001_roles"), ("publishing", "0004_preview_token")]

    operations = [migrations.RunPython(allow, forbid)]
