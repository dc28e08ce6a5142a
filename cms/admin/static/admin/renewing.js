/*
 * Renews what is being made, every two seconds, until it is: the server says so with `data-pending`.
 *
 * Nothing is asked while nobody looks.
 */
(() => {
  const EVERY = 2000;

  async function renew(place) {
    const shown = place.querySelector("[data-renewed]");
    if (!document.hidden) {
      try {
        const response = await fetch(place.dataset.renews, {
          headers: { "X-Requested-With": "XMLHttpRequest" },
        });
        // Signed out, or deleted by someone else: what is there stays.
        if (!response.ok || response.redirected) return;
        shown.innerHTML = await response.text();
      } catch {
        // The network is away: it is asked again.
      }
    }
    if (shown.querySelector("[data-pending]")) setTimeout(renew, EVERY, place);
  }

  for (const place of document.querySelectorAll("[data-renews]")) {
    if (place.querySelector("[data-pending]")) setTimeout(renew, EVERY, place);
  }
})();
