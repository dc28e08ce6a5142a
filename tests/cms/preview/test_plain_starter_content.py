"""The starter content as pages without a frontend show it."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from wagtail.models import Page

from tests.cms.preview.drawn_page import read
from tests.cms.preview.test_plain_page import check_structure, names_in

pytestmark = pytest.mark.decided_in_python


def test_starter_content_says_no_name_of_a_field_or_choice(db, client):
    call_command("load_starter_content", verbosity=0)
    pages = Page.objects.live().filter(depth__gt=1)

    assert len(pages) > 10
    for page in pages:
        shown = read(client.get(page.url))
        assert names_in(shown.text) == [], page
        check_structure(shown)
