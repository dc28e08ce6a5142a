"""What reaches the application as web servers hand it over, which Django's test client does not."""

import io

import pytest

from genedge_site.wsgi import application


@pytest.mark.django_db
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
