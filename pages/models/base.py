"""What all page types and snippets share: what may be published, SEO, and how they preview."""

import re
from collections import defaultdict
from collections.abc import Iterator, Set
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.module_loading import import_string
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
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

from pages.blocks import messages_in_blocks
from pages.models.revisions import KEPT, ReadFromRevisions, relations_vouched_for
from pages.models.rows import leave_rows_that_stay, problems_of_rows, unique_constraints
from pages.models.versions import FixedVersions

__all__ = [
    "BasePage",
    "BaseSnippet",
    "CheckedAtPublication",
    "NotPublishable",
    "PublicationForm",
    "RenderedByContract",
    "alt_text_field",
    "alt_text_problems",
    "decorative_field",
    "image_field",
    "image_use_panel",
]

EMPTY_LINK = re.compile(r'<a\b[^>]*\bhref="\s*#?\s*"[^>]*>(.*?)</a>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def _text_values(value):
    """Every string inside the JSON of a StreamField."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from _text_values(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from _text_values(child)


def _empty_links(field, value) -> list[str]:
    """The texts of the links in a field that lead nowhere: ``#`` alone, or no address at all."""
    if isinstance(field, RichTextField):
        html = value or ""
    elif isinstance(field, StreamField):
        html = " ".join(_text_values(list(value.raw_data)))
    else:
        return []
    return [TAG.sub("", text).strip() for text in EMPTY_LINK.findall(html)]


def alt_text_problems(instance, field_name: str) -> dict[str, list[str]]:
    """An image in use needs alternative text for that use, or has to be marked decorative."""
    if not getattr(instance, f"{field_name}_id"):
        return {}
    decorative = getattr(instance, f"{field_name}_decorative", False)
    alt_text = getattr(instance, f"{field_name}_alt_text").strip()
    if alt_text or decorative:
        return {}
    return {
        f"{field_name}_alt_text": [
            "Describe the picture for people who cannot see it, or mark it as decorative."
        ]
    }


def image_field(help_text: str) -> models.ForeignKey:
    return models.ForeignKey(
        "media.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=help_text,
    )


def alt_text_field(
    help_text: str = "What the picture shows, for people who cannot see it.",
) -> models.CharField:
    return models.CharField("alternative text", max_length=250, blank=True, help_text=help_text)


def decorative_field(
    help_text: str = "Tick when the picture is only there to look nice.",
) -> models.BooleanField:
    return models.BooleanField("decorative", default=False, help_text=help_text)


def image_use_panel(field_name: str, heading: str, *, decorative: bool = True) -> MultiFieldPanel:
    names = [field_name, f"{field_name}_alt_text"]
    if decorative:
        names.append(f"{field_name}_decorative")
    return MultiFieldPanel([FieldPanel(name) for name in names], heading=heading)


class NotPublishable(ValidationError):
    """What keeps ``subject`` from going live, by the names of its fields and rows."""

    def __init__(self, subject: models.Model, problems: dict[str, list[Any]]):
        super().__init__(problems)
        self.subject = subject

    def lines(self) -> Iterator[str]:
        """Each problem in words, after what editors know its field by."""
        for name, found in self.message_dict.items():
            label = _label_of(type(self.subject), name)
            for message in found:
                yield f"{label}: {message}" if label else message


def _label_of(model: type[models.Model], name: str) -> str:
    """An alternative text is told apart by its picture."""
    if name == NON_FIELD_ERRORS:
        return ""
    field = model._meta.get_field(name)
    if not hasattr(field, "verbose_name"):
        return str(field.related_model._meta.verbose_name_plural).capitalize()
    label = str(field.verbose_name)
    picture = name.removesuffix("_alt_text")
    if picture != name:
        label = f"{label} of {model._meta.get_field(picture).verbose_name}"
    return label[:1].upper() + label[1:]


class CheckBeforePublication(PublishRevisionAction):
    """Ends every way to publish, but a preview's: an incomplete revision is refused."""

    def check(self, skip_permission_checks=False):
        super().check(skip_permission_checks=skip_permission_checks)
        if not self.object.is_checked:
            self.object.check_publishable()
            self.object.is_checked = True


class CheckBeforePagePublication(CheckBeforePublication, PublishPageRevisionAction):
    pass


class CheckedAtPublication(models.Model):
    """Drafts may have gaps; what goes live may not.

    The admin's edit view shows the problems beside their fields. Every other way to publish (an
    approval, a bulk action, a schedule, a command) ends in ``publish``, which refuses an incomplete
    revision.
    """

    # By whoever saves it next, so that it need not be done twice.
    is_checked = False

    class Meta:
        abstract = True

    def publication_problems(self) -> dict[str, list[str]]:
        """What keeps this from being published, by field name. Types extend it."""
        problems: dict[str, list[str]] = {}
        for field in self._meta.get_fields():
            if not isinstance(field, RichTextField | StreamField):
                continue
            for text in _empty_links(field, getattr(self, field.name)):
                problems.setdefault(field.name, []).append(
                    f"The link “{text}” leads nowhere. Give it an address or remove the link."
                )
        return problems

    def row_problems(self) -> dict[str, list[str]]:
        """The same for the rows beneath this, by the name of their relation.

        Apart, because the admin's form checks its own rows before they are part of the object.
        """
        problems = {}
        for relation in get_all_child_relations(type(self)):
            if relation.related_model._meta.app_label == self._meta.app_label:
                name = relation.get_accessor_name()
                problems[name] = problems_of_rows(relation, list(getattr(self, name).all()))
        return {name: messages for name, messages in problems.items() if messages}

    def block_problems(self) -> dict[str, list[str]]:
        problems = {}
        for field in self._meta.get_fields():
            if isinstance(field, StreamField):
                value = getattr(self, field.name)
                try:
                    field.stream_block.clean(value)
                except ValidationError as error:
                    problems[field.name] = [*messages_in_blocks(field.stream_block, value, error)]
        return problems

    def check_publishable(self) -> None:
        """Raise ``NotPublishable`` unless every field, block and row is complete."""
        problems: dict[str, list[Any]] = defaultdict(list)
        try:
            self.full_clean(exclude=_names_vouched_for(self))
        except ValidationError as error:
            error.update_error_dict(problems)
        for found in (self.publication_problems(), self.row_problems(), self.block_problems()):
            for name, messages in found.items():
                problems[name] = problems[name] or messages
        if problems:
            raise NotPublishable(self, problems)

    def publish(self, revision, *, skip_permission_checks=False, **kwargs):
        action = self.publish_action(revision, **kwargs)
        action.execute(skip_permission_checks=skip_permission_checks)


def _names_vouched_for(instance: models.Model) -> Set[str]:
    """Fields that need no statement each to be checked, as the instance was read from a revision.

    A field that is left out of the check takes the constraints it is part of along.
    """
    constrained = {name for known in unique_constraints(type(instance)) for name in known.fields}
    return (KEPT | relations_vouched_for(instance)) - constrained


def _all_but_the_place_of(page: Page) -> list[str]:
    """What to save of a page that stays where it is: Wagtail reads it twice to learn whether."""
    place = {"path", "depth", "numchild", "slug", "url_path"}
    fields = [field.name for field in page._meta.concrete_fields if not field.primary_key]
    fields += [field.name for field in get_all_child_m2m_relations(type(page))]
    relations = [relation.get_accessor_name() for relation in get_all_child_relations(type(page))]
    return [name for name in (*fields, *relations) if name not in place]


class PublicationFormMixin(WagtailAdminModelForm):
    """Shows the publication checks beside their fields, unless only a draft is being saved."""

    def _post_clean(self):
        # Not in ``clean``: Django puts the submitted values on the instance in ``_post_clean``,
        # and the checks read the instance.
        super()._post_clean()
        if self.is_deferred_validation:
            return
        for name, messages in self.instance.publication_problems().items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, messages)


class PublicationForm(PublicationFormMixin):
    """The admin form of a snippet."""


class PublicationPageForm(PublicationFormMixin, WagtailAdminPageForm):
    """The admin form of a page."""


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
        if self.as_of is None or self.as_of.is_mirrored:
            super().update_aliases(**kwargs)

    def publication_problems(self):
        return {**super().publication_problems(), **alt_text_problems(self, "social_image")}

    def serve(self, request, *args, **kwargs):
        render = import_string(settings.PAGE_RENDERER)
        return render(request, self, preview=False)
