#!/usr/bin/env python
"""Django's commands for this site, with the settings for a machine of your own."""

import sys

try:
    from django.core.management import execute_from_command_line
except ImportError:
    raise SystemExit(
        "This Python has no Django: use .venv/bin/python manage.py, which `make run` makes."
    ) from None

from genedge_site.settings.environment import choose_settings

if __name__ == "__main__":
    choose_settings(default="genedge_site.settings.dev")
    execute_from_command_line(sys.argv)
