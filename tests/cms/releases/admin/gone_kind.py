"""What is of a kind whose code is no longer there."""

from django.contrib.contenttypes.models import ContentType

from cms.releases.models import ItemAction, ReleaseItem

__all__ = ["gone_type", "item_of_gone_type"]


def gone_type():
    return ContentType.objects.create(app_label="pages", model="newsletter")


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
