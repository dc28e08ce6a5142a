"""Who may see a picture's file: everyone, unless its collection or one above it is private."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from wagtail.models import CollectionViewRestriction

from media.models import Image, Rendition

__all__ = ["may_see", "restrictions_on"]


def restrictions_on(name: str) -> QuerySet[CollectionViewRestriction]:
    """Of the file of an image or of a rendition. It costs next to nothing where none is private."""
    renditions = Rendition.objects.filter(image=OuterRef("pk"), file=name)
    images = Image.objects.filter(Q(file=name) | Exists(renditions))
    within = images.filter(collection__path__startswith=OuterRef("collection__path"))
    return CollectionViewRestriction.objects.filter(Exists(within))


def may_see(request: HttpRequest, restrictions: list[CollectionViewRestriction]) -> bool:
    """As Wagtail decides of documents; who uses the admin sees the pictures they choose from."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return True
    return all(restriction.accept_request(request) for restriction in restrictions)
