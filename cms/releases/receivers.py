"""Signal receivers, one line each; ``apps.py`` connects them."""

from cms.releases.taking_out import take_out_what_is_corrected

__all__ = ["published"]


def published(sender, instance, **kwargs):
    take_out_what_is_corrected(instance)
