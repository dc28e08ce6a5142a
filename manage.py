#!/usr/bin/env python
"""Django's commands for this site, with the settings of a machine of your own."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genedge_site.settings.dev")
    execute_from_command_line(sys.argv)
