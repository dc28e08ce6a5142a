import json

from django.db import migrations, models


def fill(apps, schema_editor):
    """From the talks as they are stored, each of which has a list of speakers."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT page_ptr_id, talks FROM pages_forumpage")
        for key, talks in cursor.fetchall():
            found = {
                speaker
                for block in read(talks)
                for speaker in speakers_in(block.get("value") or {})
            }
            speakers = "|".join(["", *map(str, sorted(found)), ""])
            cursor.execute(
                "UPDATE pages_forumpage SET speakers = %s WHERE page_ptr_id = %s", [speakers, key]
            )


def read(content):
    blocks = json.loads(content) if isinstance(content, str) and content else content
    return [block for block in blocks or [] if isinstance(block, dict)]


def speakers_in(value):
    """Lists are stored as items with an id; once they were stored as bare values."""
    for item in value.get("speakers") or []:
        key = item.get("value") if isinstance(item, dict) else item
        if isinstance(key, int):
            yield key


class Migration(migrations.Migration):
    dependencies = [("pages", "0002_forum_contributors")]

    operations = [
        migrations.AddField(
            model_name="forumpage",
            name="speakers",
            field=models.TextField(blank=True, editable=False, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
