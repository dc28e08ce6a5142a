/*
 * Marks fields that have to be filled in only while other fields have certain values.
 *
 * The server says which in `data-required-when`, and marks what is required as the form opens. This
 * keeps the marks right while someone fills in the form.
 */
(() => {
  const MARK = "w-required-mark";

  const valueOf = (input) => (input?.type === "checkbox" && !input.checked ? "" : (input?.value ?? ""));

  function holds({ id, values }) {
    const value = valueOf(document.getElementById(id));
    return values ? values.includes(value) : value !== "";
  }

  function markAll() {
    for (const input of document.querySelectorAll("[data-required-when]")) {
      const required = JSON.parse(input.dataset.requiredWhen).every(holds);
      const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`);
      const mark = label?.querySelector(`.${MARK}`);
      if (mark && !required) mark.remove();
      if (label && !mark && required) {
        const made = document.createElement("span");
        made.className = MARK;
        made.textContent = "*";
        label.append(made);
      }
    }
  }

  for (const event of ["input", "change"]) document.addEventListener(event, markAll);
})();
