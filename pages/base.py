"""What all page types and snippets share: their way to publication, SEO, and how they preview."""

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Page,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from pages.image_uses import alt_text_field, alt_text_problems, image_field, image_use_panel
from pages.lifecycle.checks import (
    CheckBeforePagePublication,
    CheckBeforePublication,
    CheckedAtPublication,
)
from pages.lifecycle.forms import PublicationForm, PublicationPageForm
from pages.lifecycle.locks import PagePermissions
from pages.lifecycle.revisions import ReadFromRevisions
from pages.lifecycle.rows import leave_rows_that_stay
from pages.lifecycle.versions import FixedVersions

__all__ = ["BasePage", "BaseSnippet", "RenderedByContract"]


def _all_but_the_place_of(page: Page) -> list[str]:
    """What to save of a page that stays where it is: Wagtail reads it twice to learn whether."""
    place = {"path", "depth", "numchild", "slug", "url_path"}
    fields = [field.name for field in page._meta.concrete_fields if not field.primary_key]
    fields += [field.name for field in get_all_child_m2m_relations(type(page))]
    relations = [relation.get_accessor_name() for relation in get_all_child_relations(type(page))]
    return [name for name in (*fields, *relations) if name not in place]


class RenderedByContract:
    """Pages and previews are rendered from the operation that a frontend would run.

    The renderer lives above this package, so it is named by the ``PAGE_RENDERER`` setting.
    """

    def serve_preview(self, request, mode_name):
        render = import_string(settings.PAGE_RENDERER)
        return render(request, self, preview=True)


class BaseSnippet(
    RenderedByContract,
    CheckedAtPublication,
    ReadFromRevisions,
    FixedVersions,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    models.Model,
):
    """Content without a page of its own that goes the same way from draft to publication."""

    base_form_class = PublicationForm
    publish_action = CheckBeforePublication

    class Meta(TranslatableMixin.Meta):
        abstract = True


class BasePage(RenderedByContract, CheckedAtPublication, ReadFromRevisions, FixedVersions, Page):
    social_image = image_field(
        "The picture social networks show when someone shares this page. 1200 × 630 pixels work "
        "best. The site's own picture is used when this is empty."
    )
    social_image_alt_text = alt_text_field()

    base_form_class = PublicationPageForm
    publish_action = CheckBeforePagePublication
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading="For search engines",
        ),
        image_use_panel("social_image", "For social networks", decorative=False),
    ]

    graphql_fields: list = []

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args, **kwargs):
        if self.is_checked:
            kwargs.setdefault("clean", False)
            self.is_checked = False
        if kwargs.get("update_fields") is None:
            leave_rows_that_stay(self)
            if self.as_of and not self.as_of.moves:
                kwargs["update_fields"] = _all_but_the_place_of(self)
        return super().save(*args, **kwargs)

    def update_aliases(self, **kwargs):
        """Wagtail also publishes what mirrors a page that is not live, but only scheduled."""
        is_mirrored = self.as_of is None or self.as_of.is_mirrored
        if self.live and is_mirrored:
            super().update_aliases(**kwargs)

    def permissions_for_user(self, user):
        return PagePermissions(user, self)

    def publication_problems(self):
        return {**super().publication_problems(), **alt_text_problems(self, "social_image")}

    def serve(self, request, *args, **kwargs):
        render = import_string(settings.PAGE_RENDERER)
        return render(request, self, preview=False)
