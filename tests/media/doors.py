"""Every screen of the admin that takes a file, each asked in its own way."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import factories

__all__ = ["DOORS", "Door", "refusal", "upload"]

ABOVE = {"title": "New", "collection": 1}
ERROR = re.compile(r'<p class="error-message">\s*(.*?)\s*</p>', re.DOTALL)


def single(client: Client, kind: str, file: Any):
    return client.post(reverse(f"wagtail{kind}s:add"), {**ABOVE, "file": file})


def multiple(client: Client, kind: str, file: Any):
    return client.post(reverse(f"wagtail{kind}s:add_multiple"), {**ABOVE, "files[]": file})


def chooser(client: Client, kind: str, file: Any):
    prefix = {"image": "image-chooser-upload", "doc": "document-chooser-upload"}[kind]
    sent = {f"{prefix}-{name}": value for name, value in {**ABOVE, "file": file}.items()}
    return client.post(reverse(f"wagtail{kind}s_chooser:create"), sent)


def replaced(client: Client, kind: str, file: Any):
    made = factories.image() if kind == "image" else factories.document()
    return client.post(reverse(f"wagtail{kind}s:edit", args=[made.pk]), {**ABOVE, "file": file})


Door = Callable[[Client, str, Any], Any]
DOORS: tuple[Door, ...] = (single, multiple, chooser, replaced)


def upload(door: Door, client: Client, kind: str, name: str, content: bytes) -> Any:
    """The answer to a file of this kind: an ``image`` or a ``doc``."""
    return door(client, kind, SimpleUploadedFile(name, content))


def refusal(response: Any) -> str:
    """What a screen says is wrong with a file: nothing if it took it."""
    assert response.status_code in {200, 302}, response
    if response.status_code == 302:
        return ""
    if response["Content-Type"] != "application/json":
        return html.unescape(" ".join(ERROR.findall(response.content.decode())))
    answer = response.json()
    shown = ERROR.findall(answer.get("htmlFragment") or answer.get("html") or "")
    return html.unescape(answer.get("error_message") or " ".join(shown))
