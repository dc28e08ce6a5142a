"""Files an editor uploads: images, the renditions made from them, and documents.

What a picture says in its place is not here: alternative text belongs to each use of an image,
because the same picture can be decoration on one page and the whole message of another.
"""

from django.conf import settings
from django.db import models
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition, SourceImageIOError
from wagtail.images.models import Image as WagtailImage

from media.documents.pages import page_count_of
from media.licences import Licence, licence_at
from media.pictures.provenance import Provenance
from media.pictures.reading import as_kept
from media.pictures.source_types import DigitalSourceType

__all__ = ["Document", "Image", "PresetRendition", "Rendition"]


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
    copyright_notice = models.CharField(
        max_length=200,
        blank=True,
        help_text="Such as “© 2026 EDGE AI FOUNDATION”, if there is one.",
    )
    digital_source_type = models.CharField(
        "how it was made",
        max_length=40,
        blank=True,
        choices=DigitalSourceType.choices,
        help_text="Readers and other programs are told, above all where AI was used.",
    )

    # How it looks until it is there: see ``media.pictures.looks``. Empty where nobody looked yet.
    placeholder = models.CharField(max_length=64, blank=True, editable=False)
    dominant_colour = models.CharField(max_length=7, blank=True, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "copyright_notice",
        "licence",
        "digital_source_type",
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
        kept = getattr(self.file.file, "kept", None) or as_kept(self.file.read())
        self.file.seek(0)
        self.placeholder, self.dominant_colour = kept.looks
        self.fill_in(kept.provenance)

    def fill_in(self, noted: Provenance) -> None:
        """What the file says of itself, where nobody has said otherwise."""
        self.credit = self.credit or noted.credit
        self.copyright_notice = self.copyright_notice or noted.copyright_notice
        self.licence = self.licence or licence_at(noted.terms)
        if noted.digital_source_type in DigitalSourceType.values:
            self.digital_source_type = self.digital_source_type or noted.digital_source_type

    @property
    def provenance(self) -> Provenance:
        terms = self.known_licence.address if self.known_licence else ""
        return Provenance(self.credit, self.copyright_notice, terms, self.digital_source_type)

    @property
    def known_licence(self) -> Licence | None:
        """None also of one that an import has brought, and that is none of ours."""
        return Licence(self.licence) if self.licence in Licence.values else None

    def generate_rendition_file(self, *told, **options):
        """Of a stored file that is damaged, screens show that nothing can be shown."""
        try:
            return super().generate_rendition_file(*told, **options)
        except (OSError, ValueError, SyntaxError) as problem:
            # What Pillow raises of such files, and Willow hands on.
            raise SourceImageIOError(str(problem)) from problem

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


class PresetRendition(models.Model):
    """The files of one image for one preset: all formats and widths.

    ``made_of`` tells what they were made from: see ``media.renditions.making``. Those of what the
    picture was before stay for a while, since pages that readers have open name them.
    """

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="preset_renditions")
    preset = models.CharField(max_length=40)
    made_of = models.CharField(max_length=64)
    # Of each: format, width, height, name in the storage. The largest of a format comes last.
    files = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "preset", "made_of"], name="media_preset_rendition_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.image_id} {self.preset} {self.made_of}"


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
