"""What Django does inside: statements, cursors, instances, forms, requests and files."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.signals import got_request_exception
from django.db import connection, models, transaction
from django.db.models import DateTimeField, F, IntegerField
from django.db.models.base import ModelState
from django.db.models.deletion import Collector
from django.db.models.signals import post_delete, post_save
from django.forms.formsets import BaseFormSet
from django.forms.models import BaseModelForm
from django.http.request import split_domain_port
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Revision, Site

from cms.database.statements import Given
from pages.models import ArticlePage, Person
from tests import factories
from tests.internals.upstream import canary, parameters, source, upstream

STATEMENTS = "cms/database/statements.py"
SNAPSHOT = "cms/database/snapshot.py"

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="asks PostgreSQL's own connection"
)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite's own connection")


# Statements


def compiled(queryset: Any) -> Any:
    compiler = queryset.query.get_compiler(queryset.db)
    compiler.as_sql()
    return compiler


@canary(
    "Django's compiler tells of its columns, models and annotations in another form",
    where=STATEMENTS,
    look_at="`_Statement` and `_Instances`",
)
def test_compiler_tells_which_column_is_of_which_instance(db):
    sites = Site.objects.select_related("root_page").annotate(double=F("pk") * 2)

    compiler = compiled(sites)

    info = compiler.klass_info
    assert info["model"] is Site
    assert len(info["select_fields"]) == len(Site._meta.concrete_fields)
    (related,) = info["related_klass_infos"]
    assert related["model"] is Page
    assert callable(related["local_setter"])
    assert callable(related["remote_setter"])
    first = compiler.select[info["select_fields"][0]][0]
    assert first.target.attname == "id"
    assert list(compiler.annotation_col_map) == ["double"]
    assert len(compiler.select) == compiler.annotation_col_map["double"] + 1 + len(
        related["select_fields"]
    )


@canary(
    "Django's compiler converts what the database answers in another way",
    where=STATEMENTS,
    look_at="`_Statement.converted`",
)
def test_compiler_tells_which_columns_are_converted(db):
    compiler = compiled(Revision.objects.all())

    converters = compiler.get_converters([column for column, *_ in compiler.select])

    names = [column.target.attname for column, *_ in compiler.select]
    assert names.index("content") in converters
    functions, expression = converters[names.index("content")]
    assert all(callable(function) for function in functions)
    assert expression.target.attname == "content"
    assert "value = converter(value, expression, connection)" in source(compiler.apply_converters)


@canary(
    "Django looks into the parameters of a statement while it builds it",
    where=STATEMENTS,
    look_at="`Given.as_sql`, which leaves itself among them",
)
def test_parameters_are_left_as_an_expression_gave_them(db):
    given = Given("key", IntegerField())

    sql, found = Person.objects.filter(pk=given).query.get_compiler("default").as_sql()

    assert [each for each in found if isinstance(each, Given)] == [given]
    assert sql.count("%s") == len(found)


@canary(
    "A queryset says by another name that it is to return values instead of instances",
    where=STATEMENTS,
    look_at="`queryset._fields`",
)
def test_queryset_says_whether_it_returns_values():
    assert Person.objects.all()._fields is None
    assert Person.objects.values_list("pk")._fields == ("pk",)


@canary(
    "Django makes an instance from a row with other attributes",
    where=f"{STATEMENTS} and cms/api/reading/questions.py",
    look_at="`_Instances.make` and `of_own_type`",
)
def test_instance_has_its_columns_and_its_state_alone(db):
    made = factories.person()

    read = Person.objects.get(pk=made.pk)

    columns = {field.attname for field in Person._meta.concrete_fields}
    assert read.__dict__.keys() == {*columns, "_state"}
    assert vars(ModelState()) == {}
    assert (read._state.adding, read._state.db) == (False, "default")
    assert ModelState().fields_cache == {}


@canary(
    "Django writes the beginning of statements, or the names of tables, in another way",
    where="cms/database/overlay.py",
    look_at="`READING`, `NAMES` and `Overlay.execute`",
)
def test_statements_begin_with_select_and_quote_names(db):
    pages = Page.objects.filter(pk__in=ArticlePage.objects.values("pk")).order_by()
    found = [pages, pages.union(pages)]
    if connection.vendor == "postgresql":
        found.append(pages.union(pages.order_by("pk")[:1]))
    for queryset in found:
        sql, _ = queryset.query.get_compiler("default").as_sql()
        assert sql.startswith(("SELECT ", "(SELECT "))
        assert '"wagtailcore_page"' in sql
    assert connection.ops.quote_name("name") == '"name"'


@canary(
    "Wrappers of `execute_wrapper` are called with other arguments, or in another order",
    where=f"cms/database/overlay.py and {SNAPSHOT}",
    look_at="`Overlay.execute` and `begin`",
)
def test_wrappers_are_called_with_five_arguments_in_their_order(db):
    called = []

    def wrapper(name):
        def wrap(execute, sql, params, many, context):
            called.append((name, many, set(context)))
            return execute(sql, params, many, context)

        return wrap

    with connection.execute_wrapper(wrapper("first")), connection.execute_wrapper(wrapper("last")):
        Site.objects.count()

    assert called == [(name, False, {"connection", "cursor"}) for name in ("first", "last")]


# Connections


@canary(
    "Django's PostgreSQL backend makes or wraps cursors in another way",
    where=STATEMENTS,
    look_at="`_cursor`",
)
def test_cursor_that_binds_on_the_server_can_be_wrapped():
    backend = "django.db.backends.postgresql.base"
    cursor = upstream(f"{backend}.ServerBindingCursor")
    wrapper = upstream(f"{backend}.DatabaseWrapper")

    assert upstream("psycopg.Cursor") in cursor.mro()
    assert upstream("psycopg.ClientCursor") not in cursor.mro()
    assert parameters(wrapper._prepare_cursor) == ["cursor"]
    assert parameters(cursor.__init__)[:1] == ["connection"]
    assert 'conn_params.pop( "prepare_threshold", None )' in source(wrapper)


@canary(
    "Django's PostgreSQL backend keeps or closes its pool in another way",
    where="cms/scheduling/process/supervisor.py and cms/scheduling/process/alarm.py",
    look_at="`keep_running` and `Alarm.set`",
)
def test_pool_can_be_closed_and_parameters_reused():
    wrapper = upstream("django.db.backends.postgresql.base.DatabaseWrapper")

    assert parameters(wrapper.close_pool) == []
    assert parameters(wrapper.get_connection_params) == []
    assert '"pool"' in source(wrapper)
    assert hasattr(wrapper, "wrap_database_errors")


@on_sqlite
@canary(
    "Django's SQLite backend no longer reads `transaction_mode` when a transaction begins",
    where=SNAPSHOT,
    look_at="`snapshot_in_sqlite`",
)
def test_mode_of_a_transaction_is_read_when_it_begins(committed, monkeypatch):
    begun = transaction.get_connection()
    monkeypatch.setattr(begun, "transaction_mode", "DEFERRED")

    with CaptureQueriesContext(begun) as captured, transaction.atomic():
        pass

    assert captured.captured_queries[0]["sql"] == "BEGIN DEFERRED"


@on_postgresql
@canary(
    "psycopg, or Django's wrapper around it, no longer sends what begins a transaction together"
    " with the first statement, or no longer ends it with `pgconn.exec_`",
    where=SNAPSHOT,
    look_at="`snapshot_in_postgresql`",
)
def test_transaction_is_begun_and_ended_beneath_django(committed):
    begun = transaction.get_connection()
    begun.ensure_connection()
    underlying = begun.connection
    idle = upstream("psycopg.pq.TransactionStatus").IDLE

    with underlying.pipeline():
        underlying.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with begun.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone() == ("repeatable read",)
    assert underlying.pgconn.transaction_status != idle
    underlying.pgconn.exec_(b"COMMIT")

    assert underlying.pgconn.transaction_status == idle
    assert underlying.closed is False


# Models


@canary(
    "Django lists the parents of a model in another order",
    where="cms/perspective/objects.py and cms/perspective/projection.py",
    look_at="`base_model`",
)
def test_last_of_the_parents_is_the_one_above_all():
    assert ArticlePage._meta.get_parent_list() == [Page]
    assert Person._meta.get_parent_list() == []


@canary(
    "Django tells receivers of other things when something is saved or deleted",
    where="cms/outbox/receivers.py",
    look_at="`update_fields` and `origin`",
)
def test_receivers_are_told_what_is_saved_and_why_it_is_deleted(db):
    told: list[dict[str, Any]] = []

    def receiver(**kwargs):
        told.append(kwargs)

    made = factories.person()
    for signal in (post_save, post_delete):
        signal.connect(receiver, sender=Person)
    try:
        made.save(update_fields=["name"])
        people = Person.objects.filter(pk=made.pk)
        people.delete()
    finally:
        for signal in (post_save, post_delete):
            signal.disconnect(receiver, sender=Person)

    assert told[0]["update_fields"] == frozenset({"name"})
    assert told[-1]["origin"].model is Person


@canary(
    "Django's collector of what is deleted no longer knows with what it began",
    where="cms/releases/models.py",
    look_at="`kept_from_purging`",
)
def test_collector_knows_its_origin():
    assert Collector("default", origin="this").origin == "this"
    assert parameters(models.SET_NULL) == ["collector", "field", "sub_objs", "using"]


# Forms


@canary(
    "Django's forms fill in the instance in another step than `_post_clean`",
    where="pages/lifecycle/forms.py and media/forms.py",
    look_at="`PublicationFormMixin._post_clean` and `ImageForm._post_clean`",
)
def test_instance_is_filled_in_after_the_form_is_clean():
    code = source(forms.BaseForm.full_clean)

    assert code.index("self._clean_form()") < code.index("self._post_clean()")
    assert "construct_instance(" in source(BaseModelForm._post_clean)
    assert "f.name not in cleaned_data" in source(forms.models.construct_instance)
    assert "field not in self.fields" in source(BaseModelForm._get_validation_exclusions)


@canary(
    "Django's formsets leave out rows by another method than `_should_delete_form`",
    where="pages/lifecycle/rows.py and pages/models/form.py",
    look_at="`Rows` and `FormPageForm.has_questions`",
)
def test_formset_asks_of_each_row_whether_to_leave_it_out():
    assert parameters(BaseFormSet._should_delete_form) == ["form"]
    for step in (BaseFormSet.full_clean, BaseFormSet.is_valid):
        assert "self._should_delete_form(form)" in source(step)
    assert isinstance(BaseFormSet.extra_forms, property)
    assert isinstance(BaseFormSet.initial_forms, property)
    model_formset = upstream("django.forms.models.BaseModelFormSet")
    assert parameters(model_formset.get_unique_error_message) == ["unique_check"]


@canary(
    "The field of dates with times that stands above Django's reads texts in another way",
    where="cms/admin/times/local_times.py",
    look_at="`LocalDateTimeField.read`",
)
def test_field_above_reads_texts_without_a_zone():
    field = forms.DateTimeField()

    read = super(forms.DateTimeField, field).to_python("2026-01-31 09:00")

    assert read == datetime(2026, 1, 31, 9)  # noqa: DTZ001
    assert read.tzinfo is None
    assert forms.DateTimeField.mro()[1].__name__ == "BaseTemporalField"


# Requests and files


@canary(
    "Django's WSGI handler makes requests of another class, or reads their type elsewhere",
    where="genedge_site/wsgi.py",
    look_at="`Request` and `Handler`",
)
def test_request_reads_its_type_in_one_method():
    assert WSGIHandler.request_class is WSGIRequest
    assert "self.request_class(environ)" in source(WSGIHandler.__call__)
    assert "self._set_content_type_params(environ)" in source(WSGIRequest.__init__)
    assert parameters(WSGIRequest._set_content_type_params) == ["meta"]


@canary(
    "`split_domain_port` is gone or splits in another way",
    where="cms/api/reading/sites.py",
    look_at="`Sites`",
)
def test_host_is_split_from_its_port():
    assert split_domain_port("Example.org:8000") == ("example.org", "8000")
    assert split_domain_port("[::1]:8000") == ("[::1]", "8000")
    assert split_domain_port("not a host") == ("", "")


@canary(
    "The storage of static files names or refuses them in another method than `hashed_name`",
    where="genedge_site/static_files.py",
    look_at="`StaticFiles.hashed_name`",
)
def test_missing_static_file_is_refused_when_it_is_named(tmp_path):
    storage = upstream("genedge_site.static_files.StaticFiles")
    theirs = upstream("whitenoise.storage.CompressedManifestStaticFilesStorage")
    assert theirs in storage.mro()
    assert ManifestFilesMixin in storage.mro()
    assert parameters(storage.hashed_name) == ["name", "content", "filename"]

    with pytest.raises(ValueError, match=r"missing\.css"):
        theirs(location=str(tmp_path)).hashed_name("missing.css")


@canary(
    "Django's commands or its plan of migrations are asked in another way",
    where="genedge_site/launch.py",
    look_at="`prepare`",
)
def test_migrations_that_are_missing_can_be_asked_for(db):
    executor = upstream("django.db.migrations.executor.MigrationExecutor")(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert callable(upstream("django.core.management.base.BaseCommand")().check)


@canary(
    "Moments reach the database or its JSON in another form",
    where="cms/database/overlay.py",
    look_at="`cell` and `plain`",
)
def test_values_are_prepared_for_the_database():
    moment = datetime(2026, 1, 31, 9, tzinfo=UTC)

    prepared = DateTimeField().get_db_prep_save(moment, connection)

    assert isinstance(prepared, str | datetime)
    assert str(prepared).startswith("2026-01-31 09:00:00")
    day = models.DateField().get_db_prep_save(date(2026, 1, 31), connection)
    assert str(day) == "2026-01-31"


@canary(
    "Django tells of an exception after it has been handled, or without its request",
    where="genedge_site/outage.py and genedge_site/logs.py",
    look_at="`note_error` and `WithoutOutages`",
)
def test_exceptions_are_told_while_they_are_handled(caplog):
    handled: list[tuple] = []

    def hear(request, **kwargs):
        handled.append((request, sys.exc_info()[1]))

    def fail(request):
        raise error

    error, request = RuntimeError(), RequestFactory().get("/")
    got_request_exception.connect(hear)
    try:
        convert_exception_to_response(fail)(request)
    finally:
        got_request_exception.disconnect(hear)

    assert handled == [(request, error)]
    assert [record.request for record in caplog.records] == [request]


@canary(
    "An error of SQLite's has no name, or mistakes have another",
    where="cms/database/outage.py",
    look_at="`cannot_be_used`",
)
def test_error_of_sqlite_has_a_name():
    database = sqlite3.connect(":memory:")
    with closing(database), pytest.raises(sqlite3.OperationalError) as error:
        database.execute("SELECT * FROM nothing")

    assert error.value.sqlite_errorname == "SQLITE_ERROR"
