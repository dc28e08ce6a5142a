"""The forms by which files come in, whichever screen shows them: their files are looked at here."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath
from typing import Any

import willow
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.db import transaction
from django.forms import ModelForm
from django.forms.fields import FileField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import ImageFileExtensionValidator, WagtailImageField
from wagtail.images.forms import BaseImageForm

from media.documents.content import check_content
from media.media_types import ending_of
from media.pictures.reading import PictureRefused, as_kept
from media.stored_files import FilesUnavailable, bucket

__all__ = ["DocumentForm", "ImageForm"]


class PictureField(WagtailImageField):
    """Wagtail's decodes the picture in the server itself, before it asks how large it is."""

    def to_python(self, data: Any) -> Any:
        file = FileField.to_python(self, data)
        if file is None:
            return None
        ImageFileExtensionValidator(file)
        self.check_image_file_size(file)
        file.seek(0)
        kept = as_kept(file.read())
        rewrite(file, kept.content)
        file.kept = kept
        if ending_of(file.name) in {"heic", "heif"}:
            file.name = PurePath(file.name).with_suffix(".jpg").name  # It has become one.
        try:
            file.image = willow.Image.open(BytesIO(kept.content))
        except willow.UnrecognisedImageFormatError as problem:
            raise PictureRefused("damaged") from problem
        file.content_type = file.image.mime_type
        self.check_image_file_format(file)
        return file


def rewrite(file: UploadedFile, content: bytes) -> None:
    """Within the request's own file, of which some views keep more than the form does."""
    file.seek(0)
    file.file.truncate()
    file.file.write(content)
    file.seek(0)
    file.size = len(content)


class FilesCannotBeStored(ValidationError):
    def __init__(self) -> None:
        super().__init__(
            "Files cannot be stored just now, so nothing was saved. Please try again in a minute.",
            code="files_unavailable",
        )


class KeepsWhatIsReplaced(ModelForm):
    """Wagtail deletes a file that is replaced at once: there would be none for whoever asks for it
    before the change is committed, and none at all if that is undone."""

    original_file: Any

    def clean(self) -> Any:
        cleaned = super().clean()
        if isinstance(self.cleaned_data.get("file"), UploadedFile):
            self.check_store()
        return cleaned

    def check_store(self) -> None:
        """Before anything is written, and where the form can say so."""
        if found := bucket():
            try:
                found.exists(self.cleaned_data["file"].name)
            except FilesUnavailable:
                self.add_error("file", FilesCannotBeStored())

    def save(self, commit: bool = True) -> Any:
        replaced, self.original_file = self.original_file, None
        saved = super().save(commit)
        if commit and replaced and "file" in self.changed_data:
            # No partial: Django names what fails by its ``__qualname__``.
            transaction.on_commit(lambda: replaced.storage.delete(replaced.name), robust=True)
            self.forget(saved)
        return saved

    def forget(self, saved: Any) -> None:
        """What was made from the file that is replaced."""


class ImageForm(KeepsWhatIsReplaced, BaseImageForm):
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:  # which the forms after an upload lack
            wagtails = self.fields["file"]
            self.fields["file"] = PictureField(label=wagtails.label, widget=wagtails.widget)

    def _post_clean(self) -> None:
        """Wagtail decodes all of a file that stays, here in the server, to measure it once more:
        an enormous one takes its memory, and a damaged one keeps its form from being saved."""
        fields = self.fields
        if not isinstance(self.cleaned_data.get("file"), UploadedFile):
            self.cleaned_data.pop("file", None)
            self.fields = {name: field for name, field in fields.items() if name != "file"}
        super()._post_clean()
        self.fields = fields

    def forget(self, saved: Any) -> None:
        saved.renditions.all().delete()
        saved.preset_renditions.all().delete()


class DocumentForm(KeepsWhatIsReplaced, BaseDocumentForm):
    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            FileExtensionValidator(settings.WAGTAILDOCS_EXTENSIONS)(file)
            check_content(file)
        return file
