"""What the schema promises, and that the contract says the same."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    get_named_type,
    is_abstract_type,
    is_introspection_type,
    is_specified_scalar_type,
    is_union_type,
    parse,
    validate,
    visit,
)
from wagtail.models import DraftStateMixin, LockableMixin, Page, RevisionMixin, WorkflowMixin

from cms.api.schema.public import public_schema
from tests.conftest import post_graphql

CONTRACT = Path(settings.FRONTEND_CONTRACT)
OPERATIONS = sorted((CONTRACT / "operations").glob("*.graphql"))


def types() -> Iterator[Any]:
    for each in public_schema().type_map.values():
        if not is_introspection_type(each) and not is_specified_scalar_type(each):
            yield each


def described() -> Iterator[tuple[str, str | None]]:
    """Everything that can have a description, by its name, with what it has."""
    for each in types():
        yield each.name, each.description
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in each.fields.items():
                yield f"{each.name}.{name}", field.description
                for argument_name, argument in field.args.items():
                    yield f"{each.name}.{name}({argument_name})", argument.description
        elif isinstance(each, GraphQLEnumType):
            for name, value in each.values.items():
                yield f"{each.name}.{name}", value.description
        elif isinstance(each, GraphQLInputObjectType):
            for name, given in each.fields.items():
                yield f"{each.name}.{name}", given.description


def field_names() -> set[str]:
    names = set()
    for each in types():
        names |= set(getattr(each, "fields", {}))
        for field in getattr(each, "fields", {}).values():
            if not isinstance(field, GraphQLArgument):
                names |= set(getattr(field, "args", {}))
    return names


def test_no_object_is_asked_again_for_the_type_it_was_read_as():
    assert [each.name for each in types() if getattr(each, "is_type_of", None)] == []


def test_everything_in_the_schema_is_described():
    lacking = [name for name, description in described() if not (description or "").strip()]

    assert lacking == []


def test_descriptions_are_sentences_for_those_who_read_them():
    """Not what Django or graphene put there by themselves, and not the field's name again."""
    odd = [
        (name, description)
        for name, description in described()
        if description
        and (
            re.fullmatch(r"\w+\(.*\)", description)  # Django's own docstring of a model
            or description.startswith("An enumeration")
            or re.sub(r"\W", "", description).lower() == name.split(".")[-1].lower()
        )
        and not isinstance(public_schema().type_map[name.split(".")[0]], GraphQLEnumType)
    ]

    assert odd == []


def snake_to_camel(name: str) -> str:
    return re.sub(r"_(.)", lambda match: match.group(1).upper(), name)


# Columns and relations that Wagtail adds, and the few of them that readers may know.
KEPT_BY_WAGTAIL = {
    snake_to_camel(field.name)
    for model in (Page, DraftStateMixin, RevisionMixin, LockableMixin, WorkflowMixin)
    for field in model._meta.get_fields()
}
PUBLIC_OF_PAGES = {
    "id",
    "title",
    "slug",
    "path",
    "locale",
    "firstPublishedAt",
    "lastPublishedAt",
    # Fields of our types that are called like a relation of Wagtail's Page.
    "redirect",
}


def test_nothing_is_in_the_schema_that_is_for_editors_only():
    named_by_grapple = {
        "rawValue",
        "contentType",
        "contentTypeStr",
        "pageType",
        "searchScore",
        "lastPublishedAtStr",
        "collection",
        "fileHash",
        "uploadedByUser",
        "renditions",
        "rendition",
        "srcSet",
        "token",
        "password",
        "user",
        "username",
        "email",
        "lockedBy",
        "formSubmissions",
        "submissions",
        "blockType",
        "field",
        "tableOfContents",
    }
    forbidden = (KEPT_BY_WAGTAIL | named_by_grapple) - PUBLIC_OF_PAGES

    assert {"draftTitle", "goLiveAt", "expireAt", "owner", "locked", "live"} <= forbidden
    assert {"latestRevision", "hasUnpublishedChanges", "urlPath", "numchild"} <= forbidden
    assert field_names() & forbidden == {"email", "token"}
    assert [each.name for each in types() if "token" in getattr(each, "fields", {})] == [
        "StartForm"
    ]


def test_no_type_of_the_admin_is_in_the_schema():
    # Ours, of the settings' presets; Wagtail's are whatever anyone asks for.
    names = {each.name for each in types()} - {"ImageRendition"}

    assert not {
        name for name in names if re.search("User|Group|Revision|Collection|Rendition", name)
    }
    assert not {"Page", "PageObjectType", "StreamFieldInterface", "JSONString"} & names


def test_only_answers_to_forms_can_be_sent():
    schema = public_schema()

    assert schema.mutation_type
    assert set(schema.mutation_type.fields) == {"startForm", "submitForm", "subscribe"}
    assert schema.subscription_type is None


def test_committed_contract_is_the_one_that_is_served(capsys):
    call_command("export_schema", check=True)

    told = "schema.graphql is up to date.\npossible_types.json is up to date.\n"
    assert capsys.readouterr().out == told


def test_possible_types_name_each_type_that_an_interface_or_union_stands_for():
    possible = json.loads((CONTRACT / "possible_types.json").read_text())
    schema = build_schema((CONTRACT / "schema.graphql").read_text())

    abstract = {name for name, each in schema.type_map.items() if is_abstract_type(each)}
    assert possible.keys() == {name for name in abstract if not name.startswith("__")}
    for name, types in possible.items():
        named: Any = schema.type_map[name]
        assert types == sorted(each.name for each in schema.get_possible_types(named))


@pytest.mark.parametrize("name", ["schema.graphql", "possible_types.json"])
def test_the_check_refuses_each_file_that_is_missing(settings, tmp_path, name):
    settings.FRONTEND_CONTRACT = tmp_path
    call_command("export_schema")
    (tmp_path / name).unlink()

    with pytest.raises(CommandError, match="make contract"):
        call_command("export_schema", check=True)


def test_export_says_when_the_committed_schema_has_drifted(settings, tmp_path, capsys):
    settings.FRONTEND_CONTRACT = tmp_path
    (tmp_path / "schema.graphql").write_text("type Query {\n  ours: Int\n}\n")

    with pytest.raises(CommandError, match="make contract"):
        call_command("export_schema", check=True)

    assert "-  ours: Int" in capsys.readouterr().err


def test_export_writes_what_the_check_then_accepts(settings, tmp_path, capsys):
    settings.FRONTEND_CONTRACT = tmp_path / "new"

    call_command("export_schema")
    call_command("export_schema", check=True)

    assert "up to date" in capsys.readouterr().out


# The operations of the contract


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: file.stem)
def test_operation_is_valid_and_named_after_its_file(file):
    document = parse(file.read_text())

    assert validate(public_schema(), document) == []
    (operation,) = (
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    )
    assert operation.name is not None
    assert operation.name.value == snake_to_camel(file.stem)


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: file.stem)
def test_operation_begins_with_a_comment_that_says_what_it_is_for(file):
    first_line = file.read_text().splitlines()[0]

    assert re.fullmatch(r"# \w.*\.", first_line)


class Selections(Visitor):
    """What an operation asks of each field that leads to objects; ``without_id`` may have one."""

    def __init__(self, types: TypeInfo):
        super().__init__()
        self.types = types
        self.asked: dict[str, set[frozenset[str]]] = defaultdict(set)
        self.without_id: list[str] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent: Any = self.types.get_parent_type()
        named: Any = get_named_type(self.types.get_type())
        if node.selection_set is None or is_union_type(named):
            return
        names = frozenset(
            each.name.value for each in node.selection_set.selections if isinstance(each, FieldNode)
        )
        place = f"{parent.name}.{node.name.value}"
        if "id" not in named.fields:
            if not named.name.endswith(("Connection", "Edge")):
                self.asked[place].add(names)
        elif "id" not in names:
            self.without_id.append(place)


def selections_of(file: Path, found: dict[str, set[frozenset[str]]]) -> list[str]:
    """Add what an operation asks for; the fields whose objects have an id that it leaves out."""
    document = spread_out(parse(file.read_text()))
    types = TypeInfo(public_schema())
    selections = Selections(types)
    visit(document, TypeInfoVisitor(types, selections))
    for place, asked in selections.asked.items():
        found[place] |= asked
    return selections.without_id


def spread_out(document: DocumentNode) -> DocumentNode:
    """With what its fragments select in the place where they are spread."""
    fragments = {
        node.name.value: node.selection_set.selections
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }

    class Spread(Visitor):
        def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> SelectionSetNode:
            selections = node.selections
            while any(isinstance(each, FragmentSpreadNode) for each in selections):
                selections = tuple(
                    one
                    for each in selections
                    for one in (
                        fragments[each.name.value]
                        if isinstance(each, FragmentSpreadNode)
                        else (each,)
                    )
                )
            return SelectionSetNode(selections=selections)

    definitions = [n for n in document.definitions if isinstance(n, OperationDefinitionNode)]
    return visit(DocumentNode(definitions=tuple(definitions)), Spread())


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: file.stem)
def test_operation_asks_for_the_id_of_whatever_has_one(file):
    """Clients keep what has an id once, wherever it was answered."""
    assert selections_of(file, defaultdict(set)) == []


def test_operations_ask_alike_for_what_has_no_id():
    """Clients keep it where it stands, and what another operation asked for there is gone."""
    found: dict[str, set[frozenset[str]]] = defaultdict(set)
    for file in OPERATIONS:
        selections_of(file, found)

    assert {place: asked for place, asked in found.items() if len(asked) > 1} == {}


# Introspection and the explorer


def test_schema_can_be_asked_for(db, client):
    query = "{ __schema { queryType { name } types { name fields { name } } } }"

    data = post_graphql(client, query).json()["data"]

    assert data["__schema"]["queryType"] == {"name": "Query"}
    assert {each["name"] for each in data["__schema"]["types"]} >= {"CharterPage", "PageInfo"}


def referenced_in(html: str) -> list[str]:
    return re.findall(r'(?:src|href|data-endpoint)="([^"]+)"', html)


def test_explorer_needs_nothing_from_other_sites(client: Client):
    response = client.get(reverse("graphql_explorer"))
    html = response.content.decode()

    assert response.status_code == 200
    addresses = referenced_in(html)
    assert len(addresses) >= 6
    for address in addresses:
        assert re.match(r"/(?!/)", address), f"{address} leads to another site"


def test_files_of_the_explorer_exist(db, client: Client):
    html = client.get(reverse("graphql_explorer")).content.decode()
    files = [address for address in referenced_in(html) if address.startswith("/static/")]

    assert {Path(file).suffix for file in files} == {".css", ".js"}
    for file in files:
        response = client.get(file)
        response.close()
        assert response.status_code == 200, file


def test_styles_of_the_explorer_load_nothing_from_other_sites(db, client: Client):
    html = client.get(reverse("graphql_explorer")).content.decode()

    for file in referenced_in(html):
        if file.endswith(".css"):
            css = client.get(file).getvalue().decode()
            assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", css), file


def test_explorer_asks_at_the_address_of_the_api(client: Client):
    html = client.get(reverse("graphql_explorer")).content.decode()

    assert f'data-endpoint="{reverse("graphql")}"' in html
