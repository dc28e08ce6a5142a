"""An editor who uploads files, in a process of their own: see ``test_uploads_at_once``.

Reads commands, one JSON list a line, and answers each.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from media.models import Document
from tests import factories
from tests.cms.html_forms import posted
from tests.cms.scheduling.people_at_work import answer_commands

clients: dict[str, Client] = {}
tables: dict[str, dict[str, Any]] = {}


def client_of(name: str) -> Client:
    if name not in clients:
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(get_user_model().objects.get(username=name))
    return clients[name]


def choose_table(name: str, rows: list[list[str]]) -> None:
    content = "\n".join(",".join(row) for row in [["from", "to"], *rows]).encode()
    sent = {"import_file": SimpleUploadedFile("redirects.csv", content)}
    form = posted(client_of(name).post(reverse("wagtailredirects:start_import"), sent, follow=True))
    tables[name] = form | {"from_index": 0, "to_index": 1, "site": ""}


def import_table(name: str) -> int:
    address = reverse("wagtailredirects:process_import")
    return client_of(name).post(address, tables[name]).status_code


def type_redirect(name: str, path: str, link: str) -> int:
    sent = {"old_path": path, "site": "", "redirect_link": link}
    return client_of(name).post(reverse("wagtailredirects:add"), sent).status_code


def redirects() -> list[list[str]]:
    return sorted([each.old_path, each.redirect_link] for each in Redirect.objects.all())


def make_document() -> int:
    return factories.document(title="Paper").pk


def replace_document(name: str, key: int, words: str) -> int:
    document = Document.objects.get(pk=key)
    sent = {
        "title": words,
        "tags": "",
        "collection": document.collection_id,
        "file": SimpleUploadedFile("paper.txt", words.encode(), "text/plain"),
    }
    return client_of(name).post(reverse("wagtaildocs:edit", args=[key]), sent).status_code


def state_of_document(key: int) -> dict[str, Any]:
    """What readers get, and whether the files before it are gone."""
    document = Document.objects.get(pk=key)
    response = Client().get(document.url)
    folder = Path(document.file.storage.path("documents"))
    return {
        "title": document.title,
        "says": b"".join(response.streaming_content).decode(),
        "size": document.file_size,
        "is kept alone": [*folder.rglob("*.*")] == [Path(document.file.path)],
    }


COMMANDS: dict[str, Callable[..., Any]] = {
    "choose_table": choose_table,
    "import_table": import_table,
    "type_redirect": type_redirect,
    "redirects": redirects,
    "make_document": make_document,
    "replace_document": replace_document,
    "state_of_document": state_of_document,
}


def serve() -> None:
    answer_commands(COMMANDS)
