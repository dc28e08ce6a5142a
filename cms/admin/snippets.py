"""People and organisations in the admin: how they are listed, found and chosen."""

from wagtail.admin.ui.tables import LiveStatusTagColumn, LocaleColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from pages.models import Organisation, Person

__all__ = ["OrganisationViewSet", "PersonViewSet"]


class PersonViewSet(SnippetViewSet):
    model = Person
    icon = "user"
    add_to_admin_menu = True
    menu_order = 210
    list_display = [
        "name",
        "organisation",
        LiveStatusTagColumn(),
        LocaleColumn(),
        UpdatedAtColumn(),
    ]
    list_filter = ["organisation", "live"]

    def get_queryset(self, request):
        return Person.objects.select_related("organisation")


class OrganisationViewSet(SnippetViewSet):
    model = Organisation
    icon = "organisation"
    add_to_admin_menu = True
    menu_order = 220
    list_display = ["name", "kind", LiveStatusTagColumn(), LocaleColumn(), UpdatedAtColumn()]
    list_filter = ["kind", "live"]
