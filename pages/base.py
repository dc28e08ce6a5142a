"""What all page types and snippets share: their way to publication, SEO, and how they preview."""

from typing import Any

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
    Site,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from pages import clock
from pages.addresses import known_addresses
from pages.image_uses import alt_text_field, alt_text_problems, image_field, image_use_panel
from pages.lifecycle.addresses import check_address_is_free, slug_beside_others
from pages.lifecycle.checks import (
    CheckBeforePagePublication,
    CheckBeforePublication,
    CheckedAtPublication,
)
from pages.lifecycle.forms import PublicationForm, PublicationPageForm
from pages.lifecycle.locks import PagePermissions
from pages.lifecycle.redirects import leave_redirects
from pages.lifecycle.revisions import ReadFromRevisions
from pages.lifecycle.rows import leave_rows_that_stay
from pages.lifecycle.slugs import slug_of
from pages.lifecycle.versions import FixedVersions
from pages.seo.panel import AppearancePanel
from pages.seo.schema_org import Node
from pages.site_roots import language_prefix

__all__ = ["BasePage", "BaseSnippet", "RenderedByContract"]


def _all_but_the_place_of(page: Page) -> list[str]:
    """What to save of a page that stays where it is: Wagtail reads it twice to learn whether."""
    place = {"path", "depth", "numchild", "slug", "url_path"}
    fields = [field.name for field in page._meta.concrete_fields if not field.primary_key]
    fields += [field.name for field in get_all_child_m2m_relations(type(page))]
    relations = [relation.get_accessor_name() for relation in get_all_child_relations(type(page))]
    return [name for name in (*fields, *relations) if name not in place]


def _first_published_with_its_source(page: Any) -> None:
    """Wagtail copies what a page had before its first publication to those that mirror it."""
    if page.alias_of_id and page.live and page.first_published_at is None:
        page.first_published_at = page.last_published_at


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

    # A list asks about all its rows at once: see ``with_status`` in ``cms.admin.snippets``.

    @property
    def approved_schedule(self):
        if "schedule_found" in self.__dict__:
            return self.schedule_found
        return super().approved_schedule

    @property
    def workflow_in_progress(self):
        if "workflow_found" in self.__dict__:
            return self.workflow_found
        return super().workflow_in_progress


class BasePage(RenderedByContract, CheckedAtPublication, ReadFromRevisions, FixedVersions, Page):
    slug: str
    # Of a draft that has just been saved: the one in its row, which may be beside the one it wants.
    stored_slug = ""

    social_image = image_field(
        "The picture social networks show when someone shares this page. 1200 × 630 pixels work "
        "best. When this is empty, the header picture is used, else a card is made from the title."
    )
    social_image_alt_text = alt_text_field()
    noindex = models.BooleanField(
        "keep out of search engines",
        default=False,
        # The sitemap asks all types for those few that have it.
        db_index=True,
        help_text="Search engines leave the page out of their results, and the sitemap does not "
        "name it. Readers still find it on the site, and whoever has its address.",
    )

    base_form_class = PublicationPageForm
    publish_action = CheckBeforePagePublication
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("noindex"),
            ],
            heading="For search engines",
        ),
        image_use_panel("social_image", "For social networks", decorative=False),
        AppearancePanel(heading="How it looks elsewhere"),
    ]

    search_fields = [*Page.search_fields, index.SearchField("search_description")]
    graphql_fields: list = []

    # What search engines are told: see ``pages.seo``.
    # The field with whose words a page is described that has no description for search engines.
    described_by = ""
    web_page_type = "WebPage"
    is_article = False

    class Meta:
        abstract = True

    def linked_data(self, facts: Any) -> list[Node]:
        """What the page is about, first of all, and what else it tells of in schema.org's words."""
        return []

    def _check_slug_is_unique(self):
        """Of what goes live later, the address has to be free then: see ``address_is_planned``."""
        if not self.address_is_planned and not (self.live and self.is_to_come):
            check_address_is_free(self, self.get_parent())

    @classmethod
    def kind_in_words(cls) -> str:
        return str(cls._meta.verbose_name)

    @property
    def is_to_come(self) -> bool:
        """Whether it is being scheduled."""
        return bool(not self.as_of and self.go_live_at and self.go_live_at > clock.now())

    @transaction.atomic
    def save(self, *args, **kwargs):
        if self.is_checked:
            kwargs.setdefault("clean", False)
            self.is_checked = False
        _first_published_with_its_source(self)
        if kwargs.get("update_fields") is None:
            leave_rows_that_stay(self)
            if self.as_of and not self.as_of.moves:
                kwargs["update_fields"] = _all_but_the_place_of(self)
        if self.path and not self.slug:  # Wagtail makes none of a title without letters.
            self.slug = self._get_autogenerated_slug(slug_of(self.title, self.kind_in_words()))
        wanted = self.slug
        # Wagtail writes the row of what is not live whenever somebody edits it.
        is_draft = self._state.adding or (not self.live and kwargs.get("update_fields") is None)
        if not (is_draft and self.address_is_planned):
            return super().save(*args, **kwargs)
        # A draft that is to have the address of another is kept beside it until then. Of a new one
        # it is refused where another is to come.
        if self._state.adding:
            self.slug = self._get_autogenerated_slug(wanted)
        else:
            self.slug = slug_beside_others(self, self.get_parent())
        super().save(*args, **kwargs)
        self.stored_slug, self.slug = self.slug, wanted
        return None

    def _update_descendant_url_paths(self, old_url_path, new_url_path):
        """Wagtail comes by here when it has saved a new slug, and then once all is committed."""
        super()._update_descendant_url_paths(old_url_path, new_url_path)
        leave_redirects(self, old_url_path=old_url_path)

    @transaction.atomic
    def move(self, *args, **kwargs):
        return super().move(*args, **kwargs)

    def update_aliases(self, **kwargs):
        """Wagtail also publishes what mirrors a page that is not live, but only scheduled."""
        is_mirrored = self.as_of is None or self.as_of.is_mirrored
        if self.live and is_mirrored:
            super().update_aliases(**kwargs)

    def copy_for_translation(self, locale, copy_parents=False, alias=False, exclude_fields=None):
        """A draft. Wagtail lets what stands above it mirror the original, and be live: readers
        would be told that the text is in a language in which nobody has written it."""
        return super().copy_for_translation(
            locale, copy_parents=copy_parents, exclude_fields=exclude_fields
        )

    def get_url_parts(self, request=None):
        """As Wagtail, but at the address that the settings give to its site, and in a language
        that is not the site's own beneath that."""
        parts = super().get_url_parts(request)
        if parts is None or parts[1] is None:
            return parts
        site, _, path = parts
        known = known_addresses()
        above = [
            root
            for root in Site.get_site_root_paths()
            if root.site_id in known and self.url_path.startswith(root.root_path)
        ]
        own = [root for root in above if root.language_code == known[root.site_id].language]
        if request is None and own:  # It may also be one of the languages of another site.
            return own[0].site_id, known[own[0].site_id].address, path
        root = next((root for root in above if root.site_id == site), None)
        if root is None:
            return parts
        prefix = "" if root in own else language_prefix(root.language_code)
        return site, known[site].address, prefix + path

    def get_url(self, request=None, current_site=None):
        """The admin leads to the page as readers have it, which is not beside the admin."""
        parts = self.get_url_parts(request)
        known = parts and known_addresses().get(parts[0])
        if known and known.is_frontend:
            return self.get_full_url(request)
        return super().get_url(request, current_site)

    url = property(get_url)

    def permissions_for_user(self, user):
        return PagePermissions(user, self)

    def publication_problems(self):
        return {**super().publication_problems(), **alt_text_problems(self, "social_image")}

    def serve(self, request, *args, **kwargs):
        render = import_string(settings.PAGE_RENDERER)
        return render(request, self, preview=False)
