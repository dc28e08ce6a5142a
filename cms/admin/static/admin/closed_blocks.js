/*
 * Blocks that are drawn only when somebody opens them.
 *
 * A survey has hundreds of fields, and drawing each takes longer than anything else about its form.
 * Until it is opened a block has what it sends in hidden inputs, as its fields would send it, and
 * shows what is in it as text. What has errors, is new, or may have comments is drawn at once.
 */
(() => {
  const { FieldBlockDefinition, ListBlockDefinition, StructBlockDefinition } =
    window.wagtailStreamField.blocks;

  const inOrder = (names) => (held) => Object.fromEntries(names.map((name) => [name, held[name]]));
  const RANGE = ["offset", "length"];

  /** A formatted text as its editor writes it, so that opening it is no change to be saved. */
  function asWritten({ blocks, entityMap }) {
    const entity = inOrder(["type", "mutability", "data"]);
    const block = ({ key, text, type, depth, inlineStyleRanges, entityRanges, data }) => ({
      key,
      text,
      type,
      depth,
      inlineStyleRanges: inlineStyleRanges.map(inOrder([...RANGE, "style"])),
      entityRanges: entityRanges.map(inOrder([...RANGE, "key"])),
      data: data ?? {},
    });
    const entities = Object.entries(entityMap).map(([key, held]) => [key, entity(held)]);
    return JSON.stringify({ blocks: blocks.map(block), entityMap: Object.fromEntries(entities) });
  }

  const FORMATTED = /^\s*\{\s*"blocks"/;

  /** As the form's own input of a field has it. */
  function sent(state) {
    if (state === null || state === undefined) return "";
    const value = String(Array.isArray(state) ? (state[0] ?? "") : state);
    return FORMATTED.test(value) ? asWritten(JSON.parse(value)) : value;
  }

  function* inputs(definition, name, state) {
    if (definition instanceof StructBlockDefinition) {
      for (const child of definition.childBlockDefs) {
        yield* inputs(child, `${name}-${child.name}`, state[child.name]);
      }
    } else if (definition instanceof ListBlockDefinition) {
      yield [`${name}-count`, state.length];
      for (const [index, item] of state.entries()) {
        yield [`${name}-${index}-deleted`, ""];
        yield [`${name}-${index}-order`, index];
        yield [`${name}-${index}-id`, item.id ?? ""];
        yield [`${name}-${index}-type`, ""];
        yield* inputs(definition.childBlockDef, `${name}-${index}-value`, item.value);
      }
    } else if (typeof state === "boolean") {
      if (state) yield [name, "on"];
    } else yield [name, sent(state)];
  }

  const isKnown = (definition) =>
    definition instanceof FieldBlockDefinition ||
    (definition instanceof ListBlockDefinition && isKnown(definition.childBlockDef)) ||
    (definition instanceof StructBlockDefinition && definition.childBlockDefs.every(isKnown));

  const hasComments = () => document.getElementById("comments-data")?.textContent.includes('"contentpath"');

  /** In one line each: what has a heading or a text of its own. */
  function words(state) {
    const { heading, options = [] } = state;
    const answer = ({ value: { text, percentage, qualifier } }) => {
      const how = [qualifier].flat().filter((each) => each && each !== "exactly");
      return percentage ? `${text} (${[...how, `${percentage}%`].join(" ")})` : text;
    };
    return [heading, options.map(answer).join(" · ")];
  }

  class ClosedBlock {
    constructor(definition, placeholder, prefix, state) {
      Object.assign(this, { definition, prefix, state, opened: null });
      this.element = document.createElement("div");
      this.element.className = "genedge-closed";
      const [heading, rest] = words(state);
      const title = document.createElement("strong");
      title.textContent = heading;
      const text = document.createElement("p");
      text.textContent = rest;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small button-secondary";
      button.textContent = "Open";
      button.setAttribute("aria-label", `Open “${heading}”`);
      button.addEventListener("click", () => this.open().focus());
      const hidden = [...inputs(definition, prefix, state)].map(([name, value]) => {
        const input = document.createElement("input");
        Object.assign(input, { type: "hidden", name, value });
        return input;
      });
      this.element.append(title, text, button, ...hidden);
      placeholder.replaceWith(this.element);
    }

    open() {
      if (!this.opened) {
        const placeholder = document.createElement("div");
        this.element.replaceChildren(placeholder);
        this.element.classList.remove("genedge-closed");
        this.opened = this.definition.draw(placeholder, this.prefix, this.state);
      }
      return this.opened;
    }

    setState(state) {
      this.open().setState(state);
    }

    setError(error) {
      if (this.opened || error) this.open().setError(error);
    }

    getState() {
      return this.opened ? this.opened.getState() : this.state;
    }

    getDuplicatedState() {
      return this.open().getDuplicatedState();
    }

    getValue() {
      return this.open().getValue();
    }

    getTextLabel(options) {
      return this.opened ? this.opened.getTextLabel(options) : this.state.heading;
    }

    focus(options) {
      if (this.opened) this.opened.focus(options);
      else this.element.querySelector("button").focus();
    }
  }

  class ClosedBlockDefinition extends StructBlockDefinition {
    draw(placeholder, prefix, state, error) {
      return super.render(placeholder, prefix, state, error);
    }

    render(placeholder, prefix, state, error) {
      if (error || !state?.heading || !isKnown(this) || hasComments()) {
        return this.draw(placeholder, prefix, state, error);
      }
      return new ClosedBlock(this, placeholder, prefix, state);
    }
  }

  window.telepath.register("genedge.ClosedBlock", ClosedBlockDefinition);
})();
