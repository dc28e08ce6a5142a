"""What a setting of a site says in another language than the site's own."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.models import Locale, Site

from pages.languages import name_of
from pages.types import ResolvedField, language_fields

__all__ = [
    "SettingTranslation",
    "language_of_setting",
    "translated_settings",
    "translation_model_of",
]


def ignored_by_index(key: models.ForeignKey) -> models.ForeignKey:
    """Where it belongs, which is no use of the site or the language."""
    key.wagtail_reference_index_ignore = True
    return key


class SettingTranslation(models.Model):
    """One for each site and language. Like the setting itself it has no drafts."""

    # The setting, and those of its fields that are said in each language.
    setting: type[Any]
    texts: tuple[str, ...]
    # Of these, what stays as the setting says it where it is not said: better than nothing.
    never_left_out: tuple[str, ...] = ()

    site = ignored_by_index(
        models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", editable=False)
    )
    locale = ignored_by_index(
        models.ForeignKey(
            Locale,
            # The database keeps it; ``cms.translation`` says why before.
            on_delete=models.DO_NOTHING,
            related_name="+",
            editable=False,
            verbose_name="language",
        )
    )

    # As settings, which Wagtail does not index either: ``cms.removal.naming`` reads both.
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["site", "locale"], name="%(app_label)s_%(class)s_one_a_language"
            )
        ]

    def __str__(self):
        return f"{self.setting._meta.verbose_name} in {name_of(self.locale.language_code)}"

    @classmethod
    def get_permission_policy(cls):
        """Who may change the setting says it in all languages."""
        return cls.setting.get_permission_policy()


def translated_settings() -> list[type[SettingTranslation]]:
    return SettingTranslation.__subclasses__()


def translation_model_of(setting: type[models.Model]) -> type[SettingTranslation]:
    return next(model for model in translated_settings() if model.setting is setting)


def language_of_setting() -> list[ResolvedField]:
    """Which language the texts were given in, which may not be the one that was asked for."""
    return language_fields(
        lambda setting, info: (
            getattr(setting, "given_in", None) or info.context.content.site.language
        )
    )
