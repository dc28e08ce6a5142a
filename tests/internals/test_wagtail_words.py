"""Canaries: the words of Wagtail that `cms/admin/locale/` says otherwise."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.utils import translation

from tests.internals.upstream import canary, source

pytestmark = pytest.mark.any_database

OURS = Path(settings.BASE_DIR) / "cms/admin/locale/en/LC_MESSAGES/django.po"
FOREIGN = re.compile(
    r"\b(moderat\w*|snippets?|slugs?|root|locales?|csrf\w*|workflows?|wagtail)\b", re.IGNORECASE
)
# What is filled in, or no text: placeholders, tags.
FILLED_IN = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<[^>]*>")
# Where links lead that we leave out.
LEFT_OUT = {"%(guide_link)s"}
# Of parts of Wagtail that have nothing to show in the admin.
NAMES_OF_APPS = re.compile(r"Wagtail [\w ]+$")


def messages_in(file: Path) -> Iterator[Message]:
    with file.open("rb") as content:
        yield from (message for message in read_po(content, locale="en") if message.id)


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def is_foreign(text: str) -> bool:
    return bool(FOREIGN.search(FILLED_IN.sub(" ", text)))


def of_wagtail() -> dict[tuple[str, ...], Message]:
    """What the parts of Wagtail that are installed can say, in English."""
    folders = [
        Path(config.path) for config in apps.get_app_configs() if config.name.startswith("wagtail")
    ]
    files = [folder / "locale/en/LC_MESSAGES/django.po" for folder in folders]
    return {
        forms(message.id): message
        for file in files
        if file.exists()
        for message in messages_in(file)
    }


def ours() -> dict[tuple[str, ...], tuple[str, ...]]:
    return {forms(message.id): forms(message.string) for message in messages_in(OURS)}


@canary(
    "Wagtail says something new in words that editors do not know",
    where="cms/admin/locale/en/LC_MESSAGES/django.po",
    look_at="the message that is missing",
)
def test_every_foreign_word_of_wagtail_is_said_otherwise():
    said = ours()

    missing = [
        message
        for message in of_wagtail()
        if any(map(is_foreign, message)) and message not in said
        if not all(map(NAMES_OF_APPS.match, message))
    ]

    assert missing == []


@canary(
    "Wagtail does not say any more what ours says otherwise",
    where="cms/admin/locale/en/LC_MESSAGES/django.po",
    look_at="the message that is gone",
)
def test_every_message_of_ours_is_one_of_wagtail():
    assert [message for message in ours() if message not in of_wagtail()] == []


@canary(
    "Messages are filled in otherwise, or ours use the words they are to replace",
    where="cms/admin/locale/en/LC_MESSAGES/django.po",
    look_at="the placeholders",
)
def test_messages_of_ours_are_filled_in_as_those_they_replace():
    for original, replaced in ours().items():
        for before, after in zip(original, replaced, strict=True):
            assert after
            assert not is_foreign(after), after
            given, used = (set(re.findall(r"%\(\w+\)[sd]", text)) for text in (before, after))
            assert used == given - LEFT_OUT, after


@canary(
    "A catalogue of an app that is installed before Wagtail's does not go before Wagtail's",
    where="cms/admin/locale/en/LC_MESSAGES/django.mo",
    look_at="`make words`, and the order of INSTALLED_APPS",
)
def test_compiled_words_are_those_that_are_written_and_in_force():
    with OURS.with_suffix(".mo").open("rb") as content:
        compiled = gettext.GNUTranslations(content)
    for original, replaced in ours().items():
        if len(original) == 1:
            assert compiled.gettext(original[0]) == replaced[0]
            with translation.override("en"):
                assert translation.gettext(original[0]) == replaced[0]
        else:
            one, more = original
            said = [compiled.ngettext(one, more, number) for number in (1, 2)]
            assert tuple(said) == replaced


@canary(
    "The language stands elsewhere beside a form",
    where="cms/admin/languages.py",
    look_at="LANGUAGE, `get_status_templates`",
)
def test_language_beside_a_form_is_a_template_in_a_list():
    panels = source("wagtail.admin.ui.side_panels")

    assert "class StatusSidePanel(BaseSidePanel):" in panels
    assert "def get_status_templates(self, context): templates = [" in panels
    assert '"wagtailadmin/shared/side_panels/includes/status/locale.html"' in panels
