"""Where Wagtail's admin meets the translations."""

from collections.abc import Iterator

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from cms.admin.languages import has_several_languages
from cms.translation.report import MAY_LOOK, REPORTS, TranslationReport, TranslationsOfPages


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [pattern for report in REPORTS for pattern in patterns_of(report)]


def patterns_of(report: type[TranslationReport]) -> Iterator[URLPattern]:
    address, name = f"translations/{report.things}/", report.name()
    names = {"index_url_name": name, "index_results_url_name": f"{name}_results"}
    yield path(address, report.as_view(**names), name=name)
    yield path(
        f"{address}results/", report.as_view(results_only=True, **names), name=f"{name}_results"
    )


class TranslationsMenuItem(MenuItem):
    def is_shown(self, request):
        may_look = page_permission_policy.user_has_any_permission
        return has_several_languages(request) and may_look(request.user, MAY_LOOK)


@hooks.register("register_reports_menu_item")
def register_translations():
    address = reverse(TranslationsOfPages.name())
    return TranslationsMenuItem("Translations", address, icon_name="globe", order=650)
