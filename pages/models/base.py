"""What all page types and snippets share: what may be published, SEO, and how they preview."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.module_loading import import_string
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

__all__ = [
    "BasePage",
    "CheckedAtPublication",
    "PublicationForm",
    "RenderedByContract",
    "alt_text_problems",
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


def image_use_panel(field_name: str, heading: str, *, decorative: bool = True) -> MultiFieldPanel:
    names = [field_name, f"{field_name}_alt_text"]
    if decorative:
        names.append(f"{field_name}_decorative")
    return MultiFieldPanel([FieldPanel(name) for name in names], heading=heading)


class CheckedAtPublication(models.Model):
    """Drafts may have gaps; what goes live may not.

    Every way to publish (the edit view, an approval, a bulk action, a schedule, a command) ends in
    ``publish``, which refuses an incomplete revision with a ``ValidationError`` by field name.
    """

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

    def check_publishable(self) -> None:
        """Raise ``ValidationError`` unless every field and every block is complete."""
        self.full_clean()
        problems = self.publication_problems()
        for field in self._meta.get_fields():
            if isinstance(field, StreamField) and field.name not in problems:
                try:
                    field.stream_block.clean(getattr(self, field.name))
                except ValidationError:
                    problems[field.name] = ["Something in this field is missing or not valid."]
        if problems:
            raise ValidationError(problems)

    def publish(self, revision, **kwargs):
        revision.as_object().check_publishable()
        return super().publish(revision, **kwargs)  # type: ignore[misc]


class PublicationFormMixin:
    """Shows the publication checks beside their fields, unless only a draft is being saved."""

    def _post_clean(self):
        # Not in ``clean``: Django puts the submitted values on the instance in ``_post_clean``,
        # and the checks read the instance.
        super()._post_clean()
        if self.is_deferred_validation:
            return
        for name, messages in self.instance.publication_problems().items():
            self.add_error(name if name in self.fields else None, messages)


class PublicationForm(PublicationFormMixin, WagtailAdminModelForm):
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


class BasePage(RenderedByContract, CheckedAtPublication, Page):
    social_image = models.ForeignKey(
        "media.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The picture social networks show when someone shares this page. "
        "1200 × 630 pixels work best. The site's own picture is used when this is empty.",
    )
    social_image_alt_text = models.CharField(
        "alternative text",
        max_length=250,
        blank=True,
        help_text="What the picture shows, for people who cannot see it.",
    )

    base_form_class = PublicationPageForm
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

    def publication_problems(self):
        return {**super().publication_problems(), **alt_text_problems(self, "social_image")}

    def serve(self, request, *args, **kwargs):
        render = import_string(settings.PAGE_RENDERER)
        return render(request, self, preview=False)
