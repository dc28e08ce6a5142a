"""Our own guide for editors is read in the admin."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.template import Context, Template
from django.urls import reverse

from cms.admin.guide import GUIDE, read_guide
from tests.cms.preview.drawn_page import read


class Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.anchors.add(given.get("id") or "")
        if tag == "a":
            self.links.add(given.get("href") or "")


def test_guide_is_in_the_help_menu_and_says_what_the_document_says(staff, sign_in):
    window = sign_in(staff)

    home = window.get(reverse("wagtailadmin_home")).content.decode()
    shown = read(window.get(reverse("guide")))

    assert reverse("guide") in home
    assert "In your own calendar." in shown.text
    document = settings.EDITORS_GUIDE.read_text()
    for heading in re.findall(r"^#{2,3} (.*)$", document, re.MULTILINE):
        assert heading in shown.text
    assert "- [" not in shown.text


def test_every_link_within_the_guide_leads_to_a_heading(staff, sign_in):
    page = Addresses()
    page.feed(sign_in(staff).get(reverse("guide")).content.decode())

    within = {link[1:] for link in page.links if link.startswith("#")}
    assert len(within) > 20
    # Wagtail's own link past the menu.
    assert within - {"main"} <= page.anchors
    assert set(GUIDE.sections) <= within


def test_pictures_of_the_guide_are_served_and_no_other_files(staff, sign_in):
    window = sign_in(staff)
    address = reverse("guide")

    shown = read(window.get(address))

    sources = [str(each["src"]) for each in shown.all("img") if "pictures/" in str(each["src"])]
    assert len(sources) == len(GUIDE.pictures) > 5
    assert all(each.get("width") and each.get("height") for each in shown.all("img"))
    for source in sources:
        served = window.get(address + source)
        assert served["Content-Type"] == "image/png"
        assert served.getvalue().startswith(b"\x89PNG")
    for name in ("architecture.svg", "nothing.png", "..%5ceditors.md"):
        assert window.get(f"{address}pictures/{name}").status_code == 404


@pytest.mark.parametrize("address", ["/admin/guide/", "/admin/guide/pictures/editors-home.png"])
def test_guide_is_for_who_is_signed_in(db, client, address):
    assert client.get(address)["Location"].startswith("/admin/login/")


def test_markup_in_the_document_is_shown_as_text(tmp_path):
    file = tmp_path / "guide.md"
    file.write_text(
        "# Title\n\n## <img src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\n"
        "[Words](javascript:alert(1)) ![Words](javascript:alert(1))"
    )

    html = read_guide(file).html

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_help_link_names_its_section_and_no_other_than_there_are():
    linked = Template('{% load guide %}{% help_link "the-calendar" %}').render(Context())

    assert f'href="{reverse("guide")}#the-calendar"' in linked
    assert "Guide: The calendar" in linked
    with pytest.raises(KeyError):
        Template('{% load guide %}{% help_link "none" %}').render(Context())


@pytest.mark.parametrize("name", ["calendar", "as_of"])
def test_screen_leads_to_its_part_of_the_guide(editor, sign_in, name):
    page = Addresses()
    page.feed(sign_in(editor).get(reverse(name)).content.decode())

    assert any(link.startswith(f"{reverse('guide')}#") for link in page.links)
