"""modelcluster, treebeard, taggit, psycopg, granian, whitenoise and smaller packages inside."""

from __future__ import annotations

import multiprocessing.spawn
from contextlib import closing

import pytest
from django.contrib.staticfiles import finders
from modelcluster.fields import ParentalKey
from modelcluster.models import (
    ClusterableModel,
    get_all_child_m2m_relations,
    get_all_child_relations,
    model_from_serializable_data,
)
from treebeard.mp_tree import MP_Node
from urllib3.response import HTTPResponse
from wagtail.models import Page

from pages.models import DeliverablePage, Leader, LeadershipPage
from tests import factories
from tests.internals.upstream import canary, parameters, source, upstream

# modelcluster


@canary(
    "modelcluster keeps the rows that are not written yet under another name or in another form",
    where="pages/lifecycle/rows.py and cms/perspective/projection.py",
    look_at="`_cluster_related_objects`",
)
def test_rows_to_be_written_are_kept_by_relation(db):
    page = LeadershipPage.objects.get(pk=factories.leadership_page().pk)
    assert "_cluster_related_objects" not in vars(page)

    page.leaders.set([])

    assert page._cluster_related_objects == {"leaders": []}
    page.leaders.commit()
    assert page._cluster_related_objects == {}


@canary(
    "modelcluster writes the rows of a relation though there is nothing kept of it",
    where="pages/lifecycle/rows.py",
    look_at="`leave_rows_that_stay`",
)
def test_rows_of_which_nothing_is_kept_are_left_alone(db, statements):
    page = LeadershipPage.objects.get(pk=factories.leadership_page().pk)
    page.leaders.set([])
    del page._cluster_related_objects["leaders"]

    with statements(0):
        page.leaders.commit()


@canary(
    "modelcluster no longer lists the relations to rows, or writes those among `update_fields`",
    where="pages/base.py, pages/lifecycle/rows.py and cms/perspective/projection.py",
    look_at="`_all_but_the_place_of` and `get_all_child_relations`",
)
def test_relations_to_rows_are_listed_and_saved_by_name():
    names = [relation.get_accessor_name() for relation in get_all_child_relations(LeadershipPage)]

    assert "leaders" in names
    assert [field.name for field in get_all_child_m2m_relations(DeliverablePage)] == []
    (relation,) = (
        each
        for each in get_all_child_relations(LeadershipPage)
        if each.get_accessor_name() == "leaders"
    )
    assert relation.related_model is Leader
    assert isinstance(relation.field, ParentalKey)
    assert "if field in child_relation_names" in source(ClusterableModel.save)


@canary(
    "modelcluster reads objects from their stored form in another way",
    where="pages/lifecycle/revisions.py and cms/perspective/projection.py",
    look_at="`from_serializable_data` and `as_published`",
)
def test_object_is_read_without_asking_for_what_it_refers_to(db, statements):
    data = {"pk": None, "title": "T", "slug": "t", "social_image": 7, "live": True}
    rows = [{"pk": None, "person": 3, "role": "chair", "sort_order": 0, "page": None}]
    assert parameters(ClusterableModel.from_serializable_data) == [
        "data",
        "check_fks",
        "strict_fks",
    ]

    with statements(0):
        page = model_from_serializable_data(LeadershipPage, dict(data), check_fks=False)
        made = LeadershipPage.from_serializable_data({**data, "leaders": rows}, check_fks=False)

    assert page.social_image_id == made.social_image_id == 7
    (row,) = made._cluster_related_objects["leaders"]
    assert (row.person_id, row.role) == (3, "chair")


@canary(
    "modelcluster's formset of rows has another base",
    where="pages/lifecycle/rows.py",
    look_at="`Rows`",
)
def test_formset_of_rows_is_a_formset_of_a_model():
    formset = upstream("modelcluster.forms.BaseChildFormSet")

    assert upstream("django.forms.models.BaseModelFormSet") in formset.mro()


# treebeard


@canary(
    "treebeard keeps the parent that it has read under another name",
    where="pages/lifecycle/revisions.py",
    look_at="`with_content_json`",
)
def test_parent_is_taken_from_the_node(db, statements):
    page = Page.objects.get(pk=factories.charter_page().pk)
    parent = Page(pk=7)
    page._cached_parent_obj = parent

    with statements(0):
        assert page.get_parent() is parent


@canary(
    "treebeard gives nodes other paths",
    where="cms/api/reading/connections.py, cms/api/reading/content.py and"
    " cms/perspective/redirects.py",
    look_at="`_get_children_path_interval` and `steplen`",
)
def test_paths_begin_with_those_above_and_are_of_equal_steps(db):
    page = Page.objects.get(pk=factories.charter_page().pk)
    parent = page.get_parent()

    first, last = Page._get_children_path_interval(parent.path)

    assert issubclass(Page, MP_Node)
    assert (first, last) == (parent.path + "0" * Page.steplen, parent.path + "Z" * Page.steplen)
    assert first <= page.path <= last
    assert page.path.startswith(parent.path)
    assert page.depth == len(page.path) // Page.steplen
    assert "numchild" in {field.name for field in Page._meta.fields}


# taggit


@canary(
    "taggit names the columns between a thing and its tags in another way",
    where="cms/api/reading/questions.py and cms/api/reading/content.py",
    look_at="`TagNames` and `tags_of`",
)
def test_tags_are_reached_through_content_object_and_tag():
    field = DeliverablePage._meta.get_field("tags")

    through = field.remote_field.through
    assert through._meta.get_field("content_object").attname == "content_object_id"
    assert through._meta.get_field("tag").related_model._meta.get_field("name")


# psycopg


@canary(
    "psycopg's connection has lost what is used of it",
    where="cms/database/snapshot.py, cms/scheduling/process/alarm.py and cms/database/overlay.py",
    look_at="`pipeline`, `pgconn.exec_`, `notifies` and `Jsonb.obj`",
)
def test_connection_has_pipelines_notifications_and_its_own_connection():
    connection = upstream("psycopg.Connection")

    assert callable(connection.pipeline)
    assert "timeout" in parameters(connection.notifies)
    assert callable(upstream("psycopg.pq.PGconn").exec_)
    assert isinstance(connection.prepare_threshold, property)
    assert upstream("psycopg.types.json.Jsonb")({"a": 1}).obj == {"a": 1}


# granian


@canary(
    "granian takes other arguments",
    where="genedge_site/server.py",
    look_at="`serve`",
)
def test_server_takes_its_arguments():
    wanted = {
        "target",
        "address",
        "port",
        "interface",
        "workers",
        "http",
        "http1_settings",
        "websockets",
        "backpressure",
        "respawn_failed_workers",
        "workers_kill_timeout",
        "log_level",
    }

    assert wanted - set(parameters(upstream("granian.server.mp.MPServer").__init__)) == set()
    assert upstream("granian.constants.Interfaces").RSGI.value == "rsgi"
    assert upstream("granian.constants.HTTPModes").http1.value == "1"
    assert upstream("granian.http.HTTP1Settings")(header_read_timeout=1).header_read_timeout == 1
    assert upstream("granian.log.LogLevels").warning.value == "warning"


@canary(
    "granian tells in another way whether its workers die one after the other",
    where="genedge_site/server.py",
    look_at="`Replacements`, which stands in the place of `respawned_wrks`",
)
def test_replaced_workers_are_remembered_in_one_mapping():
    code = source("granian.server.common")

    assert code.count("respawned_wrks") == 5
    assert "self.respawned_wrks = {}" in code
    assert "cycle - self.respawned_wrks.get(idx, 0) <= 5.5" in code
    assert "self.respawned_wrks[idx] = time.monotonic()" in code
    assert code.count("self.respawned_wrks.clear()") == 2


@canary(
    "granian asks in another way whether a worker has ended",
    where="genedge_site/server.py",
    look_at="`Server`",
)
def test_worker_is_made_by_one_method_and_asked_whether_it_is_alive():
    code = source("granian.server.common")
    _, _, stopping = code.partition("def _stop_workers(self):")

    assert "if wrk.is_alive():" in stopping
    assert "wrk = self._spawn_worker(idx=idx, target=spawn_target" in code
    assert "self.inner = multiprocessing" in source("granian.server.mp")
    # Two threads ask: without that, its own answer would do.
    assert "self.inner.join()" in code


@canary(
    "granian's RSGI has changed",
    where="genedge_site/bridge/bridge.py, genedge_site/bridge/bodies.py,"
    " genedge_site/bridge/answers.py and genedge_site/bridge/environ.py",
    look_at="what is asked of `scope` and `protocol`",
)
def test_server_speaks_the_protocol_of_the_bridge():
    """What comes after the end of a body is asked of a server: tests/genedge_site."""
    protocol = upstream("granian.rsgi.HTTPProtocol")
    asked = {"__call__", "__aiter__", "__anext__", "response_bytes", "response_empty"}

    assert asked | {"response_file", "response_file_range"} <= set(dir(protocol))
    assert issubclass(upstream("granian.rsgi.ProtocolClosed"), RuntimeError)
    assert issubclass(upstream("granian.rsgi.ProtocolError"), RuntimeError)
    assert "'__rsgi_init__'" in source("granian.rsgi")


@canary(
    "granian opens the socket of a worker in another way",
    where="genedge_site/listener.py",
    look_at="`give_up_peers_that_stall`",
)
def test_worker_listens_before_its_loop_runs():
    _, _, code = source("granian.server.mp").partition("def _spawn_rsgi_worker(")

    steps = ["callback_init(loop)", "serve(scheduler, loop", "loop.run_until_complete(_main())"]
    assert sorted(steps, key=code.index) == steps


@canary(
    "granian starts its workers in another way than multiprocessing's own, or these end without"
    " what is registered with `atexit`",
    where="genedge_site/server.py and genedge_site/worker.py",
    look_at="`set_start_method` and `atexit.register`",
)
def test_workers_are_started_as_multiprocessing_is_told():
    code = source("granian.server.mp")

    assert "self._spawn_method = multiprocessing.get_start_method()" in code
    assert "multiprocessing.get_context(self._spawn_method).Process(" in code
    # A forked process would leave without `atexit`; one that is spawned ends as any program does.
    assert "sys.exit(exitcode)" in source(multiprocessing.spawn.spawn_main)


# whitenoise


@canary(
    "whitenoise reads other settings, or serves static files in another way",
    where="genedge_site/settings/base.py and genedge_site/settings/production.py",
    look_at="`WHITENOISE_USE_FINDERS` and `MIDDLEWARE`",
)
def test_static_files_are_found_where_they_are_installed():
    code = source("whitenoise.middleware")

    assert "WHITENOISE_USE_FINDERS" in code
    assert callable(upstream("whitenoise.middleware.WhiteNoiseMiddleware"))


# graphene-django-graphiql-static


@canary(
    "The files of the GraphQL explorer have other names",
    where="cms/api/templates/api/explorer.html",
    look_at="its `static` tags",
)
def test_files_of_the_explorer_have_their_names():
    folder = "graphene_django_graphiql_static"
    files = (
        "graphiql.min.css",
        "graphiql.min.js",
        "react-dom.production.min.js",
        "react.production.min.js",
    )

    assert [name for name in files if finders.find(f"{folder}/{name}") is None] == []


# dj_database_url


@canary(
    "dj_database_url reads addresses of databases in another way",
    where="genedge_site/settings/environment.py",
    look_at="`Environment.database`",
)
def test_address_of_a_database_becomes_settings_or_a_value_error():
    read = upstream("dj_database_url.parse")

    found = read("postgresql://me:secret@db.example.org:5433/content?sslmode=require")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["NAME"], found["HOST"], found["PORT"]) == ("content", "db.example.org", 5433)
    assert found["OPTIONS"] == {"sslmode": "require"}
    assert read("sqlite://:memory:")["NAME"] == ":memory:"
    with pytest.raises(ValueError):  # noqa: PT011
        read("postgresql://[")


# django-axes


@canary(
    "django-axes asks its handler in another way",
    where="cms/admin/sign_in/attempts.py cms/admin/sign_in/middleware.py",
    look_at="`Attempts` and `PasswordAttemptsMiddleware`",
)
def test_axes_asks_and_tells_its_handler():
    proxy = upstream("axes.handlers.proxy.AxesProxyHandler")
    handler = upstream("axes.handlers.base.AxesBaseHandler")
    assert parameters(handler.is_locked) == ["request", "credentials"]
    assert "cls.get_implementation().is_allowed(request, credentials)" in source(proxy.is_allowed)
    assert "get_implementation().user_login_failed(" in source(proxy)
    assert "request.axes_ip_address" in source(proxy.update_request)
    assert "is_allowed(request, credentials)" in source(
        upstream("axes.backends.AxesStandaloneBackend")
    )
    model = upstream("axes.models.AccessAttempt")
    assert model._meta.unique_together == (("username", "ip_address", "user_agent"),)


# botocore


@canary(
    "botocore no longer hands over the stream beneath an answer's body, or it waits until all that"
    " was asked for is there",
    where="media/bucket.py",
    look_at="`BucketFile.pieces`",
)
def test_body_of_an_answer_has_a_stream_that_gives_what_has_come(store):
    store.client.put_object(Bucket=(bucket := store.bucket()), Key="a.txt", Body=b"Words.")

    with closing(store.client.get_object(Bucket=bucket, Key="a.txt")["Body"]) as body:
        first = body._raw_stream.read1(2)
        rest = body._raw_stream.read1(100)

    assert (first, rest) == (b"Wo", b"rds.")
    assert "read1=True" in source(HTTPResponse.read1)
