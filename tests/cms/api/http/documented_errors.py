"""What every error of the API is like, as ``docs/frontend.md`` promises."""

import re
from typing import Any

from django.conf import settings

__all__ = ["check_errors"]

DOCUMENTED_CODES = set(
    re.findall(
        r"^\| `([A-Z_]+)`", (settings.BASE_DIR / "docs/frontend.md").read_text(), re.MULTILINE
    )
)
PYTHON_OR_SQL = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|object at 0x|SELECT |sqlite|psycopg|django|graphene"
    r"|[A-Z][a-z]+(Error|Exception)\b|set_int_max_str_digits|recursion|/srv/|/usr/|/home/",
    re.IGNORECASE,
)


def check_errors(errors: list[dict[str, Any]]) -> set[str]:
    """Fail unless each error has a message for people and a documented code; return the codes."""
    for error in errors:
        assert error["message"]
        assert not PYTHON_OR_SQL.search(error["message"]), error
    codes = {error["extensions"]["code"] for error in errors}
    assert codes <= DOCUMENTED_CODES
    return codes
