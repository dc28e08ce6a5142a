"""Where Wagtail's admin meets the translations."""

from collections.abc import Iterator

from django.contrib.admin.utils import quote
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.contrib.simple_translation.wagtail_hooks import (
    register_snippet_listing_buttons as asks_for_each_row,
)
from wagtail.log_actions import LogFormatter
from wagtail.permissions import page_permission_policy

from cms.admin.languages import has_several_languages
from cms.translation.beginning import BeginPageTranslation, BeginSnippetTranslation
from cms.translation.keeping_apart import check_stays_in_its_language
from cms.translation.noting import NOTED, note_up_to_date
from cms.translation.report import MAY_LOOK, REPORTS, TranslationReport, TranslationsOfPages
from cms.translation.setting_screens import (
    DELETED,
    WRITTEN,
    SettingInLanguage,
    SettingInOwnLanguage,
    delete_translation,
    register_setting_translations,
)
from pages.languages import name_of

register_setting_translations()


@hooks.register("register_admin_urls", order=-1)
def register_admin_urls():
    """Before Wagtail's, some of which have the same addresses and are reversed by their names."""
    setting = "settings/<slug:app_name>/<slug:model_name>/<int:pk>/"
    one = f"{setting}in/<slug:language>/"
    page, snippet = BeginPageTranslation.as_view(), BeginSnippetTranslation.as_view()
    of_snippet = "translation/submit/snippet/<slug:app_label>/<slug:model_name>/<str:pk>/"
    return [
        path("translation/submit/page/<int:page_id>/", page, name="begin_page_translation"),
        path(of_snippet, snippet, name="begin_snippet_translation"),
        path(
            "translations/up-to-date/<int:content_type_id>/<str:object_id>/",
            note_up_to_date,
            name="translation_up_to_date",
        ),
        *(pattern for report in REPORTS for pattern in patterns_of(report)),
        path(setting, SettingInOwnLanguage.as_view(), name="setting_in_own_language"),
        path(one, SettingInLanguage.as_view(), name="setting_in_language"),
        path(f"{one}delete/", delete_translation, name="delete_setting_in_language"),
    ]


def patterns_of(report: type[TranslationReport]) -> Iterator[URLPattern]:
    address, name = f"translations/{report.things}/", report.name()
    names = {"index_url_name": name, "index_results_url_name": f"{name}_results"}
    yield path(address, report.as_view(**names), name=name)
    yield path(
        f"{address}results/", report.as_view(results_only=True, **names), name=f"{name}_results"
    )


LISTED = "register_snippet_listing_buttons"
hooks._hooks[LISTED] = [each for each in hooks._hooks[LISTED] if each[0] is not asks_for_each_row]


@hooks.register(LISTED)
def register_snippet_listing_buttons(snippet, user, next_url=None):
    if snippet.has_languages_missing and user.has_perm("simple_translation.submit_translation"):
        arguments = (snippet._meta.app_label, snippet._meta.model_name, quote(snippet.pk))
        address = reverse("begin_snippet_translation", args=arguments)
        yield Button("Translate", address, icon_name="globe", priority=100)


@hooks.register("before_move_page")
def before_move_page(request, page, destination):
    """Wagtail refuses it as well, but does not say why."""
    check_stays_in_its_language(page, destination)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(NOTED, "Note as up to date", "Noted as up to date with the original")
    actions.register_action(WRITTEN)(SettingWritten)
    actions.register_action(DELETED)(SettingDeleted)


class SettingWritten(LogFormatter):
    label = "Write in another language"

    def format_message(self, entry):
        return f"Written in {name_of(entry.data['language'])}"


class SettingDeleted(LogFormatter):
    label = "Delete in another language"

    def format_message(self, entry):
        return f"Deleted in {name_of(entry.data['language'])}"


class TranslationsMenuItem(MenuItem):
    def is_shown(self, request):
        may_look = page_permission_policy.user_has_any_permission
        return has_several_languages(request) and may_look(request.user, MAY_LOOK)


@hooks.register("register_reports_menu_item")
def register_translations():
    address = reverse(TranslationsOfPages.name())
    return TranslationsMenuItem("Translations", address, icon_name="globe", order=650)
