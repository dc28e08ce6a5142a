"""Whoever writes pages begins their translations: a draft like any other."""

from importlib import import_module

from django.db import migrations

roles = import_module("cms.editing.migrations.0001_roles")

BEGIN = (
    "simple_translation",
    "simpletranslation",
    "submit_translation",
    "Can submit translations",
)


def groups(apps):
    """The groups of the roles: where people were in one of that name, the one made beside it."""
    Group = apps.get_model("auth", "Group")
    for name in (roles.COMMUNICATIONS, roles.EDITORS):
        beside = Group.objects.filter(name=f"{name} of this site")
        yield from beside or Group.objects.filter(name=name)


def allow(apps, schema_editor):
    for group in groups(apps):
        group.permissions.add(roles.permission(apps, *BEGIN))


def forbid(apps, schema_editor):
    for group in groups(apps):
        group.permissions.remove(roles.permission(apps, *BEGIN))


class Migration(migrations.Migration):
    dependencies = [
        ("editing", "0014_editors_delete_answers"),
        ("simple_translation", "0001_initial"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
