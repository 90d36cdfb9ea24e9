// Pictures of a message in a dialog, one after another. Without it a picture opens as a page.
(() => {
  "use strict";
  const viewer = document.getElementById("viewer");
  if (!viewer) return;
  let views = [], shown = 0;
  const see = () => {
    viewer.querySelector("img").src = views[shown].href;
    viewer.querySelector("img").alt = views[shown].querySelector("img").alt;
    viewer.querySelector("[data-place]").textContent = `${shown + 1} / ${views.length}`;
    viewer.querySelector(".viewer-acts").hidden = views.length < 2;
  };
  const step = (by) => { shown = (shown + by + views.length) % views.length; see(); };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-see]");
    if (!link || !viewer.showModal || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    views = [...link.parentElement.querySelectorAll("[data-see]")];
    shown = views.indexOf(link);
    see();
    viewer.showModal();
  });
  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(Number(button.dataset.step));
    else if (event.target === viewer || event.target.tagName === "IMG") viewer.close();
  });
  viewer.addEventListener("keydown", (event) => { const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]; if (by && views.length > 1) step(by); });
})();
