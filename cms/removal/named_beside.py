"""Where something is named beside what Wagtail's index lists: settings, what is to come, drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from wagtail.admin.admin_url_finder import AdminURLFinder

from cms.perspective.objects import base_model, base_type_of
from cms.perspective.references import indexed_users
from cms.removal.naming import Naming, naming, settings_naming

__all__ = ["NamedBeside", "named_beside_index"]


@dataclass(frozen=True)
class NamedBeside:
    # Each with where it is edited, if that is open to who asks.
    settings: list[tuple[str, str | None]]
    naming: Naming

    @property
    def is_nothing(self) -> bool:
        return not (self.settings or self.naming.forbids or self.naming.drafts)


def named_beside_index(subject: Any, user: AbstractBaseUser) -> NamedBeside:
    model, key = base_model(type(subject)), str(subject.pk)
    finder = AdminURLFinder(user)
    settings = [
        (str(row), finder.get_edit_url(row)) for row, keys in settings_naming(model) if key in keys
    ]
    found = naming(model._base_manager.filter(pk=subject.pk))
    indexed = indexed_users(model, [key])
    drafts = [
        version
        for version in found.drafts
        if (base_type_of(base_model(version.subject.model)), version.subject.key) not in indexed
    ]
    return NamedBeside(settings, Naming(found.soon, found.redirects, drafts))
