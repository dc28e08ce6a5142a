"""The forms of pictures and documents: what readers see of a file in use stays as it is.

Signals refuse to write it, whatever was sent; by then a form is gone, with all that was typed. So
these offer only what may be changed, and come again if a use was approved since they were shown.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.forms import ModelForm

from cms.removal.uses import FILES, InUse, check_uses, is_forbidden, is_private_otherwise
from media import forms

__all__ = ["DocumentForm", "ImageForm"]


class LeavesWhatReadersSee(ModelForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk and is_forbidden(self.stored()):
            self.offer_the_rest()

    def stored(self) -> QuerySet:
        return type(self.instance)._base_manager.filter(pk=self.instance.pk)

    def offer_the_rest(self) -> None:
        """What was typed all the same stays open, so that it can be put back."""
        for name in self.seen_by_readers() - self.changed_for_readers():
            if name == "file":
                del self.fields[name]
            else:
                self.keep(name, self.fields[name])

    def keep(self, name: str, field: Any) -> None:
        """Sent all the same: it may be allowed by then, and what is missing would be emptied."""
        if hasattr(field, "choices"):
            chosen = self.get_initial_for_field(field, name)
            field.choices = [choice for choice in field.choices if choice[0] == chosen]
        else:
            field.widget.attrs["readonly"] = True

    def seen_by_readers(self) -> set[str]:
        return {*FILES[type(self.instance)]} & self.fields.keys()

    def changed_for_readers(self) -> set[str]:
        if not self.is_bound:
            return set()
        return self.seen_by_readers() & {*self.changed_data}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        refused = self.changed_for_readers()
        if self.hides_or_opens():
            refused.add("collection")
        if refused and self.instance.pk:
            try:
                check_uses(self.stored())
            except InUse as refusal:
                self.refuse(refused, refusal)
        return cleaned

    def hides_or_opens(self) -> bool:
        if "collection" not in self.changed_data or "collection" not in self.cleaned_data:
            return False
        stored, chosen = self.instance.collection, self.cleaned_data["collection"]
        return is_private_otherwise(stored, chosen)

    def refuse(self, names: set[str], refusal: InUse) -> None:
        self.add_error(None, refusal.reasons)
        for name in names:
            if self[name].is_hidden:
                self.cleaned_data.pop(name, None)
            else:
                self.add_error(name, "Readers see this: you may not change it.")


class ImageForm(LeavesWhatReadersSee, forms.ImageForm):
    pass


class DocumentForm(LeavesWhatReadersSee, forms.DocumentForm):
    pass
