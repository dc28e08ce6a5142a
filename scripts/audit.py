"""Asks OSV for known vulnerabilities of what is pinned, and lists what the site is made of.

Fails if there are any. Where OSV cannot be reached it says that nothing is known, and does not
fail: whoever checks offline is no less safe than before. The list is in CycloneDX 1.6.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

__all__ = ["main"]

ROOT = Path(__file__).resolve().parent.parent
PINNED = ("requirements.txt", "requirements-dev.txt")
MADE_OF = ROOT / "var" / "sbom.cdx.json"
# Of what is written when a connection fails, or whoever answers is not OSV.
UNREACHED = ("Could not connect", "ConnectionError", "Timeout", "ServiceError", "Tip: your network")
SECONDS_TO_ANSWER = 10


def main() -> int:
    vulnerable = [each for name in PINNED for each in asked(name)]
    for sentence in vulnerable:
        print(sentence)
    write_what_it_is_made_of()
    return 1 if vulnerable else 0


def asked(name: str) -> list[str]:
    """A sentence for each vulnerability of what is pinned in a file."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", name, "--no-deps"]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off"]
    command += ["--timeout", str(SECONDS_TO_ANSWER), "--vulnerability-service", "osv"]
    if address := os.environ.get("OSV_URL"):
        command += ["--osv-url", address]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not ran.stdout.strip():
        last = (ran.stderr.strip().splitlines() or ["it said nothing"])[-3:]
        if not any(each in line for each in UNREACHED for line in last):
            sys.exit(f"{name} could not be checked for known vulnerabilities: {last[-1]}")
        print(f"{name}: OSV cannot be reached, so whether anything is vulnerable is not known.")
        return []
    found = json.loads(ran.stdout)["dependencies"]
    unknown = [each["name"] for each in found if "skip_reason" in each]
    print(f"{name}: asked about {len(found)} packages.")
    if unknown:
        print(f"{name}: nothing is known of {', '.join(unknown)}.")
    return [said(each, one) for each in found for one in each.get("vulns", [])]


def said(package: dict, vulnerability: dict) -> str:
    mended = ", ".join(vulnerability["fix_versions"])
    todo = f"upgrade to {mended}" if mended else "no version is without it yet"
    return f"{package['name']} {package['version']} has {vulnerability['id']}: {todo}."


def write_what_it_is_made_of() -> None:
    MADE_OF.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "requirements.txt"]
    command += ["--output-format", "JSON", "--output-file", str(MADE_OF), "--output-reproducible"]
    subprocess.run(command, cwd=ROOT, check=True)
    print(f"What the site is made of is in {MADE_OF.relative_to(ROOT)}.")


if __name__ == "__main__":
    sys.exit(main())
