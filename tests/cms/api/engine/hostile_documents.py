"""Documents and bodies made to hurt, with the status and code each is refused with."""

import json
from collections.abc import Callable
from typing import Any

__all__ = ["FILTERING", "HOSTILE", "joined", "nested"]

PARSE, VALIDATE = (400, "GRAPHQL_PARSE_FAILED"), (422, "GRAPHQL_VALIDATION_FAILED")
LIMIT, VARIABLES = (422, "LIMIT_EXCEEDED"), (422, "BAD_USER_INPUT")
JSON, SIZE = (400, "BAD_REQUEST"), (413, "REQUEST_TOO_LARGE")


def joined(part: Callable[[int], str], count: int) -> str:
    return " ".join(part(number) for number in range(count))


def fragments_within_fragments(body: Callable[[int], str], count: int, *, on: str, end: str) -> str:
    """``count`` fragments, of which each spreads the next one as ``body`` says."""
    chain = joined(lambda n: f"fragment f{n} on {on} {{ {body(n + 1)} }}", count)
    return f"{chain} fragment f{count} on {on} {{ {end} }}"


def nested(opening: str, middle: str, closing: str, depth: int) -> str:
    return opening * depth + middle + closing * depth


ALL_TO_ALL = joined(
    lambda n: f"fragment f{n} on Query {{ {joined(lambda other: f'...f{other}', 30)} }}", 30
)
INTROSPECTION = "types { fields { name type { name fields { name type { name } } } } }"

DOCUMENTS: dict[str, tuple[str, tuple[int, str]]] = {
    # Fragments
    "fragments that double forty times": (
        "{ ...f0 } "
        + fragments_within_fragments(
            lambda n: f"...f{n} ...f{n}", 40, on="Query", end="__typename"
        ),
        LIMIT,
    ),
    "fragments that double in depth": (
        "{ home { ...f0 } } "
        + fragments_within_fragments(
            lambda n: f"parent {{ ...f{n} }} ancestors {{ ...f{n} }}",
            14,
            on="PageInterface",
            end="id",
        ),
        LIMIT,
    ),
    "fragments that all spread all later ones": (
        "{ ...f0 } "
        + joined(
            lambda n: (
                f"fragment f{n} on Query {{ __typename "
                + " ".join(f"...f{later}" for later in range(n + 1, 40))
                + " }"
            ),
            40,
        ),
        LIMIT,
    ),
    "fragments that all spread all": ("{ ...f0 } " + ALL_TO_ALL, VALIDATE),
    "a fragment within itself": ("{ ...a } fragment a on Query { ...a }", VALIDATE),
    "a fragment within itself, deeper": (
        "{ home { ...a } } fragment a on PageInterface { parent { ...a } }",
        VALIDATE,
    ),
    "fragments in a circle nobody asks for": (
        "{ __typename } fragment a on Query { ...b } fragment b on Query { ...a }",
        VALIDATE,
    ),
    "a hundred fragments": (
        "{ __typename } " + joined(lambda n: f"fragment f{n} on Query {{ __typename }}", 100),
        LIMIT,
    ),
    "a hundred fragments of one name": (
        "{ __typename } " + joined(lambda n: "fragment f on Query { __typename }", 100),
        LIMIT,
    ),
    "fragments that only nest": (
        "{ ...f0 } "
        + joined(
            lambda n: f"fragment f{n} on Query {{ {nested('... {', f'...f{n + 1}', '}', 180)} }}",
            3,
        )
        + "fragment f3 on Query { __typename }",
        LIMIT,
    ),
    "an unknown fragment": ("{ ...nobody }", VALIDATE),
    # Many of a kind
    "ten thousand aliases": ("{" + joined(lambda n: f"a{n}:__typename", 10_000) + "}", SIZE),
    "six hundred aliases": ("{" + joined(lambda n: f"a{n}:__typename", 600) + "}", LIMIT),
    "two thousand times a field": ("{" + joined(lambda n: "__typename", 2_000) + "}", LIMIT),
    "nine hundred times a field": ("{" + joined(lambda n: "__typename", 900) + "}", LIMIT),
    "a field again and again within fragments": (
        "{" + joined(lambda n: "... { __typename }", 450) + "}",
        LIMIT,
    ),
    "fields to merge through many levels": (
        "{" + joined(lambda n: "home {" + nested("parent {", "id", "}", 12) + "}", 45) + "}",
        LIMIT,
    ),
    "fields that conflict in many pairs": (
        "{" + joined(lambda n: f'... {{ page(path: "/{n}") {{ id }} }}', 120) + "}",
        LIMIT,
    ),
    "three hundred operations": (joined(lambda n: f"query q{n} {{ __typename }}", 300), LIMIT),
    "hundreds of directives": (
        "{ __typename " + joined(lambda n: "@include(if: true)", 200) + "}",
        LIMIT,
    ),
    "hundreds of unknown directives": ("{ __typename " + "@x " * 600 + "}", LIMIT),
    "hundreds of directives on an operation": ("query " + "@x " * 600 + "{ __typename }", LIMIT),
    "hundreds of directives on a variable": (
        "query ($a: Int " + "@x " * 600 + ") { __typename }",
        VALIDATE,
    ),
    "hundreds of variables": (
        "query (" + joined(lambda n: f"$v{n}: Int", 450) + ") { __typename }",
        VALIDATE,
    ),
    "hundreds of unknown fields": ("{" + joined(lambda n: f"artikels{n}", 900) + "}", VALIDATE),
    "hundreds of arguments": (
        "{ articles(" + "first: 1 " * 600 + ") { totalCount } }",
        VALIDATE,
    ),
    "hundreds of wrong values": (
        "{ articles(filter: { kind: [" + "NOPE " * 1_900 + "] }) { totalCount } }",
        VALIDATE,
    ),
    "fifty thousand comments": ("{ __typename }" + "#\n" * 48_000, SIZE),
    "twenty thousand comments": ("{ __typename }" + "#\n" * 20_000, LIMIT),
    "megabytes of white space": ("{ __typename }" + " " * 3_000_000, SIZE),
    # Deep
    "three thousand levels": ("{" + nested("parent {", "id", "}", 3_000) + "}", PARSE),
    "a hundred levels": ("{ home {" + nested("parent {", "id", "}", 100) + "} }", LIMIT),
    "three thousand levels of fragments": (nested("{ ...", "{ id }", "}", 3_000), PARSE),
    "lists in lists": ("{ articles(first: " + nested("[", "1", "]", 3_000) + ") { id } }", PARSE),
    "lists in lists, fewer": (
        "{ articles(first: " + nested("[", "1", "]", 100) + ") { id } }",
        VALIDATE,
    ),
    "objects in objects": (
        "{ articles(filter: " + nested("{ a: ", "1", "}", 900) + ") { id } }",
        PARSE,
    ),
    "a variable's type": ("query ($a: " + nested("[", "Int", "]", 900) + ") { id }", PARSE),
    "a variable's type, less deep": (
        "query ($a: " + nested("[", "Int", "]", 150) + ") { articles(first: $a) { totalCount } }",
        VALIDATE,
    ),
    # Large answers
    "too many levels of lists": (
        "{ home { children(first: 100) { nodes { children(first: 100) { nodes { id } } } } } }",
        LIMIT,
    ),
    "more items than there are integers": (
        "{ articles(first: 2147483647) { nodes { id } } }",
        LIMIT,
    ),
    "an integer that is too large": ("{ articles(first: 2147483648) { totalCount } }", VALIDATE),
    "ten to the thirtieth": (f"{{ articles(first: {10**30}) {{ totalCount }} }}", VALIDATE),
    "ninety thousand digits": (
        "{ articles(first: " + "9" * 90_000 + ") { totalCount } }",
        VALIDATE,
    ),
    "a fraction of an item": ("{ articles(first: 1.5) { totalCount } }", VALIDATE),
    "an infinity of items": ("{ articles(first: 1e999) { totalCount } }", VALIDATE),
    # Introspection
    "introspection that goes in circles": (
        "{ __schema {" + nested("types { fields { type {", "name", "} } }", 4) + "} }",
        VALIDATE,
    ),
    "the whole schema eight times": (
        "{" + joined(lambda n: f"s{n}: __schema {{ {INTROSPECTION} }}", 8) + "}",
        LIMIT,
    ),
    "all types eight times": (
        "{ __schema {" + joined(lambda n: f"t{n}: {INTROSPECTION}", 8) + "} }",
        LIMIT,
    ),
    # Characters
    "a string of ninety thousand characters": (
        '{ articles(first: "' + "x" * 90_000 + '") { totalCount } }',
        VALIDATE,
    ),
    "a string of escapes": (
        '{ articles(first: "' + "\\u0041" * 8_000 + '") { totalCount } }',
        VALIDATE,
    ),
    "a block string of many lines": (
        '{ articles(first: """' + " x\n" * 20_000 + '""") { totalCount } }',
        VALIDATE,
    ),
    "a name of ninety thousand characters": ("{" + "x" * 90_000 + "}", VALIDATE),
    "an operation's long name in every error": (
        f"query {'x' * 50_000} {{ articles("
        + joined(lambda n: f"first: $v{n}", 50)
        + ") { totalCount } }",
        VALIDATE,
    ),
    "words of an error message": (
        '{ articles(first: "' + " Did you mean " * 7_000 + '") { totalCount } }',
        VALIDATE,
    ),
    "an endless string": ('{ page(path: "' + "x" * 90_000, PARSE),
    "an endless block string": ('{ page(path: """' + "x" * 90_000, PARSE),
    "an escape that is no character": ('{ page(path: "\\u{110000}") { id } }', PARSE),
    "a very long escape": ('{ page(path: "\\u{' + "0" * 90_000 + '}") { id } }', PARSE),
    "half of an escaped pair": ('{ page(path: "\\ud83d\\ud83d") { id } }', PARSE),
    "a NUL between words": ("{ __typename\0 }", PARSE),
    "nothing but brackets": ("{" * 2_500, PARSE),
    "nothing but dollars": ("$" * 90_000, PARSE),
    "a byte order mark in the middle": ("{ __type\ufeffname \0 }", PARSE),
    # Directives that cannot be
    "@include without its condition": ("{ __typename @include }", VALIDATE),
    "@include with an unknown variable": ("{ __typename @include(if: $no) }", VALIDATE),
    "@include with a missing variable": (
        "query ($a: Boolean!) { __typename @include(if: $a) }",
        VARIABLES,
    ),
}

# Whole bodies

COUNTING = "query ($n: Int) { articles(first: $n) { nodes { id } } }"
FILTERING = "query ($f: ArticleFilter) { articles(filter: $f) { totalCount } }"


def with_json(query: str, variables: str) -> str:
    return f'{{"query": {json.dumps(query)}, "variables": {variables}}}'


BODIES: dict[str, tuple[str | bytes, tuple[int, str]]] = {
    "first: 2^31 - 1": (with_json(COUNTING, f'{{"n": {2**31 - 1}}}'), LIMIT),
    "first: 2^31": (with_json(COUNTING, f'{{"n": {2**31}}}'), VARIABLES),
    "first: 10^30": (with_json(COUNTING, f'{{"n": {10**30}}}'), VARIABLES),
    "first: infinity": (with_json(COUNTING, '{"n": 1e999}'), VARIABLES),
    "first: a fraction": (with_json(COUNTING, '{"n": 1.5}'), VARIABLES),
    "first: a string": (with_json(COUNTING, '{"n": "5"}'), VARIABLES),
    "first: true": (with_json(COUNTING, '{"n": true}'), VARIABLES),
    "first: a deep list": (
        with_json(COUNTING, f'{{"n": {nested("[", "1", "]", 500)}}}'),
        VARIABLES,
    ),
    "first: five thousand digits": (with_json(COUNTING, f'{{"n": {"9" * 5_000}}}'), JSON),
    "first: not a number": (with_json(COUNTING, '{"n": NaN}'), JSON),
    "a deep object": (
        with_json(FILTERING, '{"f": ' + nested('{"kind": ', "1", "}", 300) + "}"),
        VARIABLES,
    ),
    "thousands of unknown keys": (
        with_json(FILTERING, json.dumps({"f": {f"x{n}": 1 for n in range(5_000)}})),
        VARIABLES,
    ),
    "thousands of wrong values": (
        with_json(FILTERING, json.dumps({"f": {"kind": ["NOPE"] * 9_000}})),
        VARIABLES,
    ),
    "a long wrong value": (
        with_json(FILTERING, json.dumps({"f": {"publishedFrom": "x" * 90_000}})),
        VARIABLES,
    ),
    "deep JSON": (with_json("{ __typename }", nested("[", "", "]", 40_000)), JSON),
    "a lone surrogate": ('{"query": "{ page(path: \\"\\ud800\\") { id } }"}', JSON),
    "a byte order mark before JSON": (b'\xef\xbb\xbf{"query": "{ __typename }"}', JSON),
    "UTF-16": ('{"query": "{ __typename }"}'.encode("utf-16"), JSON),
    "a NUL in JSON": (b'{"query": "{ __typename }"\0}', JSON),
}

HOSTILE: dict[str, tuple[Any, tuple[int, str]]] = {
    **{name: ({"query": text}, expected) for name, (text, expected) in DOCUMENTS.items()},
    **BODIES,
}
