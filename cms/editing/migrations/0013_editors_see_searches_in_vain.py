"""Editors and administrators see what readers searched for in vain, and take it off the list."""

from importlib import import_module

from django.db import migrations

roles = import_module("cms.editing.migrations.0001_roles")
tokens = import_module("cms.editing.migrations.0002_editors_make_preview_tokens")

ALLOWED = roles.may("search", "searchinvain", "search that found nothing", "view", "delete")


def allow(apps, schema_editor):
    for group in tokens.groups(apps):
        group.permissions.add(*(roles.permission(apps, *entry) for entry in ALLOWED))


def forbid(apps, schema_editor):
    for group in tokens.groups(apps):
        group.permissions.remove(*(roles.permission(apps, *entry) for entry in ALLOWED))


class Migration(migrations.Migration):
    dependencies = [
        ("editing", "0012_editors_promote_results"),
        ("search", "0003_searches_in_vain"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
