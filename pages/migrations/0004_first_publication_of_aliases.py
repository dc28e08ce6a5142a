from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    """Of pages that mirror one that was first published later, Wagtail kept no first moment."""
    pages = apps.get_model("wagtailcore", "Page").objects.using(schema_editor.connection.alias)
    aliases = pages.filter(alias_of__isnull=False, live=True, first_published_at=None)
    aliases.update(first_published_at=F("last_published_at"))


class Migration(migrations.Migration):
    dependencies = [("pages", "0003_forum_speakers")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
