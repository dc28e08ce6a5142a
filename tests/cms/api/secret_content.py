"""Content of every kind in every state, where whatever is hidden carries a mark.

Nothing here knows a page type, a field or a block by its name: models come from the registry the
schema is made from, their fields and blocks from Django and Wagtail. So a new type is filled,
hidden and linked to by itself; a kind of field nobody has taught this module fails loudly.

What is hidden is marked in its texts, slugs, file names, tags, ids, numbers and dates, since a leak
may come as any of them. What is live links to everything hidden, by every field that can link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import models
from django.db.models import ProtectedError
from django.test import override_settings
from django_tasks import default_task_backend
from grapple.registry import registry
from modelcluster.fields import ParentalKey
from PIL import Image as Picture
from taggit.managers import TaggableManager
from taggit.models import ItemBase
from wagtail import blocks
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.images.models import AbstractImage
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Comment,
    DraftStateMixin,
    Locale,
    LockableMixin,
    Page,
    PageViewRestriction,
    ReferenceIndex,
    Revision,
    RevisionMixin,
    Site,
    TranslatableMixin,
    WorkflowMixin,
)

from cms.search.models import MOST_PROMOTED
from media.renditions.making import FOLDER, made_of
from media.renditions.presets import presets
from pages.setting_translations import translation_model_of
from tests import factories
from tests.planning import plan_for_what_was_made

__all__ = [
    "ABOVE",
    "HIDDEN",
    "LIVE",
    "Filler",
    "Marks",
    "World",
    "build_world",
    "exposed",
    "parents_first",
]


# By what blocks have in these, they are compared with others.
SHARED = {"computed_from"}


@dataclass(frozen=True)
class Marks:
    """What every value of an object carries."""

    word: str
    number: int
    year: int


LIVE = Marks("plain", 12, 2020)
HIDDEN = Marks("quagga", 29_947, 2097)

RESTRICTIONS = ("password", "groups", "login")
STATES = ("draft", "scheduled", "expired", *RESTRICTIONS, "inherited")
STATES_OF_SNIPPETS = ("draft", "scheduled", "expired")
ABOVE = "above"  # begins the name of a draft that has something live beneath it
FAR_AWAY = datetime(HIDDEN.year, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2021, 1, 1, tzinfo=UTC)
MUCH_LATER = datetime(2900, 1, 1, tzinfo=UTC)

# Wagtail's indexes are brought up to date after every save: here once for each object, at the end.
LATER = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}

Copies = dict[type[models.Model], dict[str, Any]]
Targets = Callable[[type[models.Model]], list[int]]


@dataclass
class World:
    """What was made, by model and by name of the copy, so that a test recognises it."""

    live: Copies
    hidden: Copies
    hosts: list[str]
    languages: list[str]

    def live_ids(self) -> set[int]:
        return {made.pk for copies in self.live.values() for made in copies.values()}

    def hidden_ids(self) -> set[int]:
        return {made.pk for copies in self.hidden.values() for made in copies.values()}

    def path_of(self, page: Page) -> str:
        """Where a page stands beneath the home page of its language."""
        return "/" + page.url_path.split("/", 2)[2]

    def moved_from(self, page: Page) -> str:
        """The path of the redirect to a page."""
        return f"/moved-from-{page.pk}"

    def forget_hidden(self) -> None:
        """Remove what is hidden, as far as the database lets it go."""
        Revision.objects.all().delete()
        for model, copies in self.hidden.items():
            for name, made in copies.items():
                if name.startswith(ABOVE):
                    continue  # What is live beneath it would go too.
                found = model._default_manager.filter(pk=made.pk).first()
                if found is not None:
                    with suppress(ProtectedError):
                        found.delete()
        for model, copies in self.live.items():
            for made in model._default_manager.filter(pk__in=[each.pk for each in copies.values()]):
                ReferenceIndex.create_or_update_for_object(made)


# Which models there are


def exposed(kind: type) -> list[type[models.Model]]:
    """The models of a kind that the schema has types for."""
    return [m for m in registry.class_models if isinstance(m, type) and issubclass(m, kind)]


def parents_first(page_types: list[type[Page]]) -> list[type[Page]]:
    """Page types in an order in which each comes after one that it may stand under."""
    ordered: list[type[Page]] = []
    while len(ordered) < len(page_types):
        ordered += [
            model
            for model in page_types
            if model not in ordered
            and any(
                parent in ordered or parent not in page_types
                for parent in model.allowed_parent_page_models()
            )
        ]
    return ordered


# What Wagtail keeps on an object for itself; all other fields hold content.
KEEPS_FOR_ITSELF = (
    Page,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
    AbstractImage,
    AbstractDocument,
)
CONTENT = {"title", "draft_title", "slug", "seo_title", "search_description", "description"}
CONTENT |= {"focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"}


@cache
def content_fields(model: Any) -> list[models.Field]:
    kept = {
        each.name
        for base in KEEPS_FOR_ITSELF
        if issubclass(model, base)
        for each in base._meta.get_fields()
    }
    return [
        each
        for each in model._meta.get_fields()
        if each.concrete
        and not each.auto_created
        and not each.primary_key
        and not isinstance(each, TaggableManager | ParentalKey)
        and (each.name in CONTENT or each.name not in kept)
    ]


# Filling one object


@cache
def choices_of(each: models.Field) -> list:
    return [key for key, _ in each.flatchoices]


@dataclass
class Filler:
    """Fills every field of an object with marked values and links.

    ``targets`` answers the ids that links to a model may lead to, ``is_hidden`` which of those are.
    Several objects together have all targets and all choices: ``link`` and ``choice`` say which of
    them this one has.
    """

    marks: Marks
    targets: Targets
    is_hidden: Callable[[int], bool]
    stranger: Any
    deleted_key: int
    numbers: Iterator[int]

    def text(self, name: str, longest: int | None = None, marks: Marks | None = None) -> str:
        word = (marks or self.marks).word
        return f"{word}{next(self.numbers)} {name.replace('_', ' ')}"[:longest]

    def day(self) -> date:
        return date(self.marks.year, 1, 1) + timedelta(days=next(self.numbers) % 300)

    def links(self, model: type[models.Model]) -> list[int]:
        """What a link by id may hold: also the id of something that was deleted."""
        return [*self.targets(model), self.deleted_key]

    def fill(self, instance: models.Model, *, link: int = 0, choice: int = 0) -> None:
        model: Any = type(instance)
        fields = content_fields(model)
        for each in fields:
            if not isinstance(each, models.ForeignKey):
                value = self.value(each, choice)
                if value is not None:
                    setattr(instance, each.name, value)
        for each in fields:
            if isinstance(each, models.ForeignKey):
                self.set_link(instance, each, link)
        if isinstance(instance, Page):
            instance.slug = self.text("page").replace(" ", "-")

    def set_link(self, instance, each, link: int) -> None:
        if each.related_model is get_user_model():
            setattr(instance, each.attname, self.stranger.pk)
            return
        targets = self.targets(each.related_model)
        if not targets:
            return
        chosen = targets[link % len(targets)]
        setattr(instance, each.attname, chosen)
        if self.is_hidden(chosen):
            # What is said of a hidden picture in its place is hidden with it.
            for said in instance._meta.concrete_fields:
                if said.name == f"{each.name}_alt_text":
                    setattr(instance, said.name, self.text(said.name, said.max_length, HIDDEN))

    def value(self, each: models.Field, choice: int) -> Any:
        if isinstance(each, StreamField):
            return each.stream_block.to_python(self.stream(each.stream_block))
        if isinstance(each, RichTextField):
            return self.rich_text()
        if not each.editable and not isinstance(each, models.CharField):
            return None  # Follows from other fields.
        if each.choices:
            keys = choices_of(each)
            return keys[choice % len(keys)]
        if isinstance(each, models.EmailField):
            return f"{self.marks.word}{next(self.numbers)}@example.org"
        if isinstance(each, models.URLField):
            return f"https://{self.marks.word}{next(self.numbers)}.example.org/"
        if isinstance(each, models.CharField | models.TextField):
            return self.text(each.name, each.max_length)
        if isinstance(each, models.BooleanField):
            # What is closed shows less than what is open, what is decorative has no text, and the
            # sitemap does not name what is kept out of it.
            shows_less = each.name.endswith("_decorative") or each.name == "noindex"
            return choice % 2 == 1 if shows_less else True
        if each.name == "closes_at" and self.marks is not HIDDEN:
            return MUCH_LATER  # A form that has closed has no questions.
        if isinstance(each, models.DateTimeField):
            return datetime.combine(self.day(), time(12), UTC)
        if isinstance(each, models.DateField):
            return self.day()
        if isinstance(each, models.IntegerField):
            return self.marks.number
        if isinstance(each, models.DecimalField | models.FloatField):
            return Decimal(self.marks.number)
        if isinstance(each, models.JSONField):
            return {self.marks.word: self.text(each.name)}
        raise NotImplementedError(f"Teach this module to fill {each!r}, a {type(each).__name__}.")

    def rich_text(self) -> str:
        pages = "".join(f'<a linktype="page" id="{key}">words</a> ' for key in self.links(Page))
        documents = "".join(
            f'<a linktype="document" id="{key}">words</a> '
            for model in exposed(AbstractDocument)
            for key in self.links(model)
        )
        pictures = "".join(
            f'<embed embedtype="image" id="{key}" format="left" '
            f'alt="{self.text("alt", marks=HIDDEN if self.is_hidden(key) else None)}"/>'
            for model in exposed(AbstractImage)
            for key in self.links(model)
        )
        return f"<h3>{self.text('heading')}</h3><p>{pages}{documents}</p>{pictures}"

    # Blocks, in the form in which they are stored

    def variants(self, block: blocks.Block) -> int:
        """How many of a block show each of its targets and choices."""
        if isinstance(block, blocks.ChooserBlock):
            return len(self.links(block.target_model))
        if isinstance(block, blocks.ChoiceBlock):
            return len(self.choices(block))
        if isinstance(block, blocks.StructBlock):
            return max((self.variants(child) for child in block.child_blocks.values()), default=1)
        return 1

    @staticmethod
    def choices(block: blocks.ChoiceBlock) -> list:
        return [key for key, _ in block.field.choices if key]

    def stream(self, block: blocks.StreamBlock) -> list[dict]:
        return [
            self.item(name, child, variant)
            for name, child in block.child_blocks.items()
            for variant in range(self.variants(child))
        ]

    def item(self, name: str, child: blocks.Block, variant: int) -> dict:
        key = f"{self.marks.word}-block-{next(self.numbers)}"
        return {"type": name, "value": self.block(child, variant, name), "id": key}

    def block(self, block: blocks.Block, variant: int, name: str) -> Any:
        if isinstance(block, ImageBlock):
            return self.image_block(block, variant)
        if isinstance(block, blocks.StructBlock):
            return {
                key: self.block(child, variant, key) for key, child in block.child_blocks.items()
            }
        if isinstance(block, blocks.StreamBlock):
            return self.stream(block)
        if isinstance(block, blocks.ListBlock):
            child = block.child_block
            return [self.item("item", child, each) for each in range(self.variants(child))]
        if isinstance(block, blocks.ChooserBlock):
            keys = self.links(block.target_model)
            return keys[variant % len(keys)]
        if isinstance(block, blocks.ChoiceBlock):
            return self.choices(block)[variant % len(self.choices(block))]
        return self.simple_block(block, name)

    def simple_block(self, block: blocks.Block, name: str) -> Any:
        if isinstance(block, blocks.RichTextBlock):
            return self.rich_text()
        if isinstance(block, blocks.URLBlock):
            return f"https://{self.marks.word}{next(self.numbers)}.example.org/"
        if isinstance(block, blocks.EmailBlock):
            return f"{self.marks.word}@example.org"
        if name in SHARED:
            return self.marks.word
        if isinstance(block, blocks.CharBlock | blocks.TextBlock | blocks.RawHTMLBlock):
            return self.text(name, getattr(block.field, "max_length", None))
        if isinstance(block, blocks.BooleanBlock):
            return False
        if isinstance(block, blocks.IntegerBlock | blocks.FloatBlock | blocks.DecimalBlock):
            highest = block.field.max_value
            fits = highest is None or self.marks.number <= highest
            number = self.marks.number if fits else highest
            return str(number) if isinstance(block, blocks.DecimalBlock) else number
        if isinstance(block, blocks.DateTimeBlock):
            return datetime.combine(self.day(), time(12), UTC).isoformat()
        if isinstance(block, blocks.DateBlock):
            return self.day().isoformat()
        raise NotImplementedError(f"Teach this module to fill a {type(block).__name__}.")

    def image_block(self, block: ImageBlock, variant: int) -> dict:
        keys = [key for model in exposed(AbstractImage) for key in self.links(model)]
        key = keys[variant % len(keys)]
        marks = HIDDEN if self.is_hidden(key) else None
        return {"image": key, "decorative": False, "alt_text": self.text("alt", marks=marks)}

    # What stands beside an object

    def add_rows(self, instance: models.Model) -> None:
        """The child rows of an instance, one for each thing a row can link to or choose."""
        for relation in instance._meta.get_fields():
            if not isinstance(relation, models.ManyToOneRel):
                continue
            row_model = relation.related_model
            if not isinstance(relation.field, ParentalKey) or issubclass(row_model, ItemBase):
                continue
            if row_model.__module__.startswith("wagtail."):
                continue
            rows = []
            for variant in range(self.rows_of(row_model)):
                row = row_model()
                self.fill(row, link=variant, choice=variant)
                rows.append(row)
            setattr(instance, relation.get_accessor_name(), rows)

    def rows_of(self, row_model: Any) -> int:
        fields = list(content_fields(row_model))
        links = [each for each in fields if isinstance(each, models.ForeignKey)]
        if links:
            return max(len(self.targets(each.related_model)) for each in links)
        return max((len(choices_of(each)) for each in fields if each.choices), default=1)

    def add_tags(self, instance: models.Model) -> None:
        for each in instance._meta.get_fields():
            if isinstance(each, TaggableManager):
                getattr(instance, each.name).add(f"{self.marks.word}tag", "shared")


# Everything


def build_world(language: str) -> World:
    """Make everything. ``language`` is a second one, which Django's settings have to know."""
    with override_settings(TASKS=LATER):
        world = Builder().build(language)
        later: Any = default_task_backend
        for task, arguments in {(each.task, tuple(each.args)) for each in later.results}:
            task.call(*arguments)
        later.clear()
    plan_for_what_was_made()
    return world


class Builder:
    def __init__(self) -> None:
        self.locale = Locale.get_default()
        self.top = Page.get_first_root_node()
        self.page_models = parents_first(exposed(Page))
        self.snippet_models = [m for m in exposed(DraftStateMixin) if not issubclass(m, Page)]
        self.file_models = [*exposed(AbstractImage), *exposed(AbstractDocument)]
        every_model = [*self.page_models, *self.snippet_models, *self.file_models]
        self.live: Copies = {model: {} for model in every_model}
        self.hidden: Copies = {model: {} for model in every_model}
        self.world = World(self.live, self.hidden, [], [self.locale.language_code])
        self.numbers = count(1)
        # An id that no other object has, of whatever model, and no other number in an answer is.
        self.keys = count(7_340_001)
        self.deleted_key = next(self.keys)
        self.stranger = get_user_model().objects.create_user(
            HIDDEN.word, first_name=HIDDEN.word, last_name=HIDDEN.word
        )

    def build(self, language: str) -> World:
        self.make_files()
        self.make_snippets()
        self.make_pages()
        self.make_translations(language)
        self.fill_all()
        self.make_overlays()
        self.make_sites()
        self.make_redirects()
        self.promote_everything()
        return self.world

    def filler(self, marks: Marks, targets: Targets = lambda model: []) -> Filler:
        hidden_keys = self.world.hidden_ids()
        return Filler(
            marks=marks,
            targets=targets,
            is_hidden=hidden_keys.__contains__,
            stranger=self.stranger,
            deleted_key=self.deleted_key,
            numbers=self.numbers,
        )

    # Objects in their places, without links

    def make_files(self) -> None:
        root = Collection.get_first_root_node()
        for model in self.file_models:
            self.live[model]["plain"] = self.file(model, LIVE, root)
        for kind in RESTRICTIONS:
            collection = root.add_child(name=f"{HIDDEN.word} {kind}")
            restrict(CollectionViewRestriction(collection=collection), kind)
            beneath = collection.add_child(name=f"{HIDDEN.word} beneath {kind}")
            for model in self.file_models:
                self.hidden[model][kind] = self.file(model, HIDDEN, collection)
                self.hidden[model]["inherited"] = self.file(model, HIDDEN, beneath)

    def file(self, model, marks: Marks, collection: Collection) -> Any:
        made = model(pk=next(self.keys), collection=collection, uploaded_by_user=self.stranger)
        self.filler(marks).fill(made)
        name = f"{marks.word}{next(self.numbers)}"
        if issubclass(model, AbstractImage):
            content = BytesIO()
            Picture.new("1", (marks.number, 1)).save(content, "PNG")
            made.file = ContentFile(content.getvalue(), f"{name}.png")
        else:
            made.file = ContentFile(b"Words.", f"{name}.txt")
            made.page_count = marks.number
        made.file_size = marks.number
        made.save()
        self.filler(marks).add_tags(made)
        if issubclass(model, AbstractImage):
            self.add_files_for_presets(made, marks)
        return made

    def add_files_for_presets(self, image: Any, marks: Marks) -> None:
        for preset in presets().values():
            wanted = made_of(image, preset)
            name = f"{FOLDER}/{image.pk}/{wanted}/{marks.word}.webp"
            file = {"format": "webp", "width": marks.number, "height": marks.year, "name": name}
            image.preset_renditions.create(preset=preset.name, made_of=wanted, files=[file])

    def make_snippets(self) -> None:
        for model in self.snippet_models:
            for name in ("plain", *STATES):
                self.live[model][name] = self.snippet(model, LIVE, self.locale)
            for state in STATES_OF_SNIPPETS:
                self.hidden[model][state] = self.snippet(model, HIDDEN, self.locale)

    def snippet(self, model, marks: Marks, locale: Locale) -> Any:
        made = model(pk=next(self.keys), live=False, locale=locale)
        self.filler(marks).fill(made)
        made.save()
        return made

    def make_pages(self) -> None:
        """Under each parent stand a draft, then a live page, then all the others."""
        plain: dict[type[Page], Page] = {}
        for model in self.page_models:
            parent = self.parent_of(model, plain)
            self.hidden[model]["draft"] = self.page(model, HIDDEN, parent, self.locale)
            plain[model] = self.page(model, LIVE, parent, self.locale)
            self.live[model]["plain"] = plain[model]
        for model in self.page_models:
            parent = self.parent_of(model, plain)
            for state in STATES:
                self.live[model][state] = self.page(model, LIVE, parent, self.locale)
                if state not in self.hidden[model] and state != "inherited":
                    self.hidden[model][state] = self.page(model, HIDDEN, parent, self.locale)
        for model in self.page_models:
            parent = self.parent_of(model, plain)
            self.make_beneath(model, plain[model] if parent == self.top else parent)

    def make_beneath(self, model: type[Page], parent: Page) -> None:
        """A page under a private one is private; a live page under a draft is live.

        The address of the latter has the draft's slug in it, which therefore is no secret.
        """
        private = self.hidden[type(parent)]["password"]
        self.hidden[model]["inherited"] = self.page(model, HIDDEN, private, self.locale)
        slug = f"above-{next(self.numbers)}"
        draft = self.page(type(parent), HIDDEN, parent.get_parent(), self.locale, slug=slug)
        self.hidden[type(parent)][f"{ABOVE} {slug}"] = draft
        self.live[model]["beneath a draft"] = self.page(model, LIVE, draft, self.locale)
        self.live[model]["beneath a live page"] = self.page(model, LIVE, parent, self.locale)

    def make_translations(self, language: str) -> None:
        """In a second language, of everything that can be translated: a live copy of what is live
        and of what is hidden, and a draft of something live."""
        locale = Locale.objects.create(language_code=language)
        self.world.languages.append(language)
        plain: dict[type[Page], Page] = {}
        for model in self.page_models:
            parent = self.parent_of(model, plain)
            plain[model] = self.page(model, LIVE, parent, locale)
            self.live[model][language] = plain[model]
            self.live[model][f"of a draft, {language}"] = self.page(model, LIVE, parent, locale)
            self.hidden[model][f"draft {language}"] = self.page(model, HIDDEN, parent, locale)
        for model in self.snippet_models:
            self.live[model][language] = self.snippet(model, LIVE, locale)
            self.live[model][f"of a draft, {language}"] = self.snippet(model, LIVE, locale)
            self.hidden[model][f"draft {language}"] = self.snippet(model, HIDDEN, locale)
        for model in [*self.page_models, *self.snippet_models]:
            live, hidden = self.live[model], self.hidden[model]
            live[language].translation_key = live["plain"].translation_key
            live[f"of a draft, {language}"].translation_key = hidden["draft"].translation_key
            only_own = live[STATES[0]]
            hidden[f"draft {language}"].translation_key = only_own.translation_key

    def parent_of(self, model: type[Page], pages: dict[type[Page], Page]) -> Page:
        """Where a page of a type may stand, among the pages given."""
        allowed = [pages[each] for each in model.allowed_parent_page_models() if each in pages]
        return allowed[0] if allowed else self.top

    def page(
        self, model, marks: Marks, parent: Page, locale: Locale, *, slug: str | None = None
    ) -> Any:
        made = model(pk=next(self.keys), live=False, locale=locale, owner=self.stranger)
        self.filler(marks).fill(made)
        made.slug = slug or made.slug
        unchecked(made)
        parent.refresh_from_db()
        parent.add_child(instance=made)
        return made

    # Links, then the state itself

    def fill_all(self) -> None:
        for model in [*self.snippet_models, *self.page_models]:
            for choice, (name, made) in enumerate(self.live[model].items()):
                targets = self.targets_in(name) if name in STATES else self.targets_in_plain
                self.fill(made, self.filler(LIVE, targets), choice=choice)
                self.show(made)
            for name, made in self.hidden[model].items():
                self.fill(made, self.filler(HIDDEN, self.targets_in_plain), choice=0)
                self.hide(made, name)

    def fill(self, made: Any, filler: Filler, *, choice: int) -> None:
        slug = getattr(made, "slug", None)
        filler.fill(made, choice=choice)
        if slug is not None:
            made.slug = slug
        filler.add_rows(made)
        filler.add_tags(made)
        unchecked(made)
        made.save()

    def targets_in(self, state: str) -> Targets:
        """Where the links of a live copy lead: to all that is hidden in a state, then to live.

        Where something has no such state, it is in another; what comes first differs by state.
        """

        def targets(model: type[models.Model]) -> list[int]:
            turn = STATES.index(state)
            found = [
                copies.get(state) or [*copies.values()][turn % len(copies)]
                for each, copies in self.hidden.items()
                if issubclass(each, model)
            ]
            first = turn % len(found) if found else 0
            hidden = [made.pk for made in [*found[first:], *found[:first]]]
            return hidden + self.targets_in_plain(model)[:2]

        return targets

    def targets_in_plain(self, model: type[models.Model]) -> list[int]:
        return [copies["plain"].pk for each, copies in self.live.items() if issubclass(each, model)]

    def show(self, made: Any, **changes: Any) -> None:
        at = LONG_AGO + timedelta(hours=next(self.numbers))
        changes = {"live": True, "first_published_at": at, "last_published_at": at, **changes}
        self.change(made, **changes)

    def hide(self, made: Any, state: str) -> None:
        if state == "scheduled":
            self.change(made, go_live_at=FAR_AWAY, first_published_at=FAR_AWAY)
            made.save_revision(clean=False, approved_go_live_at=FAR_AWAY)
        elif state == "expired":
            # Its time is over, but nobody has come to unpublish it.
            self.show(made, expire_at=LONG_AGO)
        elif state in RESTRICTIONS:
            self.show(made)
            restrict(PageViewRestriction(page=made), state)
        elif state == "inherited":
            self.show(made)
        else:
            # A draft that was live once.
            self.change(made, first_published_at=FAR_AWAY, last_published_at=FAR_AWAY)

    @staticmethod
    def change(made: Any, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(made, name, value)
        type(made)._default_manager.filter(pk=made.pk).update(**changes)

    def make_overlays(self) -> None:
        """Over some live copies, a draft or a scheduled revision in which all is different.

        Those link to something live that nothing else links to. Editors discuss them.
        """
        for model in [*self.snippet_models, *self.page_models]:
            for name, moment in (("plain", None), ("draft", FAR_AWAY)):
                draft = model._default_manager.get(pk=self.live[model][name].pk)
                filler = self.filler(HIDDEN, self.targets_of_overlays)
                filler.fill(draft)
                filler.add_rows(draft)
                unchecked(draft)
                draft.save_revision(clean=False, approved_go_live_at=moment)
                if isinstance(draft, Page):
                    Comment.objects.create(
                        page=draft, user=self.stranger, text=HIDDEN.word, contentpath="title"
                    )

    def targets_of_overlays(self, model: type[models.Model]) -> list[int]:
        return [
            [*copies.values()][-1].pk
            for each, copies in self.live.items()
            if issubclass(each, model)
        ]

    # What belongs to no page

    def make_sites(self) -> None:
        """For each state a site whose home page and settings link to what is hidden in it."""
        homes = self.live[self.page_models[0]]
        site = Site.objects.get(is_default_site=True)
        site.root_page, site.site_name = homes["plain"], LIVE.word
        site.save()
        self.make_settings(site, self.targets_in_plain)
        for state in STATES:
            host = f"{state}.example.org"
            site = Site.objects.create(hostname=host, site_name=LIVE.word, root_page=homes[state])
            self.make_settings(site, self.targets_in(state))
            self.world.hosts.append(host)

    def make_settings(self, site: Site, targets: Targets) -> None:
        for model in exposed(BaseSiteSetting):
            setting = model(site=site)
            self.filler(LIVE, targets).fill(setting)
            setting.save()
            for locale in Locale.objects.exclude(pk=self.locale.pk):
                said = translation_model_of(model)(site=site, locale=locale)
                self.filler(LIVE, targets).fill(said)
                said.save()

    def make_redirects(self) -> None:
        for copies in (self.live, self.hidden):
            for model in self.page_models:
                for page in copies[model].values():
                    path = self.world.moved_from(page)
                    Redirect.objects.create(old_path=path, redirect_page=page)

    def promote_everything(self) -> None:
        """Hidden pages for words that readers find something by, with live ones and alone."""
        hidden, live = (
            [page for model in self.page_models for page in copies[model].values()]
            for copies in (self.hidden, self.live)
        )
        promoted = {LIVE.word: hidden, "shared": [*hidden[:5], *live]}
        for locale in Locale.objects.all():
            for term, pages in promoted.items():
                factories.promoted_term(term, *pages[:MOST_PROMOTED], locale=locale)


def unchecked(made: Any) -> None:
    """Let an object be saved past the checks that editors meet.

    Those want, say, a document or an address but not both. Here every edge is to be full.
    """
    made.full_clean = lambda *_, **__: None


def restrict(restriction: Any, kind: str) -> None:
    restriction.restriction_type = kind
    restriction.password = HIDDEN.word if kind == "password" else ""
    restriction.save()
    if kind == "groups":
        restriction.groups.add(Group.objects.get_or_create(name=HIDDEN.word)[0])
