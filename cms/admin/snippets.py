"""People and organisations in the admin: how they are listed, found and chosen."""

from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import LiveStatusTagColumn, LocaleColumn, UpdatedAtColumn
from wagtail.admin.widgets.button import Button
from wagtail.models import Locale, Revision, WorkflowState
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import EditView, IndexView, SnippetViewSet, UnpublishView

from cms.admin.forms.making import (
    ChooseOrMake,
    Chosen,
    ChosenSeveral,
    Make,
    OrganisationMakingForm,
    PersonMakingForm,
)
from cms.admin.languages import has_several_languages
from cms.admin.permissions import may_unpublish
from pages.models import Organisation, Person

__all__ = ["OrganisationViewSet", "PersonViewSet"]


class UnpublishUnlocked(UnpublishView):
    """Wagtail asks whether a page is locked, and does not ask it of anything else."""

    def dispatch(self, request, *args, **kwargs):
        if not may_unpublish(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class EditContent(EditView):
    revisions_compare_url_name: str

    @cached_property
    def header_more_buttons(self):
        buttons = super().header_more_buttons
        if self.object.live and self.object.has_unpublished_changes:
            arguments = (quote(self.object.pk), "live", "latest")
            address = reverse(self.revisions_compare_url_name, args=arguments)
            compare = Button("Compare with live", address, icon_name="tasks", priority=93)
            buttons.append(compare)
        return buttons


def with_status(snippets: QuerySet) -> QuerySet:
    """Asks for the rows of a list at once what its column of states asks each of them."""
    own = {
        "base_content_type": ContentType.objects.get_for_model(snippets.model),
        "object_id": Cast(OuterRef("pk"), CharField()),
    }
    scheduled = Revision.objects.filter(**own, approved_go_live_at__isnull=False)
    in_progress = WorkflowState.objects.filter(**own, status=WorkflowState.STATUS_IN_PROGRESS)
    return snippets.annotate(schedule_found=Exists(scheduled), workflow_found=Exists(in_progress))


def with_languages_missing(snippets: QuerySet) -> QuerySet:
    """Says of each row whether it is in fewer languages than there are."""
    translations = snippets.model.objects.filter(
        translation_key=OuterRef(OuterRef("translation_key"))
    )
    missing = Locale.objects.exclude(pk__in=translations.values("locale"))
    return snippets.annotate(has_languages_missing=Exists(missing))


class ChooserViewSet(SnippetChooserViewSet):
    """One is chosen, or made on the spot."""

    choose_view_class = ChooseOrMake
    chosen_view_class = Chosen
    chosen_multiple_view_class = ChosenSeveral
    create_view_class = Make
    search_tab_label = "Choose"

    @property
    def creation_tab_label(self):
        return f"New {self.model._meta.verbose_name}"

    @property
    def create_action_label(self):
        return f"Make the {self.model._meta.verbose_name}, and choose it"

    def get_object_list(self):
        return with_status(self.model.objects.all())


class PersonChooserViewSet(ChooserViewSet):
    creation_form_class = PersonMakingForm


class OrganisationChooserViewSet(ChooserViewSet):
    creation_form_class = OrganisationMakingForm


class ContentIndexView(IndexView):
    @cached_property
    def columns(self):
        """Which language a row is in is said where there are several."""
        several = has_several_languages(self.request)
        return [each for each in super().columns if several or not isinstance(each, LocaleColumn)]


class ContentViewSet(SnippetViewSet):
    add_to_admin_menu = True
    copy_view_enabled = False  # Wagtail saves what is posted to it over the original.
    index_view_class = ContentIndexView
    edit_view_class = EditContent
    unpublish_view_class = UnpublishUnlocked

    def get_edit_view_kwargs(self):
        name = self.get_url_name("revisions_compare")
        return {**super().get_edit_view_kwargs(), "revisions_compare_url_name": name}

    def get_queryset(self, request):
        return with_languages_missing(with_status(self.model.objects.all()))


class PersonViewSet(ContentViewSet):
    model = Person
    chooser_viewset_class = PersonChooserViewSet
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
        return super().get_queryset(request).select_related("organisation")


class OrganisationViewSet(ContentViewSet):
    model = Organisation
    chooser_viewset_class = OrganisationChooserViewSet
    icon = "organisation"
    menu_order = 220
    list_display = ["name", "kind", LiveStatusTagColumn(), LocaleColumn(), UpdatedAtColumn()]
    list_filter = ["kind", "live"]
