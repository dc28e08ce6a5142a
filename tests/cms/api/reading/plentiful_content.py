"""As many as wanted of everything the schema can list, each linking to others.

Under the first page of each type stand so many others. The first object of each type has so many
rows, tags, blocks, and items within its first block; the others have one of each. Written as rows,
since saving so many pages would take minutes. As in ``secret_content``, nothing here knows a type
or a field by its name.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import models
from modelcluster.models import get_all_child_relations
from taggit.managers import TaggableManager
from taggit.models import ItemBase, Tag
from wagtail import blocks
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Collection, DraftStateMixin, Locale, Page, Site

from tests.cms.api.secret_content import LIVE, Filler, exposed, parents_first
from tests.filling import is_ours

__all__ = ["Plenty", "make_plenty"]

PARENTS = 2
MOVED = "/moved"
SOME_TIME = datetime(2021, 1, 1, tzinfo=UTC)


@dataclass
class Plenty:
    """What was made: all objects of each model, the one with the most in it first."""

    made: dict[type[models.Model], list[Any]]

    def paths(self) -> list[str]:
        """The path of the first page of each type beneath the home page, and of a redirect."""
        firsts = [each[0] for model, each in self.made.items() if issubclass(model, Page)]
        return ["/" + page.url_path.split("/", 2)[2] for page in firsts] + [MOVED]


@dataclass
class LengthyFiller(Filler):
    """Fills lists with so many items, and the lists within the first of these as well."""

    length: int = 1

    def links(self, model: type[models.Model]) -> list[int]:
        return self.targets(model)

    def variants(self, block: blocks.Block) -> int:
        return self.length

    def rows_of(self, row_model: Any) -> int:
        return self.length

    def item(self, name: str, child: blocks.Block, variant: int) -> dict:
        outer = self.length
        self.length = 1 if variant else outer
        made = super().item(name, child, variant)
        self.length = outer
        return made

    def block(self, block: blocks.Block, variant: int, name: str) -> Any:
        """Links of one kind lead to different objects, also where each is the first of a list."""
        chooses = isinstance(block, blocks.ChooserBlock)
        return super().block(block, next(self.numbers) if chooses else variant, name)

    def day(self) -> date:
        """Later each time: what ends may not end before it starts."""
        return SOME_TIME.date() + timedelta(days=next(self.numbers))

    def rich_text(self) -> str:
        linked = [("page", key) for key in self.targets(Page)[: self.length]]
        for model in exposed(AbstractDocument):
            linked += [("document", key) for key in self.targets(model)[: self.length]]
        links = "".join(f'<a linktype="{kind}" id="{key}">words</a> ' for kind, key in linked)
        return f"<p>{links}</p>" + "<h3>Heading</h3>" * self.length


def make_plenty(amount: int) -> Plenty:
    return Maker(amount).make()


class Maker:
    def __init__(self, amount: int):
        self.amount = amount
        self.keys = count(1_000_001)
        self.numbers = count(1)
        self.locale = Locale.get_default()
        self.top = Page.get_first_root_node()
        self.collection = Collection.get_first_root_node()
        self.made: dict[Any, list[Any]] = {}
        self.keys_by_model: dict[Any, list[int]] = {}

    def make(self) -> Plenty:
        """Everything has its key and its place before anything is filled with links to it."""
        files = [*exposed(AbstractImage), *exposed(AbstractDocument)]
        snippets = [each for each in exposed(DraftStateMixin) if not issubclass(each, Page)]
        for model in files:
            self.made[model] = [self.file(model) for _ in range(self.amount)]
        for model in snippets:
            self.made[model] = [
                model(pk=next(self.keys), locale=self.locale) for _ in range(self.amount)
            ]
        self.place_pages()
        tags = Tag.objects.bulk_create(
            Tag(name=f"tag {number}", slug=f"tag-{number}") for number in range(self.amount)
        )
        for model, objects in self.made.items():
            self.insert(model, objects)
            self.add_tags(model, objects, tags)
        self.make_site()
        self.translate_home_page()
        call_command("index_search", verbosity=0)  # Nothing of it was saved one by one.
        return Plenty(self.made)

    def file(self, model: Any) -> Any:
        size = {"width": 1, "height": 1} if issubclass(model, AbstractImage) else {}
        return model(pk=next(self.keys), collection=self.collection, file="a/file.png", **size)

    # Pages

    def place_pages(self) -> None:
        """Under the first parent so many pages, of the types that may stand there in turn."""
        beneath: dict[Any, list[Any]] = defaultdict(list)
        for model in parents_first(exposed(Page)):
            allowed = [each for each in model.allowed_parent_page_models() if each in self.made]
            beneath[allowed[0] if allowed else None].append(model)
            self.made[model] = []
        for parent, kinds in beneath.items():
            self.place_beneath(parent, kinds)

    def place_beneath(self, parent_model: Any, kinds: list[Any]) -> None:
        """At least two of each type: the children of one page are asked for in another way."""
        parents = self.made[parent_model][:PARENTS] if parent_model else [self.top]
        for number, parent in enumerate(parents):
            step = count(parent.numchild + 1)
            for place in range(len(kinds) if number else max(self.amount, 2 * len(kinds))):
                kind = kinds[place % len(kinds)]
                self.made[kind].append(self.page(kind, parent, next(step)))

    def page(self, model: Any, parent: Page, step: int) -> Any:
        key, depth = next(self.keys), parent.depth + 1
        return model(
            pk=key,
            id=key,
            slug=f"page-{key}",
            content_type=ContentType.objects.get_for_model(model),
            locale=self.locale,
            path=Page._get_path(parent.path, depth, step),
            depth=depth,
            url_path=f"{parent.url_path}page-{key}/",
            first_published_at=SOME_TIME,
            last_published_at=SOME_TIME,
        )

    # Filling

    def filler(self, number: int) -> LengthyFiller:
        """For the object of that number; each begins to link somewhere else."""
        length = 1 if number else self.amount

        def targets(model: type[models.Model]) -> list[int]:
            keys = self.keys_of(model)
            return [keys[(number + turn) % len(keys)] for turn in range(min(length, len(keys)))]

        return LengthyFiller(
            marks=LIVE,
            targets=targets,
            is_hidden=lambda key: False,
            stranger=None,
            deleted_key=0,
            numbers=self.numbers,
            length=length,
        )

    def keys_of(self, model: type[models.Model]) -> list[int]:
        if model not in self.keys_by_model:
            self.keys_by_model[model] = [
                made.pk
                for kind, several in self.made.items()
                if issubclass(kind, model)
                for made in several
            ]
        return self.keys_by_model[model]

    def insert(self, model: Any, objects: list[Any]) -> None:
        rows: dict[Any, list[Any]] = defaultdict(list)
        for number, made in enumerate(objects):
            filler, slug = self.filler(number), getattr(made, "slug", None)
            filler.fill(made)
            if slug:
                made.slug, made.live = slug, True
            for relation in row_relations(model):
                rows[relation.related_model] += self.rows(filler, relation, made)
        if issubclass(model, Page):
            insert_pages(model, objects)
        else:
            model._base_manager.bulk_create(objects)
        for row_model, several in rows.items():
            row_model._base_manager.bulk_create(several)

    @staticmethod
    def rows(filler: LengthyFiller, relation, made: Any) -> list[Any]:
        rows = []
        for place in range(filler.length):
            row = relation.related_model(**{relation.field.attname: made.pk})
            filler.fill(row, link=place, choice=place)
            row.sort_order = place
            rows.append(row)
        return rows

    def add_tags(self, model: Any, objects: list[Any], tags: list[Tag]) -> None:
        for each in model._meta.get_fields():
            if isinstance(each, TaggableManager) and issubclass(model, Page):
                through = each.remote_field.through
                through._base_manager.bulk_create(
                    through(content_object_id=made.pk, tag=tag)
                    for number, made in enumerate(objects)
                    for tag in tags[: 1 if number else self.amount]
                )

    def make_site(self) -> None:
        home = next(objects[0] for model, objects in self.made.items() if issubclass(model, Page))
        site = Site.objects.get(is_default_site=True)
        site.root_page_id = home.pk
        site.save()
        for model in exposed(BaseSiteSetting):
            setting = model(site=site)
            self.filler(0).fill(setting)
            setting.save()
        paths = [MOVED, *(f"{MOVED}/{number}" for number in range(1, self.amount))]
        Redirect.objects.bulk_create(
            Redirect(old_path=path, redirect_page_id=home.pk) for path in paths
        )

    def translate_home_page(self) -> None:
        """What stands beside it becomes the same page in other languages."""
        first, *others = next(made for model, made in self.made.items() if issubclass(model, Page))
        locales = Locale.objects.bulk_create(
            Locale(language_code=f"en-x-{number}") for number in range(1, self.amount)
        )
        key = Page.objects.get(pk=first.pk).translation_key
        for page, locale in zip(others, locales, strict=False):
            Page.objects.filter(pk=page.pk).update(translation_key=key, locale=locale)


def row_relations(model: type[models.Model]) -> list[Any]:
    return [
        relation
        for relation in (get_all_child_relations(model) if issubclass(model, Page) else [])
        if is_ours(relation.related_model) and not issubclass(relation.related_model, ItemBase)
    ]


def insert_pages(model: Any, pages: list[Any]) -> None:
    Page.objects.bulk_create(
        Page(**{each.attname: getattr(page, each.attname) for each in Page._meta.concrete_fields})
        for page in pages
    )
    # A page's row in a second table: Django's `bulk_create` refuses it, for it might have to make
    # the first. It is there.
    model._base_manager.all()._insert(
        pages, fields=model._meta.local_concrete_fields, using=model._base_manager.db
    )
