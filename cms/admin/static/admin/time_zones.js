/*
 * The time zone beside every date and time.
 *
 * The server writes beneath each input which zone it is in and how far from UTC that is. While
 * someone types it is asked again, since summer time changes it, times are skipped or come twice,
 * and a form may name another zone. Browsers have zone data of their own: nothing is worked out
 * here. Inputs that only scripts make get a note as well. On the sign-in page the browser's own
 * zone is sent along.
 */
(() => {
  const { notes, zoneInWords } = document.currentScript.dataset;
  const WAIT = 200;
  const asking = new WeakMap();

  function noteOf(input) {
    const next = input.nextElementSibling;
    return next?.classList.contains("genedge-zone") ? next : null;
  }

  function occurrencesOf(note) {
    const next = note.nextElementSibling;
    return next?.matches(".genedge-occurrences") ? next : null;
  }

  function offsets(fieldset) {
    return [...(fieldset?.querySelectorAll("input") ?? [])].map((input) => input.value).join();
  }

  function addressOf(input, note) {
    const asked = new URLSearchParams({ entered: input.value, id: note.id });
    if (input.name) asked.set("offset_name", `${input.name}-offset`);
    const zone = document.getElementById(note.dataset.zoneChosenIn)?.value;
    if (zone) asked.set("zone", zone);
    const chosen = occurrencesOf(note)?.querySelector(":checked");
    if (chosen) asked.set("offset", chosen.value);
    return `${notes}?${asked}`;
  }

  /** The answer replaces what the note says, not the note: assistive technology reads it out. */
  function show(answer, note) {
    const made = document.createElement("template");
    made.innerHTML = answer;
    const [said, fieldset] = made.content.children;
    note.textContent = said.textContent;
    note.className = said.className;
    const shown = occurrencesOf(note);
    if (fieldset && offsets(fieldset) === offsets(shown)) return;
    shown?.remove();
    if (fieldset) note.after(fieldset);
  }

  async function ask(input, note) {
    const controller = new AbortController();
    asking.get(input)?.abort();
    asking.set(input, controller);
    await new Promise((resolve) => setTimeout(resolve, WAIT));
    if (controller.signal.aborted) return;
    try {
      const response = await fetch(addressOf(input, note), { signal: controller.signal });
      if (!response.ok) throw new Error(response.statusText);
      show(await response.text(), note);
    } catch {
      if (!controller.signal.aborted) note.textContent = "What this is elsewhere is not known now.";
    }
  }

  function update(input) {
    const note = noteOf(input);
    if (!note) return;
    note.setAttribute("aria-live", "polite");
    ask(input, note);
  }

  function addNote(input) {
    if (!input || noteOf(input)) return;
    const note = document.createElement("span");
    note.className = "genedge-zone";
    note.id = `${input.id}-time-zone`;
    note.textContent = zoneInWords;
    input.after(note);
    const others = input.getAttribute("aria-describedby");
    input.setAttribute("aria-describedby", others ? `${others} ${note.id}` : note.id);
    // A block's value arrives only after its input has been made.
    setTimeout(() => input.value && update(input));
  }

  for (const name of ["initDateChooser", "initDateTimeChooser", "initTimeChooser"]) {
    const init = window[name];
    if (!init) continue;
    window[name] = (id, options) => {
      init(id, options);
      addNote(document.getElementById(id));
    };
  }

  /** Of the input, and of those whose zone is chosen in it. */
  function updateAll({ target }) {
    if (target instanceof HTMLInputElement) update(target);
    if (!target.id) return;
    for (const note of document.querySelectorAll(`[data-zone-chosen-in="${CSS.escape(target.id)}"]`)) {
      update(note.previousElementSibling);
    }
  }

  for (const event of ["input", "change"]) document.addEventListener(event, updateAll);

  const ownZone = document.querySelector("[data-own-time-zone]");
  if (ownZone) ownZone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
})();
