/*
 * Pasting into formatted texts.
 *
 * What was copied in Word, Google Docs or a web page keeps its headings, lists, links, bold and
 * italic, and nothing else: those programs say each of them in a way of their own. What became
 * something else, or was left out, is said below the text.
 *
 * Nothing of what was copied gets into this page: it is parsed apart, and only words are taken.
 */
(() => {
  const SAID = {
    pictures:
      "Pictures were left out: upload each under Images, and choose it where this form asks for a picture.",
    media: "Videos, sound and drawings were left out: link to them instead.",
    table: "A table became lines, with | between its cells.",
    footnotes: "Footnotes became plain text: their marks stay where they were, their words are at the end.",
    links: "Links that lead nowhere for readers, such as files on your computer, became plain words.",
    comments: "Comments were left out.",
    deleted: "Words marked as deleted were left out.",
  };

  const PARAGRAPH = "unstyled";
  const BULLET = "unordered-list-item";
  const NUMBER = "ordered-list-item";

  const APART = new Set(
    ("ADDRESS ARTICLE ASIDE BLOCKQUOTE CAPTION CENTER DD DETAILS DIV DL DT FIGCAPTION FIGURE FOOTER" +
      " FORM HEADER HR MAIN NAV P PRE SECTION SUMMARY TABLE TBODY TD TFOOT TH THEAD TR").split(" "),
  );
  const UNREAD = new Set(
    "BUTTON COL COLGROUP HEAD INPUT LINK META NOSCRIPT SCRIPT SELECT STYLE TEMPLATE TEXTAREA TITLE".split(" "),
  );
  const MEDIA = new Set("AUDIO CANVAS EMBED IFRAME MATH OBJECT SVG VIDEO".split(" "));
  const FOOTNOTE = /^#_?(ftn|edn|footnote|endnote|fn)/i;
  const LEADS_SOMEWHERE = /^(https?:\/\/|mailto:|tel:)[^\s]/i;
  const STYLES = /<style\b[^]*?<\/style\s*>/gi;
  const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi;
  const SPACES = /[ \t\n\r\f]+/g;
  // What is raised or lowered says another thing on the line: 10³ is not 103.
  const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ";
  const LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙᵢ";
  const ON_THE_LINE = "0123456789+-=()ni";

  /**
   * Has Draft.js paste HTML whose styles and handlers are data. This page's policy forbids both as
   * soon as they are parsed: styles then say nothing, and Chromium complains of each.
   */
  function keepStyles(event) {
    const html = event.clipboardData?.getData("text/html");
    if (!html || !event.target.closest?.("[data-draftail-editor]")) return;
    const data = new DataTransfer();
    data.setData("text/plain", event.clipboardData.getData("text/plain"));
    data.setData(
      "text/html",
      html.replace(STYLES, "").replace(TAG, (tag) => tag.replace(/\s(style|on\w+)(?=\s*=)/gi, " data-$1")),
    );
    Object.defineProperty(event, "clipboardData", { value: data });
  }

  /** What a style says, Word's own words included, which the browser does not know. */
  function styleOf(element) {
    const style = {};
    for (const part of (element.dataset.style ?? "").split(";")) {
      const colon = part.indexOf(":");
      if (colon > 0) style[part.slice(0, colon).trim().toLowerCase()] = part.slice(colon + 1).trim().toLowerCase();
    }
    return style;
  }

  function isBold(element, style, before) {
    const weight = style["font-weight"];
    if (weight) return /^bold|^[6-9]00$/.test(weight);
    return before || element.matches("b, strong, th");
  }

  function isItalic(element, style, before) {
    const slant = style["font-style"];
    if (slant) return /^(italic|oblique)/.test(slant);
    return before || element.matches("i, em");
  }

  function shiftOf(element, style, before) {
    if (element.tagName === "SUP" || style["vertical-align"] === "super") return RAISED;
    if (element.tagName === "SUB" || style["vertical-align"] === "sub") return LOWERED;
    return before;
  }

  function shifted(text, to) {
    const all = to && text && [...text].every((each) => ON_THE_LINE.includes(each));
    return all ? [...text].map((each) => [...to][ON_THE_LINE.indexOf(each)]).join("") : text;
  }

  /** The level of a heading, from 1 on, or 0. */
  function levelOf(element) {
    const tag = /^H([1-6])$/.exec(element.tagName);
    if (tag) return Number(tag[1]);
    if (element.getAttribute("role") === "heading") return Number(element.getAttribute("aria-level")) || 2;
    return element.classList.contains("MsoTitle") ? 1 : 0;
  }

  /** The place in a list of a paragraph of Word's, which has no lists. */
  function listOf(element, style) {
    const level = /\blevel(\d)/.exec(style["mso-list"] ?? "");
    if (!level) return null;
    const mark = [...element.querySelectorAll("[data-style]")].find((each) => /ignore/.test(styleOf(each)["mso-list"]));
    const numbered = /^\(?([0-9]+|[a-z]{1,5})[.)]/i.test(mark?.textContent.trim() ?? "");
    return { type: numbered ? NUMBER : BULLET, depth: Number(level[1]) - 1 };
  }

  /** Whether a table says what belongs together, and is not there for the looks of a page. */
  function isOfData(table) {
    const cells = [...table.querySelectorAll("td, th")];
    const rows = [...table.querySelectorAll("tr")];
    return (
      table.getAttribute("role") !== "presentation" &&
      rows.some((row) => row.cells.length > 1) &&
      !cells.some((cell) => cell.querySelector("h1, h2, h3, h4, h5, h6, ul, ol, table"))
    );
  }

  function isHidden(element, style) {
    return element.hidden || style.display === "none" || style["mso-hide"] === "all" || style["mso-list"] === "ignore";
  }

  function isComment(element, style) {
    return (
      /^comment/.test(style["mso-element"] ?? "") ||
      style["mso-special-character"] === "comment" ||
      element.matches(".MsoCommentReference, .msocomanchor, .msocomtxt")
    );
  }

  class Reader {
    /** Blocks of what was copied, as Draft.js keeps them but for their keys. */
    static read(html) {
      const fragment = /<!--\s*StartFragment\s*-->([^]*)<!--\s*EndFragment\s*-->/i.exec(html);
      const reader = new Reader();
      reader.children(new DOMParser().parseFromString(fragment ? fragment[1] : html, "text/html").body, {});
      reader.end();
      return reader;
    }

    blocks = [];
    said = new Set();
    pieces = [];
    kind = { type: PARAGRAPH };
    lists = [];
    cells = 0;
    /** Whether it is more than words out of a line, whose spaces at both ends count. */
    apart = false;

    children(node, look) {
      for (const child of node.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) this.text(child, look);
        if (child.nodeType === Node.ELEMENT_NODE) this.element(child, look);
      }
    }

    text(node, look) {
      const lines = node.parentElement.closest("pre") && !this.cells ? node.data.split("\n") : [node.data];
      lines.forEach((line, position) => {
        if (position) this.add("\n", look);
        this.add(line.replace(SPACES, " "), look);
      });
    }

    add(text, look) {
      this.pieces.push({ ...look, text: shifted(text.replaceAll("\uFEFF", ""), look.shift) });
    }

    element(element, before) {
      const style = styleOf(element);
      if (this.leavesOut(element, style)) return;
      const look = {
        bold: !before.plain && isBold(element, style, before.bold),
        italic: !before.plain && isItalic(element, style, before.italic),
        plain: before.plain,
        shift: shiftOf(element, style, before.shift),
        url: element.tagName === "A" ? this.address(element) : before.url,
      };
      const level = levelOf(element);
      if (element.tagName === "BR") this.add(this.cells ? " " : "\n", look);
      else if (this.cells) this.within(element, look);
      else if (element.tagName === "UL" || element.tagName === "OL") this.list(element, look);
      else if (element.tagName === "TABLE" && isOfData(element)) this.table(element, look);
      else if (level) this.block(element, { ...look, bold: false, italic: false, plain: true }, { level });
      else if (element.tagName === "LI") this.block(element, look, this.item());
      else if (APART.has(element.tagName)) this.block(element, look, listOf(element, style) ?? this.item());
      else this.children(element, look);
    }

    leavesOut(element, style) {
      const tag = element.tagName.toUpperCase();
      if (UNREAD.has(tag) || isHidden(element, style)) return true;
      const why =
        (tag === "IMG" && "pictures") ||
        (MEDIA.has(tag) && "media") ||
        (tag === "DEL" && "deleted") ||
        (isComment(element, style) && "comments");
      if (why) this.said.add(why);
      return Boolean(why);
    }

    address(link) {
      const address = (link.getAttribute("href") ?? "").trim();
      if (LEADS_SOMEWHERE.test(address)) return address;
      if (FOOTNOTE.test(address)) this.said.add("footnotes");
      else if (address && !address.startsWith("#")) this.said.add("links");
      return undefined;
    }

    block(element, look, kind) {
      this.apart = true;
      // A paragraph in an item is the item, unless something of it was said before.
      if (this.pieces.some(({ text }) => text.trim())) this.end();
      this.kind = kind;
      this.children(element, look);
      this.end();
    }

    item() {
      const depth = this.lists.length - 1;
      return depth < 0 ? { type: PARAGRAPH } : { type: this.lists[depth], depth };
    }

    list(element, look) {
      this.end();
      this.lists.push(element.tagName === "OL" ? NUMBER : BULLET);
      this.kind = this.item();
      this.children(element, look);
      this.end();
      this.lists.pop();
    }

    table(table, look) {
      this.said.add("table");
      if (table.caption) this.block(table.caption, look, this.item());
      for (const row of table.rows) {
        this.end();
        this.apart = true;
        this.kind = this.item();
        this.cells += 1;
        for (const cell of row.cells) {
          if (cell !== row.cells[0]) this.add(" | ", {});
          this.element(cell, look);
        }
        this.cells -= 1;
        this.end();
      }
    }

    /** A row is one line, whatever its cells consist of. */
    within(element, look) {
      const apart = APART.has(element.tagName) || element.tagName === "LI";
      if (apart) this.add(" ", {});
      this.children(element, look);
      if (apart) this.add(" ", {});
    }

    end() {
      const pieces = this.apart ? trimmed(this.pieces) : this.pieces;
      if (pieces.some(({ text }) => text.trim())) this.blocks.push({ ...this.kind, pieces });
      this.pieces = [];
      this.kind = this.item();
    }
  }

  /** Without spaces at the ends of its lines, and of one space after another. */
  function trimmed(pieces) {
    const kept = [];
    let empty = true;
    for (const piece of pieces) {
      const text = (empty ? piece.text.replace(/^ +/, "") : piece.text).replace(/ +(?=\n)/g, "");
      if (text.startsWith("\n")) stripEnd(kept, / +$/);
      if (text) empty = /[ \n]$/.test(text);
      kept.push({ ...piece, text });
    }
    stripEnd(kept, /[ \n]+$/);
    const first = kept.find(({ text }) => text);
    if (first) first.text = first.text.replace(/^\n+/, "");
    return kept;
  }

  function stripEnd(pieces, end) {
    for (const piece of [...pieces].reverse()) {
      piece.text = piece.text.replace(end, "");
      if (piece.text) return;
    }
  }

  /** The highest level of what was copied becomes the highest there is, and so on. */
  function headingsOf(blocks, known) {
    const found = [...new Set(blocks.map(({ level }) => level).filter(Boolean))].sort();
    return (level) => known[Math.min(found.indexOf(level), known.length - 1)] ?? PARAGRAPH;
  }

  /** What Draft.js calls a raw content state. */
  function rawOf(blocks, heading) {
    const entityMap = {};
    const made = blocks.map((block) => {
      const raw = {
        key: window.DraftJS.genKey(),
        type: block.level ? heading(block.level) : block.type,
        depth: block.depth ?? 0,
        text: "",
        inlineStyleRanges: [],
        entityRanges: [],
      };
      for (const { text, bold, italic, url } of block.pieces) {
        const range = { offset: raw.text.length, length: text.length };
        raw.text += text;
        if (bold && text) raw.inlineStyleRanges.push({ ...range, style: "BOLD" });
        if (italic && text) raw.inlineStyleRanges.push({ ...range, style: "ITALIC" });
        if (url && text) {
          const key = Object.keys(entityMap).length;
          entityMap[key] = { type: "LINK", mutability: "MUTABLE", data: { url } };
          raw.entityRanges.push({ ...range, key });
        }
      }
      return raw;
    });
    return { blocks: made, entityMap };
  }

  function withFragment(editorState, raw) {
    const { Modifier, EditorState, convertFromRaw } = window.DraftJS;
    const before = editorState.getCurrentContent();
    const selection = editorState.getSelection();
    let after = Modifier.replaceWithFragment(before, selection, convertFromRaw(raw).getBlockMap());
    // The first is put into what it is pasted in, which stays what it is, though it was empty.
    const { type, depth, text } = raw.blocks[0];
    const into = after.getBlockForKey(selection.getStartKey());
    if (type !== PARAGRAPH && into?.getText() === text) {
      after = after.setIn(["blockMap", into.getKey()], into.merge({ type, depth }));
    }
    return EditorState.push(editorState, after, "insert-fragment");
  }

  /** Below the text: what is to be known of what was pasted last. */
  function say(said) {
    const editor = document.activeElement?.closest("[data-draftail-editor-wrapper]");
    if (!editor) return;
    let box = editor.nextElementSibling;
    if (!box?.matches(".genedge-pasted")) {
      box = document.createElement("div");
      box.className = "genedge-pasted";
      box.setAttribute("role", "status");
      editor.after(box);
    }
    const sentences = Object.keys(SAID).filter((why) => said.has(why));
    box.replaceChildren(
      ...sentences.map((why) => {
        const sentence = document.createElement("p");
        sentence.textContent = SAID[why];
        return sentence;
      }),
    );
  }

  document.addEventListener("paste", keepStyles, { capture: true });

  window.draftail.registerPlugin(
    {
      type: "PASTING",
      handlePastedText(text, html, editorState, { setEditorState }) {
        if (!html) return "not-handled";
        const { blocks, said } = Reader.read(html);
        say(said);
        if (!blocks.length) return said.size ? "handled" : "not-handled";
        const raw = rawOf(blocks, headingsOf(blocks, this.headings));
        setEditorState(withFragment(editorState, raw));
        return "handled";
      },
    },
    "plugins",
  );
})();
