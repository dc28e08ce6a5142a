"""Editors and administrators see who gets newsletters, and take people off the list."""

from importlib import import_module

from django.db import migrations

roles = import_module("cms.editing.migrations.0001_roles")
tokens = import_module("cms.editing.migrations.0002_editors_make_preview_tokens")

ALLOWED = roles.may("subscriptions", "subscriber", "subscriber", "view", "change", "delete")


def allow(apps, schema_editor):
    for group in tokens.groups(apps):
        group.permissions.add(*(roles.permission(apps, *entry) for entry in ALLOWED))


def forbid(apps, schema_editor):
    for group in tokens.groups(apps):
        group.permissions.remove(*(roles.permission(apps, *entry) for entry in ALLOWED))


class Migration(migrations.Migration):
    dependencies = [
        ("editing", "0015_writers_begin_translations"),
        ("subscriptions", "0001_initial"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
