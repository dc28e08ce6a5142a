/*
 * The editor's time zone beside every date and time.
 *
 * The server writes the zone and its present offset beside each input. Here the offset follows the
 * date that is entered, since summer time changes it, and inputs that only scripts make get a note
 * as well. A time that is skipped or comes twice is pointed out. On the sign-in page the browser's own zone is sent along.
 */
(() => {
  const { zone, zoneInWords } = document.currentScript.dataset;

  /** How far the zone is from UTC at a moment, in minutes. */
  function offsetAt(moment) {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    const name = format.formatToParts(moment).find((part) => part.type === "timeZoneName").value;
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name);
    return sign ? Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) : 0;
  }

  /** What was entered, such as "2026-07-01 09:00", as if it were in UTC; null if unreadable. */
  function read(entry) {
    const parts = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d))?/.exec(entry.trim());
    if (!parts) return null;
    const [year, month, day, hour = 12, minute = 0] = parts.slice(1).map((part) => part && Number(part));
    return { asIfUtc: Date.UTC(year, month - 1, day, hour, minute), hasTime: parts[4] !== undefined };
  }

  /** The offsets at which clocks show a time: one, two when they go back, none when it is skipped. */
  function offsetsAt(asIfUtc) {
    const day = 24 * 60 * 60000;
    const nearby = new Set([offsetAt(asIfUtc - day), offsetAt(asIfUtc + day)]);
    return [...nearby]
      .filter((offset) => offsetAt(asIfUtc - offset * 60000) === offset)
      .sort((one, other) => other - one);
  }

  function inWords(offset) {
    const two = (number) => String(number).padStart(2, "0");
    const size = Math.abs(offset);
    return `UTC${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  }

  function noteOf(input) {
    const next = input.nextElementSibling;
    return next && next.classList.contains("genedge-zone") ? next : null;
  }

  function timeOf(asIfUtc) {
    return new Date(asIfUtc).toISOString().slice(0, 16).replace("T", " ");
  }

  /** On either side of the skipped hour. */
  function skippedInWords(asIfUtc) {
    const day = 24 * 60 * 60000;
    const [before, after] = [offsetAt(asIfUtc - day), offsetAt(asIfUtc + day)];
    const gap = (after - before) * 60000;
    return (
      `${timeOf(asIfUtc).slice(11)} does not exist that day in ${zone.replaceAll("_", " ")}: ` +
      `clocks go forward. Enter ${timeOf(asIfUtc - gap)} (${inWords(before)}) ` +
      `or ${timeOf(asIfUtc + gap)} (${inWords(after)}).`
    );
  }

  function update(input) {
    const note = noteOf(input);
    if (!note) return;
    note.setAttribute("aria-live", "polite");
    const entry = read(input.value);
    const offsets = entry ? offsetsAt(entry.asIfUtc) : [];
    const isSkipped = entry !== null && entry.hasTime && offsets.length === 0;
    note.classList.toggle("genedge-zone--problem", isSkipped);
    if (isSkipped) {
      note.textContent = skippedInWords(entry.asIfUtc);
    } else if (entry?.hasTime && offsets.length === 2) {
      note.textContent = zone.replaceAll("_", " ");
    } else {
      note.textContent = offsets.length
        ? `${zone.replaceAll("_", " ")}, ${inWords(offsets[0])}`
        : zoneInWords;
    }
    offerBoth(input, note, entry !== null && entry.hasTime && offsets.length === 2 ? offsets : []);
  }

  /** Below a time that comes twice, which of the two is meant; the server asks the same. */
  function offerBoth(input, note, offsets) {
    const asked = note.nextElementSibling?.matches(".genedge-occurrences") ? note.nextElementSibling : null;
    if (!offsets.length) {
      asked?.remove();
    } else if (!asked && input.name) {
      note.after(occurrences(input, offsets));
    }
  }

  function occurrences(input, offsets) {
    const fieldset = document.createElement("fieldset");
    fieldset.className = "genedge-occurrences";
    const legend = document.createElement("legend");
    legend.textContent = "This time comes twice that day, since clocks go back. Which one?";
    fieldset.append(legend);
    offsets.forEach((offset, position) => {
      const choice = document.createElement("input");
      Object.assign(choice, { type: "radio", name: `${input.name}-offset`, value: inWords(offset).slice(3) });
      const label = document.createElement("label");
      label.append(choice, ` ${position ? "The second" : "The first"}, ${inWords(offset)}`);
      fieldset.append(label);
    });
    return fieldset;
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
  }

  for (const name of ["initDateChooser", "initDateTimeChooser", "initTimeChooser"]) {
    const init = window[name];
    if (!init) continue;
    window[name] = (id, options) => {
      init(id, options);
      const input = document.getElementById(id);
      addNote(input);
      // A block's value arrives only after its input has been made.
      setTimeout(() => update(input));
    };
  }

  for (const note of document.querySelectorAll(".genedge-zone")) {
    update(note.previousElementSibling);
  }
  for (const event of ["input", "change"]) {
    document.addEventListener(event, ({ target }) => target instanceof HTMLInputElement && update(target));
  }

  const ownZone = document.querySelector("[data-own-time-zone]");
  if (ownZone) ownZone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
})();
