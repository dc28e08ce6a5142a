"""Files an editor uploads: images, the renditions made from them, and documents.

What a picture says in its place is not here: alternative text belongs to each use of an image,
because the same picture can be decoration on one page and the whole message of another.
"""

from django.conf import settings
from django.db import models
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage

from media.documents.pages import page_count_of
from media.pictures.reading import as_kept

__all__ = ["Document", "Image", "Licence", "Rendition"]


class Licence(models.TextChoices):
    """Terms under which a file may be reused; Creative Commons codes follow creativecommons.org."""

    ALL_RIGHTS_RESERVED = "all_rights_reserved", "All rights reserved"
    USED_WITH_PERMISSION = "used_with_permission", "Used with permission"
    CC_BY = "cc_by_4", "CC BY 4.0"
    CC_BY_SA = "cc_by_sa_4", "CC BY-SA 4.0"
    CC_BY_NC = "cc_by_nc_4", "CC BY-NC 4.0"
    CC0 = "cc0_1", "CC0 1.0"
    PUBLIC_DOMAIN = "public_domain", "Public domain"


def uploader(related_name: str) -> models.ForeignKey:
    """As Wagtail declares it, but with a name of its own beside Wagtail's unused models."""
    field = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="uploaded by user",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name=related_name,
    )
    field.wagtail_reference_index_ignore = True
    return field


class Image(AbstractImage):
    """An uploaded picture. Its description is for those who choose it; each use has its own."""

    tags = TaggableManager(blank=True, related_name="media_images")
    uploaded_by_user = uploader("media_images")

    credit = models.CharField(
        max_length=200,
        blank=True,
        help_text="Who made the picture, as they wish to be named. Shown beside it.",
    )
    licence = models.CharField(
        max_length=30,
        blank=True,
        choices=Licence.choices,
        help_text="The terms we may use it under. Leave empty only while you find out.",
    )

    # How it looks until it is there: see ``media.pictures.looks``. Empty where nobody looked yet.
    placeholder = models.CharField(max_length=64, blank=True, editable=False)
    dominant_colour = models.CharField(max_length=7, blank=True, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "licence",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    def _set_image_file_metadata(self):
        """Called by Wagtail wherever a file comes in, or another takes its place."""
        super()._set_image_file_metadata()
        # The form has looked at it, unless that was in a request before: for want of a title.
        looks = getattr(self.file.file, "looks", None) or as_kept(self.file.read()).looks
        self.file.seek(0)
        self.placeholder, self.dominant_colour = looks

    @property
    def default_alt_text(self) -> str:
        """None: Wagtail offers the title, often a file name, which would pass for a description."""
        return ""

    class Meta(WagtailImage.Meta):
        verbose_name = "image"
        verbose_name_plural = "images"


class Rendition(AbstractRendition):
    """A resized copy of an image, made once for each filter."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = "image rendition"
        verbose_name_plural = "image renditions"
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="media_rendition_unique",
            )
        ]


class Document(AbstractDocument):
    """An uploaded document, served through Wagtail so that private collections stay private."""

    tags = TaggableManager(blank=True, related_name="media_documents")
    uploaded_by_user = uploader("media_documents")

    credit = models.CharField(
        max_length=200, blank=True, help_text="Who wrote or made it, as they wish to be named."
    )
    licence = models.CharField(
        max_length=30,
        blank=True,
        choices=Licence.choices,
        help_text="The terms we may share it under.",
    )

    # Null where it has none, or nobody knows.
    page_count = models.PositiveIntegerField(null=True, editable=False)

    admin_form_fields = ("title", "file", "credit", "licence", "collection", "tags")

    def _set_document_file_metadata(self):
        """Called by Wagtail wherever a file comes in, or another takes its place."""
        before = self.file_hash
        super()._set_document_file_metadata()
        if self.file_hash != before:  # The screen for several files calls it twice.
            self.page_count = page_count_of(self.file.name, self.file)
            self.file.seek(0)

    class Meta(WagtailDocument.Meta):
        verbose_name = "document"
        verbose_name_plural = "documents"

    def clean(self):
        """Wagtail complains of the file's name here, in forms that have no file as well."""
