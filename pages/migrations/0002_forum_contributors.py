import json

from django.db import migrations, models


def fill(apps, schema_editor):
    """From the themes and talks as they are stored, each of which has a list of organisations."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT page_ptr_id, themes, talks FROM pages_forumpage")
        for key, *contents in cursor.fetchall():
            found = {
                organisation
                for content in contents
                for block in read(content)
                for organisation in organisations_in(block.get("value") or {})
            }
            contributors = "|".join(["", *map(str, sorted(found)), ""])
            cursor.execute(
                "UPDATE pages_forumpage SET contributors = %s WHERE page_ptr_id = %s",
                [contributors, key],
            )


def read(content):
    blocks = json.loads(content) if isinstance(content, str) and content else content
    return [block for block in blocks or [] if isinstance(block, dict)]


def organisations_in(value):
    """Lists are stored as items with an id; once they were stored as bare values."""
    for item in value.get("organisations") or []:
        key = item.get("value") if isinstance(item, dict) else item
        if isinstance(key, int):
            yield key


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="forumpage",
            name="contributors",
            field=models.TextField(blank=True, editable=False, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
