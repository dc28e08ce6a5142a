"""Whatever is hidden stays hidden from machines that read no GraphQL."""

import re
import sys
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import resolve

from cms.database.statements import forget_statements
from cms.feeds.urls import urlpatterns
from cms.perspective import visibility
from pages.models import ForumPage
from pages.models.forum import DatePrecision
from tests.cms.api.secret_content import LIVE, World, build_world
from tests.cms.api.secrets_told import secrets_in
from tests.cms.feeds.reading import ADDRESSES

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

LANGUAGES = [("en", "English"), ("de", "German")]
TRIED = [*ADDRESSES, "/sitemap-1.xml"]
OF_NO_PAGE = {"/robots.txt"}
# Each at an address that the API gives: `test_cards` and `test_charts` try those of what is hidden.
DRAWN = {"card", "chart"}
# An id is a hash of something random, in which any number may stand.
RANDOM = re.compile(rb"urn:uuid:[0-9a-f-]{36}")
FOLD = b"\r\n "  # In the midst of a word of iCalendar.


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    languages = {"LANGUAGES": LANGUAGES, "WAGTAIL_CONTENT_LANGUAGES": LANGUAGES}
    with override_settings(**languages), django_db_blocker.unblock(), transaction.atomic():
        made = build_world("de")
        # Without a date a forum is no event, hidden or not.
        ForumPage.objects.update(date_precision=DatePrecision.TIME)
        yield made
        transaction.set_rollback(True)


def answers(world: World) -> Iterator[tuple[str, bytes, bytes]]:
    """What each site tells at each address: the content, and the headers."""
    for host in ["testserver", *world.hosts]:
        for path in TRIED:
            response = Client().get(path, headers={"host": host})
            assert response.status_code == 200, (host, path)
            content = RANDOM.sub(b"", response.content.replace(FOLD, b""))
            yield path, content, repr(dict(response.headers)).encode()


def test_every_address_is_tried():
    tried = {resolve(path).url_name for path in TRIED}
    assert tried | DRAWN == {each.name for each in urlpatterns}


def test_nothing_hidden_is_told(world):
    found = list(answers(world))

    leaks = [
        (path, secrets)
        for path, content, headers in found
        if (secrets := secrets_in(content + headers, world.hidden_ids()))
    ]

    assert leaks == []
    named = {path for path, content, _ in found if LIVE.word.encode() in content}
    assert named == set(TRIED) - OF_NO_PAGE


def test_answers_are_the_same_when_what_is_hidden_does_not_exist(world):
    before = [content for _, content, _ in answers(world)]

    world.forget_hidden()

    assert [content for _, content, _ in answers(world)] == before


def test_what_is_hidden_would_be_met(world, monkeypatch, request):
    rule = visibility.visible
    for module in [*sys.modules.values()]:
        if getattr(module, "visible", None) is rule:
            monkeypatch.setattr(module, "visible", lambda queryset, *, at: queryset)
    forget_statements()
    request.addfinalizer(forget_statements)

    found = {path for path, content, _ in answers(world) if secrets_in(content, set())}

    assert found == set(TRIED) - OF_NO_PAGE
