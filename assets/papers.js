// Papers photographed page by page: pictures are added to those chosen before, put in order,
// taken out, and their edges set by hand. Without it the form sends the files as they were chosen.
(() => {
  "use strict";
  const make = (tag, set = {}, ...inside) => {
    const one = Object.assign(document.createElement(tag), set);
    one.append(...inside);
    return one;
  };
  const WHOLE = [[0, 0], [1, 0], [1, 1], [0, 1]];

  for (const field of document.querySelectorAll("[data-pages]")) {
    const input = field.querySelector('input[type="file"]');
    const list = field.querySelector("[data-pages-list]");
    const said = field.dataset;
    let pages = [];

    // The files and their edges go with the form in the order of the list.
    const keep = () => {
      const held = new DataTransfer();
      for (const page of pages) held.items.add(page.file);
      input.files = held.files;
      field.querySelectorAll('input[name="corners"]').forEach((one) => one.remove());
      for (const page of pages) field.append(make("input", { type: "hidden", name: "corners", value: page.corners ? page.corners.flat().map((n) => n.toFixed(4)).join(" ") : "" }));
    };
    const button = (text, act, off = false) => {
      const one = make("button", { type: "button", className: "button button--quiet", textContent: text, disabled: off });
      one.addEventListener("click", act);
      return one;
    };
    const main = (text, act) => { const one = button(text, act); one.className = "button"; return one; };
    const draw = () => {
      keep();
      list.replaceChildren(...pages.map((page, at) => {
        const box = make("div");
        if (page.bitmap) {
          const canvas = make("canvas", { width: page.bitmap.width, height: page.bitmap.height });
          const pen = canvas.getContext("2d");
          pen.drawImage(page.bitmap, 0, 0);
          if (page.corners) outline(pen, page.corners, canvas);
          box.append(canvas);
        }
        box.append(make("span", { textContent: `${at + 1}. ${page.file.name} · ${(page.file.size / 1048576).toFixed(1)} MB` }));
        const move = (by) => { const [one] = pages.splice(at, 1); pages.splice(at + by, 0, one); draw(); list.children[at + by]?.querySelector("button:not(:disabled)")?.focus(); };
        const acts = make("div", { className: "acts" });
        if (pages.length > 1) acts.append(button(said.earlier, () => move(-1), at === 0), button(said.later, () => move(1), at === pages.length - 1));
        if (page.bitmap) acts.append(button(said.edges, () => edges(page)));
        acts.append(button(said.drop, () => { pages.splice(at, 1); draw(); }));
        return make("li", {}, box, acts);
      }));
    };
    const outline = (pen, corners, canvas) => {
      pen.lineWidth = Math.max(2, canvas.width / 120);
      pen.strokeStyle = "#0b6e8a";
      pen.beginPath();
      for (const [x, y] of corners) pen.lineTo(x * canvas.width, y * canvas.height);
      pen.closePath();
      pen.stroke();
    };

    // Four corners, moved by finger, mouse or arrow keys.
    const edges = (page) => {
      let corners = (page.corners ?? WHOLE).map((one) => [...one]);
      const canvas = make("canvas", { width: page.bitmap.width, height: page.bitmap.height });
      const show = () => { const pen = canvas.getContext("2d"); pen.drawImage(page.bitmap, 0, 0); outline(pen, corners, canvas); handles.forEach((one, at) => { one.style.insetInlineStart = `${corners[at][0] * 100}%`; one.style.insetBlockStart = `${corners[at][1] * 100}%`; }); };
      const set = (at, x, y) => { corners[at] = [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))]; show(); };
      const handles = corners.map((_, at) => {
        const one = make("button", { type: "button", className: "edge", ariaLabel: `${said.corner} ${at + 1}` });
        one.addEventListener("pointerdown", (event) => { one.setPointerCapture(event.pointerId); event.preventDefault(); one.focus(); });
        one.addEventListener("pointermove", (event) => { if (!one.hasPointerCapture(event.pointerId)) return; const r = canvas.getBoundingClientRect(); set(at, (event.clientX - r.left) / r.width, (event.clientY - r.top) / r.height); });
        one.addEventListener("keydown", (event) => {
          const step = { ArrowLeft: [-0.01, 0], ArrowRight: [0.01, 0], ArrowUp: [0, -0.01], ArrowDown: [0, 0.01] }[event.key];
          if (step) { event.preventDefault(); set(at, corners[at][0] + step[0], corners[at][1] + step[1]); }
        });
        return one;
      });
      const dialog = make("dialog", { className: "dialog edges" });
      const done = (to) => { page.corners = to; dialog.close(); dialog.remove(); draw(); };
      dialog.append(make("p", { textContent: said.edgesLead }), make("div", { className: "edges-box" }, canvas, ...handles),
        make("div", { className: "acts" }, main(said.use, () => done(corners)), button(said.auto, () => done(null))));
      dialog.addEventListener("cancel", () => dialog.remove());
      document.body.append(dialog);
      show();
      dialog.showModal();
    };

    input.addEventListener("change", async () => {
      const photo = (file) => file.type.startsWith("image/");
      const fresh = await Promise.all([...input.files].map(async (file) => ({ file, corners: null,
        bitmap: photo(file) ? await createImageBitmap(file, { resizeWidth: 640 }).catch(() => null) : null })));
      // Further photographs come behind those that are there; another kind of file takes their place.
      pages = fresh.every((page) => photo(page.file)) && pages.every((page) => photo(page.file)) ? [...pages, ...fresh] : fresh;
      draw();
    });
  }
})();
