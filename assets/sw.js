// The house on a device: what was read stays readable without a line, and a knock on the door
// is shown. `HOUSE` is put before this by the server: version, shell, offline, icon, badge.
"use strict";
const SHELL = `shell ${HOUSE.version}`, READ = "read", SEEN = "seen";
// As much as one goes back to without a line; the oldest goes first.
const READ_MAX = 30, SEEN_MAX = 120;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([...HOUSE.shell, HOUSE.offline])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("shell ") && name !== SHELL;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

const keep = async (name, most, request, answer) => {
  const cache = await caches.open(name);
  // Put anew, it stands last: what was not read for longest is first.
  await cache.delete(request);
  await cache.put(request, answer);
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - most)).map((old) => cache.delete(old)));
};
const forget = () => Promise.all([caches.delete(READ), caches.delete(SEEN)]);

// A page of a channel is one page, whatever one answers on it; a page of the past is another.
const asRead = (url) => {
  const kept = new URL(url);
  kept.hash = "";
  kept.searchParams.delete("reply");
  return kept.href;
};

const page = async (event) => {
  const at = asRead(event.request.url);
  try {
    const answer = await fetch(event.request);
    // Led to the way in: whoever read here is not signed in any more.
    if (answer.ok && new URL(at).pathname === "/sign-in") event.waitUntil(forget());
    // Only what the house says may stay on an owner's device does.
    else if (answer.ok && answer.headers.get("x-keep") === "read") event.waitUntil(keep(READ, READ_MAX, at, answer.clone()));
    return answer;
  } catch {
    const cache = await caches.open(READ);
    return (await cache.match(at)) ?? (await caches.match(HOUSE.offline)) ?? Response.error();
  }
};
const shell = async (request) => (await caches.match(request)) ?? fetch(request);
const picture = async (event) => {
  const cache = await caches.open(SEEN), there = await cache.match(event.request);
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(keep(SEEN, SEEN_MAX, event.request, answer.clone()));
    // What was taken back is not kept either.
    else if (there) event.waitUntil(cache.delete(event.request));
    return answer;
  } catch {
    return there ?? Response.error();
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname === "/sign-out") { event.waitUntil(forget()); return; }
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(shell(request));
  else if (/\/group\/messages\/[^/]+\/pictures\//.test(url.pathname)) event.respondWith(picture(event));
});
self.addEventListener("message", (event) => { if (event.data === "forget") event.waitUntil(forget()); });

// A knock: {title, body, url}. Whatever it says, it leads into the house and nowhere else.
self.addEventListener("push", (event) => {
  let told = {};
  try { told = event.data?.json() ?? {}; } catch { /* a knock without words still says that there is something */ }
  const url = new URL(told.url ?? "/", self.location.origin);
  event.waitUntil(self.registration.showNotification(String(told.title ?? HOUSE.name).slice(0, 80), {
    body: String(told.body ?? "").slice(0, 240),
    icon: HOUSE.icon,
    badge: HOUSE.badge,
    tag: url.pathname,
    renotify: true,
    data: { url: url.origin === self.location.origin ? url.href : self.location.origin },
  }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = event.notification.data?.url ?? "/";
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const there = open.find((one) => new URL(one.url).pathname === new URL(url, self.location.origin).pathname) ?? open[0];
    if (!there) { await self.clients.openWindow(url); return; }
    await there.focus();
    try { if (there.url !== url) await there.navigate(url); } catch { await self.clients.openWindow(url); }
  })());
});
