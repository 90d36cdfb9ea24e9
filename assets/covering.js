// Areas to be covered are drawn upon the page by mouse or finger; the numbers beside it are what is
// sent, and may be typed instead. A finger scrolls the page while drawing is off.
(() => {
  "use strict";
  const all = document.querySelector("[data-covering]");
  if (!all) return;
  const board = all.querySelector("[data-board]"), svg = board.querySelector("svg");
  const body = all.querySelector("tbody"), draw = all.querySelector("[data-draw]");
  const MOST = 40, LEAST = 5, WHOLE = 1000;
  const rows = () => [...body.querySelectorAll("[data-area]")];
  const fields = (row) => [...row.querySelectorAll("input")];
  const values = (row) => fields(row).map((field) => (/^\d+$/.test(field.value.trim()) ? Number(field.value) : NaN));
  const blank = (row) => fields(row).every((field) => field.value.trim() === "");
  const fits = ([x, y, w, h]) => w >= LEAST && h >= LEAST && x + w <= WHOLE && y + h <= WHOLE;
  let drawing = !matchMedia("(pointer: coarse)").matches, from = null, making = null;

  const paint = () => {
    const focused = document.activeElement?.closest("[data-area]");
    svg.replaceChildren();
    for (const row of rows()) {
      const set = values(row);
      row.querySelector("[data-clear]").hidden = blank(row);
      if (!fits(set)) continue;
      const rect = document.createElementNS(svg.namespaceURI, "rect");
      ["x", "y", "width", "height"].forEach((name, nth) => rect.setAttribute(name, set[nth]));
      rect.classList.toggle("here", row === focused || row === making);
      svg.append(rect);
    }
  };
  const set = (row, area) => { fields(row).forEach((field, nth) => { field.value = area ? area[nth] : ""; }); };
  // The next empty line; a new one behind the last where there is none.
  const next = () => {
    const free = rows().find(blank);
    if (free) return free;
    const last = rows().at(-1), nth = rows().length + 1;
    if (nth > MOST) return null;
    const row = last.cloneNode(true);
    row.querySelector("th").textContent = nth;
    for (const field of fields(row)) {
      field.name = field.name.replace(/\d+$/, nth);
      if (field.id) field.id = field.id.replace(/\d+$/, nth);
      field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/^\d+/, nth));
    }
    set(row, null);
    body.append(row);
    return row;
  };
  const at = (event) => {
    const box = board.getBoundingClientRect();
    const part = (where, start, long) => Math.min(WHOLE, Math.max(0, Math.round((where - start) / long * WHOLE)));
    return [part(event.clientX, box.left, box.width), part(event.clientY, box.top, box.height)];
  };
  const between = ([a, b], [c, d]) => [Math.min(a, c), Math.min(b, d), Math.abs(a - c), Math.abs(b - d)];

  board.addEventListener("pointerdown", (event) => {
    if (!drawing || event.button !== 0) return;
    making = next();
    if (!making) return;
    event.preventDefault();
    from = at(event);
    board.setPointerCapture(event.pointerId);
  });
  board.addEventListener("pointermove", (event) => {
    if (!from) return;
    set(making, between(from, at(event)));
    paint();
  });
  const end = (keep) => (event) => {
    if (!from) return;
    const area = between(from, at(event));
    // A touch without a way is no area.
    set(making, keep && fits(area) ? area : null);
    from = making = null;
    paint();
  };
  board.addEventListener("pointerup", end(true));
  board.addEventListener("pointercancel", end(false));
  board.addEventListener("dragstart", (event) => event.preventDefault());

  const turn = (on) => {
    drawing = on;
    draw.setAttribute("aria-pressed", String(on));
    board.classList.toggle("is-drawing", on);
  };
  draw.addEventListener("click", () => turn(!drawing));
  all.querySelector("[data-drawing]").hidden = false;
  body.addEventListener("input", paint);
  body.addEventListener("focusin", paint);
  body.addEventListener("focusout", paint);
  body.addEventListener("click", (event) => {
    const row = event.target.closest("[data-clear]")?.closest("[data-area]");
    if (!row) return;
    set(row, null);
    fields(row)[0].focus();
    paint();
  });
  turn(drawing);
  paint();
})();
