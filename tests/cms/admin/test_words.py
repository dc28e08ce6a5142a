"""The words on the screens of the admin are those of people who write, not of programs."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from tests import factories
from tests.cms.admin.test_every_view import Browser, addresses
from tests.cms.admin_content import Content, make_content

pytestmark = pytest.mark.django_db

FOREIGN = re.compile(
    r"\b(moderat\w*|snippets?|slugs?|root|locales?|csrf\w*|registered operations?|workflows?"
    r"|wagtail)\b",
    re.IGNORECASE,
)
# What is read out or shown though it is no text of the page.
TOLD = ("alt", "aria-label", "aria-description", "placeholder", "title", "data-w-confirm-message")
# Names of models and permissions, which cannot be translated. Only administrators see them.
NAMES_OF_MODELS = {
    "1 locale",
    "Locale",
    "Locales",
    "Can add locale",
    "Can change locale",
    "Can delete locale",
    "Can add workflow",
    "Can change workflow",
    "Can delete workflow",
    "Root page",
}


class Words(HTMLParser):
    """Every text of a page that somebody sees or is read, each with what it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.hidden += tag in ("script", "style")
        self.texts += [given[name] or "" for name in TOLD if name in given]
        if "wagtail.org" in (given.get("href") or ""):
            self.texts.append(given["href"] or "")
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.texts.append(given.get("value") or "")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.hidden and data.strip():
            self.texts.append(" ".join(data.split()))


def texts_of(html: str) -> list[str]:
    words = Words()
    words.feed(html)
    return words.texts


@pytest.fixture
def content(settings) -> Content:
    made = make_content()
    made.uploads = Path(settings.MEDIA_ROOT)
    User.objects.filter(username="root").update(username="owner")
    return made


def foreign_words(content: Content, role: str) -> Iterator[tuple[str, str]]:
    browser = Browser(content.people[role])
    for urls in addresses(content).values():
        for url in urls:
            response = browser.send("get", url)
            if response.status_code == 200 and "html" in response.get("Content-Type", ""):
                for text in texts_of(response.content.decode()):
                    if FOREIGN.search(text):
                        yield text, url


@pytest.mark.parametrize("role", ["Communications staff", "Editors", "Administrators"])
def test_no_screen_says_a_word_of_programs(content, role):
    found: dict[str, str] = {}
    for text, url in foreign_words(content, role):
        if not (role == "Administrators" and text in NAMES_OF_MODELS):
            found.setdefault(text, url)

    assert not found, "\n".join(f"{text!r} at {url}" for text, url in found.items())


def test_admin_is_in_one_language_whose_weeks_begin_on_monday(staff, sign_in):
    window, index = sign_in(staff), factories.articles_page()
    form = reverse("wagtailadmin_pages:add", args=("pages", "articlepage", index.pk))

    account = window.get(reverse("wagtailadmin_account")).content.decode()
    dates = unescape(window.get(form).content.decode())

    assert "Preferred language" not in account
    assert "Time zone" in account
    assert set(re.findall(r'"dayOfWeekStart": ?(\d)', dates)) == {"1"}
