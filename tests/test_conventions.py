"""Rules for all page types and what belongs to them, so that a new one is made like the others."""

import inspect
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import graphene
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from graphene.utils.str_converters import to_snake_case
from graphql import (
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    InlineFragmentNode,
    get_named_type,
    is_introspection_type,
    parse,
)
from grapple.registry import registry
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from taggit.managers import TaggableManager
from wagtail import blocks
from wagtail.admin.panels import get_edit_handler
from wagtail.contrib.forms.models import AbstractFormField
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import DraftStateMixin, Page
from wagtail.snippets.models import get_snippet_models

from cms.api.schema.listings import Listings
from cms.api.schema.public import public_schema
from cms.api.schema.query import Query
from media.models import Document, Image
from pages import models as pages_models
from pages.block_references import KNOWN_BLOCKS
from pages.markdown import WRITERS
from tests.factories import PAGE_FACTORIES, SNIPPET_FACTORIES

ROOT = Path(settings.BASE_DIR)
OURS = list(apps.get_app_config("pages").get_models())
PAGE_TYPES = [model for model in OURS if issubclass(model, Page)]
SETTINGS = [model for model in OURS if issubclass(model, BaseSiteSetting)]
SNIPPETS = [
    model for model in OURS if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
]
ROWS = [
    relation.related_model
    for model in PAGE_TYPES
    for relation in get_all_child_relations(model)
    if relation.related_model in OURS and not hasattr(relation.related_model, "tag")
]
EDITED = [*PAGE_TYPES, *SNIPPETS, *SETTINGS]


def name_of(value: Any) -> str:
    return getattr(value, "__name__", "") or getattr(value, "stem", "") or str(value)


def for_each(*models: type[models.Model]) -> Any:
    return pytest.mark.parametrize("model", models, ids=name_of)


def stem_of(model: type[models.Model]) -> str:
    return model.__module__.removeprefix("pages.models.")


# Every field that Wagtail's own base classes bring along.
OF_WAGTAIL = {
    field.name
    for base in (Page, *(base for model in SNIPPETS for base in model.__mro__))
    if base is Page or (hasattr(base, "_meta") and base._meta.abstract)
    for field in base._meta.get_fields()
}


def content_fields(model: type[models.Model]) -> list[models.Field]:
    """What an editor fills in, beyond what Wagtail gives every page."""
    return [
        field
        for field in model._meta.get_fields()
        if field.concrete
        and getattr(field, "editable", False)
        and not getattr(field, "primary_key", False)
        and not getattr(field, "auto_created", False)
        and (field.model.__module__.startswith("pages.") or isinstance(field, TaggableManager))
        and not isinstance(field, ParentalKey)
        and field.name not in OF_WAGTAIL
    ]


# Rows


@pytest.mark.parametrize("model", ROWS, ids=name_of)
def test_rows_say_what_tells_them_apart_and_publishing_does_not_change(model):
    named = getattr(model, "identified_by", None)

    columns = {field.attname for field in model._meta.concrete_fields if not field.primary_key}
    assert named in columns, "Set `identified_by`: ids in the API come from it."


# One stem


def test_every_model_is_named_where_django_and_readers_look():
    defined = {
        model
        for file in (ROOT / "pages/models").glob("[a-z]*.py")
        for model in models_defined_in(import_module(f"pages.models.{file.stem}"))
    }

    missing = [model.__name__ for model in defined if not hasattr(pages_models, model.__name__)]

    assert missing == [], "Name these in pages/models/__init__.py."


def models_defined_in(module: ModuleType) -> Iterator[type[models.Model]]:
    kinds: list[Any] = [value for value in vars(module).values() if isinstance(value, type)]
    for value in kinds:
        is_here = value.__module__ == module.__name__
        if is_here and issubclass(value, models.Model) and not value._meta.abstract:
            yield value


@pytest.mark.parametrize("stem", sorted({stem_of(model) for model in EDITED}))
def test_stem_has_a_model_starter_content_and_a_test(stem):
    files = (f"pages/models/{stem}.py", f"pages/starter/{stem}.py", f"tests/pages/test_{stem}.py")

    assert [file for file in files if not (ROOT / file).exists()] == [], "Write these."


@for_each(*PAGE_TYPES, *SNIPPETS)
def test_type_is_drawn_from_an_operation_of_its_own(model):
    others = [each for each in (*PAGE_TYPES, *SNIPPETS) if each is not model]

    assert (ROOT / f"frontend_contract/operations/{model.operation}.graphql").exists()
    assert model.operation not in {other.operation for other in others}


@for_each(*PAGE_TYPES, *SNIPPETS)
def test_type_has_its_words_on_the_plain_page(model):
    file = f"cms/preview/templates/preview/types/{model.operation}.html"

    assert (ROOT / file).exists(), f"Write {file}: previews draw a {model.__name__} with it."


@pytest.mark.parametrize("stem", sorted({stem_of(model) for model in (*PAGE_TYPES, *SNIPPETS)}))
def test_stem_is_the_name_of_an_operation(stem):
    assert (ROOT / f"frontend_contract/operations/{stem}.graphql").exists()


@pytest.mark.parametrize(
    "file", sorted(Path(settings.FRONTEND_CONTRACT).glob("operations/*.graphql")), ids=name_of
)
def test_operation_is_run_by_a_test(file):
    rooms = ("pages", "cms/submissions", "cms/subscriptions")
    folders = [ROOT / "tests" / room for room in rooms]
    tests = "".join(path.read_text() for folder in folders for path in folder.glob("test_*.py"))

    assert f'run_operation("{file.stem}"' in tests


@for_each(*PAGE_TYPES)
def test_page_type_has_a_factory(model):
    assert model in PAGE_FACTORIES, f"Give {model.__name__} a factory in tests/factories.py."


@for_each(*SNIPPETS)
def test_snippet_has_a_factory(model):
    assert model in SNIPPET_FACTORIES, f"Give {model.__name__} a factory in tests/factories.py."


def test_every_snippet_has_drafts():
    """Each can be put into a release."""
    assert set(get_snippet_models()) == set(SNIPPETS)


# What editors meet


@for_each(*PAGE_TYPES)
def test_page_type_says_where_it_may_stand_and_what_may_stand_under_it(model):
    assert "parent_page_types" in vars(model)
    assert "subpage_types" in vars(model)


@for_each(*PAGE_TYPES)
def test_page_types_agree_on_what_stands_under_what(model):
    for child in model.allowed_subpage_models():
        assert model in child.allowed_parent_page_models()
    for parent in model.allowed_parent_page_models():
        if parent is not Page:
            assert model in parent.allowed_subpage_models()


def test_page_types_that_the_api_answers_one_of_may_stand_once_under_their_parent():
    schema: Any = public_schema()
    answered_alone = {
        field.type.name
        for field in schema.query_type.fields.values()
        if isinstance(field.type, GraphQLObjectType)
    }
    singletons = [
        model for model in PAGE_TYPES if registry.pages[model]._meta.name in answered_alone
    ]

    many = [
        model.__name__
        for model in singletons
        if model.max_count_per_parent != 1 and model.parent_page_types != ["wagtailcore.Page"]
    ]

    assert len(singletons) >= 7
    assert many == []


@for_each(*EDITED, *ROWS)
def test_type_has_a_name_that_people_use(model):
    assert "verbose_name" in model._meta.original_attrs or model in ROWS
    assert str(model._meta.verbose_name) == str(model._meta.verbose_name).lower()


@for_each(*PAGE_TYPES)
def test_page_type_says_what_it_is_for_where_an_editor_chooses_one(model):
    assert model.page_description.endswith(".")
    assert inspect.getdoc(model)


@for_each(*EDITED)
def test_every_content_field_can_be_edited(model):
    form = get_edit_handler(model).get_form_class()

    missing = {field.name for field in content_fields(model)} - set(form.base_fields)

    assert missing == set()


# Wagtail's own questions have labels, but no help for some of their fields.
OF_WAGTAILS_FORMS = {field.name for field in AbstractFormField._meta.get_fields()}


@for_each(*EDITED, *ROWS)
def test_every_field_tells_an_editor_what_it_is_for(model):
    silent = [
        field.name
        for field in content_fields(model)
        if not field.help_text and field.name not in OF_WAGTAILS_FORMS
    ]

    assert silent == []


def blocks_of(model: type[models.Model]) -> Iterator[tuple[str, blocks.Block]]:
    """Every block below the StreamFields of a model, by the way that leads to it."""
    for field in content_fields(model):
        if isinstance(field, StreamField):
            for name, block in field.stream_block.child_blocks.items():
                yield from below(f"{field.name}.{name}", block)


def below(way: str, block: blocks.Block) -> Iterator[tuple[str, blocks.Block]]:
    yield way, block
    if isinstance(block, blocks.StructBlock) and not isinstance(block, ImageBlock):
        for name, child in block.child_blocks.items():
            yield from below(f"{way}.{name}", child)
    elif isinstance(block, blocks.ListBlock):
        yield from below(f"{way}[]", block.child_block)


def help_text_of(block: blocks.Block) -> str:
    field = getattr(block, "field", None)
    return getattr(field, "help_text", "") or getattr(block.meta, "help_text", "")


@for_each(*(model for model in EDITED if any(blocks_of(model))))
def test_every_field_of_a_block_tells_an_editor_what_it_is_for(model):
    silent = [
        way
        for way, block in blocks_of(model)
        if not way.endswith("[]") and way.count(".") > 1 and not help_text_of(block)
    ]

    assert silent == []


@for_each(*(model for model in EDITED if any(blocks_of(model))))
def test_every_block_is_of_a_kind_whose_references_are_known(model):
    for way, block in blocks_of(model):
        assert isinstance(block, KNOWN_BLOCKS), way


# What readers get


def test_every_listing_stands_at_the_root_and_nothing_hides_it():
    folder = ROOT / "cms/api/schema/listings"
    shared = {"__init__", "conditions", "listing"}
    modules = {file.stem for file in folder.glob("*.py")} - shared
    listed = {name for name, field in vars(Listings).items() if isinstance(field, graphene.Field)}

    assert len(listed) == len(modules), "Name each listing in cms/api/schema/listings/__init__.py."
    assert listed & vars(Query).keys() == set(), "A field of Query hides a list of that name."


COMPANIONS = ("_alt_text", "_decorative")
# What editors say about what becomes of answers; and what ``condition`` answers together.
NOT_FOR_READERS = {
    "send_when_published",
    "max_submissions",
    "confirmation_subject",
    "confirmation_text",
    "notified_address",
    "retention_days",
    "condition_question",
    "condition_answers",
    "computed_from",
}


def without_companion(name: str) -> str:
    for companion in COMPANIONS:
        name = name.removesuffix(companion)
    return name


@for_each(*EDITED, *ROWS)
def test_every_content_field_can_be_asked_for(model):
    asked = {field.field_source for field in model.graphql_fields}
    pictures = {field.field_name for field in model.graphql_fields} | {"social_image"}
    expected = {
        field.name
        for field in content_fields(model)
        if not (field.name.endswith(COMPANIONS) and without_companion(field.name) in pictures)
    }
    if issubclass(model, Page):
        expected -= {"social_image", "noindex"}  # answered by ``seo``
        expected |= {
            relation.get_accessor_name()
            for relation in get_all_child_relations(model)
            if relation.related_model in ROWS
        }

    assert expected - asked - NOT_FOR_READERS == set()


@for_each(*(model for model in EDITED if any(blocks_of(model))))
def test_every_field_of_a_block_can_be_asked_for(model):
    for way, block in blocks_of(model):
        if isinstance(block, blocks.StructBlock) and not isinstance(block, ImageBlock):
            asked = {field.field_source for field in type(block).graphql_fields}
            assert set(block.child_blocks) - asked - NOT_FOR_READERS == set(), way


# What is told in another way where a page is Markdown, or of no use to who reads it.
NOT_IN_MARKDOWN = {
    "FormPage.honeypot": "an input that nobody is to see",
    "ForumPage.status": "the clock would change the text, and its dates say it",
    "SurveyQuestion.chart": "its table is there",
    "SurveyQuestion.options": "the table has them",
}
# All of these are in the table.
BLOCKS_OF_A_TABLE = {"SurveyOption"}


def asked_for_markdown(model: type[Page]) -> dict[type, set[str]]:
    """The fields that its Markdown is made of: of the type itself, of its rows and blocks."""
    schema: Any = public_schema()
    known = {node._meta.name: each for each, node in registry.class_models.items()}
    known |= {node._meta.name: each for each, node in registry.streamfield_blocks.items()}
    found: dict[type, set[str]] = defaultdict(set)

    def walk(kind: Any, selection_set: Any) -> None:
        for node in selection_set.selections:
            if isinstance(node, InlineFragmentNode):
                walk(schema.type_map[node.type_condition.name.value], node.selection_set)
                continue
            if kind.name in known:
                found[known[kind.name]].add(to_snake_case(node.name.value))
            if node.selection_set:
                walk(get_named_type(kind.fields[node.name.value].type), node.selection_set)

    operation: Any = parse(f"{{ {WRITERS[model].asks} }}").definitions[0]
    walk(schema.type_map[registry.pages[model]._meta.name], operation.selection_set)
    return found


@for_each(*PAGE_TYPES)
def test_markdown_of_a_page_has_all_that_can_be_asked_of_it(model):
    asked = asked_for_markdown(model)
    own = [
        model,
        *(
            relation.related_model
            for relation in get_all_child_relations(model)
            if relation.related_model in ROWS
        ),
        *(
            type(block)
            for _, block in blocks_of(model)
            if type(block) in registry.streamfield_blocks
        ),
    ]

    missing = [
        name
        for each in own
        if each.__name__ not in BLOCKS_OF_A_TABLE
        for field in getattr(each, "graphql_fields", ())
        if (name := f"{each.__name__}.{field.field_name}") not in NOT_IN_MARKDOWN
        and field.field_name not in asked[each]
    ]

    assert missing == [], f"Ask for these in pages/markdown/{stem_of(model)}.py."


@pytest.mark.parametrize("stem", sorted({stem_of(model) for model in PAGE_TYPES}))
def test_stem_has_its_markdown(stem):
    assert (ROOT / f"pages/markdown/{stem}.py").exists()


def hideable() -> set[str]:
    """Types of what readers may not be allowed to see: pages, snippets, pictures, documents."""
    names = {
        node._meta.name
        for model, node in registry.class_models.items()
        if isinstance(model, type)
        and (issubclass(model, Page | DraftStateMixin) or model in (Image, Document))
    }
    return names | {"PageInterface", "ImageUse"}


def test_nothing_that_can_be_hidden_is_promised():
    """A hidden object would turn everything around it to null, up to where null is allowed."""
    promised = [
        f"{each.name}.{name}"
        for each in public_schema().type_map.values()
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType)
        and not is_introspection_type(each)
        for name, field in each.fields.items()
        if isinstance(field.type, GraphQLNonNull)
        and getattr(field.type.of_type, "name", "") in hideable()
        and not each.name.endswith("Edge")  # Lists leave hidden items out, as `nodes` does.
    ]

    assert {"Person", "Organisation", "ForumPage", "Image", "Document"} <= hideable()
    assert promised == []


def test_only_lists_that_leave_hidden_items_out_promise_their_items():
    """In any other list a hidden item keeps its place as null."""
    promised = {
        name
        for each in public_schema().type_map.values()
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType)
        for name, field in each.fields.items()
        if get_named_type(field.type).name in hideable() and str(field.type).endswith("!]!")
    }

    assert promised == {"nodes", "ancestors", "translations"}


def test_an_item_is_promised_alike_with_and_without_its_cursor():
    schema: Any = public_schema()
    connections = {
        name: each for name, each in schema.type_map.items() if name.endswith("Connection")
    }

    assert len(connections) >= 9
    for name, each in connections.items():
        edge = schema.type_map[f"{name.removesuffix('Connection')}Edge"]
        nodes = each.fields["nodes"].type.of_type.of_type
        assert str(nodes) == str(edge.fields["node"].type), name


# The database


def test_no_migration_is_missing(db, capsys):
    call_command("makemigrations", check=True, dry_run=True)

    assert capsys.readouterr().out == "No changes detected\n"


@for_each(*OURS)
def test_constraints_say_in_words_what_they_refuse(model):
    for constraint in model._meta.constraints:
        assert constraint.name.startswith(("pages_", "unique_translation_key"))
        if constraint.name.startswith("pages_"):
            assert constraint.get_violation_error_message().endswith(".")
