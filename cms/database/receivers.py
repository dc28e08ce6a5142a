"""Signal receivers, one line each; ``apps.py`` connects them."""

from cms.database.collation import teach
from cms.database.statements import forget_statements

__all__ = ["connection_created", "post_migrate"]


def connection_created(connection, **kwargs):
    teach(connection)


def post_migrate(**kwargs):
    # Statements name content types by their numbers, which may be others now.
    forget_statements()
