"""Runs the site's commands as a person would, with no settings but those that a test gives."""

import os
import subprocess
import sys

from django.conf import settings

__all__ = ["PRODUCTION", "run", "start"]

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "genedge_site.settings.production",
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "cms.example.org",
    "SITE_URL": "https://cms.example.org",
    "DATABASE_URL": "postgresql://user:password@127.0.0.1:1/genedge",
}


def start(*arguments: str, given: dict[str, str], stdin: bool = False) -> subprocess.Popen[str]:
    """With ``stdin`` what it reads can be written to."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **given},
        stdin=subprocess.PIPE if stdin else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments: str, given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    with start(*arguments, given=given) as process:
        output, errors = process.communicate(timeout=120)
    return subprocess.CompletedProcess(arguments, process.returncode, output, errors)
