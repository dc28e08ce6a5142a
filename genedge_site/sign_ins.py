"""Which requests work on a password, which takes as long as a hundred pages on purpose."""

from __future__ import annotations

from django.urls import Resolver404, resolve

from cms.admin.sign_in.password_views import PASSWORD_VIEWS
from genedge_site.bridge.environ import Environ

__all__ = ["is_sign_in"]


def is_sign_in(environ: Environ) -> bool:
    if environ["REQUEST_METHOD"] != "POST":
        return False
    try:
        return resolve(environ["PATH_INFO"]).view_name in PASSWORD_VIEWS
    except Resolver404:
        return False
