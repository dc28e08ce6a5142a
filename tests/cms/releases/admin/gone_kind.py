"""What is of a kind whose code is no longer there."""

from django.contrib.contenttypes.models import ContentType

from cms.releases.models import ItemAction, ReleaseItem

__all__ = ["gone_type", "item_of_gone_type"]


def gone_type():
    made = ContentType.objects.create(app_label="pages", model="newsletter")
    # Of its number another may be remembered, which was made in a transaction that was undone: what
    # `loaddata` does to sequences is not.
    ContentType.objects.clear_cache()
    return made


def item_of_gone_type(release):
    gone = gone_type()
    return ReleaseItem.objects.create(
        release=release,
        action=ItemAction.PUBLISH,
        content_type=gone,
        base_content_type=gone,
        object_id="1",
        title="Newsletter",
    )
