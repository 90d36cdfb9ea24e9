// The round without a line: what is typed is kept on the phone, encrypted under a key that only
// this page of this person brings, and sent once when there is a line. Without a script each
// form is sent as it is.
(() => {
  "use strict";
  const root = document.getElementById("census");
  if (!root) return;
  const said = root.dataset, me = said.me, notice = root.querySelector("[data-unsent]");
  const KEPT = `linli census ${me}`;
  const stops = new Map([...document.querySelectorAll("[data-stop]")].map((stop) => [stop.dataset.stop, stop]));
  const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const raw = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

  // A page that is not secure has no ciphers: then the tab's own memory is all that is used.
  const safe = window.isSecureContext && crypto.subtle;
  const store = safe ? localStorage : sessionStorage;
  const key = safe ? crypto.subtle.importKey("raw", bytes(said.vault), "AES-GCM", false, ["encrypt", "decrypt"]) : null;
  const seal = async (what) => {
    const text = JSON.stringify(what);
    if (!key) return text;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key, new TextEncoder().encode(text));
    return `${base64(iv)}.${base64(sealed)}`;
  };
  const open = async (kept) => {
    if (!key) return JSON.parse(kept);
    const [iv, sealed] = kept.split(".");
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: raw(iv) }, await key, raw(sealed));
    return JSON.parse(new TextDecoder().decode(text));
  };
  // What is kept: by household, what is typed, and what waits to be sent with its own name.
  let all = { typed: {}, unsent: [] };
  let writing = Promise.resolve();
  const keep = () => {
    writing = writing.then(async () => {
      try { store.setItem(KEPT, await seal(all)); } catch { /* a full store: what is typed stays on the page */ }
    });
    notice.hidden = all.unsent.length === 0;
    if (all.unsent.length) notice.textContent = `${all.unsent.length} ${said.waiting}`;
    return writing;
  };
  const show = (stop, text, tone) => {
    const state = stop?.querySelector("[data-state]");
    if (!state) return;
    state.textContent = text;
    state.className = `stop-state tag${tone ? ` tag--${tone}` : ""}`;
  };

  const pairs = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrf" && typeof value === "string");
  const fill = (form, kept) => {
    for (const field of form.elements) {
      if (!field.name || field.name === "csrf" || field.type === "hidden") continue;
      const values = kept.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (values.length) [field.value] = values;
    }
    const changed = kept.some(([one, value]) => value && /^(to-|gone-|new-name|new-plate|consent)/.test(one));
    if (changed) for (const more of form.querySelectorAll("details")) more.open = true;
    const name = kept.find(([one]) => one === "sent_id");
    if (name) form.elements.sent_id.value = name[1];
  };

  const done = (item, text) => {
    all.unsent = all.unsent.filter((other) => other !== item);
    delete all.typed[item.stop];
    const stop = stops.get(item.stop);
    show(stop, text, "done");
    if (!item.again) {
      stop?.removeAttribute("open");
      stop?.classList.add("stop--done");
      stop?.querySelectorAll("form").forEach((form) => form.remove());
    }
    return keep();
  };
  const send = async (item) => {
    const stop = stops.get(item.stop);
    show(stop, said.sending, "waiting");
    const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
    let answer;
    try {
      answer = await fetch(item.to, { method: "post", headers: { accept: "application/json" }, body: new URLSearchParams([["csrf", csrf], ...item.pairs]) });
    } catch {
      show(stop, said.offline, "waiting");
      return false;
    }
    // Signed out meanwhile: what waits is kept for the same person's next sign-in.
    if (answer.redirected || answer.status === 401) { location.reload(); return false; }
    const body = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json() : { again: true };
    if (answer.ok) { await done(item, body.done); return true; }
    if (body.refused) {
      // It goes back into its form, with what is wrong; nothing that was typed is lost.
      all.unsent = all.unsent.filter((other) => other !== item);
      await keep();
      show(stop, body.refused, "overdue");
      stop?.setAttribute("open", "");
      return true;
    }
    show(stop, said.failed, "waiting");
    return false;
  };
  let flushing = false;
  const flush = async () => {
    if (flushing) return;
    flushing = true;
    for (const item of [...all.unsent]) if (!(await send(item))) break;
    flushing = false;
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target, stop = form.closest("[data-stop]");
    if (!stop) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const item = { stop: stop.dataset.stop, to: form.getAttribute("action"), pairs: pairs(form), again: form.action.endsWith("/away") };
    if (form.dataset.ask !== undefined) all.typed[item.stop] = item.pairs;
    // The same answer pressed twice waits once.
    all.unsent = [...all.unsent.filter((other) => other.to !== item.to), item];
    await keep();
    flush();
  }, { capture: true });
  let timer = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-ask]");
    if (!form) return;
    clearTimeout(timer);
    timer = setTimeout(() => { all.typed[form.dataset.ask] = pairs(form); show(stops.get(form.dataset.ask), said.kept, "info"); keep(); }, 300);
  });
  addEventListener("online", flush);
  setInterval(() => { if (all.unsent.length && navigator.onLine) flush(); }, 30_000);

  (async () => {
    try {
      const kept = store.getItem(KEPT);
      if (kept) all = await open(kept);
    } catch { store.removeItem(KEPT); }
    for (const [stop, kept] of Object.entries(all.typed)) {
      const form = stops.get(stop)?.querySelector("[data-ask]");
      if (form) { fill(form, kept); show(stops.get(stop), said.kept, "info"); }
    }
    await keep();
    flush();
  })();
  // With nothing left to send, signing out leaves nothing on the phone.
  document.addEventListener("submit", (event) => { if (event.target.action?.endsWith("/sign-out") && all.unsent.length === 0) store.removeItem(KEPT); }, { capture: true });
})();
