"""Editors and administrators say what goes first in the search of readers."""

from importlib import import_module

from django.db import migrations

roles = import_module("cms.editing.migrations.0001_roles")
tokens = import_module("cms.editing.migrations.0002_editors_make_preview_tokens")

ALLOWED = roles.may("search", "promotedterm", "promoted result", "add", "change", "delete", "view")


def allow(apps, schema_editor):
    for group in tokens.groups(apps):
        group.permissions.add(*(roles.permission(apps, *entry) for entry in ALLOWED))


def forbid(apps, schema_editor):
    for group in tokens.groups(apps):
        group.permissions.remove(*(roles.permission(apps, *entry) for entry in ALLOWED))


class Migration(migrations.Migration):
    dependencies = [
        ("editing", "0011_history_of_each_object"),
        ("search", "0002_promoted_results"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
