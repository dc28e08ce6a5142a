"""One state of a form for each person and object, as Wagtail's previews take for granted.

It looks the row up and makes it when there is none. Two first previews at once made two, and every
one that followed failed.
"""

from django.db import migrations


def forget_form_states(apps, schema_editor):
    """What was being previewed; a browser sends it again with the next key that is pressed."""
    apps.get_model("wagtailadmin", "FormState").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("editing", "0005_calendar_link"),
        ("wagtailadmin", "0006_formstate"),
    ]

    operations = [
        migrations.RunPython(forget_form_states, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX genedge_one_form_state ON wagtailadmin_formstate"
            " (user_id, content_type_id, object_id, parent_object_id)",
            "DROP INDEX genedge_one_form_state",
        ),
    ]
