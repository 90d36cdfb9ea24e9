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
  let tick = Number(said.tick), last = Number(said.last);
  const echoes = new Map();

  // The text stands as text: nothing that somebody wrote is ever read as HTML.
  const draw = (m) => {
    const line = el("li", m.author === said.me ? "spoken spoken--own" : "spoken");
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
      const reply = el("p", "spoken-reply"), link = el("a", "", `${answered.querySelector(".spoken-name").textContent}：${answered.querySelector(".spoken-text")?.textContent.slice(0, 40) ?? ""}`);
      link.href = `#m-${m.reply}`;
      reply.append(link);
      line.append(reply);
    }
    line.append(el("p", "spoken-text", m.text));
    if (m.state === "held") line.append(el("p", "spoken-state", said.held));
    return line;
  };
  const show = (m) => {
    if (m.channel !== channel || said.past === "true") return;
    // The stream may be faster than the answer to one's own sending.
    if (m.author === said.me) for (const line of echoes.values()) if (line.querySelector(".spoken-text").textContent === m.text) line.remove();
    const stay = atEnd(), there = document.getElementById(`m-${m.seq}`), fresh = draw(m);
    if (there) {
      const menu = there.querySelector(".spoken-menu");
      if (menu && m.state === "shown") fresh.append(menu);
      there.replaceWith(fresh);
    } else {
      const after = [...chat.children].find((other) => Number(other.dataset.seq) > m.seq);
      chat.insertBefore(fresh, after ?? null);
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
  const take = (m) => { tick = Math.max(tick, m.tick); show(m); };
  if (tabs) tabs.onmessage = (event) => { if (event.data.message) take(event.data.message); else if (event.data.gap) location.reload(); };
  const listen = (until) => {
    const stream = new EventSource(`${said.live}?after=${tick}`);
    stream.addEventListener("message", (event) => { const m = JSON.parse(event.data); take(m); tabs?.postMessage({ message: m }); });
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
  const send = async (draft) => {
    const line = echoes.get(draft.sent_id) ?? echo(draft), state = line.querySelector(".spoken-state");
    state.textContent = said.sending;
    try {
      const answer = await fetch(said.here, { method: "post", headers: { accept: "application/json" }, body: new URLSearchParams({ csrf, ...draft }) });
      if (answer.redirected || answer.status === 401 || answer.status === 403) { location.reload(); return; }
      const body = answer.headers.get("content-type") === "application/json" ? await answer.json() : {};
      if (answer.ok) {
        drop(draft.sent_id);
        echoes.delete(draft.sent_id);
        line.remove();
        show(body);
      } else if (body.refused) {
        // What did not go out goes back into the field, with the reason.
        drop(draft.sent_id);
        echoes.delete(draft.sent_id);
        line.remove();
        refuse(body.refused, draft.text);
      } else state.textContent = said.failed;
    } catch {
      state.textContent = said.offline;
    }
  };
  let flushing = false;
  const flush = async () => {
    if (flushing) return;
    flushing = true;
    for (const draft of kept()) await send(draft);
    flushing = false;
  };
  const refuse = (why, text) => {
    form.querySelector(".fault")?.remove();
    const fault = el("p", "fault", why);
    fault.setAttribute("role", "alert");
    form.prepend(fault);
    const field = form.elements.text;
    if (!field.value) field.value = text;
    grow();
    field.focus();
  };
  const field = form?.elements.text;
  const grow = () => { field.style.height = "auto"; field.style.height = `${Math.min(field.scrollHeight, 160)}px`; };
  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const text = field.value.trim();
      if (!text) return;
      form.querySelector(".fault")?.remove();
      const draft = { sent_id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.floor(performance.now() * 1000)}`, text };
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
    // Enter sends at a desk; a phone's Enter and an input method's belong to the text.
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      if (matchMedia("(pointer: coarse)").matches) return;
      event.preventDefault();
      form.requestSubmit();
    });
    addEventListener("online", flush);
    flush();
  }

  // Going up loads what was said before, and the page stays where it is.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-earlier]");
    if (!link) return;
    event.preventDefault();
    const answer = await fetch(link.href);
    if (!answer.ok) { location.assign(link.href); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const height = document.documentElement.scrollHeight;
    chat.prepend(...page.querySelectorAll("#chat > li"));
    const next = page.querySelector(".chat-earlier");
    link.closest(".chat-earlier").replaceWith(next ?? "");
    scrollBy(0, document.documentElement.scrollHeight - height);
  });
  if (said.past !== "true" && !location.hash.startsWith("#m-")) toEnd();
})();
