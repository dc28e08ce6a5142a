/*
 * Chooses several pages, people or organisations in one window, and lists them with a button to take
 * each out again. Wagtail's own choosers hold one each.
 */
(() => {
  const WINDOWS = {
    page: { handlers: "PAGE_CHOOSER_MODAL_ONLOAD_HANDLERS", answer: "pageChosen" },
    snippet: { handlers: "CHOOSER_MODAL_ONLOAD_HANDLERS", answer: "chosen" },
  };

  function add(list, name, { id, title }) {
    if (list.querySelector(`input[value="${CSS.escape(id)}"]`)) return;
    const item = list.parentElement.querySelector("template").content.cloneNode(true);
    const input = item.querySelector("input");
    input.name = name;
    input.value = id;
    for (const place of item.querySelectorAll("[data-title]")) place.textContent = title;
    list.append(item);
  }

  function choose(box) {
    const { name, kind, url } = box.dataset;
    const { handlers, answer } = WINDOWS[kind];
    const chosen = (found) => {
      for (const each of [found].flat()) {
        add(box.querySelector("ul"), name, { id: String(each.id), title: each.adminTitle ?? each.title ?? each.string });
      }
      box.querySelector("[data-choose]").focus();
    };
    window.ModalWorkflow({
      url,
      urlParams: { multiple: 1 },
      onload: window[handlers],
      responses: { [answer]: chosen },
    });
  }

  document.addEventListener("click", ({ target }) => {
    const box = target.closest("[data-several]");
    if (!box) return;
    if (target.closest("[data-choose]")) choose(box);
    if (target.closest("[data-take-out]")) {
      target.closest("li").remove();
      box.querySelector("[data-choose]").focus();
    }
  });
})();
