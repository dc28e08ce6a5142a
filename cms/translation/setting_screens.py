"""A site's navigation and settings in its other languages, edited by those who may edit them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.admin.panels import get_edit_handler
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.contrib.settings.views import EditView
from wagtail.contrib.settings.views import get_model_from_url_params as setting_named
from wagtail.log_actions import log
from wagtail.log_actions import registry as log_registry
from wagtail.models import Locale, Page, Site

from cms.admin.refusals.refusal import Refusal
from cms.translation.menu_pages import with_pages_in
from cms.translation.whole_texts import comparisons, whole_text
from pages.languages import direction_of, name_of
from pages.setting_translations import SettingTranslation, translated_settings, translation_model_of

__all__ = [
    "DELETED",
    "WRITTEN",
    "SettingInLanguage",
    "SettingInOwnLanguage",
    "delete_translation",
    "register_setting_translations",
]

WRITTEN = "translation.setting_written"
DELETED = "translation.setting_deleted"


class WrittenMeanwhile(Refusal):
    code = "WRITTEN_MEANWHILE"

    def __init__(self, translation: SettingTranslation):
        self.reasons = [
            f"Somebody else has just begun the {translation}: what you see now is theirs."
        ]
        super().__init__(self.reasons[0])


def languages_of(site: Site) -> list[Locale]:
    """Those in which the site has a home page, beside its own."""
    own = site.root_page
    homes = Page._base_manager.filter(translation_key=own.translation_key)
    found = Locale.objects.filter(pk__in=homes.exclude(pk=own.pk).values("locale"))
    return sorted(found, key=lambda each: name_of(each.language_code))


def address_of(setting: type[Any], site: int, language: str = "", *, view: str = "") -> str:
    meta = setting._meta
    if not language:
        return reverse("wagtailsettings:edit", args=[meta.app_label, meta.model_name, site])
    name = view or "setting_in_language"
    return reverse(name, args=[meta.app_label, meta.model_name, site, language])


def language_button(setting: type[Any], site: int, language: str, *, is_own: bool) -> HeaderButton:
    address = address_of(setting, site, "" if is_own else language)
    return HeaderButton(f"In {name_of(language)}", address, icon_name="globe")


class SettingInOwnLanguage(EditView):
    """As Wagtail's, with the way to what it says in other languages."""

    @cached_property
    def header_buttons(self):
        return [
            language_button(self.model, self.site.pk, each.language_code, is_own=False)
            for each in languages_of(self.site)
        ]


class SettingInLanguage(EditView):
    """What nobody has saved begins with what the site says in its own language."""

    template_name = "translation/setting.html"
    language: str

    def setup(self, request, app_name, model_name, *args, language, **kwargs):
        self.language = language
        super().setup(request, app_name, model_name, *args, language=language, **kwargs)

    def get_object(self, queryset=None):
        self.own = super().get_object(queryset)  # Whoever may not change it stops here.
        self.locale_shown = language_of_site(self.site, self.language)
        model = translation_model_of(self.model)
        kept = model.objects.filter(site=self.site, locale=self.locale_shown).first()
        self.is_new = kept is None
        return kept or begun(model, self.own, self.locale_shown)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        Site.objects.select_for_update().get(pk=self.site.pk)  # Two would begin it at once.
        began_anew = request.POST.get("is_new") == "yes"
        self.object = self.get_object()
        if began_anew and not self.is_new:
            raise WrittenMeanwhile(self.object)
        return super().post(request, *args, **kwargs)

    def get_panel(self):
        return get_edit_handler(translation_model_of(self.model))

    def save_instance(self):
        instance = self.form.save()
        self.has_content_changes = self.form.has_changed() or self.is_new
        log(
            instance=self.own,
            action=WRITTEN,
            data={"language": self.language},
            content_changed=self.has_content_changes,
        )
        return instance

    def get_edit_url(self):
        return address_of(self.model, self.site.pk, self.language)

    def get_page_subtitle(self):
        return f"{capfirst(self.model._meta.verbose_name)} in {name_of(self.language)}"

    def get_success_message(self):
        return f"The {self.model._meta.verbose_name} in {name_of(self.language)} was saved."

    @cached_property
    def header_buttons(self):
        own = self.site.root_page.locale.language_code
        others = (each.language_code for each in languages_of(self.site))
        return [
            language_button(self.model, self.site.pk, own, is_own=True),
            *(
                language_button(self.model, self.site.pk, other, is_own=False)
                for other in others
                if other != self.language
            ),
        ]

    @cached_property
    def header_more_buttons(self):
        if self.is_new:
            return []
        address = address_of(
            self.model, self.site.pk, self.language, view="delete_setting_in_language"
        )
        return [Button("Delete", address, icon_name="bin")]

    def get_context_data(self, **kwargs):
        own = self.site.root_page.locale.language_code
        # The list of sites leads away from the language.
        return {
            **super().get_context_data(**kwargs),
            "is_new": self.is_new,
            "language": name_of(self.language),
            "own_language": name_of(own),
            "own_code": own,
            "own_direction": direction_of(own),
            "original": list(self.original_texts()),
            "changed_since": None if self.is_new else changed_since(self.own, self.language),
            "site_switcher": None,
        }

    def original_texts(self) -> Iterator[tuple[str, SafeString]]:
        """What the site says in its own language, by the labels of the fields."""
        translated = translation_model_of(self.model).texts
        for same in comparisons(self.request, self.own, self.own):
            text = whole_text(same)
            if text and same.field.name in translated:
                yield same.field_label(), text


def changed_since(own: Any, language: str) -> datetime | None:
    """When the setting was changed last, if that was after it was written in a language."""
    entries = log_registry.get_logs_for_instance(own)
    written = entries.filter(action=WRITTEN, data__language=language).aggregate(Max("timestamp"))
    edits = entries.filter(action="wagtail.edit", content_changed=True)
    changed = edits.aggregate(Max("timestamp"))
    last, before = changed["timestamp__max"], written["timestamp__max"]
    return last if last and before and last > before else None


def language_of_site(site: Site, language: str) -> Locale:
    """Raises ``Http404`` for one that the site does not have, and for its own."""
    found = (each for each in languages_of(site) if each.language_code == language)
    locale = next(found, None)
    if locale is None:
        raise Http404("The site has no home page in this language.")
    return locale


def begun(model: type[Any], own: Any, locale: Locale) -> SettingTranslation:
    """What there is to translate, with the pages in the language that links lead to already."""
    texts = {name: getattr(own, name) for name in model.texts}
    made = model(site=own.site, locale=locale, **texts)
    with_pages_in(locale, made)
    return made


def delete_translation(
    request: HttpRequest, app_name: str, model_name: str, pk: int, language: str
) -> HttpResponse:
    """Readers have the site's own language again."""
    setting = setting_named(app_name, model_name)
    site = get_object_or_404(Site, pk=pk)
    if not setting.get_permission_policy().user_has_permission_for_instance(
        request.user, "change", site
    ):
        raise PermissionDenied
    model = translation_model_of(setting)
    translation = get_object_or_404(model, site=site, locale__language_code=language)
    if request.method == "POST":
        with transaction.atomic():
            translation.delete()
            own = setting.for_site(site)
            log(instance=own, action=DELETED, data={"language": language}, user=request.user)
        messages.success(request, f"The {translation} was deleted.")
        return redirect(address_of(setting, site.pk))
    shown = {
        "translation": translation,
        "own_language": name_of(site.root_page.locale.language_code),
        "kept": address_of(setting, site.pk, language),
    }
    return render(request, "translation/delete_setting.html", shown)


class TranslationURLFinder(ModelAdminURLFinder):
    def construct_edit_url(self, instance):
        return address_of(type(instance).setting, instance.site_id, instance.locale.language_code)


def register_setting_translations() -> None:
    """Where else the admin leads to them: from what is about to be deleted, for one."""
    for model in translated_settings():
        about = {"model": model, "permission_policy": model.get_permission_policy()}
        register_admin_url_finder(model, type("Finder", (TranslationURLFinder,), about))
