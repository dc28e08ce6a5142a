"""What is copied in Word, Google Docs or a web page is pasted as headings, lists and words."""

import json
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# As the keyboard does it; what a test writes to the clipboard itself, Chromium would clean.
PASTE = """([html, text]) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", text);
    document.activeElement.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    );
}"""
ARTICLE = """
from pages.models import ArticlePage, ArticlesPage, HomePage
text = f'<p>See <a linktype="page" id="{{HomePage.objects.first().pk}}">us</a></p>'
body = [("paragraphs", {{"text": text}})]
page = ArticlePage(title="Pasted", slug="{slug}", body=body, live=False)
ArticlesPage.objects.first().add_child(instance=page)
page.save_revision()
print(page.pk)
"""
PUBLISH = """
from pages.models import ArticlePage
ArticlePage.objects.get(pk={key}).get_latest_revision().publish()
"""
READ = """{
    page(path: "/articles/pasted/") {
        ... on ArticlePage { body { ... on ArticleParagraphs { text { html } } } }
    }
}"""
# Draftail hands over what was typed a moment after the last key.
HANDED_OVER = 400
MARKS = {
    "header-three": "### ",
    "header-four": "#### ",
    "unordered-list-item": "- ",
    "ordered-list-item": "1. ",
    "unstyled": "",
}
STYLES = {"BOLD": "**", "ITALIC": "_"}


def in_word(body: str) -> str:
    """As Word and the clipboard wrap it."""
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        "<style>p.MsoNormal{margin:0cm}</style><!--[if gte mso 9]><xml><o:p/></xml><![endif]-->"
        f"</head><body lang=EN-GB>\r\n<!--StartFragment-->{body}<!--EndFragment--></body></html>"
    )


def in_word_list(level: int, mark: str, words: str) -> str:
    return (
        f"<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level{level} lfo1'>"
        f"<![if !supportLists]><span style='mso-list:Ignore'>{mark}<span style='font:7.0pt"
        f' "Times New Roman"\'>&nbsp;&nbsp; </span></span><![endif]>{words}<o:p></o:p></p>'
    )


def in_google_docs(body: str) -> str:
    return (
        "<meta charset='utf-8'><b style=\"font-weight:normal;\""
        f' id="docs-internal-guid-1">{body}</b>'
    )


PASTED = {
    "headings of Word, from the highest there is": (
        in_word(
            "<p class=MsoTitle>Charter</p><h1>Scope<o:p></o:p></h1><h2><b>Within</b></h2>"
            "<p class=MsoNormal>Words.<o:p></o:p></p>"
        ),
        ["### Charter", "### Scope", "#### Within", "Words."],
    ),
    "headings of a web page that begin with the second level": (
        "<h2>Members</h2><p>Many.</p><h3>Of old</h3>"
        '<div role="heading" aria-level="2">Guests</div>',
        ["### Members", "Many.", "#### Of old", "### Guests"],
    ),
    "heading that is pasted alone": ("<h2>Members</h2>", ["### Members"]),
    "lists of Word, which are paragraphs": (
        in_word(
            in_word_list(1, "·", "First")
            + in_word_list(2, "o", "Beneath")
            + in_word_list(1, "1.", "Counted")
            + in_word_list(2, "b)", "Lettered")
        ),
        ["- First", "  - Beneath", "1. Counted", "  1. Lettered"],
    ),
    "bold and italic of Word, and no other look": (
        in_word(
            "<p class=MsoNormal>A <b style='mso-bidi-font-weight:normal'>bold</b>, <i>slanted</i>,"
            " <u>underlined</u> and <s>struck</s> <span style='color:red'>red</span> word.</p>"
        ),
        ["A **bold**, _slanted_, underlined and struck red word."],
    ),
    "bold and italic of Google Docs, which are styles": (
        in_google_docs(
            '<p dir="ltr"><span style="font-weight:400">So </span><span style="font-weight:700">'
            'bold</span><span style="font-style:italic"> and slanted</span></p>'
        ),
        ["So **bold**_ and slanted_"],
    ),
    "lists of Google Docs, which stand in one another": (
        in_google_docs(
            '<ul><li dir="ltr"><p role="presentation"><span>One</span></p></li>'
            "<ul><li><p>Beneath</p></li></ul><li><p>Two</p></li></ul><br><ol><li>First</li></ol>"
        ),
        ["- One", "  - Beneath", "- Two", "1. First"],
    ),
    "links that lead somewhere": (
        '<p>To <a href="https://example.org/a?b=1&amp;c=2">a page</a>, '
        '<a href="mailto:ann@example.org">Ann</a>, <a href="tel:+32123">a telephone</a>, '
        '<a href="#below">below</a></p>',
        [
            "To [a page](https://example.org/a?b=1&c=2), [Ann](mailto:ann@example.org),"
            " [a telephone](tel:+32123), below"
        ],
    ),
    "table of figures, a row a line": (
        "<table><caption>Figures</caption><tr><th>Year</th><th>Count</th></tr>"
        "<tr><td><p>2025</p></td><td><p>12</p><p>of <i>20</i></p></td></tr></table>",
        ["Figures", "**Year** | **Count**", "2025 | 12 of _20_"],
    ),
    "footnotes, whose words stand at the end": (
        in_word(
            "<p>Words<a href='#_ftn1'><sup>[1]</sup></a></p><div style='mso-element:footnote-list'>"
            "<p><a href='#_ftnref1'>[1]</a> Of old</p></div>"
        ),
        ["Words[1]", "[1] Of old"],
    ),
    "what is raised or lowered where that changes the meaning": (
        "<p>10<sup>3</sup> m of H<sub>2</sub>O on the 1<sup>st</sup>"
        '<span style="vertical-align:super">2</span></p>',
        ["10³ m of H₂O on the 1st²"],
    ),
    "what a web page shows beside its words": (
        "<header><nav hidden><a href='https://example.org/'>Home</a></nav></header><main>"
        "<script>alert(1)</script><style>p { color: red }</style><template>Never</template>"
        '<p style="display:none">Hidden</p><button>Copy</button><select><option>All</select>'
        "<blockquote>Quoted,<br>twice</blockquote><hr><dl><dt>Edge</dt><dd>Nearby</dd></dl>"
        "<pre>a = 1\n  b = 2\n</pre>Loose words</main>",
        ["Quoted,\ntwice", "Edge", "Nearby", "a = 1\nb = 2", "Loose words"],
    ),
    "table that is there for the looks of a mail": (
        "<table role=presentation><tr><td><h2>News</h2></td><td>Aside</td></tr></table>"
        "<table><tr><td>Alone</td></tr><tr><td>Below</td></tr></table>"
        "<table><tr><td><ul><li>Item</li></ul></td><td>Beside</td></tr></table>",
        ["### News", "Aside", "Alone", "Below", "- Item", "Beside"],
    ),
    "spaces and empty paragraphs that only lay out": (
        in_word(
            "<p>\r\n  Words   of\r\nlines <b> apart </b> .</p><p>&nbsp;</p><p><br></p><p>End</p>"
        ),
        ["Words of lines **apart **.", "End"],
    ),
    "writing from right to left, and joined characters": (
        '<p dir="rtl">مرحبا <b>بالعالم</b> 123</p><p>👨\u200d👩\u200d👧 🇲🇦 é</p>',
        ["مرحبا **بالعالم** 123", "👨\u200d👩\u200d👧 🇲🇦 é"],
    ),
    "words out of a line keep the spaces around them": (
        "<span>of the </span><b>line</b> ",
        ["of the **line** "],
    ),
    "what would run where it is shown": (
        "<p onclick='alert(1)'>Safe<img src=x onerror='document.title=1'><svg onload='alert(1)'>"
        '<text>drawn</text></svg> <a href="java&#10;script:alert(1)">words</a></p>'
        "<iframe src='https://example.org/'></iframe><math><mtext>drawn</mtext></math>",
        ["Safe words"],
    ),
}

SAID = {
    "pictures": ("<p>Words<img src='https://example.org/a.png'></p>", "Pictures were left out"),
    "videos": ("<p>Words</p><video></video>", "Videos, sound and drawings were left out"),
    "links": (
        "<p>Words <a href='file:///C:/a.docx'>of a file</a></p>",
        "Links that lead nowhere for readers",
    ),
    "comments of Word": (
        in_word(
            "<p>Words<span style='mso-special-character:comment'>[A1]</span></p>"
            "<div style='mso-element:comment-list'><p>Is that so?</p></div>"
        ),
        "Comments were left out",
    ),
    "table": (
        "<table><caption>Figures</caption><tr><th>Words</th><th>Count</th></tr>"
        "<tr><td><p>Edge</p></td><td>12</td></tr></table>",
        "A table became lines",
    ),
    "footnotes": (
        in_word(
            "<p>Words<a href='#_ftn1'><sup>[1]</sup></a></p><div style='mso-element:footnote-list'>"
            "<p><a href='#_ftnref1'>[1]</a> Of old</p></div>"
        ),
        "Footnotes became plain text",
    ),
    "words taken out": ("<p>Words <del>that were</del></p>", "Words marked as deleted"),
}


@pytest.fixture
def window(site, log_in):
    """The form of a page, with nothing in its text."""
    known = (
        "from django.contrib.auth.models import User; print(*User.objects.filter(username='pat'))"
    )
    if not site.run(known).strip():
        site.add_user("pat", "Editors")
    window = log_in("pat")
    page = "from pages.models import ArticlesPage; print(ArticlesPage.objects.first().pk)"
    window.goto(f"{site.address}/admin/pages/{site.run(page).strip()}/edit/")
    empty(window)
    return window


def empty(window):
    window.locator("[data-draftail-editor-wrapper] [contenteditable=true]").first.click()
    window.keyboard.press("Control+a")
    window.keyboard.press("Delete")
    for _ in range(3):  # An item of a list ends level by level.
        window.keyboard.press("Backspace")
    wait_for(window, [])


def paste(window, html, text="Words"):
    window.evaluate(PASTE, [html, text])


def shown(window) -> list[str]:
    """The blocks of the text as it would be sent."""
    raw = json.loads(window.locator("[data-draftail-input]").first.input_value())
    return [line(block, raw["entityMap"]) for block in raw["blocks"]] if raw else []


def line(block: dict, entities: dict) -> str:
    points: list[tuple[int, str]] = []
    for each in block["inlineStyleRanges"]:
        mark = STYLES[each["style"]]
        points += [(each["offset"], mark), (each["offset"] + each["length"], mark)]
    for each in block["entityRanges"]:
        url = entities[str(each["key"])]["data"]["url"]
        points += [(each["offset"], "["), (each["offset"] + each["length"], f"]({url})")]
    text = block["text"]
    for offset, mark in sorted(points, reverse=True):
        text = text[:offset] + mark + text[offset:]
    return "  " * block["depth"] + MARKS[block["type"]] + text


def wait_for(window, lines, what=""):
    """Draftail writes what is to be sent a moment after it was typed."""
    for _ in range(50):
        if shown(window) == lines:
            return
        window.wait_for_timeout(100)
    assert shown(window) == lines, what


def test_what_is_pasted_keeps_its_structure_and_nothing_else(window):
    for what, (html, lines) in PASTED.items():
        paste(window, html)
        wait_for(window, lines, what)
        empty(window)
    assert window.title().startswith("Editing")


def test_what_is_left_out_is_said_until_something_else_is_pasted(window):
    said = window.locator(".genedge-pasted")
    for html, sentence in SAID.values():
        paste(window, html)
        expect(said).to_contain_text(sentence)
        empty(window)

    paste(window, "<p>Nothing was left out.</p>")
    wait_for(window, ["Nothing was left out."])
    expect(said).to_have_text("")


def test_picture_that_is_pasted_alone_is_said_and_leaves_no_words(window):
    paste(window, "<img src='https://example.org/a.png'>", text="")

    expect(window.locator(".genedge-pasted")).to_contain_text("Pictures were left out")
    wait_for(window, [])


def test_words_are_pasted_into_a_line_and_taken_back(window):
    paste(window, "<p>Before after</p>")
    wait_for(window, ["Before after"])
    for _ in range(len("after")):
        window.keyboard.press("ArrowLeft")

    paste(window, "<b>and </b>")
    wait_for(window, ["Before **and **after"])
    window.keyboard.press("Control+z")
    wait_for(window, ["Before after"])


def test_address_that_is_pasted_on_words_links_them(window):
    paste(window, "<p>Read</p>")
    wait_for(window, ["Read"])
    window.keyboard.press("Control+a")

    paste(window, "", text="https://example.org/")

    wait_for(window, ["[Read](https://example.org/)"])


def text_of(window, site, key):
    window.goto(f"{site.address}/admin/pages/{key}/edit/")
    return window.locator("[data-contentpath='body'] [contenteditable=true]").first


def test_copy_of_one_of_our_texts_keeps_the_pages_it_links_to(site, log_in):
    # Draftail clones what is copied with its styles, of which the policy complains, and no more.
    window = log_in("administrator", bypass_csp=True)
    text = text_of(window, site, site.run(ARTICLE.format(slug="copied")).strip())
    text.click()
    window.keyboard.press("Control+a")
    window.keyboard.press("Control+c")
    window.keyboard.press("Control+End")

    window.keyboard.press("Control+v")

    expect(text).to_have_text("See usSee us")
    window.wait_for_timeout(HANDED_OVER)
    sent = window.locator("input[name='body-0-value-text']")
    linked = json.loads(sent.input_value())["entityMap"].values()
    assert [bool(each["data"].get("id")) for each in linked] == [True, True]


def test_article_that_is_pasted_is_read_as_it_was_written(site, window):
    key = site.run(ARTICLE.format(slug="pasted")).strip()
    text = text_of(window, site, key)
    text.click()
    window.keyboard.press("Control+a")

    paste(window, in_word("<h1>Scope</h1>" + in_word_list(1, "·", "A <b>bold</b> item")))
    expect(text.get_by_role("heading", name="Scope")).to_be_visible()
    window.wait_for_timeout(HANDED_OVER)
    window.get_by_role("button", name="Save draft").click()
    expect(window.locator(".messages")).to_contain_text("has been updated")
    site.run(PUBLISH.format(key=key))

    block = site.ask(READ)["page"]["body"][0]
    assert re.sub(r' id="[^"]*"', "", block["text"]["html"]) == (
        "<h3>Scope</h3><ul><li>A <strong>bold</strong> item</li></ul>"
    )
