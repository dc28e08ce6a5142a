/*
 * Shows of each question of a form what its kind can have, and offers the questions above it.
 *
 * Nothing is emptied by it: what was filled in and does not fit any longer stays in sight, for the
 * server to name.
 */
(() => {
  const CHOICES = ["checkboxes", "dropdown", "multiselect", "radio"];
  const DATES = ["date", "datetime"];
  const MEASURED = ["number", "singleline", "multiline", "checkboxes", "multiselect", "file"];
  const FILLED_IN = [...CHOICES, ...DATES, "number", "singleline", "multiline", "email", "url", "checkbox", "hidden"];
  const KINDS_WITH = {
    default_value: FILLED_IN,
    choices: CHOICES,
    consent_text: ["consent"],
    minimum: MEASURED,
    maximum: MEASURED,
    earliest: DATES,
    latest: DATES,
  };
  const QUESTIONS = "id_form_fields-";

  const rows = () =>
    [...document.querySelectorAll(`select[id^="${QUESTIONS}"][id$="-field_type"]`)];

  const inputOf = (row, name) => document.getElementById(row.id.replace(/field_type$/, name));

  function show(input, shown) {
    const around = input?.closest(".w-panel__wrapper");
    if (around) around.hidden = !shown && input.value === "";
  }

  function showWhatFits() {
    for (const row of rows()) {
      for (const [name, kinds] of Object.entries(KINDS_WITH)) {
        show(inputOf(row, name), kinds.includes(row.value));
      }
      show(inputOf(row, "condition_answers"), inputOf(row, "condition_question")?.value);
    }
  }

  function offerQuestionsAbove(input) {
    const labels = [];
    for (const row of rows()) {
      if (inputOf(row, "condition_question") === input) break;
      const label = inputOf(row, "label")?.value.trim();
      if (label && row.value !== "hidden") labels.push(label);
    }
    const list = document.getElementById(`${input.id}-above`) ?? document.createElement("datalist");
    list.id = `${input.id}-above`;
    list.replaceChildren(...labels.map((label) => new Option(label)));
    input.after(list);
    input.setAttribute("list", list.id);
  }

  document.addEventListener("focusin", ({ target }) => {
    if (target.matches?.(`[id^="${QUESTIONS}"][id$="-condition_question"]`)) {
      offerQuestionsAbove(target);
    }
  });
  for (const event of ["input", "change"]) document.addEventListener(event, showWhatFits);
  document.addEventListener("DOMContentLoaded", () => {
    showWhatFits();
    const around = document.querySelector('[id="id_form_fields-FORMS"]');
    if (around) new MutationObserver(showWhatFits).observe(around, { childList: true });
  });
})();
