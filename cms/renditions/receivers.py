"""Signal receivers, a few lines each; ``apps.py`` connects them."""

from cms.renditions import jobs

__all__ = ["image_saved"]


def image_saved(sender, instance, **kwargs):
    jobs.note(instance)
