"""Collections of files: where one stands decides who sees what is in it."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms.collections import CollectionForm

from cms.removal.uses import InUse, check_collection_moved

__all__ = ["GuardedCollectionForm"]


class GuardedCollectionForm(CollectionForm):
    """No signal tells that a collection is moved: its form asks before."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        parent = self.cleaned_data.get("parent")
        if self.instance.pk and parent and "parent" in self.changed_data:
            try:
                check_collection_moved(self.instance, parent)
            except InUse as refused:
                raise ValidationError({"parent": refused.reasons}) from refused
        return cleaned
