"""The fields that stock grapple offers for our models and blocks, in place of our declarations."""

import graphene
from django.apps import apps
from django.db import models
from grapple.helpers import streamfield_types
from grapple.models import (
    GraphQLBoolean,
    GraphQLCollection,
    GraphQLDocument,
    GraphQLField,
    GraphQLFloat,
    GraphQLForeignKey,
    GraphQLImage,
    GraphQLInt,
    GraphQLPage,
    GraphQLRichText,
    GraphQLStreamfield,
    GraphQLString,
)
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from media.models import Document, Image
from pages import clock
from pages.models import ForumPage

__all__ = ["declare"]


def declare() -> None:
    """Give every model and block the fields that a project with stock grapple would give it."""
    for model in apps.get_app_config("pages").get_models():
        if hasattr(model, "graphql_fields"):
            model.graphql_fields = fields_of_model(model)
    for declared in streamfield_types:
        declared["cls"].graphql_fields = fields_of_block(declared["cls"])
    for model in (Image, Document):
        model.graphql_fields = [GraphQLString("credit"), GraphQLString("licence")]
    ForumPage.status = property(lambda forum: forum.status_at(clock.now()).name)
    ForumPage.graphql_fields += [GraphQLString("status"), GraphQLString("date_text")]


def fields_of_model(model: type[models.Model]) -> list:
    columns = [field_of_column(field) for field in model._meta.local_concrete_fields]
    rows = [
        GraphQLCollection(GraphQLForeignKey, relation.get_accessor_name(), relation.related_model)
        for relation in get_all_child_relations(model)
        if relation.related_model._meta.app_label == model._meta.app_label
    ]
    return [field for field in columns if field] + rows


def field_of_column(field: models.Field):
    if isinstance(field, models.ForeignKey):
        return field_of_key(field)
    for kind, declaration in COLUMNS.items():
        if isinstance(field, kind):
            return declaration(field.name)
    return None


def field_of_key(field: models.ForeignKey):
    model = field.related_model
    if isinstance(field, models.OneToOneField):
        return None
    if model in FILES:
        return FILES[model](field.name)
    if model is Page:
        return GraphQLPage(field.name)
    return GraphQLForeignKey(field.name, model) if model._meta.app_label == "pages" else None


def fields_of_block(block_class: type[blocks.StructBlock]) -> list:
    return [field_of_block(name, block) for name, block in block_class.base_blocks.items()]


def field_of_block(name: str, block: blocks.Block):
    if isinstance(block, blocks.ListBlock) and isinstance(block.child_block, blocks.ChooserBlock):
        return GraphQLCollection(GraphQLForeignKey, name, block.child_block.target_model)
    for kind, declaration in BLOCKS.items():
        if isinstance(block, kind):
            return declaration(name)
    return GraphQLString(name)


def GraphQLDateTime(name: str):
    return GraphQLField(name, graphene.DateTime)


# The first kind that fits counts.
COLUMNS = {
    StreamField: GraphQLStreamfield,
    RichTextField: GraphQLRichText,
    models.BooleanField: GraphQLBoolean,
    models.IntegerField: GraphQLInt,
    models.DateTimeField: GraphQLDateTime,
    models.DateField: GraphQLString,
    models.CharField: GraphQLString,
    models.TextField: GraphQLString,
}
FILES = {Image: GraphQLImage, Document: GraphQLDocument}
BLOCKS = {
    blocks.ListBlock: GraphQLStreamfield,
    blocks.RichTextBlock: GraphQLRichText,
    blocks.PageChooserBlock: GraphQLPage,
    blocks.IntegerBlock: GraphQLInt,
    blocks.DecimalBlock: GraphQLFloat,
    ImageBlock: GraphQLImage,
}
