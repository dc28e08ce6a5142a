"""What is pinned is asked about: known vulnerabilities fail the check, and no network does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import settings

pytestmark = pytest.mark.any_database

MADE_OF = settings.BASE_DIR / "var" / "sbom.cdx.json"
VULNERABLE = "pillow"


class Advisories(ThreadingHTTPServer):
    """As OSV, which knows of a vulnerability in one package, if in any."""

    def __init__(self, vulnerable: str | None):
        super().__init__(("127.0.0.1", 0), Answer)
        self.vulnerable = vulnerable


class Answer(BaseHTTPRequestHandler):
    server: Advisories

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        package = asked["package"]
        ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}]
        known = {
            "id": "GHSA-0000-0000-0001",
            "modified": "2026-01-01T00:00:00Z",
            "affected": [
                {"package": package, "ranges": ranges, "versions": [asked["version"]]},
            ],
        }
        found = {"vulns": [known]} if package["name"] == self.server.vulnerable else {}
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(params=[VULNERABLE, None])
def advisories(request) -> Iterator[tuple[str, bool]]:
    server = Advisories(request.param)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query", request.param is not None
    server.shutdown()
    server.server_close()


def audit(address: str, cache: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "scripts/audit.py"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "OSV_URL": address, "XDG_CACHE_HOME": cache},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_what_is_known_fails_and_says_what_to_do(advisories, tmp_path):
    address, vulnerable = advisories

    ran = audit(address, str(tmp_path))

    assert ran.stderr == ""
    assert ("GHSA-0000-0000-0001: upgrade to 99.1." in ran.stdout) == vulnerable
    assert ran.returncode == (1 if vulnerable else 0)
    assert "requirements.txt: asked about " in ran.stdout


def test_no_network_is_said_and_fails_nothing(tmp_path):
    MADE_OF.unlink(missing_ok=True)

    ran = audit("http://127.0.0.1:9/v1/query", str(tmp_path))

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "requirements.txt: OSV cannot be reached" in ran.stdout
    made_of = json.loads(MADE_OF.read_text())
    assert made_of["bomFormat"] == "CycloneDX"
    assert {"django", "wagtail", "pillow"} <= {each["name"] for each in made_of["components"]}
