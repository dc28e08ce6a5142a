"""Editors and administrators delete answers to forms, when whoever gave them asks for it."""

from importlib import import_module

from django.db import migrations

roles = import_module("cms.editing.migrations.0001_roles")
tokens = import_module("cms.editing.migrations.0002_editors_make_preview_tokens")

ALLOWED = roles.may("wagtailforms", "formsubmission", "form submission", "delete")


def allow(apps, schema_editor):
    for group in tokens.groups(apps):
        group.permissions.add(*(roles.permission(apps, *entry) for entry in ALLOWED))


def forbid(apps, schema_editor):
    for group in tokens.groups(apps):
        group.permissions.remove(*(roles.permission(apps, *entry) for entry in ALLOWED))


class Migration(migrations.Migration):
    dependencies = [
        ("editing", "0013_editors_see_searches_in_vain"),
        ("wagtailforms", "0005_alter_formsubmission_form_data"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
