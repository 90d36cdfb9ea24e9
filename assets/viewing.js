// An open viewer: it listens whether the window is still open and hides its page when it is over,
// when it hears nothing for a while, and when its time has run out. Without it the page is asked
// for anew every half minute.
(() => {
  "use strict";
  const viewing = document.getElementById("viewing");
  if (!viewing) return;
  const page = viewing.querySelector("[data-page]");
  const over = viewing.querySelector("[data-over]");
  const quiet = viewing.querySelector("[data-quiet]");
  const SILENT = 8000;
  let heard = Date.now(), ended = false;

  // The picture goes from the page itself, not only from sight.
  const end = () => {
    if (ended) return;
    ended = true;
    line.close();
    clearInterval(watch);
    page?.remove();
    viewing.querySelector("nav")?.remove();
    quiet.hidden = true;
    over.hidden = false;
    over.querySelector("a")?.focus();
  };
  const hush = (silent) => {
    quiet.hidden = !silent;
    if (page) page.hidden = silent;
  };
  const line = new EventSource(viewing.dataset.live);
  line.addEventListener("open", () => { heard = Date.now(); if (!ended) hush(false); });
  line.addEventListener("over", end);
  const watch = setInterval(() => { if (Date.now() - heard > SILENT) hush(true); }, 500);
  setTimeout(end, Number(viewing.dataset.left));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const to = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = to && viewing.querySelector(`a[rel="${to}"]`);
    if (link) { event.preventDefault(); link.click(); }
  });
})();
