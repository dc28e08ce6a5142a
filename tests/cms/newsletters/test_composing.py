"""Whatever editors paste and show, there is a mail of it."""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from io import BytesIO
from typing import Any

import mrml
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image as Picture

from cms.newsletters.models import Mailing, MailingState
from cms.newsletters.sending import do_next
from cms.newsletters.steps import begin
from cms.worker.process import work_off
from media.models import Image
from media.renditions import making
from media.renditions.presets import presets
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page", "clock")]

# What XML cannot carry, and what it must not take for its own.
HOSTILE = "a\x0bb\x0c\x01\x1f\x7f\ufffe\uffff ]]> <!-- </mj-text> <script> &nbsp; &#11; {{ x }}"
IN_HTML = "ab ]]&gt; &lt;!-- &lt;/mj-text&gt; &lt;script&gt; &amp;nbsp; &amp;#11; {{ x }}"


@pytest.fixture
def browser(editor, sign_in):
    return sign_in(editor)


def in_use(image: Image, alt: str) -> Image:
    used = copy(image)
    used.contextual_alt_text, used.decorative = alt, False
    return used


@pytest.fixture
def hostile():
    article = factories.article_page(title=f"Article {HOSTILE}", standfirst=HOSTILE)
    image = factories.image(credit=HOSTILE)
    return factories.newsletter_page(
        title=f"May {HOSTILE}",
        slug="may",
        preview_text=HOSTILE,
        opening="<p>a\x0bb\x01 &amp; c</p>",
        body=[
            ("heading", {"heading": HOSTILE}),
            ("paragraphs", {"text": "<p>d\x0ce\x02</p>"}),
            ("item", {"page": article, "note": HOSTILE}),
            ("item", {"page": article, "note": ""}),
            ("picture", {"picture": in_use(image, HOSTILE), "caption": HOSTILE}),
        ],
    )


def download(browser: Any, page: Any, kind: str) -> str:
    answer = browser.get(reverse("newsletter_download", args=[page.pk, kind]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_whatever_is_pasted_into_an_edition_there_is_a_mail_of_it(
    hostile, mail_server, clock, browser
):
    factories.subscriber()

    html, text = (download(browser, hostile, kind) for kind in ("html", "txt"))
    browser.post(reverse("newsletter_test", args=[hostile.pk]))
    browser.post(reverse("newsletter_step", args=[hostile.pk, "begin"]))
    clock.moment += timedelta(minutes=11)
    do_next()

    tested, sent = mail_server.mails
    assert Mailing.objects.get().state == MailingState.DONE
    for each in (html, sent.get_body(("html",)).get_content()):
        assert f"May {IN_HTML}" in each
        assert f"Article {IN_HTML}" in each
        assert "<script" not in each
    for each in (html, text, tested.as_string(), sent.as_string()):
        assert not set(each) & set("\x01\x02\x0b\x0c\x1f\x7f\ufffe\uffff")
    assert "a b & c" in text.replace("\\&", "&")


def test_what_cannot_be_laid_out_is_said_to_editors_and_not_of_the_mail_server(
    browser, monkeypatch, mail_server
):
    def fail(written: str) -> None:
        raise OSError("unable to parse next template in root template")

    factories.subscriber()
    monkeypatch.setattr(mrml, "to_html", fail)
    page = factories.newsletter_page(title="May")

    for name, arguments in (("test", []), ("step", ["begin"])):
        address = reverse(f"newsletter_{name}", args=[page.pk, *arguments])
        assert "could not be laid out" in browser.post(address, follow=True).content.decode()
    shown = browser.get(reverse("newsletter_download", args=[page.pk, "html"]), follow=True)
    assert "could not be laid out" in shown.content.decode()
    assert not Mailing.objects.exists()

    page.send_when_published = True
    page.save_revision().publish()
    work_off()
    mailing = Mailing.objects.get()
    assert (mailing.state, mailing.due_at) == (MailingState.PAUSED, None)
    assert "could not be laid out" in mailing.problem


def stored(kind: str) -> Image:
    content = BytesIO()
    Picture.new("RGB", (1600, 1200), "white").save(content, kind)
    return Image.objects.create(
        title="A picture", file=ContentFile(content.getvalue(), f"picture.{kind.lower()}")
    )


@pytest.mark.decided_in_python
@pytest.mark.parametrize("kind", ["AVIF", "PNG"])
def test_pictures_in_mails_are_of_a_size_and_format_that_mail_programs_take(kind, browser):
    image = stored(kind)
    making.make(image, presets()["text"])
    [*_, largest] = making.shown_by_all(image.preset_renditions.get().files)
    page = factories.newsletter_page(
        body=[("picture", {"picture": in_use(image, "White"), "caption": ""})]
    )

    html, text = (download(browser, page, each) for each in ("html", "txt"))

    assert largest["width"] == 1280
    for each in (html, text):
        assert f"http://testserver{making.storage().url(largest['name'])}" in each
        assert image.file.url not in each


def test_until_the_files_of_a_picture_are_made_its_upload_is_shown(browser):
    image = factories.image()
    page = factories.newsletter_page(
        body=[("picture", {"picture": in_use(image, "White"), "caption": ""})]
    )

    for kind in ("html", "txt"):
        assert f"http://testserver{image.file.url}" in download(browser, page, kind)


@pytest.mark.decided_in_python
def test_an_edition_waits_for_the_files_of_its_pictures(mail_server, clock):
    factories.subscriber()
    image = factories.image()
    page = factories.newsletter_page(
        body=[("picture", {"picture": in_use(image, "White"), "caption": ""})]
    )
    begin(page, by=None)
    do_next()
    assert (mail_server.mails, Mailing.objects.get().state) == ([], MailingState.WAITING)

    making.make(image, presets()["text"])
    clock.moment += timedelta(minutes=1)
    do_next()

    [sent] = mail_server.mails
    assert image.file.url not in sent.get_body(("html",)).get_content()


def test_an_edition_is_sent_though_the_files_of_a_picture_cannot_be_made(mail_server, clock):
    factories.subscriber()
    image = factories.image()
    page = factories.newsletter_page(
        body=[("picture", {"picture": in_use(image, "White"), "caption": ""})]
    )
    begin(page, by=None)
    do_next()
    assert mail_server.mails == []

    clock.moment += timedelta(minutes=11)
    do_next()

    [sent] = mail_server.mails
    assert image.file.url in sent.get_body(("html",)).get_content()
