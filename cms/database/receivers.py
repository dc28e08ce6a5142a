"""Signal receivers, one line each; ``apps.py`` connects them."""

from cms.database.statements import forget_statements

__all__ = ["post_migrate"]


def post_migrate(**kwargs):
    # Statements name content types by their numbers, which may be others now.
    forget_statements()
