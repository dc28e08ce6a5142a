"""A file from a frontend's page to the member of staff who opens it, in two windows of Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

pytestmark = pytest.mark.browser

MADE = """
from pages.models import FormField, FormPage, HomePage
form = HomePage.objects.first().add_child(instance=FormPage(
    title="Offer a talk", slug="offer", introduction="<p>Offer a talk.</p>", is_open=True))
form.form_fields = [
    FormField(label="Your name", field_type="singleline"),
    FormField(label="Your slides", field_type="file", help_text="Drafts will do.", maximum=3),
]
form.save_revision().publish()
print(form.pk)
"""
UNDONE = "from pages.models import FormPage; FormPage.objects.get(slug='offer').delete()"
# A frontend on a developer's own machine, as the guide says.
PAGE = """<!doctype html><title>A frontend</title>
<input type="file" multiple>
<script>
async function ask(site, query, variables) {
  const response = await fetch(`${site}/graphql`, {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()).data;
}
async function start(site) {
  const query = `mutation { startForm(path: "/offer/") { token fileUrl } }`;
  return (await ask(site, query)).startForm;
}
async function send(site, { token, fileUrl }) {
  const keys = [];
  for (const file of document.querySelector("[type=file]").files) {
    const key = crypto.randomUUID();
    const address = `${fileUrl}/your_slides/${key}?name=${encodeURIComponent(file.name)}`;
    const response = await fetch(address, { method: "PUT", body: file });
    const { file: kept, errors } = await response.json();
    if (errors.length) return errors.map(({ message }) => message);
    keys.push(kept.key);
  }
  const query = `mutation ($answers: [FormAnswer!]!, $key: String!, $token: String!) {
    submitForm(path: "/offer/", answers: $answers, idempotencyKey: $key, token: $token) {
      reference errors { code retryAfter }
    }
  }`;
  const answers = [
    { cleanName: "your_name", values: ["Ada Rossi"] },
    { cleanName: "your_slides", values: keys },
  ];
  const key = crypto.randomUUID();
  for (;;) {
    const { reference, errors } = (await ask(site, query, { answers, key, token })).submitForm;
    if (errors[0]?.code !== "TOO_FAST") return { reference, errors };
    await new Promise((resolve) => setTimeout(resolve, 1000 * errors[0].retryAfter));
  }
}
</script>"""
PDF = b"%PDF-1.7\n" + b"% a comment\n" * 100_000 + b"%%EOF\n"


@pytest.fixture(scope="module")
def form(site) -> Iterator[str]:
    site.add_user("flora", "Editors")
    yield site.run(MADE).strip()
    site.run(UNDONE)


class Frontend(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def frontend(chromium) -> Iterator[Any]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Frontend)
    Thread(target=server.serve_forever, daemon=True).start()
    page = chromium.new_page()
    page.goto(f"http://localhost:{server.server_port}/")
    yield page
    page.close()
    server.shutdown()
    server.server_close()


def test_file_comes_from_a_frontend_and_is_saved_by_staff(site, form, frontend, log_in):
    slides = {"name": "Slides für Ada.pdf", "mimeType": "application/pdf", "buffer": PDF}
    fake = {"name": "fake.pdf", "mimeType": "application/pdf", "buffer": b"hello"}
    began = frontend.evaluate("site => start(site)", site.address)
    began["fileUrl"] = site.address + began["fileUrl"][began["fileUrl"].index("/forms/") :]

    frontend.set_input_files("[type=file]", [fake])
    refused = frontend.evaluate("([site, began]) => send(site, began)", [site.address, began])
    frontend.set_input_files("[type=file]", [slides])
    taken = frontend.evaluate("([site, began]) => send(site, began)", [site.address, began])

    assert "This is not a PDF file" in refused[0]
    assert taken["errors"] == []
    page = log_in("flora")
    page.goto(f"{site.address}/admin/forms/submissions/{form}/")
    page.locator("tbody td a").first.click()
    page.get_by_text("Slides für Ada.pdf").wait_for()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Slides für Ada.pdf").click()
    assert saved.value.suggested_filename == "Slides für Ada.pdf"
    assert Path(saved.value.path()).read_bytes() == PDF
