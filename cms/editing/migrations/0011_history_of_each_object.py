"""Each object's history shows what was done with several at once, also before it was told apart.

All that one request wrote to the log had one number, and histories show one row for each number and
action: of ten pages published together, nine were never published. Newer rows have a number for each
object: see ``cms/admin/history``.
"""

from uuid import uuid5

from django.db import migrations
from django.db.models import Count, Q

AT_ONCE = 1000
# Of each log, the columns that name the object.
LOGS = {"PageLogEntry": "page_id", "ModelLogEntry": "object_id"}


def tell_apart(apps, schema_editor):
    for model, key in LOGS.items():
        entries = apps.get_model("wagtailcore", model)._base_manager
        shared = (
            entries.exclude(uuid=None)
            .order_by()
            .values("uuid")
            .annotate(keys=Count(key, distinct=True), kinds=Count("content_type", distinct=True))
            .filter(Q(keys__gt=1) | Q(kinds__gt=1))
        )
        wanted = entries.filter(uuid__in=shared.values("uuid")).order_by("pk")
        keys = list(wanted.values_list("pk", flat=True))
        for start in range(0, len(keys), AT_ONCE):
            rows = list(
                entries.filter(pk__in=keys[start : start + AT_ONCE]).only(
                    "uuid", "content_type", key
                )
            )
            for row in rows:
                row.uuid = uuid5(row.uuid, f"{row.content_type_id} {getattr(row, key)}")
            entries.bulk_update(rows, ["uuid"])


class Migration(migrations.Migration):
    dependencies = [
        ("editing", "0010_welcome"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(tell_apart, migrations.RunPython.noop)]
