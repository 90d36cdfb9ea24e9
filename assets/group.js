// Makes a channel live: what others say appears, what one says appears at once, what was written
// without a line goes out when there is one. The page reads and sends without any of it.
(() => {
  "use strict";
  const chat = document.getElementById("chat");
  if (!chat) return;
  const form = document.querySelector("[data-say]");
  const said = chat.dataset;
  const channel = said.here.split("/").pop();
  const csrf = document.querySelector('meta[name="csrf"]')?.content ?? form?.elements.csrf.value ?? "";
  const el = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const atEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 160;
  const toEnd = () => scrollTo({ top: document.documentElement.scrollHeight });
  let view = said.view, last = Number(said.last);
  const echoes = new Map();
  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${said.icons}#${name}`);
    svg.append(use);
    return svg;
  };
  const size = (bytes) => bytes < 1048576 ? `${Math.max(1, Math.ceil(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
  const calls = (parts) => Boolean(parts?.all || parts?.mentions?.some((m) => m.account === said.me));

  // The text stands as text: nothing that somebody wrote is ever read as HTML.
  const own = said.base.replace(/group$/, "");
  const link = /(?:https?:\/\/[A-Za-z0-9.:-]+)?(\/c\/[a-z0-9-]+\/[A-Za-z0-9/_?=&#.-]*)/g;
  // A page of the compound that a text names can be pressed; only its path is followed.
  const linked = (text) => {
    const out = [];
    let from = 0;
    for (const found of text.matchAll(link)) {
      if (!found[1].startsWith(own)) continue;
      // A notice is called by what it is, not by its address.
      const name = found[1].startsWith(`${own}my/notices/`) ? said.notice : found[0];
      const to = el("a", "", name);
      to.href = found[1];
      out.push(text.slice(from, found.index), to);
      from = found.index + found[0].length;
    }
    return [...out, text.slice(from)];
  };
  const words = (m) => {
    const line = el("p", "spoken-text"), parts = m.parts ?? {};
    const names = [...(parts.mentions ?? []).map((one) => one.words), parts.all].filter(Boolean).sort((a, b) => b.length - a.length);
    let rest = m.text;
    while (rest) {
      const found = names.map((name) => [rest.indexOf(name), name]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0] || b[1].length - a[1].length)[0];
      if (!found) break;
      const [at, name] = found;
      const own = name === parts.all || parts.mentions?.some((one) => one.words === name && one.account === said.me);
      line.append(...linked(rest.slice(0, at)), el("b", own ? "named named--me" : "named", name));
      rest = rest.slice(at + name.length);
    }
    line.append(...linked(rest));
    return line;
  };
  const pictures = (m, at) => {
    const box = el("div", m.parts.pictures.length === 1 ? "spoken-pictures spoken-pictures--one" : "spoken-pictures");
    m.parts.pictures.forEach((p, n) => {
      const link = el("a"), image = el("img");
      link.href = `${at}/pictures/${p.id}`;
      link.dataset.see = "";
      image.src = `${link.href}?small=1`;
      image.alt = `${said.picture} ${n + 1}`;
      [image.width, image.height] = [p.w, p.h];
      link.append(image);
      box.append(link);
    });
    return box;
  };
  const file = (f, at) => {
    const link = el("a", "spoken-file");
    link.href = `${at}/files/${f.id}`;
    link.download = "";
    link.append(icon("file"), el("span", "", f.name), el("small", "", size(f.bytes)));
    return link;
  };
  const card = (c) => {
    const box = el("blockquote", "spoken-card");
    if (!c.words && !c.more) { box.append(el("p", "spoken-gone", said.gone)); return box; }
    box.append(el("p", "spoken-card-by", c.by));
    if (c.words) box.append(el("p", "spoken-text", c.words));
    if (c.more) box.append(el("p", "muted", said.more));
    return box;
  };
  const draw = (m) => {
    const own = m.author === said.me, line = el("li", own ? "spoken spoken--own" : "spoken");
    line.id = `m-${m.seq}`;
    line.dataset.seq = m.seq;
    line.dataset.id = m.id;
    const by = el("p", "spoken-by");
    by.append(el("span", "spoken-name", m.name));
    if (m.badge) by.append(" ", el("span", "tag", said[m.badge]));
    const when = el("time", "", new Date(m.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" }));
    when.dateTime = new Date(m.at).toISOString();
    by.append(" ", when);
    line.append(by);
    if (m.state === "recalled" || m.state === "hidden") { line.append(el("p", "spoken-gone", said[m.state])); return line; }
    const answered = m.reply && document.getElementById(`m-${m.reply}`);
    if (answered) {
      const reply = el("p", "spoken-reply"), link = el("a", "", `${answered.querySelector(".spoken-name")?.textContent ?? ""}：${answered.querySelector(".spoken-text")?.textContent.slice(0, 40) ?? ""}`);
      link.href = `#m-${m.reply}`;
      reply.append(link);
      line.append(reply);
    }
    const parts = m.parts ?? {}, at = `${said.base}/messages/${m.id}`;
    if (m.text) line.append(words(m));
    if (parts.card) line.append(card(parts.card));
    if (parts.pictures) line.append(pictures(m, at));
    for (const f of parts.files ?? []) line.append(file(f, at));
    if (!own && calls(parts)) line.classList.add("spoken--called");
    if (m.state === "held") line.append(el("p", "spoken-state", said.held));
    const menu = document.getElementById(own ? "menu-own" : "menu-other")?.content.cloneNode(true);
    if (menu) {
      const filled = (to) => to.replace("/ID/", `/${m.id}/`).replace("reply=SEQ", `reply=${m.seq}`);
      for (const it of menu.querySelectorAll("[data-href]")) it.href = filled(it.dataset.href);
      for (const it of menu.querySelectorAll("[action]")) it.setAttribute("action", filled(it.getAttribute("action")));
      line.append(menu);
      ready(line);
    }
    return line;
  };
  // A poll is drawn by the server, which knows what one's home answered; counts come live.
  const count = (line, poll) => {
    const box = line.querySelector(".poll");
    if (!box) return false;
    const options = box.querySelectorAll(".poll-option");
    poll.options.forEach((_, n) => {
      options[n].querySelector(".poll-count").textContent = poll.counts[n];
      options[n].querySelector("progress").value = poll.voters ? Math.round(poll.counts[n] * 100 / poll.voters) : 0;
    });
    const note = box.querySelector(".poll-note");
    note.textContent = note.textContent.replace(/\d+/, poll.voters);
    return !poll.ended;
  };
  const fromServer = async (m) => {
    try {
      const answer = await fetch(`${said.here}?at=${m.seq}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const line = page.getElementById(`m-${m.seq}`), there = document.getElementById(`m-${m.seq}`);
      if (line && there) { there.replaceWith(line); ready(line); }
    } catch { /* the next load has it */ }
  };
  const show = (m) => {
    if (m.channel !== channel || said.past === "true") return;
    // The stream may be faster than the answer to one's own sending.
    if (m.author === said.me) for (const line of echoes.values()) if (line.querySelector(".spoken-text").textContent === m.text) line.remove();
    const stay = atEnd(), there = document.getElementById(`m-${m.seq}`), poll = m.state === "shown" && m.parts?.poll;
    if (!(there && poll && count(there, poll))) {
      const fresh = draw(m);
      if (there) {
        const menu = there.querySelector(".spoken-menu"), drawn = fresh.querySelector(".spoken-menu");
        if (menu && drawn) drawn.replaceWith(menu);
        there.replaceWith(fresh);
      } else {
        const after = [...chat.children].find((other) => Number(other.dataset.seq) > m.seq);
        chat.insertBefore(fresh, after ?? null);
      }
      if (poll) fromServer(m);
    }
    last = Math.max(last, m.seq);
    if (stay) { toEnd(); mark(); }
  };

  // How far was read: told when the page rests at its end and somebody looks.
  let marked = last, timer = 0;
  const mark = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.hidden || last <= marked) return;
      marked = last;
      fetch(`${said.here}/read`, { method: "post", body: new URLSearchParams({ csrf, seq: last }), keepalive: true }).catch(() => {});
    }, 600);
  };
  addEventListener("scroll", () => { if (atEnd()) mark(); }, { passive: true });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && atEnd()) mark(); });

  // One stream for all tabs of a browser: who holds the lock listens and tells the others.
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel(`group ${said.live}`) : null;
  const take = (m, at) => { view = at; show(m); };
  if (tabs) tabs.onmessage = (event) => { if (event.data.message) take(event.data.message, event.data.view); else if (event.data.gap) location.reload(); };
  const listen = (until) => {
    const stream = new EventSource(`${said.live}?after=${view}`);
    stream.addEventListener("message", (event) => { const m = JSON.parse(event.data); take(m, event.lastEventId); tabs?.postMessage({ message: m, view: event.lastEventId }); });
    stream.addEventListener("gap", () => { tabs?.postMessage({ gap: true }); location.reload(); });
    stream.addEventListener("open", () => { document.body.classList.remove("offline"); flush(); });
    stream.addEventListener("error", () => document.body.classList.add("offline"));
    until.then(() => stream.close());
  };
  if (said.past !== "true") {
    if (navigator.locks) navigator.locks.request(`group ${said.live}`, () => new Promise((leave) => { listen(new Promise(() => {})); addEventListener("pagehide", leave, { once: true }); }));
    else listen(new Promise(() => {}));
  }

  // What was written and not yet acknowledged is kept with its id, and sent again until it is.
  const KEPT = `linli unsent ${said.here}`;
  const kept = () => { try { return JSON.parse(localStorage.getItem(KEPT) ?? "[]"); } catch { return []; } };
  const keep = (list) => { try { localStorage.setItem(KEPT, JSON.stringify(list.slice(-50))); } catch { /* a full or closed store: the line stays on the page */ } };
  const echo = (draft) => {
    const line = el("li", "spoken spoken--own spoken--sending");
    line.append(el("p", "spoken-text", draft.text), el("p", "spoken-state", said.sending));
    echoes.set(draft.sent_id, line);
    chat.append(line);
    toEnd();
    return line;
  };
  const drop = (sent_id) => keep(kept().filter((other) => other.sent_id !== sent_id));
  // What was refused while the field holds something else: the line stays, with the reason, until
  // its writer sends it again.
  const stall = (draft, line, why) => {
    const turn = (refused) => keep(kept().map((other) => (other.sent_id === draft.sent_id ? { ...other, refused } : other)));
    const again = el("button", "", said.again), state = line.querySelector(".spoken-state");
    again.type = "button";
    again.addEventListener("click", () => { turn(undefined); flush(); });
    state.replaceChildren(`${why} `, again);
    turn(why);
  };
  // False: what comes behind waits too.
  const send = async ({ session, me, refused, ...draft }, patient = false) => {
    // Written by another who signed in on this device: not this person's to say.
    if (me && me !== said.me) { drop(draft.sent_id); return true; }
    const line = echoes.get(draft.sent_id) ?? echo(draft), state = line.querySelector(".spoken-state");
    if (refused) { stall(draft, line, refused); return true; }
    state.textContent = said.sending;
    try {
      const answer = await fetch(said.here, { method: "post", headers: { accept: "application/json" }, body: new URLSearchParams({ csrf, ...draft }) });
      if (answer.redirected || answer.status === 401 || answer.status === 403) { location.reload(); return false; }
      const body = answer.headers.get("content-type") === "application/json" ? await answer.json() : {};
      if (answer.ok) {
        drop(draft.sent_id);
        echoes.delete(draft.sent_id);
        line.remove();
        show(body);
      } else if (body.refused && patient && answer.status === 429) {
        // Written without a line and too fast now: in its turn, when the channel lets it out.
        state.textContent = body.refused;
        setTimeout(flush, 10000);
        return false;
      } else if (body.refused && form.elements.text.value) {
        stall(draft, line, body.refused);
      } else if (body.refused) {
        // What did not go out goes back into the field, with the reason.
        drop(draft.sent_id);
        echoes.delete(draft.sent_id);
        line.remove();
        refuse(body.refused, draft.text);
      } else state.textContent = said.failed;
    } catch {
      state.textContent = said.offline;
      return false;
    }
    return true;
  };
  let flushing = false;
  const flush = async () => {
    if (flushing) return;
    flushing = true;
    for (const draft of kept()) if (!(await send(draft, true))) break;
    flushing = false;
  };
  const fault = (why) => {
    form.querySelector(".fault")?.remove();
    const line = el("p", "fault", why);
    line.setAttribute("role", "alert");
    form.prepend(line);
  };
  const refuse = (why, text) => {
    fault(why);
    const field = form.elements.text;
    if (!field.value) field.value = text;
    grow();
    field.focus();
  };
  // Pictures and files: chosen, pasted or dropped; seen before they are sent; each can be taken out.
  const MOST = 14;
  let chosen = [];
  const list = form?.querySelector("[data-chosen]");
  const drawChosen = () => {
    list.hidden = chosen.length === 0;
    list.replaceChildren(...chosen.map((one, n) => {
      const item = el("li"), out = el("button", "", "×");
      if (one.type.startsWith("image/")) {
        const image = el("img");
        image.src = URL.createObjectURL(one);
        image.alt = "";
        image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
        item.append(image);
      }
      out.type = "button";
      out.setAttribute("aria-label", `${said.take} ${one.name}`);
      out.addEventListener("click", () => { chosen.splice(n, 1); drawChosen(); form.elements.text.focus(); });
      item.append(el("span", "", `${one.name} · ${size(one.size)}`), out);
      return item;
    }));
  };
  const choose = (files) => { chosen = [...chosen, ...files].slice(0, MOST); drawChosen(); form.elements.text.focus(); };
  const sendWith = async (text) => {
    const body = new FormData(), sent_id = form.elements.sent_id.value;
    body.append("sent_id", sent_id);
    body.append("text", text);
    if (form.elements.reply) body.append("reply", form.elements.reply.value);
    for (const one of chosen) body.append("attached", one, one.name);
    const button = form.querySelector(".say-row > .button");
    form.setAttribute("aria-busy", "true");
    button.disabled = true;
    try {
      const answer = await fetch(`${said.here}/files`, { method: "post", headers: { accept: "application/json" }, body });
      if (answer.redirected || answer.status === 401 || answer.status === 403) { location.reload(); return; }
      const made = answer.headers.get("content-type") === "application/json" ? await answer.json() : {};
      if (answer.ok) {
        form.querySelector(".fault")?.remove();
        form.querySelector(".spoken-reply")?.remove();
        form.elements.reply?.remove();
        form.elements.sent_id.value = crypto.randomUUID?.() ?? `${Date.now()}`;
        field.value = "";
        chosen = [];
        drawChosen();
        grow();
        show(made);
        toEnd();
      } else fault(made.refused ?? said.failed);
    } catch {
      // The same id goes with the next try: sending twice is sending once.
      fault(said.offline);
    }
    form.removeAttribute("aria-busy");
    button.disabled = false;
  };

  // Naming somebody: a list below `@`, by keys or by touch; an input method's keys are its own.
  const names = form && el("ul", "names");
  let offered = [], at = -1, asked = 0;
  const typed = () => /(?:^|[\s，。！？、：])?[@＠]([^\s@＠，。！？]{0,20})$/u.exec(field.value.slice(0, field.selectionStart));
  const close = () => { offered = []; at = -1; names.hidden = true; field.removeAttribute("aria-activedescendant"); field.setAttribute("aria-expanded", "false"); };
  const mark_ = () => [...names.children].forEach((item, n) => {
    item.setAttribute("aria-selected", String(n === at));
    if (n === at) field.setAttribute("aria-activedescendant", item.id);
  });
  const put = (one) => {
    const found = typed();
    if (found) {
      const end = field.selectionStart, from = end - found[1].length;
      field.setRangeText(`${one.name} `, from, end, "end");
    }
    close();
    field.focus();
    grow();
  };
  const offer = async () => {
    const found = typed();
    if (!found) { close(); return; }
    const mine = ++asked;
    try {
      const answer = await fetch(`${said.here}/names?q=${encodeURIComponent(found[1])}`, { headers: { accept: "application/json" } });
      if (!answer.ok || mine !== asked) return;
      offered = await answer.json();
    } catch { return; }
    if (!offered.length) { close(); return; }
    at = 0;
    names.replaceChildren(...offered.map((one, n) => {
      const item = el("li", "", one.name);
      item.id = `name-${n}`;
      item.setAttribute("role", "option");
      if (one.badge) item.append(" ", el("span", "tag", said[one.badge]));
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); put(one); });
      return item;
    }));
    names.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark_();
  };
  const picking = (event) => {
    if (!offered.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { at = (at + step + offered.length) % offered.length; mark_(); }
    else if (event.key === "Enter" || event.key === "Tab") put(offered[at]);
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    return true;
  };
  const field = form?.elements.text;
  const grow = () => { field.style.height = "auto"; field.style.height = `${Math.min(field.scrollHeight, 160)}px`; };
  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const text = field.value.trim();
      if (chosen.length) { sendWith(text); return; }
      if (!text) return;
      form.querySelector(".fault")?.remove();
      const draft = { session: csrf, me: said.me, sent_id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.floor(performance.now() * 1000)}`, text };
      const reply = form.elements.reply?.value;
      if (reply) draft.reply = reply;
      form.elements.reply?.closest("form").querySelector(".spoken-reply")?.remove();
      form.elements.reply?.remove();
      field.value = "";
      grow();
      keep([...kept(), draft]);
      send(draft);
      field.focus();
    }, { capture: true });
    field.addEventListener("input", grow);
    names.id = "names";
    names.hidden = true;
    names.setAttribute("role", "listbox");
    names.setAttribute("aria-label", said.pick);
    form.querySelector(".say-row").before(names);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "names", "aria-expanded": "false" })) field.setAttribute(name, value);
    field.addEventListener("input", (event) => { if (!event.isComposing) offer(); });
    field.addEventListener("compositionend", offer);
    field.addEventListener("blur", () => setTimeout(close, 150));
    form.elements.attached.addEventListener("change", (event) => { choose(event.target.files); event.target.value = ""; });
    field.addEventListener("paste", (event) => { if (event.clipboardData.files.length) { event.preventDefault(); choose(event.clipboardData.files); } });
    document.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
    document.addEventListener("drop", (event) => { if (event.dataTransfer.files.length) { event.preventDefault(); choose(event.dataTransfer.files); } });
    // Enter sends at a desk; a phone's Enter and an input method's belong to the text.
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229 || picking(event)) return;
      if (event.key !== "Enter" || event.shiftKey) return;
      if (matchMedia("(pointer: coarse)").matches) return;
      event.preventDefault();
      form.requestSubmit();
    });
    addEventListener("online", flush);
    flush();
  }

  // Going up loads what was said before, by itself when its link comes into sight, and the page stays where it is.
  let loading = false;
  const earlier = async (link) => {
    if (loading) return;
    loading = true;
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) { location.assign(link.href); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const lines = [...page.querySelectorAll("#chat > li")].filter((line) => !document.getElementById(line.id));
      const first = chat.firstElementChild, before = first?.getBoundingClientRect().top ?? 0;
      chat.prepend(...lines);
      lines.forEach(ready);
      const next = page.querySelector(".chat-earlier");
      link.closest(".chat-earlier").replaceWith(next ?? "");
      if (first) scrollBy({ top: first.getBoundingClientRect().top - before, behavior: "instant" });
      const again = next?.querySelector("[data-earlier]");
      if (again) upper?.observe(again);
    } catch { /* the link stands and can be pressed again */ }
    loading = false;
  };
  const upper = "IntersectionObserver" in window ? new IntersectionObserver((seen) => seen.forEach((one) => { if (one.isIntersecting && scrolled) earlier(one.target); }), { rootMargin: "400px 0px 0px" }) : null;
  let scrolled = false;
  addEventListener("scroll", () => { scrolled = true; }, { passive: true, once: true });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-earlier]");
    if (!link) return;
    event.preventDefault();
    earlier(link);
  });

  // A poll answers in place.
  document.addEventListener("submit", async (event) => {
    const box = event.target.closest("[data-vote]");
    if (!box) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    try {
      const answer = await fetch(box.action, { method: "post", headers: { accept: "application/json" }, body: new URLSearchParams(new FormData(box)) });
      if (answer.redirected) { location.reload(); return; }
      const m = await answer.json();
      if (answer.ok) { await fromServer(m); return; }
      box.querySelector(".poll-note").textContent = m.refused;
    } catch { box.querySelector(".poll-note").textContent = said.offline; }
  }, { capture: true });

  // Holding a message, or its second button, opens its menu; copying is the script's alone.
  const ready = (line) => { for (const copy of line.querySelectorAll("[data-act=copy]")) copy.hidden = !line.querySelector(".spoken-text"); };
  const open = (line) => { const menu = line.querySelector(".spoken-menu"); if (menu) { menu.open = true; menu.querySelector("a, button:not([hidden])")?.focus(); } };
  let hold = 0;
  chat.addEventListener("pointerdown", (event) => {
    const line = event.target.closest(".spoken");
    if (!line || event.pointerType !== "touch" || event.target.closest("a, button, summary, label, .menu-body")) return;
    hold = setTimeout(() => { getSelection()?.removeAllRanges(); open(line); }, 500);
  });
  for (const end of ["pointerup", "pointermove", "pointercancel"]) chat.addEventListener(end, () => clearTimeout(hold), { passive: true });
  chat.addEventListener("contextmenu", (event) => {
    const line = event.target.closest(".spoken");
    // A chosen text and a link keep the browser's own menu.
    if (!line || event.target.closest("a, .menu-body") || !getSelection()?.isCollapsed) return;
    event.preventDefault();
    open(line);
  });
  chat.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-act=copy]");
    if (!copy) return;
    const text = copy.closest(".spoken").querySelector(".spoken-text")?.textContent ?? "";
    try { await navigator.clipboard.writeText(text); copy.textContent = copy.dataset.copied; } catch { /* without https there is no clipboard */ }
    setTimeout(() => { copy.closest("details").open = false; }, 600);
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape") for (const menu of chat.querySelectorAll(".spoken-menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); } });

  [...chat.children].forEach(ready);
  if (said.past !== "true" && !location.hash.startsWith("#m-")) toEnd();
  // Whoever sees where they are named need not be told of it.
  const told = document.querySelector(".chat-called");
  if (told && "IntersectionObserver" in window) {
    const first = document.getElementById(new URL(told.querySelector("a").href).hash.slice(1));
    if (first) new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) told.remove(); }).observe(first);
  }
  const top = document.querySelector("[data-earlier]");
  if (top) upper?.observe(top);
})();
