"""What reaches the application as web servers hand it over, which Django's test client does not."""

import io

import pytest
from django.core.signals import request_started
from django.db import close_old_connections

from genedge_site.wsgi import application


@pytest.fixture
def _keep_the_connection_of_the_test():
    """As Django's test client does: a request begins with closing connections that are in use."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("_keep_the_connection_of_the_test")
@pytest.mark.parametrize("charset", ["hex", "rot13", "undefined", "zlib", "utf-8", "nonsense"])
@pytest.mark.parametrize(("path", "status"), [("/graphql", "200 OK"), ("/admin/", "302 Found")])
def test_a_charset_that_no_text_can_have_is_no_reason_to_fail(charset, path, status):
    statuses = []

    application(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "query={__typename}",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": f"application/json; charset={charset}",
            "wsgi.input": io.BytesIO(),
        },
        lambda told, headers: statuses.append(told),
    )

    assert statuses == [status]
