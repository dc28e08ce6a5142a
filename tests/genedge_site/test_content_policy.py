"""What pages may load, and who may frame them, as headers say it. Chromium obeys them in
``tests/browser/test_content_policy.py``."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.cms.html_forms import posted

pytestmark = pytest.mark.django_db


def policy_of(answer):
    """Each directive's sources."""
    parts = [part.split() for part in answer["Content-Security-Policy"].split("; ")]
    return {name: sources for name, *sources in parts}


NONCE = re.compile(r'<script nonce="([^"]+)"')
PLAIN = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}


@pytest.mark.parametrize("path", ["/", "/no/such/page/", "/_util/login/"])
def test_page_loads_styles_and_pictures_of_this_site_alone(client, home_page, path):
    assert policy_of(client.get(path)) == PLAIN


@pytest.mark.parametrize("accepted", ["application/json", "application/graphql-response+json"])
@pytest.mark.parametrize("path", ["/health", "/graphql?query={__typename}", "/graphql?query={"])
def test_answer_for_a_program_loads_nothing(client, home_page, path, accepted):
    policy = policy_of(client.get(path, headers={"Accept": accepted}))

    assert set(policy) == {"default-src", "base-uri", "form-action", "frame-ancestors"}
    assert {source for sources in policy.values() for source in sources} == {"'none'"}


def test_request_for_another_host_is_answered_under_the_policy(client, settings):
    settings.ALLOWED_HOSTS = ["cms.example.org"]

    answer = client.get("/", headers={"Host": "elsewhere.example.org"})

    assert answer.status_code == 400
    assert policy_of(answer) == PLAIN


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/password_reset/", "/graphql/explorer"])
def test_screen_runs_scripts_of_this_site_alone(client, path):
    policy = policy_of(client.get(path))

    assert policy["script-src"] == ["'self'"]
    assert policy["connect-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert "'unsafe-inline'" not in str(policy)
    assert "'unsafe-eval'" not in str(policy)


def test_styles_of_the_admins_scripts_bear_a_nonce_that_is_never_the_same(editor, sign_in):
    browser = sign_in(editor)

    answers = [browser.get("/admin/") for _ in range(2)]

    nonces = [nonce for each in answers for nonce in NONCE.findall(each.content.decode())]
    for answer, nonce in zip(answers, nonces, strict=True):
        assert policy_of(answer)["style-src-elem"] == ["'self'", f"'nonce-{nonce}'"]
    assert nonces[0] != nonces[1]


def test_only_previews_beside_a_form_are_framed_and_run_no_script(editor, sign_in, home_page):
    page = factories.charter_page()
    browser = sign_in(editor)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    browser.post(preview, posted(browser.get(edit)))

    answers = {
        address: browser.get(address)
        for address in (
            f"{preview}?in_preview_panel=true",
            edit,
            reverse("wagtailadmin_pages:view_draft", args=[page.pk]),
        )
    }

    framed, form, draft = (policy_of(answer) for answer in answers.values())
    assert framed == PLAIN | {"frame-ancestors": ["'self'"]}
    assert draft == PLAIN
    assert form["frame-src"] == ["'self'"]
    assert form["frame-ancestors"] == ["'none'"]


def test_document_keeps_the_policy_that_its_view_gives_it(client):
    document = factories.document()

    answer = client.get(document.url)

    assert policy_of(answer)["default-src"] == ["'none'"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_form_that_was_open_too_long_is_answered_under_the_policy(home_page):
    answer = Client(enforce_csrf_checks=True).post("/no/such/form/", {"name": "x"})

    assert answer.status_code == 403
    assert policy_of(answer) == PLAIN
