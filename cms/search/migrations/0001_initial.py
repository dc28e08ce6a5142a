from django.db import migrations, models

# Of each table a full text index of its column `words`, which holds them with spaces between.
TABLES = ("search_searchdocument", "search_searchspelling")

# Words are made ready before: to this tokenizer, letters beyond ASCII are letters, and nothing else.
FORGET = (
    "INSERT INTO {table}_words({table}_words, rowid, words) VALUES ('delete', old.id, old.words)"
)
NOTE = "INSERT INTO {table}_words(rowid, words) VALUES (new.id, new.words)"
IN_SQLITE = (
    "CREATE VIRTUAL TABLE {table}_words USING fts5("
    "words, content='{table}', content_rowid='id', detail=none, tokenize=ascii)",
    f"CREATE TRIGGER {{table}}_added AFTER INSERT ON {{table}} BEGIN {NOTE}; END",
    f"CREATE TRIGGER {{table}}_removed AFTER DELETE ON {{table}} BEGIN {FORGET}; END",
    f"CREATE TRIGGER {{table}}_changed AFTER UPDATE ON {{table}}"
    f" WHEN old.words IS NOT new.words BEGIN {FORGET}; {NOTE}; END",
)
# PostgreSQL would rather read all rows than look up a word that most of them have, since it does
# not know what reading a long tsvector costs. So it is asked to in a function, where that can be
# told.
IN_POSTGRESQL = """
    ALTER TABLE {table} ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED;
    CREATE INDEX {table}_vector ON {table} USING gin (vector);
    CREATE FUNCTION {table}_with(wanted text) RETURNS SETOF bigint
        LANGUAGE sql STABLE PARALLEL SAFE SET enable_seqscan = off
        AS 'SELECT id FROM {table} WHERE vector @@ wanted::tsquery';
"""


def object_found(model):
    return models.OneToOneField(
        db_constraint=False,
        on_delete=models.deletion.DO_NOTHING,
        related_name="search_hit",
        to=model,
    )


def make_indexes(apps, schema_editor):
    connection = schema_editor.connection
    for table in TABLES:
        if connection.vendor == "postgresql":
            schema_editor.execute(IN_POSTGRESQL.format(table=table))
        else:
            for statement in IN_SQLITE:
                schema_editor.execute(statement.format(table=table))


def drop_indexes(apps, schema_editor):
    """Those of PostgreSQL go with their tables, but for the functions."""
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {table}_with(text)")
        else:
            schema_editor.execute(f"DROP TABLE {table}_words")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("media", "0001_initial"),
        ("pages", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", models.TextField()),
                ("text", models.TextField()),
                ("words", models.TextField()),
                ("made_by", models.PositiveSmallIntegerField(db_index=True)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="SearchSpelling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.TextField(db_index=True)),
                ("words", models.TextField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="PageHit",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("mask", models.IntegerField()),
                ("terms", models.IntegerField()),
                ("score", models.IntegerField()),
                ("page", object_found("wagtailcore.page")),
            ],
            options={"managed": False, "db_table": "search_page_hit", "default_permissions": ()},
        ),
        migrations.CreateModel(
            name="OtherHit",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("mask", models.IntegerField()),
                ("terms", models.IntegerField()),
                ("score", models.IntegerField()),
                ("kind", models.IntegerField()),
                ("document", object_found("media.document")),
                ("organisation", object_found("pages.organisation")),
                ("person", object_found("pages.person")),
            ],
            options={"managed": False, "db_table": "search_other_hit", "default_permissions": ()},
        ),
        migrations.RunPython(make_indexes, drop_indexes),
    ]
