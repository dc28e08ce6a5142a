"""What Wagtail calls things that everyone sees in the admin, in the words of those who see them.

The admin is in English, whatever language an account chose before: so are our own screens.
"""

from django.db import migrations

ABOVE_ALL = "All pages"
FILES = "All files"


def rename(apps, schema_editor):
    pages = apps.get_model("wagtailcore", "Page").objects
    pages.filter(depth=1, title="Root").update(title=ABOVE_ALL, draft_title=ABOVE_ALL)
    collections = apps.get_model("wagtailcore", "Collection").objects
    collections.filter(depth=1, name="Root").update(name=FILES)
    apps.get_model("wagtailusers", "UserProfile").objects.update(preferred_language="")


class Migration(migrations.Migration):
    dependencies = [
        ("editing", "0008_lost_password"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
