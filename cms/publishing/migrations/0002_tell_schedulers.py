"""An index for what expires, and on PostgreSQL a word to the schedulers when the schedule changes.

Triggers, because signals of Django are not sent for everything that writes, such as ``update``. A
new kind of snippet needs such a trigger as well: see ``EXPIRING``.
"""

from django.db import migrations

TELL = """
    CREATE FUNCTION genedge_tell_schedulers() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NOTIFY genedge_schedule;
        RETURN NULL;
    END $$
"""
EXPIRING = ["wagtailcore_page", "pages_person", "pages_organisation"]
# What is taken off the schedule needs no word: there will be nothing to do.
CONDITIONS = {
    "wagtailcore_revision": (
        ["approved_go_live_at"],
        "NEW.approved_go_live_at IS NOT NULL",
    ),
    **{
        table: (["live", "expire_at"], "NEW.live AND NEW.expire_at IS NOT NULL")
        for table in EXPIRING
    },
}


def make_triggers(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(TELL)
    for table, (columns, matters) in CONDITIONS.items():
        old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
        changed = f"{matters} AND ({old}) IS DISTINCT FROM ({new})"
        for event, condition in (
            ("INSERT", matters),
            (f"UPDATE OF {', '.join(columns)}", changed),
        ):
            schema_editor.execute(
                f"CREATE TRIGGER genedge_tell_schedulers_{event[:6].lower()}"
                f" AFTER {event} ON {table} FOR EACH ROW WHEN ({condition})"
                " EXECUTE FUNCTION genedge_tell_schedulers()"
            )


def remove_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION genedge_tell_schedulers CASCADE")


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0001_initial"),
        ("publishing", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX genedge_page_expiry ON wagtailcore_page (expire_at)"
            " WHERE live AND expire_at IS NOT NULL",
            "DROP INDEX genedge_page_expiry",
        ),
        migrations.RunPython(make_triggers, remove_triggers),
    ]
