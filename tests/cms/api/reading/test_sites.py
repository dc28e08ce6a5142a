"""Which site a request is answered for, and that a change of a site shows in the next answer."""

import pytest
from django.http.request import split_domain_port
from wagtail.models import Page, Site
from wagtail.models.sites import get_site_for_hostname

from tests import factories


@pytest.fixture
def sites(db):
    """A default site, one with a name of its own, and two that a port tells apart."""
    default = factories.home_page()
    Site.objects.update(site_name="default", hostname="www.example.org")
    for name, hostname, port in (
        ("blog", "blog.example.org", 80),
        ("shop", "shop.example.org", 80),
        ("test shop", "shop.example.org", 8080),
    ):
        Site.objects.create(
            site_name=name, hostname=hostname, port=port, root_page=Page.objects.get(pk=default.pk)
        )


@pytest.mark.parametrize("has_default", [True, False])
@pytest.mark.parametrize(
    "host",
    [
        "www.example.org",
        "www.example.org:8080",
        "blog.example.org",
        "blog.example.org:8080",
        "shop.example.org",
        "shop.example.org:8080",
        "shop.example.org:9090",
        "elsewhere.example.org",
    ],
)
def test_the_site_is_the_one_wagtail_finds(sites, client, settings, host, has_default):
    settings.USE_X_FORWARDED_PORT = True
    Site.objects.update(is_default_site=False)
    if has_default:
        Site.objects.filter(site_name="default").update(is_default_site=True)
    hostname, port = split_domain_port(host)
    try:
        expected = get_site_for_hostname(hostname, port or "80").site_name
    except Site.DoesNotExist:
        expected = "UNKNOWN_SITE"

    answer = client.get(
        "/graphql",
        {"query": "{ site { name } }"},
        headers={"X-Forwarded-Port": port or "80", "Host": host},
    ).json()

    found = answer.get("data") or answer["errors"][0]["extensions"]
    assert found in ({"site": {"name": expected}}, {"code": expected})


def test_address_follows_a_site_that_another_process_has_changed(sites, client):
    def url_at(host):
        answer = client.get("/graphql", {"query": "{ site { url } }"}, headers={"Host": host})
        return answer.json()["data"]["site"]["url"]

    assert url_at("blog.example.org") == "http://blog.example.org"

    Site.objects.filter(site_name="blog").update(hostname="new.example.org", port=443)

    assert url_at("new.example.org") == "https://new.example.org"
