"""What a resolver is told of where it stands. It serves many objects, each at a path of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLResolveInfo, GraphQLSchema, build_schema
from graphql.pyutils import Path

from cms.api.engine.deferred import Loader
from tests.cms.api.engine.two_executors import agreed, ours

pytestmark = pytest.mark.any_database

DEFINITION = """
    interface Node { path: String paths: [String] self: Node }
    type Leaf implements Node { path: String paths: [String] self: Node }
    type Tree implements Node {
      path: String paths: [String] self: Node
      trees: [Tree!] nodes: [Node] rows: [[Tree]] tree: Tree nothing: Tree!
    }
    type Query { path: String tree: Tree trees: [Tree!]! nodes: [[Node]] }
"""


def path_of(info: GraphQLResolveInfo) -> str:
    """A path with the types of its fields, such as ``Query.trees/0/Tree.path``."""
    steps = []
    path: Path | None = info.path
    while path is not None:
        steps.append(f"{path.typename}.{path.key}" if path.typename else str(path.key))
        path = path.prev
    return "/".join(reversed(steps))


def yields_paths(info) -> Iterator[str]:
    for _ in range(2):
        yield path_of(info)


TREES = ["Tree", "Tree", "Tree"]
FIELDS: dict[str, Any] = {
    "path": lambda kind, info: path_of(info),
    "paths": lambda kind, info: yields_paths(info),
    "self": lambda kind, info: kind,
    "tree": lambda kind, info: "Tree",
    "trees": lambda kind, info: TREES,
    "nodes": lambda kind, info: ["Tree", "Leaf", None, "Leaf"],
    "rows": lambda kind, info: [TREES[:1], None, TREES],
    "nothing": lambda kind, info: None,
}


def forest() -> GraphQLSchema:
    schema: Any = build_schema(DEFINITION)
    for type_name in ("Query", "Tree", "Leaf"):
        for name, field in schema.type_map[type_name].fields.items():
            field.resolve = FIELDS[name]
    schema.query_type.fields["nodes"].resolve = lambda *_: [["Leaf", "Tree"], None, ["Leaf"]]
    schema.type_map["Node"].resolve_type = lambda kind, info, _: kind
    return schema


QUERIES = [
    "{ path }",
    "{ here: path path }",
    "{ trees { path } }",
    "{ all: trees { here: path more: trees { path } } }",
    "{ nodes { here: path ... on Tree { rows { path } trees { path } } } }",
    "{ tree { tree { nodes { path self { path } } } } trees { tree { nodes { path } } } }",
    "{ trees { paths nodes { paths } } }",
    "{ trees { ...tree } tree { ...tree } } fragment tree on Tree { path tree { path } }",
    "{ trees { rows { nodes { ... on Leaf { leaf: path } ... on Tree { path } } } } }",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_resolver_reads_the_path_of_the_object_it_is_called_for(query):
    result = agreed(forest(), query)

    assert result.errors is None


def test_a_path_has_aliases_indices_and_the_types_of_the_objects_passed():
    result = agreed(forest(), "{ all: nodes { here: path self { there: path } } }")

    assert result.data["all"][0][1] == {
        "here": "Query.all/0/1/Tree.here",
        "self": {"there": "Query.all/0/1/Tree.self/Tree.there"},
    }


@pytest.mark.parametrize("told_by", ["resolve_type", "is_type_of"])
@pytest.mark.parametrize("query", QUERIES)
def test_a_function_that_tells_the_type_reads_the_path_of_the_field(query, told_by):
    def paths_told() -> tuple[GraphQLSchema, list]:
        paths: list[str] = []

        def resolve_type(kind, info, abstract_type):
            paths.append(path_of(info))
            return kind

        def is_type_of(kind, info, *, name):
            paths.append(path_of(info))
            return kind == name

        schema: Any = forest()
        if told_by == "resolve_type":
            schema.type_map["Node"].resolve_type = resolve_type
        else:
            schema.type_map["Node"].resolve_type = None
            for each in ("Tree", "Leaf"):
                schema.type_map[each].is_type_of = lambda kind, info, name=each: is_type_of(
                    kind, info, name=name
                )
        return schema, paths

    schema, paths = paths_told()
    agreed(schema, query)

    # Each executor asked as often and at the same paths, in an order of its own.
    assert sorted(paths[: len(paths) // 2]) == sorted(paths[len(paths) // 2 :])


def test_a_deferred_value_is_finished_with_the_path_of_the_object_it_is_for():
    loader = Loader(lambda keys: {key: key for key in keys})
    schema: Any = forest()
    schema.type_map["Tree"].fields["path"].resolve = lambda kind, info: loader.one(1).then(
        lambda _: loader.one(2).then(lambda _: path_of(info))
    )
    schema.type_map["Tree"].fields["paths"].resolve = lambda kind, info: [
        "now",
        loader.one(3).then(lambda _: path_of(info)),
    ]

    query = "{ all: trees { path ...paths } tree { ...paths } } fragment paths on Tree { paths }"

    result = ours(schema, query)

    assert result.errors is None
    assert result.data == {
        "all": [
            {
                "path": f"Query.all/{index}/Tree.path",
                "paths": ["now", f"Query.all/{index}/Tree.paths"],
            }
            for index in range(3)
        ],
        "tree": {"paths": ["now", "Query.tree/Tree.paths"]},
    }


def test_an_error_is_told_at_the_path_its_resolver_had():
    def fails(kind, info):
        raise ValueError("/".join(str(key) for key in info.path.as_list()))

    schema: Any = forest()
    schema.type_map["Tree"].fields["path"].resolve = fails

    result = agreed(schema, "{ trees { it: path tree { path } } nodes { path } }")

    assert len(result.errors) == 7
    for error in result.errors:
        assert error.message == "/".join(str(key) for key in error.path)


def test_a_path_is_refused_to_those_who_kept_the_info_for_later():
    """On purpose not as in graphql-core, where each object has an info of its own."""
    kept: list[GraphQLResolveInfo] = []
    schema: Any = forest()
    schema.type_map["Tree"].fields["path"].resolve = lambda kind, info: kept.append(info)

    ours(schema, "{ trees { path } }")

    assert [info.field_name for info in kept] == ["path"] * 3
    with pytest.raises(RuntimeError, match="only be read while a value is resolved"):
        _ = kept[0].path


def test_a_resolver_is_told_everything_else_of_the_execution():
    infos: list[GraphQLResolveInfo] = []
    schema: Any = build_schema("type Query { test(it: String): String }")
    schema.query_type.fields["test"].resolve = lambda obj, info, **_: infos.append(info)
    query = "query ($it: String) { result: test(it: $it) ...f } fragment f on Query { __typename }"

    agreed(schema, query, root_value={"a": 1}, variables={"it": "abc"}, context={"b": 2})

    theirs, mine = infos
    assert isinstance(mine, GraphQLResolveInfo)
    for name in set(GraphQLResolveInfo._fields) - {"path", "is_awaitable"}:
        assert getattr(mine, name) == getattr(theirs, name), name
    assert mine.is_awaitable("anything") is False
