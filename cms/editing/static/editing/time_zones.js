/*
 * The editor's time zone beside every date and time.
 *
 * The server writes the zone and its present offset beside each input. Here the offset follows the
 * date that is entered, since summer time changes it, and inputs that only scripts make get a note
 * as well. On the sign-in page the browser's own zone is sent along.
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

  /** The offset that holds for what was entered, such as "2026-07-01 09:00"; null if unreadable. */
  function offsetOf(entry) {
    const parts = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d))?/.exec(entry.trim());
    if (!parts) return null;
    const [year, month, day, hour = 12, minute = 0] = parts.slice(1).map((part) => part && Number(part));
    const asIfUtc = Date.UTC(year, month - 1, day, hour, minute);
    const nearly = offsetAt(asIfUtc);
    return offsetAt(asIfUtc - nearly * 60000);
  }

  function inWords(offset) {
    const two = (number) => String(number).padStart(2, "0");
    const size = Math.abs(offset);
    return `UTC${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  }

  function noteOf(input) {
    const next = input.nextElementSibling;
    return next && next.classList.contains("editing-zone") ? next : null;
  }

  function update(input) {
    const note = noteOf(input);
    if (!note) return;
    const offset = offsetOf(input.value);
    note.textContent =
      offset === null ? zoneInWords : `${zone.replaceAll("_", " ")}, ${inWords(offset)}`;
  }

  function addNote(input) {
    if (!input || noteOf(input)) return;
    const note = document.createElement("span");
    note.className = "editing-zone";
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

  for (const note of document.querySelectorAll(".editing-zone")) {
    update(note.previousElementSibling);
  }
  for (const event of ["input", "change"]) {
    document.addEventListener(event, ({ target }) => target instanceof HTMLInputElement && update(target));
  }

  const ownZone = document.querySelector("[data-own-time-zone]");
  if (ownZone) ownZone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
})();
