/*
 * Drags what may be moved to another day of the calendar. "Move…" does the same without a script.
 *
 * The server keeps the time of day, and decides: what it refuses stays, and it says why.
 */
(() => {
  const table = document.querySelector(".genedge-calendar");
  const refusal = document.querySelector("[data-calendar-refusal]");
  const token = document.querySelector("input[name='csrfmiddlewaretoken']");
  if (!table || !token) return;
  let dragged = null;

  function dayOf(target) {
    const day = target.closest("[data-day]");
    return dragged && day && "open" in day.dataset && !day.contains(dragged) ? day : null;
  }

  function mark(day) {
    for (const marked of table.querySelectorAll(".genedge-calendar__target")) {
      if (marked !== day) marked.classList.remove("genedge-calendar__target");
    }
    if (day) day.classList.add("genedge-calendar__target");
  }

  async function move({ moveUrl, old }, day) {
    const response = await fetch(moveUrl, {
      method: "POST",
      headers: { "X-CSRFToken": token.value, "X-Requested-With": "XMLHttpRequest" },
      body: new URLSearchParams({ old, day }),
    });
    if (response.ok) return "";
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    if (isJson) return (await response.json()).message;
    return response.status === 403
      ? "You may not move this."
      : "This could not be moved: load the calendar anew, then try again.";
  }

  for (const entry of table.querySelectorAll("[data-move-url]")) {
    entry.draggable = true;
    // A link is draggable by itself, and would be dragged instead of its entry.
    for (const link of entry.querySelectorAll("a")) link.draggable = false;
  }

  table.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-move-url]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.innerText);
  });
  table.addEventListener("dragover", (event) => {
    const day = dayOf(event.target);
    mark(day);
    if (day) event.preventDefault();
  });
  table.addEventListener("dragend", () => {
    dragged = null;
    mark(null);
  });
  table.addEventListener("drop", async (event) => {
    const day = dayOf(event.target);
    if (!day) return;
    event.preventDefault();
    const { dataset } = dragged;
    refusal.textContent = "";
    let problem;
    try {
      problem = await move(dataset, day.dataset.day);
    } catch {
      problem = "The server does not answer: try again in a moment.";
    }
    if (problem) refusal.textContent = problem;
    else window.location.reload();
  });
})();
