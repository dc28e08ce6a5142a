"""Formatted text as Markdown: whoever reads it has the words, marks, lists and links of it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.rich_text.blocks import MARKS, Block, Link, RichText, Span, Target
from pages.rich_text.escaping import SPACES, sayable
from pages.rich_text.markdown import plain_paragraphs, plain_words, to_markdown
from pages.rich_text.parsing import parse
from pages.rich_text.reader import has_words, joined, trimmed
from tests.drawing import drawn
from tests.markdown_read import Character, blocks_in, links_in, words_in

ADDRESS = "https://example.org/a_(b)?x=1&copy;=2"
READ_BACK = "https://example.org/a_%28b%29?x=1&copy;=2"
SEEN, HIDDEN = Link("address", address=ADDRESS), Link("page", key=1)
# Whatever means something in Markdown, in HTML, or to programs that look at characters one by one.
HOSTILE = [
    *("*", "**", "_", "__", "`", "```", "[", "]", "](", "(", ")", "<", "<b>", "<!--", "&amp;", "&"),
    *("&#x41;", "!", "#", "# ", "-", "- ", "+ ", "1. ", "1) ", "> ", "---", "===", "|", "~~", "\\"),
    *("\n", " ", "    ", "\t", "\xa0", "\u3000", ":--", "://", "www.x.y", "[^1]", "$", "^", "{{"),
    *("a", "bc", "é", "e\u0301", "日", "مرحبا", "\u202b", "😀", "👩\u200d💻", "❤\ufe0f", "€", "–"),
    *("\x00", "\x0b", "\x1f", "\x85", "\u2028", "\ufeff", "."),
]
TEXTS = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=3), min_size=1, max_size=6).map(
    "".join
)
SPANS = st.builds(
    Span,
    TEXTS,
    st.frozensets(st.sampled_from(MARKS)),
    st.sampled_from([None, None, None, SEEN, HIDDEN]),
)


def block(spans: list[Span], list_item, depth: int, heading: int) -> Block:
    """As the reader of formatted texts makes it."""
    read = [Span(re.sub(r"[ \t\r\f]+", " ", each.text), each.marks, each.link) for each in spans]
    kept = tuple(joined(trimmed(read)))
    return Block("key", kept, 0 if list_item else heading, list_item, depth if list_item else 0)


BLOCKS = st.builds(
    block,
    st.lists(SPANS, min_size=1, max_size=5),
    st.sampled_from([None, "bullet", "number"]),
    st.integers(1, 3),
    st.sampled_from([0, 0, 3]),
).filter(lambda made: has_words(made.spans))


def resolve(link: Link) -> Target | None:
    return Target(link.address) if link.kind == "address" else None


def nowhere(link: Link) -> Target | None:
    return None


def said(characters: list[Character]) -> list[Character]:
    """With one space in the place of several, whatever marks those have."""
    kept: list[Character] = []
    for each, marks, link in characters:
        if not (each in SPACES or each.isspace()):
            kept.append((each, marks, link))
        elif kept and kept[-1][0] != " ":
            kept.append((" ", frozenset(), None))
    while kept and kept[-1][0] == " ":
        kept.pop()
    return kept


def characters_of(made: Block) -> list[Character]:
    return [
        (each, frozenset(span.marks), READ_BACK if span.link == SEEN else None)
        for span in made.spans
        for each in sayable(span.text)
    ]


@given(st.lists(BLOCKS, min_size=1, max_size=4))
@drawn(examples=1_000)
def test_whatever_is_written_is_read_back(written):
    markdown = to_markdown(RichText(tuple(written)), resolve, 3)

    lists = {"bullet_list": "bullet", "ordered_list": "number"}
    told = []
    for each in blocks_in(markdown):
        around = [lists[name] for name in each.around if name in lists]
        told.append((around[-1] if around else None, len(around), said(each.characters)))
    expected = [(each.list_item, each.depth, said(characters_of(each))) for each in written]
    assert told == [each for each in expected if each[2]], markdown


@given(TEXTS)
@drawn(examples=1_000)
def test_words_without_formatting_are_read_back(text):
    expected = " ".join(sayable(text).split())

    assert " ".join(words_in(plain_paragraphs(text)).split()) == expected
    in_a_table = f"| {plain_words(text)} | b |\n| --- | --- |\n| c | {plain_words(text)} |"
    assert [each.words for each in blocks_in(in_a_table)] == [expected, "b", "c", expected]
    picture = f"![{plain_words(text)}](https://example.org/)"
    assert [each.pictures for each in blocks_in(picture)] != [[]]


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One &amp; two.</p><p>Three<br/>four</p>", "One & two.\n\nThree\\\nfour"),
        ("<h3>A</h3><h4>B #</h4><p>C</p>", "### A\n\n#### B \\#\n\nC"),
        ("<ul><li>A</li><li>B<ol><li>C</li><li>D</li></ol></li></ul>", "- A\n- B\n  1. C\n  2. D"),
        ("<ol><li>A<ul><li>B</li></ul></li><li>C<br/>D</li></ol>", "1. A\n   - B\n2. C\\\n   D"),
        ("<ul><li><ul><li>A</li></ul></li></ul>", "- - A"),
        ("<p>2024. 1) # - + &gt; x</p>", "2024\\. 1) # - + > x"),
        ("<p># x</p><p>- x</p><p>&gt; x</p><p>1) x</p>", "\\# x\n\n\\- x\n\n\\> x\n\n1\\) x"),
        ("<p>a<br/>===</p>", "a\\\n\\==="),
        ("<p>snake_case _x_ 2*3 [a](b)</p>", "snake_case \\_x\\_ 2\\*3 \\[a\\](b)"),
        ("<p>&lt;b&gt;x&lt;/b&gt; &amp;amp;</p>", "\\<b>x\\</b> \\&amp;"),
        ("<p><b>bold </b>x <i>i<b>bi</b></i></p>", "**bold** x _i**bi**_"),
        ("<p>x<b>(y)</b>z</p>", "&#x78;**(y)**&#x7A;"),
        ("<p>Look!<a href='https://e.org/'>here</a></p>", "Look\\![here](https://e.org/)"),
        ("<p><a linktype='page' id='3'>gone</a> stays</p>", "gone stays"),
        ("<p><a href='https://e.org/a b(c)'>x</a></p>", "[x](https://e.org/a%20b%28c%29)"),
        ("<p>مرحبا <b>بكم</b> 👩‍💻</p>", "مرحبا **بكم** 👩‍💻"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a \\| b"),
        ("<script>x</script>", ""),
    ],
)
def test_text_is_written_so_that_people_can_read_it_too(html, markdown):
    assert to_markdown(parse(html), resolve, 3) == markdown


def test_headings_fit_their_place():
    text = parse("<h4>A</h4><h5>B</h5><h4>C</h4>")

    levels = [each.level for each in blocks_in(to_markdown(text, nowhere, 2))]

    assert levels == [2, 3, 2]


def test_links_are_read_back_as_they_are():
    text = parse("<p><a href='https://e.org/?a=1&amp;b=[x]|y'>x</a></p>")

    assert links_in(to_markdown(text, resolve, 3)) == ["https://e.org/?a=1&b=%5Bx%5D%7Cy"]
