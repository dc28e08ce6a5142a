"""The page that a new site begins with welcomes nobody to the tool that it is made with."""

from django.db import migrations

BEFORE, NOW = "Welcome to your new Wagtail site!", "Welcome"


def rename(apps, schema_editor):
    pages = apps.get_model("wagtailcore", "Page").objects.using(schema_editor.connection.alias)
    untouched = pages.filter(
        title=BEFORE,
        content_type__app_label="wagtailcore",
        content_type__model="page",
        latest_revision=None,
    )
    untouched.update(title=NOW, draft_title=NOW)


class Migration(migrations.Migration):
    dependencies = [
        ("editing", "0009_words_of_the_admin"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
