"""The admin's forms, which show what keeps something from being published beside its field."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from pages.lifecycle.addresses import (
    check_address_is_free,
    check_address_stays_free,
    check_no_language_begins_there,
)
from pages.lifecycle.slugs import free_slug, slug_of
from pages.picture_descriptions import DESCRIBE_PICTURE, pictures_described_by

__all__ = [
    "DescribedPicturesForm",
    "PublicationForm",
    "PublicationPageForm",
]


class MarkingForm(WagtailAdminModelForm):
    """Marks what has to be filled in, also where that depends on another field."""

    def require(self, name: str, sentence: str) -> None:
        field = self.fields[name]
        field.required = True
        field.error_messages["required"] = sentence

    def require_when(self, name: str, sentence: str, **conditions: list[str] | None) -> None:
        """While each other field has one of its values, or any, or none (``[""]``).

        ``required_marks.js`` says the same while someone fills in the form.
        """
        if not {name, *conditions} <= self.fields.keys():
            return
        if all(holds(self[other].value(), values) for other, values in conditions.items()):
            self.require(name, sentence)
        self.fields[name].widget.attrs["data-required-when"] = json.dumps(
            [
                {"id": self[other].id_for_label, "values": values}
                for other, values in conditions.items()
            ]
        )


def holds(value: Any, values: list[str] | None) -> bool:
    return bool(value) if values is None else str(value or "") in values


class DescribedPicturesForm(MarkingForm):
    """Each picture that is chosen wants a description, unless it is only there to look nice."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for picture, description, decorative in pictures_described_by(self.fields):
            conditions: dict[str, list[str] | None] = {picture: None}
            if decorative:
                conditions[decorative] = [""]
            self.require_when(description, DESCRIBE_PICTURE, **conditions)


class PublicationFormMixin(DescribedPicturesForm):
    """Shows the publication checks beside their fields, unless only a draft is being saved."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, sentence in self.instance.required_to_publish.items():
            if name in self.fields:
                self.require(name, sentence)

    def _post_clean(self):
        # Not in ``clean``: Django puts the submitted values on the instance in ``_post_clean``,
        # and the checks read the instance.
        super()._post_clean()
        if self.is_deferred_validation:
            return
        for name, messages in self.instance.publication_problems().items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, messages)


class PublicationForm(PublicationFormMixin):
    """The admin form of a snippet."""


class PublicationPageForm(PublicationFormMixin, WagtailAdminPageForm):
    """The admin form of a page.

    A draft may have the address of another page, which may leave it by then: what is to be
    published now may not. What is scheduled is compared with what will be there.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            # Scripts fill it in while a title is typed, as far as that has letters.
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        given, title = self.cleaned_data["slug"], self.cleaned_data.get("title")
        if given or not title:
            return given
        # One that was emptied stays as it is: links lead there.
        made = slug_of(title, self.instance.kind_in_words())
        return self.instance.slug or free_slug(made, self.parent_page)

    def get_field_updates_for_resave(self):
        updates = super().get_field_updates_for_resave()
        if "slug" in self.fields and not self.data.get(self.add_prefix("slug")):
            updates.append((self.add_prefix("slug"), self.instance.slug))
        return updates

    def clean(self):
        # Wagtail refuses the slug here, also of a draft, and does not say who has it.
        slug = {name: self.cleaned_data.pop(name) for name in ["slug"] if name in self.cleaned_data}
        cleaned: dict[str, Any] = super().clean()
        cleaned.update(slug)
        return cleaned

    def _post_clean(self):
        self.instance.address_is_planned = True
        super()._post_clean()
        self.instance.address_is_planned = not self.goes_out_now()
        if "slug" in self.cleaned_data:
            try:
                check_no_language_begins_there(self.instance, self.parent_page)
                if self.instance._state.adding:
                    check_address_stays_free(self.instance, self.parent_page)
                if self.goes_out_now():
                    check_address_is_free(self.instance, self.parent_page)
            except ValidationError as error:
                self.add_error(None, error)

    def goes_out_now(self) -> bool:
        """Of a page that readers do not see, a schedule is written to its row at once."""
        is_scheduled = self.instance.is_to_come and self.instance.live
        return "action-publish" in self.data and not is_scheduled
