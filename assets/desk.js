// A technician's page where the network is poor: what is pressed without a line is kept on the
// phone with its own name and sent when there is one; sent twice, it is done once. Without a
// script each form is sent as it is.
(() => {
  "use strict";
  const forms = [...document.querySelectorAll("form[data-outbox]")];
  const notice = document.querySelector("[data-unsent]");
  if (!notice) return;
  const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
  // Under the same name as the group's lines, so that any page of the house sends what is left.
  const key = (path) => `linli unsent ${path}`;
  const paths = [...new Set([notice.dataset.act, notice.dataset.parts])];
  const kept = (path) => { try { return JSON.parse(localStorage.getItem(key(path)) ?? "[]"); } catch { return []; } };
  const keep = (path, list) => { try { localStorage.setItem(key(path), JSON.stringify(list.slice(-20))); } catch { /* a full or closed store: the page says that it was not sent */ } };
  const say = (text) => { notice.hidden = !text; notice.textContent = text; };
  const waiting = () => paths.reduce((sum, path) => sum + kept(path).length, 0);
  const send = async (path, { session, ...draft }) => {
    const answer = await fetch(path, { method: "post", headers: { accept: "application/json" }, body: new URLSearchParams({ csrf, ...draft }) });
    if (answer.redirected || answer.status === 401 || answer.status === 403) { location.reload(); return null; }
    const told = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json() : {};
    if (!answer.ok && !told.refused) throw new Error(String(answer.status));
    return told;
  };
  let busy = false;
  const flush = async () => {
    if (busy) return;
    busy = true;
    let sent = 0, refused = "";
    try {
      for (const path of paths) {
        for (const draft of kept(path)) {
          // Pressed by another who signed in on this phone: not this person's to send.
          const mine = draft.session === csrf;
          const told = mine ? await send(path, draft) : {};
          if (!told) return;
          keep(path, kept(path).filter((other) => other.sent_id !== draft.sent_id));
          if (told.refused) ({ refused } = told); else if (mine) sent += 1;
        }
      }
    } catch { /* still no line */ } finally { busy = false; }
    if (refused) say(refused);
    else if (waiting()) say(notice.dataset.waiting);
    else { say(""); if (sent) location.reload(); }
  };
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const draft = Object.fromEntries([...new FormData(form, event.submitter)].filter(([name, value]) => name !== "csrf" && typeof value === "string"));
      const path = new URL(form.action).pathname;
      keep(path, [...kept(path).filter((other) => other.sent_id !== draft.sent_id), { ...draft, session: csrf }]);
      flush();
    });
  }
  addEventListener("online", flush);
  flush();
})();
