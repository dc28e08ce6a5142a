/*
 * Dates with times as clocks show them, whatever zone the browser is in.
 *
 * The date picker computes with the browser's own dates, which have no hour that the browser's zone
 * skips, and on leaving a field it writes back what it made of the text. Here it is given dates
 * that have every hour, and leaves alone what was typed: the server says what is wrong with it.
 */
(() => {
  const { now } = document.currentScript.dataset;
  const $ = window.jQuery;

  /** A date that shows the same in every browser; what is underneath is as near as that comes. */
  class WallTime extends Date {
    constructor(asIfUtc) {
      super(asIfUtc);
      this.shown = new Date(asIfUtc);
      this.follow();
    }

    follow() {
      const [year, month, day, hour, minute] = this.shown.toISOString().split(/\D/).map(Number);
      this.setTime(new Date(year, month - 1, day, hour, minute).getTime());
    }
  }

  for (const part of ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"]) {
    WallTime.prototype[`get${part}`] = function get() {
      return this.shown[`getUTC${part}`]();
    };
    if (part === "Day") continue;
    WallTime.prototype[`set${part}`] = function set(...values) {
      this.shown[`setUTC${part}`](...values);
      this.follow();
      return this.getTime();
    };
  }

  /** What clocks of the editor's zone show, counted from what they showed when the page was made. */
  function wallClock() {
    const elapsed = Math.floor(performance.now() / 60000) * 60000;
    return new WallTime(Date.parse(`${now}Z`) + elapsed);
  }

  /** The letters of a format, as the picker has them. */
  const PARTS = {
    Y: (date) => String(date.getFullYear()).padStart(4, "0"),
    m: (date) => String(date.getMonth() + 1).padStart(2, "0"),
    d: (date) => String(date.getDate()).padStart(2, "0"),
    H: (date) => String(date.getHours()).padStart(2, "0"),
    i: (date) => String(date.getMinutes()).padStart(2, "0"),
  };

  function formatDate(date, format) {
    return format.replace(/[YmdHi]/g, (letter) => PARTS[letter](date));
  }

  function parseDate(text, format) {
    const letters = format.match(/[YmdHi]/g);
    const pattern = format.replace(/[YmdHi]/g, (letter) => (letter === "Y" ? "(\\d{4})" : "(\\d\\d?)"));
    const found = new RegExp(`^${pattern}$`).exec(text.trim());
    if (!found) return false;
    const today = wallClock();
    const given = { Y: today.getFullYear(), m: today.getMonth() + 1, d: today.getDate(), H: 0, i: 0 };
    letters.forEach((letter, position) => {
      given[letter] = Number(found[position + 1]);
    });
    return new WallTime(Date.UTC(given.Y, given.m - 1, given.d, given.H, given.i));
  }

  /** Where nothing readable was entered the picker opens at this moment, in the editor's zone. */
  function onShow(current, input) {
    const state = input.data("xdsoft_datetimepicker").data("xdsoft_datetime");
    state.now = wallClock;
    if (!(state.currentTime instanceof WallTime)) state.setCurrentTime(wallClock());
  }

  /** The month that is open is the one being typed: what is picked there changes nothing else. */
  document.addEventListener("input", ({ target }) => {
    const picker = $(target).data("xdsoft_datetimepicker");
    const typed = picker && parseDate(target.value, picker.data("options").format);
    if (typed) picker.data("xdsoft_datetime").setCurrentTime(typed);
  });

  $.datetimepicker.setDateFormatter({ formatDate, parseDate });
  Object.assign($.fn.datetimepicker.defaults, { validateOnBlur: false, onShow });
})();
