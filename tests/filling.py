"""Fills content of any type: every text says a word, every reference leads to one of some targets.

What to fill in follows from the kinds of fields and blocks, so that a new type needs nothing here.
"""

import json
from itertools import cycle
from typing import Any
from uuid import uuid4

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from media.models import Document, Image

__all__ = ["Filling", "is_ours"]


def is_ours(model: type[models.Model]) -> bool:
    return model.__module__.startswith("pages.")


class Filling:
    """Fills the fields of any model or block from what kind of field it is."""

    def __init__(self, word: str, targets: dict[type[models.Model], list]):
        self.word = word
        self.targets = targets
        self.turns = {model: cycle(objects) for model, objects in targets.items() if objects}

    def fill(self, instance: models.Model) -> None:
        """Write to the database directly: what may be published is not what is tested here."""
        own_fields = [
            field
            for field in instance._meta.concrete_fields
            if is_ours(field.model) and field.editable and not field.primary_key
        ]
        values = {field.name: self.value(field) for field in own_fields}
        values = {name: value for name, value in values.items() if value is not None}
        if isinstance(instance, Page):
            Page.objects.filter(pk=instance.pk).update(
                seo_title=f"{self.word} seo_title", search_description=f"{self.word} description"
            )
        if values:
            type(instance).objects.filter(pk=instance.pk).update(**values)
        for relation in get_all_child_relations(type(instance)):
            if is_ours(relation.related_model):
                self.fill_children(instance, relation)

    def fill_children(self, instance: models.Model, relation) -> None:
        """A child for each target that the children's own references can lead to."""
        model = relation.related_model
        own_fields = [
            field
            for field in model._meta.concrete_fields
            if field.editable and field.name != relation.field.name
        ]
        references = [field for field in own_fields if isinstance(field, models.ForeignKey)]
        longest = max((len(self.targets[field.related_model]) for field in references), default=1)
        for _ in range(longest):
            values = {field.name: self.value(field) for field in own_fields}
            values = {name: value for name, value in values.items() if value is not None}
            model.objects.create(**values, **{relation.field.name: instance})

    def value(self, field: models.Field) -> Any:
        if isinstance(field, models.ForeignKey):
            return next(self.turns[field.related_model], None)
        if isinstance(field, StreamField):
            return json.dumps(
                [
                    {"type": name, "id": str(uuid4()), "value": value}
                    for name, block in field.stream_block.child_blocks.items()
                    for value in self.block_values(block)
                ]
            )
        if isinstance(field, RichTextField):
            return self.rich_text()
        if isinstance(field, models.EmailField):
            return f"{self.word}@example.org"
        if isinstance(field, models.URLField):
            return f"https://example.org/{self.word}"
        if field.choices:
            return next(value for value, _ in field.flatchoices if value)
        if isinstance(field, models.CharField | models.TextField):
            return f"{self.word} {field.name}"[: field.max_length]
        return None

    def rich_text(self) -> str:
        links = "".join(
            f'<a linktype="{kind}" id="{target.pk}">there</a> '
            for kind, model in (("page", Page), ("document", Document))
            for target in self.targets[model]
        )
        embeds = "".join(
            f'<embed embedtype="image" id="{image.pk}" alt="{self.word}" format="left"/>'
            for image in self.targets[Image]
        )
        return f"<p>{self.word} {links}{embeds}</p>"

    def block_values(self, block: blocks.Block) -> list[Any]:
        """As many values as it takes to point to every target."""
        if isinstance(block, ImageBlock):
            return [
                {"image": image.pk, "alt_text": self.word, "decorative": False}
                for image in self.targets[Image]
            ]
        if isinstance(block, blocks.StructBlock):
            children = {
                name: self.block_values(child) for name, child in block.child_blocks.items()
            }
            longest = max(len(values) for values in children.values())
            return [
                {name: values[index % len(values)] for name, values in children.items()}
                for index in range(longest)
            ]
        if isinstance(block, blocks.ListBlock):
            items = self.block_values(block.child_block)
            return [[{"type": "item", "id": str(uuid4()), "value": item}] for item in items]
        if isinstance(block, blocks.ChooserBlock):
            return [target.pk for target in self.targets[block.target_model]]
        if isinstance(block, blocks.RichTextBlock):
            return [self.rich_text()]
        if isinstance(block, blocks.URLBlock):
            return [f"https://example.org/{self.word}"]
        if isinstance(block, blocks.DecimalBlock | blocks.IntegerBlock):
            return [7]
        if isinstance(block, blocks.CharBlock | blocks.TextBlock):
            return [self.word]
        if isinstance(block, blocks.ChoiceBlock):
            return [next(value for value, _ in block.field.choices if value)]
        return [None]
