"""Signal receivers, a few lines each; ``apps.py`` connects them."""

from cms.newsletters.steps import begin

__all__ = ["edition_published"]


def edition_published(sender, instance, revision=None, **kwargs):
    """Wagtail tells of what is approved for later as well; and then once more when it is due."""
    is_seen = instance.live and not instance.is_to_come
    if is_seen and instance.send_when_published and instance.alias_of_id is None:
        begin(instance, by=revision.user if revision else None)
