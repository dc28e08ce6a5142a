from django.db import migrations, models

# All words of a query are looked up by one function, which says how many rows to expect: asked in
# parts, PostgreSQL expects a handful, and then fetches each page by itself. It would rather read
# all rows than look up a word that most of them have, since it does not know what reading a long
# tsvector costs: so it is told not to.
FUNCTION = """
    CREATE FUNCTION {table}_{name}(
        wanted text[], masks integer[], numbers integer[], weights integer[]{more}
    ) RETURNS TABLE (id bigint, mask integer, terms integer, weight integer)
        LANGUAGE sql STABLE PARALLEL SAFE ROWS 50000 SET enable_seqscan = off
        AS '{body}';
"""
FOUND = """
    SELECT stored.id, asked.mask, asked.terms, asked.weight
    FROM unnest(wanted, masks, numbers, weights) AS asked(words, mask, terms, weight)
    JOIN {table} AS stored ON stored.vector @@ asked.words::tsquery
"""
# Each document once.
SUMMED = """
    SELECT hit.id, SUM(hit.mask)::integer, SUM(hit.terms)::integer, SUM(hit.weight)::integer
    FROM ({found}) AS hit
    GROUP BY hit.id
"""
# In the place of some documents are others, whose words are given.
WITH_GIVEN = """
    WHERE stored.id NOT IN (
        SELECT each.value::bigint FROM jsonb_array_elements_text(replaced) AS each(value)
    )
    UNION ALL
    SELECT pending.id, pending.mask, pending.terms, pending.weight
    FROM jsonb_to_recordset(given)
        AS pending(id bigint, mask integer, terms integer, weight integer)
"""
FUNCTIONS = (
    ("found", "", FOUND),
    ("summed", "", SUMMED.format(found=FOUND)),
    ("given", ", replaced jsonb, given jsonb", SUMMED.format(found=FOUND + WITH_GIVEN)),
)
# What is written waits in no list, which each search would have to read as well.
AT_ONCE = "ALTER INDEX {table}_vector SET (fastupdate = off)"
EMPTIED = "SELECT gin_clean_pending_list('{table}_vector')"
# Long texts stand apart, so that what is looked up lies close together; those that are there once
# they are written anew.
APART = "ALTER TABLE search_searchdocument SET (toast_tuple_target = 128)"
FORMER = """
    CREATE FUNCTION {table}_with(wanted text) RETURNS SETOF bigint
        LANGUAGE sql STABLE PARALLEL SAFE SET enable_seqscan = off
        AS 'SELECT id FROM {table} WHERE vector @@ wanted::tsquery';
"""
TABLES = ("search_searchdocument", "search_searchspelling")


def look_up_at_once(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        for name, more, body in FUNCTIONS:
            of_table = body.format(table=table)
            made = FUNCTION.format(table=table, name=name, more=more, body=of_table)
            schema_editor.execute(made)
        schema_editor.execute(AT_ONCE.format(table=table))
        schema_editor.execute(EMPTIED.format(table=table))
        schema_editor.execute(f"DROP FUNCTION {table}_with(text)")
    schema_editor.execute(APART)


def look_up_in_parts(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        for name, *_ in FUNCTIONS:
            schema_editor.execute(f"DROP FUNCTION {table}_{name}")
        schema_editor.execute(FORMER.format(table=table))
        schema_editor.execute(f"ALTER INDEX {table}_vector RESET (fastupdate)")
    schema_editor.execute("ALTER TABLE search_searchdocument RESET (toast_tuple_target)")


class Migration(migrations.Migration):
    dependencies = [("search", "0003_searches_in_vain")]

    operations = [
        migrations.CreateModel(
            name="SeenHit",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("mask", models.IntegerField()),
                ("score", models.IntegerField()),
                ("of", models.IntegerField()),
            ],
            options={"managed": False, "db_table": "search_seen_hit", "default_permissions": ()},
        ),
        migrations.RunPython(look_up_at_once, look_up_in_parts),
    ]
