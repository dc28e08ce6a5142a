/*
 * Nothing typed is lost while the server cannot save it.
 *
 * Wagtail saves the forms of pages by itself. When that fails since the session has ended, the server
 * is away or the network is gone, this says so, keeps what was typed in the browser, lets people sign
 * in beside the form, and has it saved once that is possible. The same is asked before a form is sent
 * by hand: the browser would leave it for a page to sign in on, or for none. What was kept and not
 * saved is offered when the form is opened again, by the same person: it goes when they sign out.
 *
 * Other forms are saved by nobody but who presses the button: what they say goes straight to readers,
 * and there is no version to compare it with. What was kept of those is filled in, to be looked at.
 * Of a form with a password nothing is kept.
 */
(() => {
  // A person is who opened this page.
  const { person, stillSignedIn, signIn, signOut } = document.currentScript.dataset;
  const EDITOR = 'form[data-controller~="w-unsaved"]';
  // Ours, of which nothing is kept: too little is typed there.
  const ASKS_FIRST = "form[data-asks-first]";
  const SECRET =
    'input[type="password"], input[autocomplete$="-password"], input[autocomplete="one-time-code"]';
  const KEPT = "genedge-kept";
  const SENT = "genedge-sent";
  const SIGNED_OUT = "genedge-signed-out";
  const WAIT = 2000;
  const LONGEST_WAIT = 60000;
  const TIMEOUT = 10000;
  // What Wagtail itself says in words; nothing is to be tried again.
  const SAID = ["validation_error", "locked", "invalid_revision"];
  const AWAY = "The server does not answer, or you are offline.";
  const STAYS = "What you typed is kept in this browser, and is saved as soon as that is possible.";
  const STAYS_HERE = "What you typed is in this window alone, and is saved once you sign in here.";
  const AGAIN = "It is not saved yet: press the button again once this message is gone.";

  const savesItself = (form) => form.matches('[data-controller~="w-autosave"]');
  /** Of drafts the server knows whether something newer is there. */
  const isOfDrafts = (form) =>
    savesItself(form) || form.querySelector('[name="loaded_revision_id"]') !== null;
  const mayKeep = (form) => form.matches(EDITOR) && !form.querySelector(SECRET);

  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  /** Whether a save would be heard: someone is signed "in", nobody is ("out"), or all is "away". */
  async function ask() {
    try {
      const response = await fetch(stillSignedIn, {
        cache: "no-store",
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (response.type === "opaqueredirect" || response.status === 403) return { state: "out" };
      if (!response.ok) return { state: "away" };
      const answer = await response.json();
      const who = String(answer.person);
      localStorage.removeItem(`${SIGNED_OUT} ${who}`);
      return { state: who === person ? "in" : "other", who, csrf: answer.csrf };
    } catch {
      return { state: "away" };
    }
  }

  // What is said

  function said() {
    return document.querySelector(".genedge-kept");
  }

  function say(words, ...buttons) {
    const box = said() ?? document.body.appendChild(document.createElement("div"));
    box.className = "genedge-kept";
    box.setAttribute("role", "alert");
    if (box.dataset.words === words) return;
    box.dataset.words = words;
    const sentence = document.createElement("p");
    sentence.textContent = words;
    box.replaceChildren(sentence, ...buttons.map(button));
  }

  function button([label, action]) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button-small";
    made.textContent = label;
    made.addEventListener("click", action);
    return made;
  }

  const signInBeside = () => window.open(signIn, "sign-in", "popup,width=520,height=720");

  function whereItStays(form) {
    if (savesItself(form)) return hasSignedOut() ? STAYS_HERE : STAYS;
    const kept = mayKeep(form) && !hasSignedOut();
    return `What you typed is ${kept ? "kept in this browser" : "in this window alone"}. ${AGAIN}`;
  }

  function sayWhy(state, form) {
    const stays = whereItStays(form);
    if (state === "away") say(`${AWAY} ${stays}`);
    if (state === "out") say(`You have been signed out. ${stays}`, ["Sign in", signInBeside]);
    if (state === "other") {
      say(`Somebody else has signed in here. ${stays} Sign in as yourself.`, [
        "Sign in",
        signInBeside,
      ]);
    }
  }

  // What was closed is not said again until something else was.
  let closed = "";

  function sayNotes(words) {
    if (words && words !== closed) {
      say(words, ["Close", () => close(words)]);
    } else {
      said()?.remove();
    }
    if (words !== closed) closed = "";
  }

  function close(words) {
    closed = words;
    said()?.remove();
  }

  // What is kept

  function placeOf(form) {
    return `${KEPT} ${person} ${new URL(form.getAttribute("action") ?? "", window.location).pathname}`;
  }

  /** In another window of this browser, which others may use now: nothing is left in it. */
  const hasSignedOut = () => localStorage.getItem(`${SIGNED_OUT} ${person}`) !== null;

  function keep(form) {
    if (hasSignedOut() || !mayKeep(form)) return;
    const data = new FormData(form);
    const written = form.dataset.wAutosaveRevisionIdValue;
    if (written && written !== "0") data.set("overwrite_revision_id", written);
    const entries = [...data].filter(
      ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken",
    );
    const kept = isOfDrafts(form) ? entries : { entries, blocks: blocksOf(form) };
    forget(form);
    form.dataset.keptAt = placeOf(form);
    try {
      localStorage.setItem(form.dataset.keptAt, JSON.stringify(kept));
    } catch {
      // No room, or not allowed: it stays in the form, as long as that is open.
    }
  }

  /** A new page has another address once it was saved. */
  function forget(form) {
    for (const place of [form.dataset.keptAt, placeOf(form)]) {
      if (place) localStorage.removeItem(place);
    }
  }

  function offer(form) {
    const stored = localStorage.getItem(placeOf(form));
    if (!stored) return;
    const kept = JSON.parse(stored);
    const { entries, blocks } = Array.isArray(kept) ? { entries: kept, blocks: {} } : kept;
    const throwAway = ["Throw it away", () => (forget(form), said().remove())];
    if (isOfDrafts(form)) {
      say(
        "What you typed here last was not saved, and was kept in this browser.",
        ["Save it", () => saveKept(form, entries)],
        throwAway,
      );
    } else {
      say(
        "What you typed here last could not be saved then, and was kept in this browser. Fill it in," +
          " look at it, and save it: until then nothing changes.",
        ["Fill it in", () => fillIn(form, entries, blocks)],
        throwAway,
      );
    }
  }

  async function saveKept(form, entries) {
    const found = await ask();
    if (found.state !== "in") return sayWhy(found.state, form);
    const data = new FormData();
    for (const [name, value] of entries) data.append(name, value);
    data.set("csrfmiddlewaretoken", found.csrf);
    const headers = { Accept: "application/json" };
    const sent = { method: "POST", body: data, headers };
    const answer = await fetch(form.action, sent).then(
      (response) => response.json(),
      () => ({ error_message: AWAY }),
    );
    if (answer.success) {
      forget(form);
      window.location.assign(answer.url ?? window.location.href);
    } else if (answer.error_code === "invalid_revision") {
      const older = ["loaded_revision_id", "loaded_revision_created_at", "overwrite_revision_id"];
      const newest = entries.filter(([name]) => !older.includes(name));
      say(
        "Something newer has been saved since. What you typed can become the newest version; the" +
          " other stays in the history.",
        ["Save it as the newest version", () => saveKept(form, newest)],
        ["Throw it away", () => (forget(form), said().remove())],
      );
    } else say(`It could not be saved. ${answer.error_message ?? ""}`);
  }

  // Filling in what was kept of a form that does not save itself

  /** The lists of blocks in a form, each by the name that those of its inputs begin with. */
  function listsOfBlocks(form) {
    const roots = [...form.querySelectorAll('[id$="-root"]')].filter(({ rootBlock }) => rootBlock);
    return roots.map((root) => [root.id.replace(/-root$/, ""), root.rootBlock]);
  }

  /** Formatted text among them cannot be written down, nor read again. */
  function blocksOf(form) {
    const lists = listsOfBlocks(form).filter(
      ([name]) => !document.getElementById(`${name}-root`).querySelector("[data-draftail-input]"),
    );
    return Object.fromEntries(lists.map(([name, list]) => [name, list.getState()]));
  }

  function fillIn(form, entries, blocks) {
    const kept = new Map();
    for (const [name, value] of entries) kept.set(name, [...(kept.get(name) ?? []), value]);
    for (const [name, [total]] of kept) {
      if (name.endsWith("-TOTAL_FORMS")) addRows(form, name, Number(total));
    }
    const lists = listsOfBlocks(form);
    for (const [name, list] of lists) {
      if (name in blocks) list.setState(blocks[name]);
    }
    const isInBlocks = (input) => lists.some(([name]) => input.name.startsWith(`${name}-`));
    const inputs = [...form.elements].filter((input) => input.name && !isInBlocks(input));
    const left = inputs.filter((input) => !fill(input, kept.get(input.name) ?? []));
    form.dataset.wUnsavedForceValue = "true";
    const words = [
      ...left.map((input) => `${labelOf(input)}${writtenIn(input, kept)}`),
      ...lists.filter(([name]) => !(name in blocks)).map(([name]) => inWords(name)),
    ];
    const missing = words.length ? ` Do this again, for it could not be: ${words.join("; ")}.` : "";
    const done = `What you typed is filled in. Look at it, then save it.${missing}`;
    say(done, ["Close", () => said().remove()]);
  }

  function addRows(form, name, total) {
    const add = document.getElementById(`id_${name.replace(/-TOTAL_FORMS$/, "-ADD")}`);
    const rows = form.elements.namedItem(name);
    for (let count = Number(rows?.value); add && count < total; count += 1) add.click();
  }

  /** Whether an input, as anybody sees it, says what was kept. */
  function fill(input, values) {
    if (input.type === "checkbox" || input.type === "radio") {
      input.checked = values.includes(input.value);
    } else if (input.options) {
      for (const option of input.options) option.selected = values.includes(option.value);
    } else if (["file", "submit", "button"].includes(input.type) || values.length === 0) {
      return true;
    } else if (input.type === "hidden" || input.matches(".tagit-hidden-field")) {
      // What is chosen, or written by a script, shows elsewhere.
      return NOT_TYPED.test(input.name) || BOOKS.test(input.name) || input.value === values[0];
    } else {
      input.value = values[0];
    }
    for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
    return true;
  }

  function labelOf(input) {
    const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`);
    const words = label?.firstChild?.textContent.trim();
    return words || inWords(input.name);
  }

  const inWords = (name) => name.replace(/_/g, " ");

  const writtenIn = (input, kept) =>
    input.type === "hidden" ? "" : ` (${kept.get(input.name).join(", ")})`;

  // Saving again

  const saving = new WeakMap();

  function saveAgain(form) {
    const detail = { type: "edits" };
    form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail }));
  }

  /** Whoever signs in gets a new one; scripts send theirs in a header. */
  function takeToken(form, csrf) {
    // The form of an account has two.
    for (const token of form.querySelectorAll('[name="csrfmiddlewaretoken"]')) token.value = csrf;
    window.wagtailConfig.CSRF_TOKEN = csrf;
  }

  /**
   * Wait until it may work, then have it saved; the longer, the more often that has failed. What does
   * not save itself waits for the button.
   */
  async function recover(form, refusal) {
    const state = saving.get(form) ?? { attempts: 0, waits: false };
    saving.set(form, state);
    if (state.waits) return;
    state.waits = true;
    let found = await ask();
    while (found.state !== "in") {
      sayWhy(found.state, form);
      keep(form);
      await wait(WAIT);
      found = await ask();
    }
    takeToken(form, found.csrf);
    state.waits = false;
    if (!savesItself(form)) return said()?.remove();
    if (refusal) return say(`It could not be saved. ${refusal}`);
    if (state.attempts > 0) {
      state.waits = true;
      say(`The server cannot save this now. ${STAYS}`);
      await wait(Math.min(LONGEST_WAIT, WAIT * 2 ** state.attempts));
      state.waits = false;
    }
    state.attempts += 1;
    saveAgain(form);
  }

  // What is typed while nothing can be saved is kept with each stroke: the browser may be gone next.
  document.addEventListener("input", ({ target }) => {
    const form = target.closest(EDITOR);
    if (form && saving.get(form)?.waits) keep(form);
  });

  document.addEventListener("w-autosave:error", ({ target, detail }) => {
    if (!target.matches(EDITOR)) return;
    keep(target);
    if (!SAID.includes(detail.type)) recover(target, detail.response?.error_message);
  });

  // What is typed while a save is on its way, which Wagtail takes for saved once that is back

  const sent = new WeakMap();
  // Those that scripts write, and those of comments, which are looked at by themselves.
  const NOT_TYPED = /^(csrfmiddlewaretoken|loaded_revision_\w+|overwrite_revision_id|next|comments-.*)$/;
  // How many rows there are, in which order, and which of them go.
  const BOOKS = /-(TOTAL_FORMS|INITIAL_FORMS|MIN_NUM_FORMS|MAX_NUM_FORMS|ORDER|DELETE|id)$/;

  const typed = (data, but = {}) =>
    contentsOf([...data].filter(([name]) => !NOT_TYPED.test(name) && !(name in but)));

  document.addEventListener("w-autosave:save", ({ target, detail }) => {
    if (target.matches(EDITOR)) sent.set(target, detail.formData);
  });

  function wentOn(form, written) {
    const data = sent.get(form);
    return Boolean(data) && typed(data, written) !== typed(new FormData(form), written);
  }

  document.addEventListener("w-autosave:success", ({ target, detail }) => {
    if (!target.matches(EDITOR)) return;
    forget(target);
    saving.delete(target);
    sayNotes((detail.response?.notes ?? []).join(" "));
    before.delete(target);
    if (wentOn(target, detail.response?.field_updates)) {
      target.dataset.wUnsavedForceValue = "true";
    }
  });

  // What is typed before Wagtail watches the form, which it does two seconds after it is there

  const before = new WeakMap();
  // By Wagtail, which then asks before the form is left, or on its way to the server.
  const watched = new WeakSet();

  const contentsOf = (data) =>
    JSON.stringify([...data].map(([name, value]) => [name, value.name ?? value]));

  /** As it was before the first thing that someone did in it since it was saved. */
  function notice({ target, isTrusted }) {
    const form = isTrusted && target.closest?.(EDITOR);
    if (form && !before.has(form)) before.set(form, contentsOf(new FormData(form)));
  }

  for (const type of ["pointerdown", "keydown", "beforeinput", "drop"]) {
    window.addEventListener(type, notice, true);
  }

  const hasEarlyEdits = (form) =>
    before.has(form) && before.get(form) !== contentsOf(new FormData(form));

  document.addEventListener("w-unsaved:watch-edits", ({ target }) => {
    if (!target.matches(EDITOR)) return;
    // It is told again, a moment later, by a form that was moved: what was typed between counts too.
    if (hasEarlyEdits(target)) target.dataset.wUnsavedForceValue = "true";
    watched.add(target);
  });

  window.addEventListener("beforeunload", (event) => {
    const form = document.querySelector(EDITOR);
    if (form && !watched.has(form) && hasEarlyEdits(form)) event.preventDefault();
  });

  // Before a form is sent

  const passed = new WeakSet();

  async function send(form, submitter) {
    const found = await ask();
    if (found.state !== "in") {
      submitter?.setAttribute("data-w-progress-loading-value", "false");
      keep(form);
      sayWhy(found.state, form);
      return recover(form);
    }
    takeToken(form, found.csrf);
    markSent(form);
    // The button has been disabled meanwhile, and a disabled one is not sent.
    const pressed = document.createElement("input");
    Object.assign(pressed, { type: "hidden", name: submitter?.name ?? "", value: submitter?.value });
    form.append(pressed);
    passed.add(form);
    watched.add(form);
    form.requestSubmit();
    pressed.remove();
  }

  window.addEventListener(
    "submit",
    (event) => {
      const { target: form, submitter } = event;
      if (!form.matches(`${EDITOR}, ${ASKS_FIRST}`) || passed.delete(form)) return;
      if (submitter?.hasAttribute("formaction")) return void watched.add(form);
      event.preventDefault();
      event.stopImmediatePropagation();
      send(form, submitter);
    },
    true,
  );

  // After a form was sent

  const here = () => window.location.href.split("#")[0];

  /** What is kept stays, as it is sent, until another page shows that it has arrived. */
  function markSent(form) {
    const place = form.dataset.keptAt ?? placeOf(form);
    if (localStorage.getItem(place) === null) return;
    keep(form);
    const sent = { place: form.dataset.keptAt, from: here() };
    sessionStorage.setItem(SENT, JSON.stringify(sent));
  }

  /** Whether this page answers what was sent by having saved it, or by the form as it was filled in. */
  function hasArrived(form, place) {
    // Whoever may not do it any longer is sent elsewhere too, with an error.
    const [{ redirectCount }] = performance.getEntriesByType("navigation");
    if (redirectCount > 0) return !document.querySelector(".messages .error");
    return form && placeOf(form) === place && form.dataset.wUnsavedForceValue === "true";
  }

  function forgetSent(form) {
    const sent = JSON.parse(sessionStorage.getItem(SENT));
    sessionStorage.removeItem(SENT);
    if (!sent || document.referrer !== sent.from) return;
    const { place } = sent;
    if (!place.startsWith(`${KEPT} ${person} `)) return;
    if (hasArrived(form, place)) return localStorage.removeItem(place);
    // A question that comes first, such as what is to stay of two plans, holds it in a form of its own.
    const asks = [...document.querySelectorAll(ASKS_FIRST)].some(
      (question) => placeOf(question) === place,
    );
    if (asks) sessionStorage.setItem(SENT, JSON.stringify({ place, from: here() }));
  }

  // Signing out

  /** Where something is kept for one person, of whatever form. */
  function placesOf(who) {
    return Object.keys(localStorage).filter((place) => place.startsWith(`${KEPT} ${who} `));
  }

  function leave(form, who) {
    for (const place of placesOf(who)) localStorage.removeItem(place);
    localStorage.setItem(`${SIGNED_OUT} ${who}`, "");
    passed.add(form);
    form.requestSubmit();
  }

  async function askToLeave(form) {
    const { state, csrf, who = person } = await ask();
    if (state === "away") return say(`${AWAY} You are still signed in.`);
    // It may be another than when this page was opened.
    if (csrf) form.elements.namedItem("csrfmiddlewaretoken").value = csrf;
    if (placesOf(who).length === 0) return leave(form, who);
    say(
      "Something you typed was not saved, and is kept in this browser. Others may use this browser" +
        " after you: if you sign out, it is thrown away.",
      ["Stay signed in", () => said().remove()],
      ["Throw it away and sign out", () => leave(form, who)],
    );
  }

  window.addEventListener(
    "submit",
    (event) => {
      const { target: form } = event;
      if (form.getAttribute("action") !== signOut || passed.delete(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      askToLeave(form);
    },
    true,
  );

  document.addEventListener("DOMContentLoaded", async () => {
    const form = document.querySelector(EDITOR);
    forgetSent(form);
    if (form && !mayKeep(form)) forget(form);
    if (form && (await ask()).state === "in") offer(form);
  });
})();
