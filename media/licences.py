"""The terms under which files are shared: those that editors choose from."""

from __future__ import annotations

import re

from django.db import models

__all__ = ["Licence", "licence_at"]


class Licence(models.TextChoices):
    """Terms under which a file may be reused; Creative Commons codes follow creativecommons.org."""

    ALL_RIGHTS_RESERVED = "all_rights_reserved", "All rights reserved"
    USED_WITH_PERMISSION = "used_with_permission", "Used with permission"
    CC_BY = "cc_by_4", "CC BY 4.0"
    CC_BY_SA = "cc_by_sa_4", "CC BY-SA 4.0"
    CC_BY_NC = "cc_by_nc_4", "CC BY-NC 4.0"
    CC0 = "cc0_1", "CC0 1.0"
    PUBLIC_DOMAIN = "public_domain", "Public domain"

    @property
    def address(self) -> str:
        """Of the terms themselves; empty where nobody has written them down."""
        path = ADDRESSES.get(self)
        return f"https://creativecommons.org/{path}/" if path else ""


ADDRESSES = {
    Licence.CC_BY: "licenses/by/4.0",
    Licence.CC_BY_SA: "licenses/by-sa/4.0",
    Licence.CC_BY_NC: "licenses/by-nc/4.0",
    Licence.CC0: "publicdomain/zero/1.0",
    Licence.PUBLIC_DOMAIN: "publicdomain/mark/1.0",
}


def licence_at(terms: str) -> str:
    """The licence that a note of a file names by its address; empty if it is none of them."""
    found = re.search(r"creativecommons\.org/([a-z]+/[a-z-]+/\d\.\d)(?![\d.])", terms.lower())
    if found is None:
        return ""
    by_path = {path: str(licence) for licence, path in ADDRESSES.items()}
    return by_path.get(found[1], "")
