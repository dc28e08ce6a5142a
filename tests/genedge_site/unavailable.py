"""What is answered while the database cannot be used."""

from __future__ import annotations

from tests.cms.api.http.documented_errors import check_errors

__all__ = ["check_api_says_so", "check_page_says_so", "post_query"]

QUERY = "{ articles { nodes { title authors { person { name } } } } }"


def post_query(client, **headers):
    return client.post(
        "/graphql", {"query": QUERY}, content_type="application/json", headers=headers
    )


def check_api_says_so(response) -> None:
    assert response.status_code == 503
    assert response.headers["Content-Type"].startswith("application/graphql-response+json")
    assert response.headers["Retry-After"] == "5"
    assert response.headers["Cache-Control"] == "no-store"
    assert check_errors(response.json()["errors"]) == {"SERVICE_UNAVAILABLE"}
    assert "data" not in response.json()


def check_page_says_so(response, *, sent=False) -> None:
    text = response.content.decode()
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "This site’s database does not answer" in text
    assert ("What you sent may not have been saved." in text) == sent
    assert "secret" not in text
