// Improves what already works without it: keys, marking, previews, progress. Nothing here is needed to do a thing.
(() => {
  "use strict";
  const one = (what, within = document) => within.querySelector(what);
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const root = document.documentElement;
  const csrf = one('meta[name="csrf"]')?.content ?? "";
  root.classList.add("script");
  for (const shown of all("[data-copy], [data-print], [data-back], [data-peek]")) shown.hidden = false;

  // While an input method composes a sign, Enter and letters belong to it.
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  // A form that failed: read its summary first; a link of it goes into the field.
  const summary = one("[data-focus]");
  if (summary) summary.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest('.errors a[href^="#"]');
    if (!link) return;
    const field = document.getElementById(link.getAttribute("href").slice(1));
    if (field) { event.preventDefault(); field.focus(); field.closest(".field")?.scrollIntoView({ block: "start" }); }
  });

  // One press sends once; the button says so by resting, and wakes when the page comes back from the cache.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.look !== undefined || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => all("button", form).forEach((button) => button.setAttribute("aria-disabled", "true")));
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("button", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }));

  // Leaving a form with something typed asks first.
  let unsaved = false;
  document.addEventListener("input", (event) => { if (event.target.form?.dataset.guard !== undefined) unsaved = true; });
  document.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  // Acts that ask: <button data-confirm="id of a dialog">; the dialog's own button sends the form.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    const dialog = button && document.getElementById(button.dataset.confirm);
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.showModal();
    one("[data-yes]", dialog)?.addEventListener("click", () => { dialog.close(); button.form.requestSubmit(); }, { once: true });
  });

  // Small acts.
  document.addEventListener("click", async (event) => {
    const at = (what) => event.target.closest(what);
    const copy = at("[data-copy]");
    if (copy) {
      try { await navigator.clipboard.writeText(copy.dataset.copy); }
      catch {
        // A page without https has no clipboard of its own: by way of a field.
        const field = document.createElement("textarea");
        field.value = copy.dataset.copy;
        document.body.append(field);
        field.select();
        document.execCommand("copy");
        field.remove();
        copy.focus();
      }
      const word = one("span", copy), before = word.textContent;
      word.textContent = copy.dataset.copied;
      setTimeout(() => { word.textContent = before; }, 2000);
    }
    if (at("[data-print]")) print();
    const back = at("[data-back]");
    if (back) { event.preventDefault(); history.back(); }
    const peek = at("[data-peek]");
    if (peek) {
      const field = document.getElementById(peek.dataset.peek);
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      peek.setAttribute("aria-pressed", String(shown));
    }
    // A menu closes when the reader goes elsewhere.
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  // Pictures are shown before they are sent.
  for (const input of all("input[data-preview]")) {
    input.addEventListener("change", () => {
      const list = one("[data-preview-list]", input.closest(".field"));
      list.replaceChildren(...[...input.files].slice(0, 12).map((file) => {
        const item = document.createElement("li"), box = document.createElement("div"), name = document.createElement("span");
        // Drawn on a canvas, because the page's policy allows no blob: addresses.
        if (file.type.startsWith("image/")) createImageBitmap(file, { resizeWidth: 320 }).then((bitmap) => {
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
          canvas.getContext("2d").drawImage(bitmap, 0, 0);
          box.prepend(canvas);
        }, () => {});
        name.textContent = `${file.name} · ${(file.size / 1048576).toFixed(1)} MB`;
        box.append(name);
        item.append(box);
        return item;
      }));
    });
  }

  // Theme and text size change at once; the form is sent behind. A new language needs a new page.
  for (const form of all("form[data-look]")) {
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button || button.name === "lang") return;
      event.preventDefault();
      root.dataset[button.name] = button.value;
      all("button", button.parentElement).forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
      const body = new URLSearchParams(new FormData(form));
      body.append(button.name, button.value);
      fetch(form.action, { method: "post", body, redirect: "manual" }).catch(() => form.submit());
    });
  }

  // A change of page that the browser cuts short (a file was handed out instead) is no fault.
  for (const name of ["pageswap", "pagereveal"]) addEventListener(name, ({ viewTransition }) => {
    viewTransition?.ready.catch(() => {});
    viewTransition?.finished.catch(() => {});
  });

  // The worker keeps what was read and shows a knock on the door; nothing waits for it.
  const worker = navigator.serviceWorker;
  if (worker && csrf) addEventListener("load", () => worker.register("/sw.js").catch(() => {}));
  for (const again of all("[data-reload]")) again.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });

  // Leaving takes along what this browser kept of the person.
  const KEPT = "linli unsent ";
  const keys = () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(KEPT)); } catch { return []; } };
  document.addEventListener("submit", (event) => {
    if (!event.target.action?.endsWith("/sign-out")) return;
    keys().forEach((key) => localStorage.removeItem(key));
    worker?.controller?.postMessage("forget");
  });

  // What was written without a line goes out from whatever page is opened next. Its own id goes
  // with it, so that sending from two places is sending once; what the house refuses waits for
  // the page of its channel, which says why.
  const flush = async () => {
    for (const key of keys()) {
      const here = key.slice(KEPT.length);
      if (here === location.pathname) continue;
      const read = () => { try { return JSON.parse(localStorage.getItem(key) ?? "[]"); } catch { return []; } };
      for (const { session, me, ...draft } of read()) {
        if (session !== csrf) continue;
        try {
          const answer = await fetch(here, { method: "post", headers: { accept: "application/json" }, body: new URLSearchParams({ csrf, ...draft }) });
          if (answer.ok && !answer.redirected) localStorage.setItem(key, JSON.stringify(read().filter((other) => other.sent_id !== draft.sent_id)));
        } catch { return; }
      }
    }
  };
  if (csrf) { flush(); addEventListener("online", flush); }

  // Long work: the server draws the component again, once a second, slower while it does not answer.
  const follow = (box) => {
    let wait = 1000;
    const ask = async () => {
      if (!box.isConnected) return;
      try {
        const answer = await fetch(box.dataset.poll, { headers: { accept: "text/html", "x-csrf": csrf } });
        if (answer.redirected) { location.assign(answer.url); return; }
        if (!answer.ok) throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const next = one(".progress", page);
        if (!next) { location.reload(); return; }
        wait = 1000;
        const old = one("progress", box), fresh = one("progress", next);
        if (next.dataset.poll && old && fresh && fresh.hasAttribute("value")) {
          // The bar stays in place, so that it moves instead of jumping and a pressed button is not lost.
          old.max = fresh.max; old.value = fresh.value;
          const texts = all("p", next);
          all("p", box).forEach((text, place) => { if (texts[place] && text.textContent !== texts[place].textContent) text.textContent = texts[place].textContent; });
        } else {
          box.replaceWith(next);
          if (next.dataset.poll) follow(next); else if (next.dataset.then) location.assign(next.dataset.then);
          return;
        }
      } catch { wait = Math.min(wait * 2, 15000); }
      setTimeout(ask, wait);
    };
    setTimeout(ask, wait);
  };
  all("[data-poll]").forEach(follow);

  // Marking rows.
  for (const form of all("form[data-bulk]")) {
    const boxes = () => all('input[name="row"]', form);
    const bar = one("[data-bulk-bar]", form), master = one("[data-mark-all]", form);
    let last = null;
    const tell = () => {
      const marked = boxes().filter((box) => box.checked).length;
      if (master) { master.checked = marked > 0 && marked === boxes().length; master.indeterminate = marked > 0 && !master.checked; }
      if (!bar) return;
      bar.classList.toggle("on", marked > 0);
      one("[data-bulk-count]", bar).textContent = marked;
      one("[data-bulk-some]", bar).hidden = marked === 0;
      one("[data-bulk-none]", bar).hidden = marked > 0;
      all("button", bar).forEach((button) => { button.disabled = marked === 0; });
    };
    form.addEventListener("click", (event) => {
      const box = event.target.closest('input[name="row"]');
      if (!box) return;
      // Shift marks from the last one to this one.
      if (event.shiftKey && last) {
        const row = boxes(), [from, to] = [row.indexOf(last), row.indexOf(box)].sort((a, b) => a - b);
        row.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
      }
      last = box;
    });
    form.addEventListener("change", (event) => {
      if (event.target === master) boxes().forEach((box) => { box.checked = master.checked; });
      tell();
    });
    addEventListener("pageshow", tell);
    tell();
  }

  // Keys of the work lists.
  const rows = () => all("table.table tbody tr");
  let at = -1;
  const go = (to) => {
    const list = rows();
    if (!list.length) return;
    at = Math.max(0, Math.min(list.length - 1, to));
    list.forEach((row, place) => row.classList.toggle("here", place === at));
    (one("a.row-link", list[at]) ?? one("a, input", list[at]))?.focus({ preventScroll: true });
    list[at].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { if (openPalette()) event.preventDefault(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]")) return;
    const row = rows()[at];
    switch (event.key) {
      case "j": go(at + 1); break;
      case "k": go(at - 1); break;
      case "x": if (row) one('input[name="row"]', row)?.click(); break;
      case "Enter": if (row && !event.target.closest("a, button, summary")) one("a.row-link", row)?.click(); return;
      case "/": one("[data-find]")?.focus(); break;
      case "?": one("#keys")?.showModal?.(); break;
      case "Escape": all("details.menu[open]").forEach((menu) => { menu.open = false; }); return;
      default: {
        // The letter shown on a button presses it, here without the keys that browsers want beside it.
        if (!/^[a-z]$/.test(event.key)) return;
        const pressed = all(`[accesskey="${event.key}"]`).find((button) => button.checkVisibility());
        if (!pressed) return;
        pressed.click();
      }
    }
    event.preventDefault();
  });

  // The palette: the answer of the search page, asked with x-fragment, is a list of links.
  const palette = one("#palette");
  const openPalette = () => {
    if (!palette?.showModal) return false;
    if (!palette.open) palette.showModal();
    one("input", palette).select();
    return true;
  };
  document.addEventListener("click", (event) => { if (event.target.closest("[data-palette]") && openPalette()) event.preventDefault(); });
  if (palette) {
    const input = one("input", palette), list = one("[data-palette-list]", palette);
    let asked = 0, timer = 0;
    const find = async () => {
      const mine = ++asked;
      if (!input.value.trim()) { list.replaceChildren(); return; }
      try {
        const answer = await fetch(`${input.form.action}?q=${encodeURIComponent(input.value)}`, { headers: { "x-fragment": "1" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        // An answer that was overtaken is dropped.
        if (mine === asked && answer.ok) list.replaceChildren(...all("a", page).slice(0, 20));
      } catch { /* The form itself still leads to the search page. */ }
    };
    input.addEventListener("input", (event) => { if (!event.isComposing) { clearTimeout(timer); timer = setTimeout(find, 120); } });
    input.addEventListener("compositionend", find);
    palette.addEventListener("keydown", (event) => {
      if (composing(event)) return;
      const links = all("a", list), here = links.indexOf(document.activeElement);
      if (event.key === "ArrowDown") (links[here + 1] ?? links[0])?.focus();
      else if (event.key === "ArrowUp") (here > 0 ? links[here - 1] : input).focus();
      else if (event.key === "Enter" && here < 0 && links[0]) links[0].click();
      else return;
      event.preventDefault();
    });
    palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
  }
})();
