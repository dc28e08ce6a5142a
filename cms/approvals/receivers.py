"""Signal receivers, a few lines each; ``apps.py`` connects them."""

from cms.approvals.looking import check_looked_at

__all__ = ["approved"]


def approved(sender, instance, **kwargs):
    check_looked_at(instance)
