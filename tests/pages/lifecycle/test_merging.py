"""A newer edit is taken into a version that waits: nothing is lost that is not named.

Three versions of an article at a time, made by chance; ``MERGES=10000`` tries so many.
"""

import copy
import json
import os
from random import Random
from typing import Any

import pytest

from pages.lifecycle.merging import merge
from pages.models import ArticlePage

RUNS = int(os.environ.get("MERGES", "100"))
EDITS = 4
FIELDS = ("title", "standfirst", "seo_title", "search_description", "date")
PICTURE = ("header_image", "header_image_alt_text", "header_image_decorative")


def block(key, text, kind="paragraphs"):
    return {"type": kind, "value": {"text": text}, "id": key}


def row(pk, person, place):
    return {"pk": pk, "sort_order": place, "page": 1, "person": person}


def article():
    return {
        **dict.fromkeys(FIELDS, "as it was"),
        **dict(zip(PICTURE, (1, "A picture", False), strict=True)),
        "pk": 1,
        "go_live_at": None,
        "body": json.dumps([block(key, key) for key in "abcde"]),
        "authors": [row(place, place, place - 1) for place in range(1, 5)],
    }


class Editor:
    """Changes a version by chance; whatever it writes is nowhere else."""

    def __init__(self, random, name):
        self.random, self.name, self.number = random, name, 0

    def token(self):
        self.number += 1
        return f"{self.name}{self.number}"

    def edit(self, content):
        made = copy.deepcopy(content)
        for _ in range(self.random.randint(1, EDITS)):
            self.random.choice((self.field, self.picture, self.text, self.people))(made)
        return made

    def field(self, made):
        made[self.random.choice(FIELDS)] = self.token()

    def picture(self, made):
        made[PICTURE[0]] = self.random.randint(2, 10**9)
        made[PICTURE[1]] = self.token()

    def text(self, made):
        blocks = json.loads(made["body"])
        place = self.random.randrange(len(blocks) + 1)
        what = self.random.choice(("add", "change", "change", "remove", "move"))
        if what == "add" or place == len(blocks):
            blocks.insert(place, block(self.token(), self.token()))
        elif what == "change":
            blocks[place] = block(blocks[place]["id"], self.token())
        elif what == "remove":
            del blocks[place]
        else:
            blocks.insert(self.random.randrange(len(blocks)), blocks.pop(place))
        made["body"] = json.dumps(blocks)

    def people(self, made):
        rows = made["authors"]
        place = self.random.randrange(len(rows) + 1)
        what = self.random.choice(("add", "change", "remove"))
        new = self.random.randint(100, 10**9)
        if what == "add" or place == len(rows):
            rows.insert(place, row(None, new, place))
        elif what == "change":
            rows[place]["person"] = new
        else:
            del rows[place]


def facts(content):
    """What a version says, each by itself."""
    return {
        **{name: content[name] for name in FIELDS},
        "picture": tuple(content[name] for name in PICTURE),
        **{("body", each["id"]): each["value"]["text"] for each in json.loads(content["body"])},
        **{("author", each["person"]): each["person"] for each in content["authors"]},
    }


def is_named(conflicts, *values):
    said = [json.dumps([each.newer, each.waiting]) for each in conflicts if not each.is_order]
    wanted = [json.dumps(value) for value in values if value is not None]
    wanted += [json.dumps(each) for value in values if isinstance(value, tuple) for each in value]
    return any(want.strip("[]") in each for want in wanted for each in said)


def check(base, waiting, newer, keep):
    merged = merge(ArticlePage, base=base, waiting=waiting, newer=newer, keep=keep)
    was, waits, new, is_now = map(facts, (base, waiting, newer, merged.content))
    for unit in was | waits | new:
        old, own, edit, now = (each.get(unit) for each in (was, waits, new, is_now))
        expected = edit if edit != old else own
        if edit != old and own != old and edit != own:
            assert is_named(merged.conflicts, edit, own), (unit, old, own, edit)
            assert now in (edit, own)
        elif now != expected:
            assert is_named(merged.conflicts, edit, own, old), (unit, old, own, edit, now)
    assert merged.content["go_live_at"] == waiting["go_live_at"]
    assert [each["sort_order"] for each in merged.content["authors"]] == [
        *range(len(merged.content["authors"]))
    ]
    return merged


def test_each_edit_survives_or_is_named_however_they_meet():
    """Corrections one after the other, taken into three versions and two releases that wait."""
    asked = 0
    for seed in range(RUNS):
        random = Random(seed)
        live = article()
        plans: list[dict[str, Any]] = []
        for number in range(5):
            begun_with = random.choice([live, *plans])
            made = Editor(random, f"plan{number}-").edit(begun_with)
            plans.append({**made, "go_live_at": f"2099-06-0{number + 1}T09:00:00Z"})
        for number in range(3):
            newer = Editor(random, f"correction{number}-").edit(random.choice([live, plans[-1]]))
            for place, waiting in enumerate(plans):
                first = check(live, waiting, newer, frozenset())
                places = [each.place for each in first.conflicts]
                asked += len(places)
                keep = frozenset(each for each in places if random.random() < 0.5)
                plans[place] = check(live, waiting, newer, keep).content
            live = newer
    assert asked


def test_newer_edit_stays_where_only_it_changed_something():
    base = article()
    waiting = {**base, "title": "Planned", "go_live_at": "2099-06-01T09:00:00Z"}
    newer = {**base, "standfirst": "Corrected"}

    merged = merge(ArticlePage, base=base, waiting=waiting, newer=newer)

    assert merged.conflicts == []
    assert merged.content == {**waiting, "standfirst": "Corrected"}


@pytest.mark.parametrize(("keep", "title"), [((), "Corrected"), (("title",), "Planned")])
def test_what_both_changed_is_named_and_decided(keep, title):
    base = article()

    merged = merge(
        ArticlePage,
        base=base,
        waiting={**base, "title": "Planned"},
        newer={**base, "title": "Corrected"},
        keep=frozenset(keep),
    )

    [conflict] = merged.conflicts
    assert (conflict.place, conflict.label) == ("title", "Title")
    assert merged.content["title"] == title


def test_picture_is_one_with_its_alternative_text():
    base = article()

    merged = merge(
        ArticlePage,
        base=base,
        waiting={**base, "header_image": 2, "header_image_alt_text": "Another"},
        newer={**base, "header_image_alt_text": "Better words"},
    )

    assert [each.label for each in merged.conflicts] == ["Header image"]


@pytest.mark.parametrize("deleted_by", ["newer", "waiting"])
def test_block_that_one_took_out_and_the_other_changed_is_named(deleted_by):
    base = article()
    without = json.dumps([block(key, key) for key in "bcde"])
    changed = json.dumps([block("a", "Changed"), *(block(key, key) for key in "bcde")])
    bodies = {"newer": changed, "waiting": changed, deleted_by: without}
    waiting, newer = ({**base, "body": bodies[name]} for name in ("waiting", "newer"))

    merged = merge(ArticlePage, base=base, waiting=waiting, newer=newer)

    [conflict] = merged.conflicts
    assert conflict.label == "Body 1"
    assert getattr(conflict, deleted_by) is None


@pytest.mark.parametrize("moved_by", ["newer", "waiting"])
def test_order_that_only_one_changed_stays(moved_by):
    base = article()
    bodies = dict.fromkeys(("newer", "waiting"), base["body"])
    bodies[moved_by] = json.dumps([block(key, key) for key in "ebcda"])
    waiting, newer = ({**base, "body": bodies[name]} for name in ("waiting", "newer"))

    merged = merge(ArticlePage, base=base, waiting=waiting, newer=newer)

    assert merged.conflicts == []
    assert [each["id"] for each in json.loads(merged.content["body"])] == [*"ebcda"]


@pytest.mark.parametrize("added_by", ["newer", "waiting"])
@pytest.mark.parametrize(
    ("place", "body"),
    [(0, "xabcde"), (1, "axbcde"), (5, "abcdex")],
    ids=["first", "within", "last"],
)
def test_block_that_one_added_stays_where_it_was_added(added_by, place, body):
    base = article()
    blocks = [block(key, key) for key in "abcde"]
    bodies = dict.fromkeys(("newer", "waiting"), json.dumps([*blocks[:4], block("e", "Changed")]))
    bodies[added_by] = json.dumps([*blocks[:place], block("x", "x"), *blocks[place:]])
    waiting, newer = ({**base, "body": bodies[name]} for name in ("waiting", "newer"))

    merged = merge(ArticlePage, base=base, waiting=waiting, newer=newer)

    assert merged.conflicts == []
    merged_blocks = json.loads(merged.content["body"])
    assert [each["id"] for each in merged_blocks] == [*body]
    assert block("e", "Changed") in merged_blocks


@pytest.mark.parametrize("nothing", ["", "[]", None])
def test_blocks_that_only_one_version_has_are_taken_in(nothing):
    """Those of old have no key of their own."""
    base = {**article(), "body": nothing}
    without_key = {"type": "paragraphs", "value": {"text": "New"}}

    merged = merge(
        ArticlePage,
        base=base,
        waiting={**base, "title": "Planned"},
        newer={**base, "body": json.dumps([without_key, block("a", "A")])},
    )
    again = merge(ArticlePage, base=merged.content, waiting=merged.content, newer=merged.content)

    for found in (merged, again):
        assert found.conflicts == []
        assert json.loads(found.content["body"]) == [without_key, block("a", "A")]


def test_author_whom_both_added_is_there_once():
    base = article()
    added = [*base["authors"], row(None, 9, 4)]
    published = [*base["authors"], row(77, 9, 4)]

    merged = merge(
        ArticlePage,
        base=base,
        waiting={**base, "authors": added},
        newer={**base, "authors": published},
    )

    assert merged.conflicts == []
    assert merged.content["authors"] == published


@pytest.mark.parametrize("lacks", ["base", "newer", "waiting"])
def test_rows_that_a_version_knows_nothing_of_stay_as_they_are_planned(lacks):
    """It was written before there were such rows."""
    base = article()
    newer = {**base, "authors": base["authors"][:1]}
    versions = {"base": base, "newer": newer, "waiting": dict(base)}
    del versions[lacks]["authors"]
    planned = versions["waiting"].get("authors")

    merged = merge(ArticlePage, base=base, waiting=versions["waiting"], newer=versions["newer"])

    assert merged.conflicts == []
    assert merged.content.get("authors") == planned


def test_author_whom_both_replaced_is_named():
    base = article()
    newer, waiting = (
        {**base, "authors": [row(1, person, 0), *base["authors"][1:]]} for person in (50, 60)
    )

    merged = merge(ArticlePage, base=base, waiting=waiting, newer=newer)

    assert [each.label for each in merged.conflicts] == ["Article author 1"]


def test_tags_have_no_order():
    base = {**article(), "tagged_items": [{"pk": 1, "tag": 5, "content_object": 1}]}
    added = {"pk": None, "tag": 6, "content_object": 1}
    newer = {**base, "tagged_items": [*base["tagged_items"], added]}

    merged = merge(ArticlePage, base=base, waiting={**base, "title": "Planned"}, newer=newer)

    assert merged.content["tagged_items"] == newer["tagged_items"]


def test_column_that_rows_of_before_know_nothing_of_is_taken_in():
    base = article()
    of_before = {**base, "authors": [{"pk": 1, "sort_order": 0, "page": 1}]}
    newer = {**base, "authors": base["authors"][:1]}

    merged = merge(ArticlePage, base=of_before, waiting=of_before, newer=newer)

    assert merged.conflicts == []
    assert merged.content["authors"] == newer["authors"]


def test_what_nobody_writes_is_not_asked_about():
    base, waiting, newer = (
        {**article(), "draft_title": title} for title in ("Old", "Two", "Three")
    )

    merged = merge(ArticlePage, base=base, waiting=waiting, newer=newer)

    assert merged.conflicts == []
    assert merged.content["draft_title"] == "Two"


def test_order_that_both_changed_is_named_with_what_stands_elsewhere():
    base = article()
    waiting, newer = (
        {**base, "body": json.dumps([block(key, key) for key in keys])}
        for keys in ("adbce", "acbde")
    )

    merged = merge(ArticlePage, base=base, waiting=waiting, newer=newer)

    [conflict] = merged.conflicts
    assert conflict.is_order
    assert [each["id"] for each in conflict.newer] == [*"cbd"]
    assert [each["id"] for each in conflict.waiting] == [*"dbc"]


def test_block_that_says_what_another_said_is_still_itself():
    base = {**article(), "body": json.dumps([block("a", "One"), block("b", "Two")])}
    newer = {**base, "body": json.dumps([block("a", "Two")])}

    merged = merge(ArticlePage, base=base, waiting={**base, "title": "Planned"}, newer=newer)

    assert merged.conflicts == []
    assert json.loads(merged.content["body"]) == [block("a", "Two")]


def test_blocks_that_say_the_same_are_not_taken_for_one():
    same = {"type": "paragraphs", "value": {"text": "Again"}}
    base = {**article(), "body": json.dumps([same])}
    newer = {**base, "body": json.dumps([same, same])}

    merged = merge(ArticlePage, base=base, waiting={**base, "title": "Planned"}, newer=newer)

    assert merged.conflicts == []
    assert json.loads(merged.content["body"]) == [same, same]


def test_comments_of_editors_are_not_asked_about():
    base = article()
    said = ({"pk": 1, "text": text, "contentpath": "title"} for text in ("One", "Two", "Three"))
    base, waiting, newer = ({**base, "wagtail_admin_comments": [each]} for each in said)

    merged = merge(ArticlePage, base=base, waiting=waiting, newer=newer)

    assert merged.conflicts == []
    assert merged.content["wagtail_admin_comments"] == waiting["wagtail_admin_comments"]


# The value of a block before and after: whether somebody changed it.
REWRITTEN = {
    "item of a list in its older form": (["A"], [{"type": "item", "value": "A", "id": "1"}], False),
    "keys of blocks within": ([block("x", "A")], [block("y", "A")], False),
    "type of a block": ({"type": "quote", "value": "A"}, {"type": "title", "value": "A"}, True),
    "field named type": ({"type": "item", "text": "A"}, {"type": "item", "text": "B"}, True),
    "fields named value and id": ({"value": "A", "id": "x"}, {"value": "A", "id": "y"}, True),
    "fields named type and id": ({"type": "A", "id": "x"}, {"type": "A", "id": "y"}, True),
}


@pytest.mark.parametrize(("before", "after", "is_edit"), REWRITTEN.values(), ids=REWRITTEN)
@pytest.mark.parametrize("store", [json.dumps, list])
def test_what_a_form_only_writes_in_another_way_is_no_edit(before, after, is_edit, store):
    old, new = ({"type": "words", "value": value, "id": "a"} for value in (before, after))
    base = {**article(), "body": store([old])}

    merged = merge(
        ArticlePage,
        base=base,
        waiting={**base, "title": "Planned"},
        newer={**base, "body": store([new])},
    )

    assert merged.conflicts == []
    assert json.loads(merged.content["body"]) == [new if is_edit else old]


def test_what_an_editor_writes_anew_unchanged_is_no_edit():
    body = [block("a", '<p data-block-key="one">A</p>')]
    again = [block("a", '<p data-block-key="two">A</p>')]
    base = {**article(), "body": json.dumps(body)}
    waiting = {**base, "body": json.dumps([block("a", "<p>B</p>")])}

    merged = merge(
        ArticlePage, base=base, waiting=waiting, newer={**base, "body": json.dumps(again)}
    )

    assert merged.conflicts == []
    assert "<p>B</p>" in merged.content["body"]
