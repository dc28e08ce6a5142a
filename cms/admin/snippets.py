"""People and organisations in the admin: how they are listed, found and chosen."""

from django.core.exceptions import PermissionDenied
from wagtail.admin.ui.tables import LiveStatusTagColumn, LocaleColumn, UpdatedAtColumn
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, UnpublishView

from cms.admin.permissions import may_unpublish
from pages.models import Organisation, Person

__all__ = ["OrganisationViewSet", "PersonViewSet"]


class UnpublishUnlocked(UnpublishView):
    """Wagtail asks whether a page is locked, and does not ask it of anything else."""

    def dispatch(self, request, *args, **kwargs):
        if not may_unpublish(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ChooserViewSet(SnippetChooserViewSet):
    """People and organisations are made on their own screens; Wagtail's view here fails."""

    def get_urlpatterns(self):
        return [each for each in super().get_urlpatterns() if each.name != "create"]


class ContentViewSet(SnippetViewSet):
    add_to_admin_menu = True
    copy_view_enabled = False  # Wagtail saves what is posted to it over the original.
    unpublish_view_class = UnpublishUnlocked
    chooser_viewset_class = ChooserViewSet


class PersonViewSet(ContentViewSet):
    model = Person
    icon = "user"
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


class OrganisationViewSet(ContentViewSet):
    model = Organisation
    icon = "organisation"
    menu_order = 220
    list_display = ["name", "kind", LiveStatusTagColumn(), LocaleColumn(), UpdatedAtColumn()]
    list_filter = ["kind", "live"]
